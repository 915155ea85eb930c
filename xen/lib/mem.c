/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory functions that the compiler calls too. String instructions: small, and fast on ERMS CPUs.
 */
#include <xen/lib.h>

void *memcpy(void *d, const void *s, size_t n)
{
    void *ret = d;
    size_t words = n / 8;

    n %= 8;
    __asm__ volatile("rep movsq\n\t"
                     "mov %3, %2\n\t"
                     "rep movsb"
                     : "+D"(d), "+S"(s), "+c"(words)
                     : "r"(n)
                     : "memory");
    return ret;
}

void *memset(void *d, int c, size_t n)
{
    void *ret = d;
    size_t words = n / 8;

    n %= 8;
    __asm__ volatile("rep stosq\n\t"
                     "mov %3, %1\n\t"
                     "rep stosb"
                     : "+D"(d), "+c"(words)
                     : "a"((u8)c * 0x0101010101010101UL), "r"(n)
                     : "memory");
    return ret;
}

void *memmove(void *d, const void *s, size_t n)
{
    u8 *dst = d;
    const u8 *src = s;

    if (dst <= src || dst >= src + n)
        return memcpy(d, s, n);
    while (n--) {
        dst[n] = src[n];
        barrier(); /* keeps the compiler from making a call to memmove of this loop */
    }
    return d;
}

int memcmp(const void *a, const void *b, size_t n)
{
    const u8 *p = a, *q = b;

    for (; n; n--, p++, q++)
        if (*p != *q)
            return *p - *q;
    return 0;
}

void *memchr(const void *s, int c, size_t n)
{
    for (const u8 *p = s; n; n--, p++)
        if (*p == (u8)c)
            return (void *)p;
    return NULL;
}
