/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An unprivileged domain executes random privileged and memory-mapped instructions: MSRs, CPUID,
 * ports, control and debug registers, SVM instructions, device memory by every form of instruction,
 * and plain garbage. It may die of that (it is made again then); the host goes on and loses no
 * page.
 */
#include "../lib/domu.h"

const char test_title[] = "domu-instructions";

#define STEPS     60000u
#define MAX_LIVES 80

static uint8_t code[64] __attribute__((aligned(64)));
uint64_t step_regs[15], step_rsp;
void run_step(void *at);
extern char step_done[];
/* Runs the bytes at rdi with registers out of step_regs; comes back from wherever they lead. */
__asm__(
    "run_step: push %rbx; push %rbp; push %r12; push %r13; push %r14; push %r15\n"
    "mov %rsp, step_rsp; movq $step_done, trap_resume\n push %rdi\n"
    "mov step_regs, %rax; mov step_regs+8, %rcx; mov step_regs+16, %rdx; mov step_regs+24, %rbx\n"
    "mov step_regs+32, %rbp; mov step_regs+40, %rsi; mov step_regs+48, %rdi; mov step_regs+56, "
    "%r8\n"
    "mov step_regs+64, %r9; mov step_regs+72, %r10; mov step_regs+80, %r11; mov step_regs+88, "
    "%r12\n"
    "mov step_regs+96, %r13; mov step_regs+104, %r14; mov step_regs+112, %r15\n ret\n"
    "step_done: mov step_rsp, %rsp; movq $0, trap_resume; push $2; popfq\n"
    "mov $16, %eax; mov %eax, %ds; mov %eax, %es; mov %eax, %ss\n"
    "pop %r15; pop %r14; pop %r13; pop %r12; pop %rbp; pop %rbx; ret\n");

static uint64_t device(void)
{
    static const uint64_t at[] = {0xfee00000, 0xfec00000, 0xfed00000, 0xf0000000,
                                  0x10000000, 0xa0000,    0xfeefffff, 0xb0000000};

    return at[rng_below(8)] + (rng_below(4) ? rng_below(0x40) * 16 : rng_below(4096));
}

static uint64_t word(void)
{
    switch (rng_below(6)) {
    case 0:
        return rng();
    case 1:
        return device();
    case 2:
        return 1ull << rng_below(64);
    case 3:
        return PTR(mailbox) + 2048 + rng_below(1024);
    default:
        return rng_below(300);
    }
}

static uint64_t msr(void)
{
    static const uint32_t base[] = {0,          0x10,       0x1b,       0x170,      0x200,
                                    0x250,      0x2ff,      0x400,      0x800,      0x40000000,
                                    0x40000200, 0xc0000080, 0xc0000100, 0xc0010000, 0xc0010110,
                                    0xc0011020, 0x1d0,      0x6e0,      0xda0};

    return base[rng_below(sizeof(base) / 4)] + rng_below(32);
}

/* Opcodes that a random choice out of all bytes would rarely meet. */
static const uint8_t privileged[][4] = {{3, 0x0f, 0x01, 0xd8},
                                        {3, 0x0f, 0x01, 0xda},
                                        {3, 0x0f, 0x01, 0xdb},
                                        {3, 0x0f, 0x01, 0xdc},
                                        {3, 0x0f, 0x01, 0xdd},
                                        {3, 0x0f, 0x01, 0xde},
                                        {3, 0x0f, 0x01, 0xdf},
                                        {3, 0x0f, 0x01, 0xd0},
                                        {3, 0x0f, 0x01, 0xd1},
                                        {3, 0x0f, 0x01, 0xf8},
                                        {3, 0x0f, 0x01, 0xf9},
                                        {3, 0x0f, 0x01, 0xc8},
                                        {3, 0x0f, 0x01, 0xc9},
                                        {3, 0x0f, 0x01, 0xca},
                                        {3, 0x0f, 0x01, 0xfa},
                                        {2, 0x0f, 0x06},
                                        {2, 0x0f, 0x08},
                                        {2, 0x0f, 0x09},
                                        {2, 0x0f, 0x31},
                                        {2, 0x0f, 0x33},
                                        {2, 0x0f, 0xaa},
                                        {2, 0x0f, 0x05},
                                        {2, 0x0f, 0x07},
                                        {2, 0x0f, 0x34},
                                        {2, 0x0f, 0x35},
                                        {2, 0x0f, 0x0b},
                                        {1, 0xcc},
                                        {1, 0xf1},
                                        {1, 0xcf},
                                        {1, 0x9d},
                                        {3, 0x0f, 0x01, 0xc1},
                                        {3, 0x0f, 0x01, 0xd9},
                                        {3, 0x0f, 0x01, 0xd4},
                                        {3, 0x0f, 0x01, 0xd5},
                                        {3, 0x0f, 0xc7, 0xf0}};
