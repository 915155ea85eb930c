/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a test kernel has: printing, hypercalls, exceptions, events, and one of four verdicts. A
 * test defines test_title and test_main(). It runs as the control domain, so that it may do
 * everything.
 */
#ifndef GUEST_H
#define GUEST_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <public/xen.h>
#include <public/errno.h>

extern const char test_title[];
void test_main(void);

/* The verdict; the last line of the run. */
void success(void) __attribute__((noreturn));
void skip(const char *why, ...) __attribute__((noreturn, format(printf, 1, 2)));
void error(const char *why, ...)
    __attribute__((noreturn, format(printf, 1, 2))); /* the test could not be made */
void failure(const char *why, ...)
    __attribute__((noreturn, format(printf, 1, 2))); /* the subject is wrong */
#define EXPECT(cond, ...)                    \
    do {                                     \
        if (!(cond))                         \
            failure(#cond ": " __VA_ARGS__); \
    } while (0)

void print(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void *memcpy(void *d, const void *s, size_t n);
void *memset(void *d, int c, size_t n);
int memcmp(const void *a, const void *b, size_t n);
size_t strlen(const char *s);

long hypercall(unsigned int nr, unsigned long a1, unsigned long a2, unsigned long a3);
#define PTR(p) ((unsigned long)(p))
/* The same as 32-bit code would make it, with structures in the 32-bit layout. */
int32_t hypercall32(unsigned int nr, uint32_t a1, uint32_t a2, uint32_t a3);
#define PTR32(p) ((uint32_t)(unsigned long)(p))

static inline void cpuid(uint32_t leaf, uint32_t sub, uint32_t r[4])
{
    __asm__ volatile("cpuid"
                     : "=a"(r[0]), "=b"(r[1]), "=c"(r[2]), "=d"(r[3])
                     : "0"(leaf), "2"(sub));
}
static inline void wrmsr(uint32_t msr, uint64_t v)
{
    __asm__ volatile("wrmsr" ::"c"(msr), "a"((uint32_t)v), "d"((uint32_t)(v >> 32)) : "memory");
}
static inline uint64_t rdmsr(uint32_t msr)
{
    uint32_t lo, hi;
    __asm__ volatile("rdmsr" : "=a"(lo), "=d"(hi) : "c"(msr));
    return ((uint64_t)hi << 32) | lo;
}
static inline uint64_t rdtsc(void)
{
    uint32_t lo, hi;
    __asm__ volatile("rdtsc" : "=a"(lo), "=d"(hi));
    return ((uint64_t)hi << 32) | lo;
}

/* Exceptions: TRY(insn) executes one instruction and gives the vector it raised, or -1. */
struct guest_regs {
    uint64_t r15, r14, r13, r12, r11, r10, r9, r8, rdi, rsi, rbp, rbx, rdx, rcx, rax;
    uint64_t vector, error_code, rip, cs, rflags, rsp, ss;
};
extern volatile uint64_t trap_resume; /* where to go on after an exception; 0: it is fatal */
extern volatile int trap_vector;
#define TRY(insn, ...)                                                                    \
    ({                                                                                    \
        trap_vector = -1;                                                                 \
        __asm__ volatile("lea 1f(%%rip), %%r11\n\tmov %%r11, trap_resume(%%rip)\n\t" insn \
                         "\n1:\n\tmovq $0, trap_resume(%%rip)" __VA_ARGS__);              \
        trap_vector;                                                                      \
    })
/* Handler of an interrupt (end-of-interrupt is its business), NMI or exception; goes before TRY. */
extern void (*irq_handler[256])(struct guest_regs *regs);
void load_idt(void);

/* The shared page, mapped on first use. */
struct shared_info *shared_info(void);
extern bool shared_info_mapped;
extern bool in_domu; /* this is the second domain (domu.h): it has no say in the verdict */

/* x2APIC registers by their xAPIC offset. */
static inline void apic_write(uint32_t reg, uint64_t v)
{
    wrmsr(0x800 + (reg >> 4), v);
}
static inline uint64_t apic_read(uint32_t reg)
{
    return rdmsr(0x800 + (reg >> 4));
}
void apic_enable(void); /* x2APIC mode, software-enabled with spurious vector 0xff */
/* Starts the CPU with this APIC id at fn, on a stack of its own. */
void start_cpu(uint32_t apic_id, void (*fn)(void));

#endif
