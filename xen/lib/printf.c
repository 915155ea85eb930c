/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vsnprintf: flags - 0 + space #, width and precision (also *), lengths hh h l ll z t,
 * conversions d i u x X o c s p %. %p prints 16 digits; there are no extensions.
 */
#include <xen/lib.h>

struct out {
    char *buf;
    size_t size, len;
};

struct spec {
    bool left, zero, plus, space, alt;
    int width, precision; /* precision -1: none given */
    unsigned int base;
    bool upper, is_signed;
};

static void put(struct out *o, char c)
{
    if (o->len + 1 < o->size)
        o->buf[o->len] = c;
    o->len++;
}

static void put_padding(struct out *o, char c, int n)
{
    while (n-- > 0)
        put(o, c);
}

static void put_number(struct out *o, const struct spec *f, u64 v)
{
    const char *digits = f->upper ? "0123456789ABCDEF" : "0123456789abcdef";
    char buf[24], prefix[3];
    int n = 0, np = 0, zeros;

    if (f->is_signed && (s64)v < 0) {
        prefix[np++] = '-';
        v = -v;
    } else if (f->plus) {
        prefix[np++] = '+';
    } else if (f->space) {
        prefix[np++] = ' ';
    }
    if (f->alt && f->base == 16 && v) {
        prefix[np++] = '0';
        prefix[np++] = f->upper ? 'X' : 'x';
    }
    for (; v; v /= f->base)
        buf[n++] = digits[v % f->base];
    if (!n && f->precision != 0)
        buf[n++] = '0';
    zeros = f->precision > n ? f->precision - n : 0;
    if (f->zero && !f->left && f->precision < 0 && f->width > np + n)
        zeros = f->width - np - n;
    if (!f->left)
        put_padding(o, ' ', f->width - np - zeros - n);
    for (int i = 0; i < np; i++)
        put(o, prefix[i]);
    put_padding(o, '0', zeros);
    for (int i = n; i--;)
        put(o, buf[i]);
    if (f->left)
        put_padding(o, ' ', f->width - np - zeros - n);
}

static void put_string(struct out *o, const struct spec *f, const char *s)
{
    size_t n;

    if (!s)
        s = "(null)";
    n = f->precision >= 0 ? strnlen(s, f->precision) : strlen(s);
    if (!f->left)
        put_padding(o, ' ', f->width - (int)n);
    for (size_t i = 0; i < n; i++)
        put(o, s[i]);
    if (f->left)
        put_padding(o, ' ', f->width - (int)n);
}

static const char *parse_flags(const char *p, struct spec *f)
{
    for (;; p++) {
        switch (*p) {
        case '-':
            f->left = true;
            break;
        case '0':
            f->zero = true;
            break;
        case '+':
            f->plus = true;
            break;
        case ' ':
            f->space = true;
            break;
        case '#':
            f->alt = true;
            break;
        default:
            return p;
        }
    }
}

static const char *parse_int(const char *p, int *v)
{
    *v = 0;
    for (; *p >= '0' && *p <= '9'; p++)
        *v = *v * 10 + *p - '0';
    return p;
}

/* An argument of the size that the length modifiers gave: -2 hh, -1 h, 0 int, 1 l, 2 ll. */
#define NUMBER_ARG(ap, length, is_signed)                                   \
    ((length) >= 1 ? va_arg(ap, u64)                                        \
     : (is_signed) ? (u64)(s64)((length) == -2   ? (s8)va_arg(ap, int)      \
                                : (length) == -1 ? (s16)va_arg(ap, int)     \
                                                 : va_arg(ap, int))         \
                   : (u64)((length) == -2   ? (u8)va_arg(ap, unsigned int)  \
                           : (length) == -1 ? (u16)va_arg(ap, unsigned int) \
                                            : va_arg(ap, unsigned int)))

int vsnprintf(char *buf, size_t size, const char *fmt, va_list args)
{
    struct out o = {buf, size, 0};
    va_list ap;

    va_copy(ap, args);
    for (; *fmt; fmt++) {
        struct spec f = {.precision = -1, .base = 10};
        int length = 0;

        if (*fmt != '%') {
            put(&o, *fmt);
            continue;
        }
        fmt = parse_flags(fmt + 1, &f);
        if (*fmt == '*') {
            f.width = va_arg(ap, int);
            if (f.width < 0) {
                f.left = true;
                f.width = -f.width;
            }
            fmt++;
        } else {
            fmt = parse_int(fmt, &f.width);
        }
        if (*fmt == '.') {
            fmt++;
            if (*fmt == '*') {
                f.precision = va_arg(ap, int);
                fmt++;
            } else {
                fmt = parse_int(fmt, &f.precision);
            }
        }
        for (;; fmt++) {
            if (*fmt == 'l')
                length++;
            else if (*fmt == 'h')
                length--;
            else if (*fmt == 'z' || *fmt == 't' || *fmt == 'j')
                length = 1;
            else
                break;
        }
        switch (*fmt) {
        case 'd':
        case 'i':
            f.is_signed = true;
            put_number(&o, &f, NUMBER_ARG(ap, length, true));
            break;
        case 'u':
            put_number(&o, &f, NUMBER_ARG(ap, length, false));
            break;
        case 'o':
            f.base = 8;
            put_number(&o, &f, NUMBER_ARG(ap, length, false));
            break;
        case 'X':
            f.upper = true;
            __attribute__((fallthrough));
        case 'x':
            f.base = 16;
            put_number(&o, &f, NUMBER_ARG(ap, length, false));
            break;
        case 'p':
            f.base = 16;
            f.precision = 16;
            put_number(&o, &f, (u64)va_arg(ap, void *));
            break;
        case 's':
            put_string(&o, &f, va_arg(ap, const char *));
            break;
        case 'c': {
            char c[2] = {(char)va_arg(ap, int), '\0'};

            f.precision = 1;
            put_string(&o, &f, c);
            break;
        }
        case '%':
            put(&o, '%');
            break;
        case '\0':
            fmt--;
            break;
        default:
            put(&o, '%');
            put(&o, *fmt);
            break;
        }
    }
    va_end(ap);
    if (size)
        buf[o.len < size ? o.len : size - 1] = '\0';
    return (int)o.len;
}

int snprintf(char *buf, size_t size, const char *fmt, ...)
{
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = vsnprintf(buf, size, fmt, ap);
    va_end(ap);
    return n;
}

int scnprintf(char *buf, size_t size, const char *fmt, ...)
{
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = vsnprintf(buf, size, fmt, ap);
    va_end(ap);
    return n < (int)size ? n : size ? (int)size - 1 : 0;
}
