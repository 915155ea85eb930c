/* SPDX-License-Identifier: GPL-2.0-only */
/* Text forms of values and permissions: for terminals, from the command line, and as JSON. */
#include "cli.h"

#include <ctype.h>
#include <string.h>

void print_value(FILE *out, const char *value, unsigned int len)
{
    static const char special[] = "\r\n\t\\", letters[] = "rnt\\";

    for (unsigned int i = 0; i < len; i++) {
        unsigned char c = (unsigned char)value[i];
        const char *found = c ? strchr(special, c) : NULL;

        if (found)
            fprintf(out, "\\%c", letters[found - special]);
        else if (c >= 127)
            fprintf(out, "\\x%02x", c);
        else if (c < 32)
            fprintf(out, "\\%03o", c);
        else
            fputc(c, out);
    }
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)tolower((unsigned char)c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* One escape after its backslash; returns where the text goes on. */
static const char *resolve(const char *in, char *out)
{
    int value = 0;

    switch (*in) {
    case 'n':
        *out = '\n';
        return in + 1;
    case 'r':
        *out = '\r';
        return in + 1;
    case 't':
        *out = '\t';
        return in + 1;
    case 'x':
        in++;
        for (int i = 0; i < 2 && hex_digit(*in) >= 0; i++)
            value = value * 16 + hex_digit(*in++);
        *out = (char)value;
        return in;
    case '0' ... '7':
        for (int i = 0; i < 3 && *in >= '0' && *in <= '7'; i++)
            value = value * 8 + (*in++ - '0');
        *out = (char)value;
        return in;
    default:
        *out = *in; /* "\\" and everything without a meaning stand for themselves */
        return in + 1;
    }
}

size_t unescape(char *text)
{
    const char *in = text;
    char *out = text;

    while (*in) {
        if (in[0] == '\\' && in[1])
            in = resolve(in + 1, out++);
        else
            *out++ = *in++;
    }
    *out = '\0';
    return (size_t)(out - text);
}

/* Length of the UTF-8 sequence at @s, 0 if it is none. */
static size_t utf8_length(const unsigned char *s, size_t len)
{
    size_t n = s[0] < 0x80                   ? 1
               : s[0] >= 0xc2 && s[0] < 0xe0 ? 2
               : (s[0] & 0xf0) == 0xe0       ? 3
               : s[0] >= 0xf0 && s[0] < 0xf5 ? 4
                                             : 0;

    if (!n || n > len)
        return 0;
    for (size_t i = 1; i < n; i++)
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
        (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
        return 0;
    return n;
}

void print_json_string(FILE *out, const char *text, size_t len)
{
    const unsigned char *s = (const unsigned char *)text;

    fputc('"', out);
    while (len) {
        size_t n = utf8_length(s, len);

        if (*s == '"' || *s == '\\')
            fprintf(out, "\\%c", *s);
        else if (!n || *s < 32 || *s == 127)
            fprintf(out, "\\u%04x", *s);
        else
            fwrite(s, 1, n, out);
        s += n ? n : 1;
        len -= n ? n : 1;
    }
    fputc('"', out);
}

void print_perms(FILE *out, const struct xs_permissions *perms, unsigned int num)
{
    char text[16];

    fputc('(', out);
    for (unsigned int i = 0; i < num; i++)
        if (xs_perm_to_string(&perms[i], text, sizeof(text)))
            fprintf(out, "%s%s", i ? "," : "", text);
    fputc(')', out);
}

void print_json_perms(FILE *out, const struct xs_permissions *perms, unsigned int num)
{
    char text[16];

    fputc('[', out);
    for (unsigned int i = 0; i < num; i++)
        if (xs_perm_to_string(&perms[i], text, sizeof(text)))
            fprintf(out, "%s\"%s\"", i ? "," : "", text);
    fputc(']', out);
}