static const uint8_t mmio_ops[] = {0x00, 0x01, 0x02, 0x03, 0x08, 0x09, 0x10, 0x21, 0x29, 0x31,
                                   0x33, 0x38, 0x39, 0x63, 0x80, 0x81, 0x83, 0x84, 0x85, 0x86,
                                   0x87, 0x88, 0x89, 0x8a, 0x8b, 0x8f, 0xc0, 0xc1, 0xc6, 0xc7,
                                   0xd1, 0xd3, 0xf6, 0xf7, 0xfe, 0xff, 0xa4, 0xa5, 0xa6, 0xaa,
                                   0xab, 0xac, 0xad, 0xae, 0xd8, 0xdd, 0xa0, 0xa1, 0xa2, 0xa3};
static const uint8_t mmio_ops_0f[] = {0x10, 0x11, 0x28, 0x29, 0x2b, 0x40, 0x6f, 0x7f, 0x90, 0xa3,
                                      0xab, 0xae, 0xb0, 0xb1, 0xb3, 0xb6, 0xb7, 0xba, 0xbc, 0xbe,
                                      0xbf, 0xc0, 0xc1, 0xc3, 0xc7, 0xe7, 0x18, 0x01};

static uint8_t *prefixes(uint8_t *p)
{
    static const uint8_t prefix[] = {0x66, 0xf0, 0xf2, 0xf3, 0x67, 0x64};

    while (!rng_below(3))
        *p++ = prefix[rng_below(sizeof(prefix))];
    if (rng_below(2))
        *p++ = 0x40 | rng_below(16);
    return p;
}

