/* SPDX-License-Identifier: GPL-2.0-only */
/* Basic types. Frame numbers are boxed, so that a guest frame never passes for a machine frame. */
#ifndef XEN_TYPES_H
#define XEN_TYPES_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int8_t s8;
typedef int16_t s16;
typedef int32_t s32;
typedef int64_t s64;

typedef u64 paddr_t;  /* machine physical address */
typedef s64 s_time_t; /* system time, nanoseconds since boot */

/* Machine frame number: host physical address >> PAGE_SHIFT. */
typedef struct {
    unsigned long mfn;
} mfn_t;
/* Guest frame number: guest physical address >> PAGE_SHIFT. */
typedef struct {
    unsigned long gfn;
} gfn_t;

static inline mfn_t _mfn(unsigned long n)
{
    return (mfn_t){n};
}
static inline unsigned long mfn_x(mfn_t m)
{
    return m.mfn;
}
static inline mfn_t mfn_add(mfn_t m, unsigned long n)
{
    return _mfn(m.mfn + n);
}
static inline bool mfn_eq(mfn_t a, mfn_t b)
{
    return a.mfn == b.mfn;
}
static inline gfn_t _gfn(unsigned long n)
{
    return (gfn_t){n};
}
static inline unsigned long gfn_x(gfn_t g)
{
    return g.gfn;
}
static inline gfn_t gfn_add(gfn_t g, unsigned long n)
{
    return _gfn(g.gfn + n);
}
static inline bool gfn_eq(gfn_t a, gfn_t b)
{
    return a.gfn == b.gfn;
}
#define INVALID_MFN                   _mfn(~0UL)
#define INVALID_GFN                   _gfn(~0UL)

#define PAGE_SHIFT                    12
#define PAGE_SIZE                     (1UL << PAGE_SHIFT)
#define PAGE_MASK                     (~(PAGE_SIZE - 1))
#define PFN_DOWN(a)                   ((a) >> PAGE_SHIFT)
#define PFN_UP(a)                     (((a) + PAGE_SIZE - 1) >> PAGE_SHIFT)
#define PAGE_ORDER_4K                 0
#define PAGE_ORDER_2M                 9
#define PAGE_ORDER_1G                 18

#define ARRAY_SIZE(a)                 (sizeof(a) / sizeof((a)[0]))
#define container_of(p, type, member) ((type *)((char *)(p)-offsetof(type, member)))
#define ROUNDUP(x, a)                 (((x) + (a)-1) & ~((typeof(x))(a)-1))
#define ROUNDDOWN(x, a)               ((x) & ~((typeof(x))(a)-1))
#define DIV_ROUND_UP(n, d)            (((n) + (d)-1) / (d))
#define min(a, b)           \
    ({                      \
        typeof(a) a_ = (a); \
        typeof(b) b_ = (b); \
        a_ < b_ ? a_ : b_;  \
    })
#define max(a, b)           \
    ({                      \
        typeof(a) a_ = (a); \
        typeof(b) b_ = (b); \
        a_ > b_ ? a_ : b_;  \
    })
#define BIT(n)         (1UL << (n))
#define KB(n)          ((u64)(n) << 10)
#define MB(n)          ((u64)(n) << 20)
#define GB(n)          ((u64)(n) << 30)

#define likely(x)      __builtin_expect(!!(x), 1)
#define unlikely(x)    __builtin_expect(!!(x), 0)
#define barrier()      __asm__ volatile("" ::: "memory")
#define ACCESS_ONCE(x) (*(volatile typeof(x) *)&(x))

#define __packed       __attribute__((packed))
#define __aligned(n)   __attribute__((aligned(n)))
#define __noreturn     __attribute__((noreturn))
#define __printf(f, a) __attribute__((format(printf, f, a)))
#define __must_check   __attribute__((warn_unused_result))
#define __section(s)   __attribute__((section(s)))
#define __init         __attribute__((section(".init.text"), cold))
#define __initdata     __attribute__((section(".init.data")))
#define __initconst    __attribute__((section(".init.rodata")))
#define __read_mostly  __attribute__((section(".data.read_mostly")))
#define __page_aligned __attribute__((aligned(4096)))

/* Upper bounds that size arrays of pointers only. */
#define NR_CPUS       256
#define MAX_VIRT_CPUS 512

#endif
