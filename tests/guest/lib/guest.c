/* SPDX-License-Identifier: GPL-2.0-only */
/* The test kernels' library: see guest.h. */
#include "guest.h"
#include <public/memory.h>
#include <public/sched.h>

extern char hypercall_page[], idt_stubs[], ap_start[], ap_start_end[];
extern volatile uint64_t ap_stack_top, ap_entry;
volatile uint64_t trap_resume;
volatile int trap_vector;
void (*irq_handler[256])(struct guest_regs *regs);
void guest_main(void);
void guest_trap(struct guest_regs *regs);

void *memcpy(void *d, const void *s, size_t n)
{
    void *r = d;
    __asm__ volatile("rep movsb" : "+D"(d), "+S"(s), "+c"(n)::"memory");
    return r;
}

void *memset(void *d, int c, size_t n)
{
    void *r = d;
    __asm__ volatile("rep stosb" : "+D"(d), "+c"(n) : "a"(c) : "memory");
    return r;
}

int memcmp(const void *a, const void *b, size_t n)
{
    const unsigned char *x = a, *y = b;

    for (; n; n--, x++, y++)
        if (*x != *y)
            return *x - *y;
    return 0;
}

size_t strlen(const char *s)
{
    size_t n = 0;

    while (s[n])
        n++;
    return n;
}

long hypercall(unsigned int nr, unsigned long a1, unsigned long a2, unsigned long a3)
{
    long rc;
    register unsigned long r10 __asm__("r10") = 0;

    __asm__ volatile("call *%[fn]"
                     : "=a"(rc), "+D"(a1), "+S"(a2), "+d"(a3), "+r"(r10)
                     : [fn] "r"(hypercall_page + nr * 32)
                     : "rcx", "r8", "r9", "r11", "memory");
    return rc;
}

extern volatile uint32_t call32[7];
void hypercall32_go(void);

int32_t hypercall32(unsigned int nr, uint32_t a1, uint32_t a2, uint32_t a3)
{
    call32[0] = nr;
    call32[1] = a1;
    call32[2] = a2;
    call32[3] = a3;
    call32[4] = call32[5] = 0;
    __asm__ volatile("" ::: "memory");
    hypercall32_go();
    __asm__ volatile("" ::: "memory");
    return call32[6];
}

/* --- printing: %s %c %d %u %x %lx %ld %lu %p with width and zeros --- */

struct out {
    char buf[512];
    size_t n;
};

static void put(struct out *o, char c)
{
    if (o->n < sizeof(o->buf))
        o->buf[o->n++] = c;
}

static void put_number(struct out *o, unsigned long v, unsigned int base, int width, char pad)
{
    char digits[24];
    int n = 0;

    do
        digits[n++] = "0123456789abcdef"[v % base];
    while (v /= base);
    for (; width > n; width--)
        put(o, pad);
    while (n)
        put(o, digits[--n]);
}

static void format(struct out *o, const char *fmt, va_list ap)
{
    for (; *fmt; fmt++) {
        char pad = ' ';
        int width = 0;
        bool is_long = false;
        unsigned long v;

        if (*fmt != '%') {
            put(o, *fmt);
            continue;
        }
        if (*++fmt == '0')
            pad = '0';
        while (*fmt >= '0' && *fmt <= '9')
            width = width * 10 + *fmt++ - '0';
        while (*fmt == 'l') {
            is_long = true;
            fmt++;
        }
        switch (*fmt) {
        case 's':
            for (const char *s = va_arg(ap, const char *); *s; s++)
                put(o, *s);
            break;
        case 'c':
            put(o, va_arg(ap, int));
            break;
        case 'd':
            v = is_long ? va_arg(ap, long) : va_arg(ap, int);
            if ((long)v < 0) {
                put(o, '-');
                v = -v;
            }
            put_number(o, v, 10, width, pad);
            break;
        case 'p':
        case 'x':
        case 'u':
            v = is_long || *fmt == 'p' ? va_arg(ap, unsigned long) : va_arg(ap, unsigned int);
            put_number(o, v, *fmt == 'u' ? 10 : 16, width, pad);
            break;
        default:
            put(o, *fmt);
        }
    }
}