static void make_step(void)
{
    uint8_t *p = code;
    uint64_t kind = rng_below(100);
    static const uint8_t crs[] = {0, 2, 3, 4, 8, 0, 4, 4};

    memset(code, 0x90, sizeof(code));
    for (unsigned int i = 0; i < 15; i++)
        step_regs[i] = word();
    if (kind < 25) { /* MSRs */
        step_regs[1] = rng_below(8) ? msr() : word();
        if (rng_below(2))
            step_regs[2] = rng_below(2) ? 0 : word();
        *p++ = 0x0f;
        *p++ = rng_below(2) ? 0x30 : 0x32;
    } else if (kind < 30) { /* CPUID */
        static const uint32_t leaf[] = {0, 0x40000000, 0x80000000, 0xd, 0x40000100};

        step_regs[0] = leaf[rng_below(5)] + rng_below(40);
        *p++ = 0x0f;
        *p++ = 0xa2;
    } else if (kind < 45) { /* ports */
        static const uint8_t io[] = {0xe4, 0xe5, 0xe6, 0xe7, 0xec, 0xed,
                                     0xee, 0xef, 0x6c, 0x6d, 0x6e, 0x6f};

        step_regs[1] = rng_below(64);
        step_regs[2] = rng_below(2) ? rng_below(0x500) : rng_below(0x10000);
        p = prefixes(p);
        *p++ = io[rng_below(sizeof(io))];
        *p++ = rng();
    } else if (kind < 55) { /* control and debug registers, a bit or so changed */
        uint64_t cr0, cr4;

        __asm__ volatile("mov %%cr0, %0; mov %%cr4, %1" : "=r"(cr0), "=r"(cr4));
        *p++ = 0x0f;
        if (rng_below(2)) {
            unsigned int n = crs[rng_below(sizeof(crs))];

            *p++ = rng_below(3) ? 0x22 : 0x20;
            step_regs[0] = n == 0   ? cr0 ^ 1ull << rng_below(34)
                           : n == 4 ? cr4 ^ 1ull << rng_below(34)
                                    : word();
            *p++ = 0xc0 | n << 3;
        } else {
            unsigned int n = rng_below(8);

            *p++ = rng_below(2) ? 0x21 : 0x23;
            if (n == 5 ||
                n == 7) /* no armed breakpoint: the emulator itself dies of some (QEMU 7.2) */
                step_regs[0] &= ~0xfful;
            *p++ = 0xc0 | n << 3;
        }
    } else if (kind < 65) {
        const uint8_t *insn = privileged[rng_below(sizeof(privileged) / 4)];

        p = prefixes(p);
        memcpy(p, insn + 1, insn[0]);
        p += insn[0];
    } else if (kind < 90) { /* device memory */
        for (unsigned int i = 3; i < 15; i++)
            step_regs[i] = device();
        step_regs[1] = rng_below(9);
        p = prefixes(p);
        if (rng_below(3)) {
            *p++ = mmio_ops[rng_below(sizeof(mmio_ops))];
        } else {
            *p++ = 0x0f;
            *p++ = mmio_ops_0f[rng_below(sizeof(mmio_ops_0f))];
        }
        *p++ = rng_below(4) ? (rng() & 0x38) | (3 + 3 * rng_below(2)) : rng();
        for (unsigned int i = 0; i < 5; i++)
            *p++ = rng_below(2) ? 0 : rng();
    } else {
        for (unsigned int i = 0; i < 15; i++)
            *p++ = rng();
    }
    /* jmp *0(%rip) back */
    p = code + 40;
    *p++ = 0xff;
    *p++ = 0x25;
    memset(p, 0, 4);
    *(uint64_t *)(p + 4) = PTR(step_done);
}

static void ignore(struct guest_regs *regs)
{
}

static void child(void)
{
    for (unsigned int i = 32; i < 256; i++)
        irq_handler[i] = ignore;
    for (;;) {
        make_step();
        memcpy((void *)&mailbox[2], code, 16);
        mailbox[4] = step_regs[0];
        mailbox[5] = step_regs[1];
        mailbox[6] = step_regs[2];
        run_step(code);
        mailbox[0]++;
    }
}

void test_main(void)
{
    uint64_t before = 0, steps = 0;
    unsigned int lives;

    for (lives = 0; lives < MAX_LIVES && steps < STEPS; lives++) {
        uint64_t last = 0;
        struct domu d;

        if (lives == 1)
            before = free_pages();
        domu_create(&d, 1);
        d.mailbox[511] = 1000 * lives + 7;
        domu_start(&d, 0, child);
        domu_unpause(&d);
        while (steps + last < STEPS && domu_wait(&d, 0, last + 100, 1) &&
               d.mailbox[0] - last < 10000)
            last = d.mailbox[0];
        if (d.mailbox[0] - last < 10000) /* or it scribbled over its count */
            last = d.mailbox[0];
        print("life %u: %lu steps, %lx %lx rax %lx rcx %lx rdx %lx, reason %d\n", lives, last,
              d.mailbox[2], d.mailbox[3], d.mailbox[4], d.mailbox[5], d.mailbox[6],
              domu_shutdown_reason(&d));
        steps += last;
        domu_destroy(&d);
    }
    EXPECT(free_pages() == before, "%ld pages lost", (long)(before - free_pages()));
    if (steps < 1000)
        error("only %lu steps in %u lives", steps, lives);
}
