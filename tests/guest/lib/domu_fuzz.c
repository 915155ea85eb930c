/* SPDX-License-Identifier: GPL-2.0-only */
/* Random hypercalls without end, for the second domain: see domu.h. */
#include <public/sched.h>
#include <public/vcpu.h>
#include "domu.h"

/* Two pages of arguments for each; what the hypervisor writes behind them hits nothing. */
static uint64_t arg_page[DOMU_VCPUS][8][512] __attribute__((aligned(4096)));

static uint64_t number(const uint64_t *args)
{
    static const uint64_t odd[] = {0,
                                   1,
                                   ~0ull,
                                   0x7ff0,
                                   0x7ff1,
                                   0x7ff4,
                                   1ull << 63,
                                   0xffffffff,
                                   1ull << 32,
                                   0x1000,
                                   0xfee00,
                                   0xfffffffff,
                                   0xffffffffff,
                                   0x7fffffffffffffff,
                                   0x8000000000000};
    switch (rng_below(8)) {
    case 0:
        return odd[rng_below(sizeof(odd) / sizeof(odd[0]))];
    case 1:
        return rng();
    case 2:
        return (uint32_t)rng();
    case 3:
        return 0x2000 + rng_below(0x1000); /* a frame without use */
    case 4:
        return PTR(args) + rng_below(8192);
    default:
        return rng_below(12);
    }
}

static uint64_t pointer(const uint64_t *args)
{
    static const uint64_t bad[] = {0,
                                   0x7f0000000000,
                                   0xfee00000,
                                   0xfee00ffc,
                                   0xf0000000,
                                   0xffffffff,
                                   0xfffffffffffffff8,
                                   0xffff800000000000,
                                   0x800000000000,
                                   0x7ffffffffff8,
                                   0x3fffffc,
                                   ~0ull,
                                   0xffffffff80000000};

    if (!rng_below(5))
        return bad[rng_below(sizeof(bad) / sizeof(bad[0]))];
    return PTR(args) + (rng_below(3) ? rng_below(16) * 64 : rng_below(8192));
}

/* Some words small, some pointers, some 16- and 32-bit pairs. */
static void fill_args(uint64_t *args)
{
    for (unsigned int i = 0; i < 32; i++) {
        uint64_t v = rng_below(3) ? number(args) : pointer(args);

        if (!rng_below(3))
            v = (number(args) & 0xffff) | (number(args) & 0xffff) << 16 | number(args) << 32;
        args[i + 8 * rng_below(16)] = v;
    }
}

/* Once in so many calls it may put itself to sleep or shut itself down. */
static bool ends_the_run(unsigned int nr, uint64_t cmd, unsigned int rest)
{
    return ((nr == __HYPERVISOR_sched_op && cmd != SCHEDOP_yield) ||
            (nr == __HYPERVISOR_vcpu_op && cmd == VCPUOP_down)) &&
           rng_below(rest);
}

static void on_nmi(struct guest_regs *regs)
{
}

void fuzz_hypercalls(unsigned int vcpu, unsigned int rest)
{
    uint64_t *args = arg_page[vcpu][0];
    static const uint8_t known[] = {
        __HYPERVISOR_memory_op,      __HYPERVISOR_multicall,       __HYPERVISOR_set_timer_op,
        __HYPERVISOR_xen_version,    __HYPERVISOR_console_io,      __HYPERVISOR_grant_table_op,
        __HYPERVISOR_vcpu_op,        __HYPERVISOR_sched_op,        __HYPERVISOR_event_channel_op,
        __HYPERVISOR_physdev_op,     __HYPERVISOR_hvm_op,          __HYPERVISOR_memory_op,
        __HYPERVISOR_grant_table_op, __HYPERVISOR_event_channel_op};

    irq_handler[2] = on_nmi; /* it may send itself one */
    for (;;) {
        unsigned int nr = rng_below(8) ? known[rng_below(sizeof(known))] : rng_below(128);
        uint64_t a1 = rng_below(6) ? rng_below(36) : number(args), a2 = pointer(args),
                 a3 = number(args);

        if (nr == __HYPERVISOR_vcpu_op || nr == __HYPERVISOR_grant_table_op ||
            nr == __HYPERVISOR_console_io) {
            uint64_t t = nr == __HYPERVISOR_grant_table_op ? rng_below(4) : a3;

            a3 = nr == __HYPERVISOR_grant_table_op ? t : pointer(args);
            a2 = nr == __HYPERVISOR_grant_table_op ? a2 : rng_below(64);
        }
        if (nr == __HYPERVISOR_multicall) {
            a1 = pointer(args);
            a2 = rng_below(5);
        }
        fill_args(args);
        mailbox[8 * vcpu + 1] = nr;
        mailbox[8 * vcpu + 2] = a1;
        if (nr != __HYPERVISOR_iret && !ends_the_run(nr, a1, rest))
            hypercall(nr, a1, a2, a3);
        mailbox[8 * vcpu]++;
    }
}