static void write_out(const struct out *o)
{
    hypercall(__HYPERVISOR_console_io, CONSOLEIO_write, o->n, PTR(o->buf));
}

void print(const char *fmt, ...)
{
    struct out o = {.n = 0};
    va_list ap;

    va_start(ap, fmt);
    format(&o, fmt, ap);
    va_end(ap);
    write_out(&o);
}

/* --- verdicts --- */

bool in_domu;

static void __attribute__((noreturn)) finish(const char *verdict, const char *why, va_list *ap)
{
    struct out o = {.n = 0};
    struct sched_shutdown off = {in_domu ? SHUTDOWN_crash : SHUTDOWN_poweroff};

    /* The verdict is the control domain's; of another domain it is news. */
    print(in_domu ? "domain's %s: %s" : "test %s: %s", test_title, verdict);
    if (why) {
        print(": ");
        format(&o, why, *ap);
        write_out(&o);
    }
    print("\n");
    hypercall(__HYPERVISOR_sched_op, SCHEDOP_shutdown, PTR(&off), 0);
    for (;;)
        __asm__ volatile("cli; hlt");
}

void success(void)
{
    finish("success", NULL, NULL);
}
#define VERDICT(name)               \
    void name(const char *why, ...) \
    {                               \
        va_list ap;                 \
        va_start(ap, why);          \
        finish(#name, why, &ap);    \
    }
VERDICT(skip)
VERDICT(error)
VERDICT(failure)

/* --- traps --- */

void guest_trap(struct guest_regs *r)
{
    if (irq_handler[r->vector]) {
        irq_handler[r->vector](r);
        return;
    }
    if (!trap_resume)
        failure("unexpected exception %lu error %lx at %lx", (unsigned long)r->vector,
                (unsigned long)r->error_code, (unsigned long)r->rip);
    trap_vector = r->vector;
    r->rip = trap_resume;
    r->rflags &= ~0x14100ul; /* no single step, no nested task */
}

static struct {
    uint16_t lo, sel, type, mid;
    uint32_t hi, zero;
} idt[256];

void load_idt(void)
{
    struct {
        uint16_t limit;
        uint64_t base;
    } __attribute__((packed)) desc = {sizeof(idt) - 1, PTR(idt)};

    for (unsigned int i = 0; i < 256; i++) {
        uint64_t a = PTR(idt_stubs) + i * 16;

        idt[i].lo = a;
        idt[i].sel = 8;
        idt[i].type = 0x8e00;
        idt[i].mid = a >> 16;
        idt[i].hi = a >> 32;
    }
    __asm__ volatile("lidt %0" ::"m"(desc));
}

/* --- the machine --- */

static char shared_page[4096] __attribute__((aligned(4096)));
bool shared_info_mapped;

struct shared_info *shared_info(void)
{
    struct xen_add_to_physmap op = {
        .domid = DOMID_SELF, .space = XENMAPSPACE_shared_info, .gpfn = PTR(shared_page) >> 12};

    if (!shared_info_mapped &&
        hypercall(__HYPERVISOR_memory_op, XENMEM_add_to_physmap, PTR(&op), 0))
        error("cannot map shared_info");
    shared_info_mapped = true;
    return (void *)shared_page;
}

void apic_enable(void)
{
    wrmsr(0x1b, rdmsr(0x1b) | 0xc00);
    apic_write(0xf0, 0x1ff);
}

static char ap_stack[4][8192] __attribute__((aligned(16)));

void start_cpu(uint32_t apic_id, void (*fn)(void))
{
    static unsigned int n;

    ap_stack_top = PTR(ap_stack[n++] + sizeof(ap_stack[0]));
    ap_entry = PTR(fn);
    memcpy((void *)0x8000, ap_start, ap_start_end - ap_start);
    apic_write(0x300, ((uint64_t)apic_id << 32) | 0x4500); /* INIT */
    apic_write(0x300, ((uint64_t)apic_id << 32) | 0x4608); /* SIPI, page 8 */
}

void guest_main(void)
{
    uint32_t r[4];

    cpuid(0x40000000, 0, r);
    cpuid(0x40000002, 0, r);
    wrmsr(r[1], PTR(hypercall_page));
    load_idt();
    print("test %s: start\n", test_title);
    test_main();
    success();
}
