/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vCPUs are given registers that no processor could have: control registers, EFER and segments at
 * odds, wild addresses, an event that cannot be delivered. Either the state is refused or only that
 * domain dies of it, at once or after a few instructions; no page is lost.
 */
#include <public/sched.h>
#include "../lib/domu.h"

const char test_title[] = "domu-states";

#define STATES 400

static void idle(void)
{
    for (;;)
        __asm__ volatile("hlt");
}

static uint64_t *field(struct hvm_hw_cpu *c)
{
    uint64_t *f[] = {&c->cr0,     &c->cr3,       &c->cr4,          &c->msr_efer,  &c->rip,
                     &c->rsp,     &c->rflags,    &c->dr6,          &c->dr7,       &c->cs_base,
                     &c->tr_base, &c->gdtr_base, &c->idtr_base,    &c->msr_lstar, &c->tsc,
                     &c->fs_base, &c->shadow_gs, &c->sysenter_eip, &c->cr2,       &c->ldtr_base};

    return f[rng_below(sizeof(f) / sizeof(f[0]))];
}

static uint32_t *field32(struct hvm_hw_cpu *c)
{
    uint32_t *f[] = {&c->cs_arbytes,   &c->ss_arbytes, &c->ds_arbytes, &c->tr_arbytes,
                     &c->ldtr_arbytes, &c->cs_limit,   &c->ss_limit,   &c->idtr_limit,
                     &c->gdtr_limit,   &c->cs_sel,     &c->tr_sel,     &c->fs_arbytes,
                     &c->cs_arbytes};

    return f[rng_below(sizeof(f) / sizeof(f[0]))];
}

/* A good state with a few things wrong. */
static void spoil(struct hvm_hw_cpu *c)
{
    static const uint64_t cr0[] = {0x80000001, 0x80010011, 0x11,       1,         0,
                                   0x60000010, 0x20000011, 0x80000000, 0xe0000011};
    static const uint64_t efer[] = {0, 0x100, 0x400, 0x500, 0x900, 0xd00, 0x1500, 0x1d01, 0xffff};

    if (!rng_below(3))
        c->cr0 = cr0[rng_below(9)];
    if (!rng_below(3))
        c->msr_efer = efer[rng_below(9)];
    if (!rng_below(4))
        c->cr4 = rng_below(2) ? 0 : 1ull << rng_below(24);
    for (unsigned int n = rng_below(4); n; n--)
        *field(c) = rng_below(2) ? rng() : *field(c) ^ 1ull << rng_below(64);
    for (unsigned int n = rng_below(4); n; n--)
        *field32(c) = rng_below(2) ? (uint32_t)rng() : *field32(c) ^ 1u << rng_below(16);
    if (!rng_below(4))
        c->pending_event = rng();
    if (!rng_below(4))
        c->error_code = rng();
    if (!rng_below(8))
        memset(c->fpu_regs, (int)rng(), sizeof(c->fpu_regs));
    c->flags = rng_below(3) ? 1 : 0;
}

void test_main(void)
{
    uint64_t before = 0;
    unsigned int refused = 0, died = 0, ran = 0, generation = 0;
    struct domu d = {0};
    bool alive = false;

    for (unsigned int i = 0; i < STATES; i++) {
        struct hvm_hw_cpu c;
        uint64_t seed = rng_state;

        if (!alive) {
            if (generation++ == 1)
                before = free_pages();
            domu_create(&d, 1);
            domu_start(&d, 0, idle);
            alive = true;
        }
        domu_cpu_record(&c, 0);
        spoil(&c);
        if (domu_load_cpu(&d, 0, &c)) {
            refused++;
            continue;
        }
        domu_unpause(&d);
        for (unsigned int n = 0; n < 20; n++)
            hypercall(__HYPERVISOR_sched_op, SCHEDOP_yield, 0, 0);
        if (domctl(XEN_DOMCTL_pausedomain, d.domid))
            error("state %u (seed %lx): pausedomain", i, seed);
        if (domu_shutdown_reason(&d) < 0) {
            ran++;
            continue;
        }
        died++;
        domu_destroy(&d);
        alive = false;
    }
    if (alive)
        domu_destroy(&d);
    print("%u states refused, %u deadly, %u ran on\n", refused, died, ran);
    EXPECT(free_pages() == before, "%ld pages lost", (long)(before - free_pages()));
    EXPECT(refused && died, "%u refused, %u died", refused, died);
}
