/* SPDX-License-Identifier: GPL-2.0-only */
/* Bits in arrays of longs. set/clear/test_and_* are atomic; the __ forms are not. */
#ifndef XEN_BITMAP_H
#define XEN_BITMAP_H

#include <xen/types.h>

#define BITS_PER_LONG    64
#define BITS_TO_LONGS(n) (((n) + BITS_PER_LONG - 1) / BITS_PER_LONG)
#define BIT_WORD(n)      ((n) / BITS_PER_LONG)
#define BIT_MASK(n)      (1UL << ((n) % BITS_PER_LONG))

static inline bool test_bit(unsigned long n, const volatile unsigned long *p)
{
    return p[BIT_WORD(n)] & BIT_MASK(n);
}
static inline void set_bit(unsigned long n, volatile unsigned long *p)
{
    __atomic_or_fetch(&p[BIT_WORD(n)], BIT_MASK(n), __ATOMIC_SEQ_CST);
}
static inline void clear_bit(unsigned long n, volatile unsigned long *p)
{
    __atomic_and_fetch(&p[BIT_WORD(n)], ~BIT_MASK(n), __ATOMIC_SEQ_CST);
}
static inline bool test_and_set_bit(unsigned long n, volatile unsigned long *p)
{
    return __atomic_fetch_or(&p[BIT_WORD(n)], BIT_MASK(n), __ATOMIC_SEQ_CST) & BIT_MASK(n);
}
static inline bool test_and_clear_bit(unsigned long n, volatile unsigned long *p)
{
    return __atomic_fetch_and(&p[BIT_WORD(n)], ~BIT_MASK(n), __ATOMIC_SEQ_CST) & BIT_MASK(n);
}
static inline void __set_bit(unsigned long n, unsigned long *p)
{
    p[BIT_WORD(n)] |= BIT_MASK(n);
}
static inline void __clear_bit(unsigned long n, unsigned long *p)
{
    p[BIT_WORD(n)] &= ~BIT_MASK(n);
}
/* Bits set in a word, without a loop: the baseline instruction set has no POPCNT. */
static inline unsigned int word_weight(unsigned long w)
{
    w -= (w >> 1) & 0x5555555555555555UL;
    w = (w & 0x3333333333333333UL) + ((w >> 2) & 0x3333333333333333UL);
    w = (w + (w >> 4)) & 0x0f0f0f0f0f0f0f0fUL;
    return (w * 0x0101010101010101UL) >> 56;
}
static inline unsigned int bitmap_weight(const unsigned long *p, unsigned int nbits)
{
    unsigned int w = 0, i;
    for (i = 0; i < nbits / BITS_PER_LONG; i++)
        w += word_weight(p[i]);
    if (nbits % BITS_PER_LONG)
        w += word_weight(p[i] & (BIT_MASK(nbits) - 1));
    return w;
}
/* The first set bit at or after @from, or @nbits. */
static inline unsigned long find_next_bit(const unsigned long *p, unsigned long nbits,
                                          unsigned long from)
{
    while (from < nbits) {
        unsigned long w = p[BIT_WORD(from)] >> (from % BITS_PER_LONG);
        if (w) {
            from += __builtin_ctzl(w);
            return from < nbits ? from : nbits;
        }
        from = (BIT_WORD(from) + 1) * BITS_PER_LONG;
    }
    return nbits;
}
static inline unsigned long find_next_zero_bit(const unsigned long *p, unsigned long nbits,
                                               unsigned long from)
{
    while (from < nbits) {
        unsigned long w = ~p[BIT_WORD(from)] >> (from % BITS_PER_LONG);
        if (w) {
            from += __builtin_ctzl(w);
            return from < nbits ? from : nbits;
        }
        from = (BIT_WORD(from) + 1) * BITS_PER_LONG;
    }
    return nbits;
}
#define find_first_bit(p, n)      find_next_bit(p, n, 0)
#define find_first_zero_bit(p, n) find_next_zero_bit(p, n, 0)

#endif
