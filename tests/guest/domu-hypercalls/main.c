/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An unprivileged domain makes 120,000 hypercalls with random numbers and arguments: pointers to
 * structures full of small numbers and garbage, to nothing, to devices, to the end of the address
 * space. It may harm itself (it is made again then); the host goes on and loses no page.
 */
#include <public/sched.h>
#include "../lib/domu.h"

const char test_title[] = "domu-hypercalls";

#define CALLS     120000u
#define MAX_LIVES 60

/* Two pages of arguments; what the hypervisor writes behind them hits nothing. */
static uint64_t arg_page[8][512] __attribute__((aligned(4096)));

static uint64_t number(void)
{
    static const uint64_t odd[] = {0, 1, ~0ull, 0x7ff0, 0x7ff1, 0x7ff4, 1ull << 63, 0xffffffff, 1ull << 32, 0x1000,
                                   0xfee00, 0xfffffffff, 0xffffffffff, 0x7fffffffffffffff, 0x8000000000000};
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
        return PTR(arg_page) + rng_below(8192);
    default:
        return rng_below(12);
    }
}

static uint64_t pointer(void)
{
    static const uint64_t bad[] = {
        0, 0x7f0000000000, 0xfee00000, 0xfee00ffc, 0xf0000000, 0xffffffff, 0xfffffffffffffff8, 0xffff800000000000,
        0x800000000000, 0x7ffffffffff8, 0x3fffffc, ~0ull, 0xffffffff80000000};

    if (!rng_below(5))
        return bad[rng_below(sizeof(bad) / sizeof(bad[0]))];
    return PTR(arg_page) + (rng_below(3) ? rng_below(16) * 64 : rng_below(8192));
}

/* Some words small, some pointers, some 16- and 32-bit pairs. */
static void fill_args(void)
{
    for (unsigned int i = 0; i < 32; i++) {
        uint64_t v = rng_below(3) ? number() : pointer();

        if (!rng_below(3))
            v = (number() & 0xffff) | (number() & 0xffff) << 16 | number() << 32;
        arg_page[0][i + 8 * rng_below(16)] = v;
    }
}

static bool ends_the_run(unsigned int nr, uint64_t cmd)
{
    /* Once in a while it may put itself to sleep or shut itself down. */
    return nr == __HYPERVISOR_sched_op && cmd != SCHEDOP_yield && rng_below(400);
}

static void on_nmi(struct guest_regs *regs)
{
}

static void child(void)
{
    static const uint8_t known[] = {
        __HYPERVISOR_memory_op,        __HYPERVISOR_multicall,      __HYPERVISOR_set_timer_op, __HYPERVISOR_xen_version,
        __HYPERVISOR_console_io,       __HYPERVISOR_grant_table_op, __HYPERVISOR_vcpu_op,      __HYPERVISOR_sched_op,
        __HYPERVISOR_event_channel_op, __HYPERVISOR_physdev_op,     __HYPERVISOR_hvm_op,       __HYPERVISOR_memory_op,
        __HYPERVISOR_grant_table_op,   __HYPERVISOR_event_channel_op};

    irq_handler[2] = on_nmi; /* it may send itself one */
    for (;;) {
        unsigned int nr = rng_below(8) ? known[rng_below(sizeof(known))] : rng_below(128);
        uint64_t a1 = rng_below(6) ? rng_below(36) : number(), a2 = pointer(), a3 = number();

        if (nr == __HYPERVISOR_vcpu_op || nr == __HYPERVISOR_grant_table_op || nr == __HYPERVISOR_console_io) {
            uint64_t t = nr == __HYPERVISOR_grant_table_op ? rng_below(4) : a3;

            a3 = nr == __HYPERVISOR_grant_table_op ? t : pointer();
            a2 = nr == __HYPERVISOR_grant_table_op ? a2 : rng_below(64);
        }
        if (nr == __HYPERVISOR_multicall) {
            a1 = pointer();
            a2 = rng_below(5);
        }
        fill_args();
        mailbox[1] = nr;
        mailbox[2] = a1;
        if (nr != __HYPERVISOR_iret && !ends_the_run(nr, a1))
            hypercall(nr, a1, a2, a3);
        mailbox[0]++;
    }
}

void test_main(void)
{
    uint64_t before = 0, calls = 0;
    unsigned int lives;

    for (lives = 0; lives < MAX_LIVES && calls < CALLS; lives++) {
        uint64_t last = 0;
        struct domu d;

        if (lives == 1) /* whatever is set up once */
            before = free_pages();
        domu_create(&d, 1);
        d.mailbox[511] = 1000 * lives + 7; /* the seed */
        domu_start(&d, 0, child);
        domu_unpause(&d);
        /* A life ends by its own deed, by falling asleep for ever, or by its age. */
        while (calls + last < CALLS && last < CALLS / 4 && domu_wait(&d, 0, last + 1000, 2))
            last = d.mailbox[0];
        last = d.mailbox[0];
        print("life %u: %lu calls, last %lu(%lu), reason %d\n", lives, last, d.mailbox[1], d.mailbox[2],
              domu_shutdown_reason(&d));
        calls += last;
        domu_destroy(&d);
    }
    EXPECT(free_pages() == before, "%ld pages lost", (long)(before - free_pages()));
    if (calls < CALLS)
        failure("only %lu calls in %u lives", calls, lives);
}
