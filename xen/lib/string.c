/* SPDX-License-Identifier: GPL-2.0-only */
/* Strings. */
#include <xen/lib.h>

size_t strlen(const char *s)
{
    const char *p = s;

    while (*p) {
        p++;
        barrier(); /* or the compiler makes a call to strlen of it */
    }
    return p - s;
}

size_t strnlen(const char *s, size_t max)
{
    size_t n = 0;

    while (n < max && s[n])
        n++;
    return n;
}

int strcmp(const char *a, const char *b)
{
    for (; *a && *a == *b; a++, b++)
        ;
    return (u8)*a - (u8)*b;
}

int strncmp(const char *a, const char *b, size_t n)
{
    for (; n && *a && *a == *b; a++, b++, n--)
        ;
    return n ? (u8)*a - (u8)*b : 0;
}

char *strchr(const char *s, int c)
{
    for (; *s != (char)c; s++)
        if (!*s)
            return NULL;
    return (char *)s;
}

char *strstr(const char *s, const char *sub)
{
    size_t n = strlen(sub);

    for (; *s; s++)
        if (!strncmp(s, sub, n))
            return (char *)s;
    return n ? NULL : (char *)s;
}

size_t strlcpy(char *d, const char *s, size_t size)
{
    size_t n = strlen(s);

    if (size) {
        size_t copy = n < size ? n : size - 1;
        memcpy(d, s, copy);
        d[copy] = '\0';
    }
    return n;
}

size_t strlcat(char *d, const char *s, size_t size)
{
    size_t n = strnlen(d, size);

    return n + strlcpy(d + n, s, size - n);
}
