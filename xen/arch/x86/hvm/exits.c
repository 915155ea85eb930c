/* SPDX-License-Identifier: GPL-2.0-only */
/* Why guests stop, and what is done about it: one handler per kind. docs/exits.md tells the story.
 */
#include <xen/lib.h>
#include <xen/softirq.h>
#include <public/sched.h>
#include "hvm_priv.h"

unsigned int exit_insn_length(struct vcpu *v, const struct vm_exit *exit)
{
    unsigned int len = exit->insn_len ?: hvm_vendor->insn_length(v);

    if (unlikely(!len)) {
        gprintk(XENLOG_WARNING, "d%dv%u: exit %#x at %#lx: not the instruction that exits\n",
                v->domain->domain_id, v->vcpu_id, exit->code, v->arch.regs.rip);
        hvm_inject_gp(v);
    }
    return len;
}

static void exit_nothing(struct vcpu *v, struct vm_exit *exit)
{
}

static void exit_exception(struct vcpu *v, struct vm_exit *exit)
{
    switch (exit->vector) {
    case X86_TRAP_MC: /* the back end gave it to the host */
        return;
    case X86_TRAP_PF:
        hvm_inject_page_fault(v, exit->error_code, exit->qual);
        return;
    default:
        hvm_inject_exception(v, exit->vector,
                             hvm_exception_has_error_code(exit->vector) ? exit->error_code
                                                                        : X86_NO_ERROR_CODE);
    }
}

/* A vCPU that halts with interrupts off never runs again: it is down; the last one ends the domain.
 */
static void halt_for_good(struct vcpu *v)
{
    struct domain *d = v->domain;
    struct vcpu *o;
    bool all_down = true;

    set_bit(VPF_down, &v->pause_flags);
    vcpu_sleep_nosync(v);
    for_each_vcpu (d, o)
        if (!test_bit(VPF_down, &o->pause_flags))
            all_down = false;
    if (all_down)
        domain_shutdown(d, SHUTDOWN_poweroff);
}

static void exit_hlt(struct vcpu *v, struct vm_exit *exit)
{
    unsigned int len = exit_insn_length(v, exit);

    if (!len)
        return;
    hvm_advance_rip(v, len);
    if (hvm_vcpu_has_event(v))
        return;
    if (unlikely(!(v->arch.regs.rflags & EFLAGS_IF))) {
        halt_for_good(v);
        return;
    }
    vcpu_block();
    /* Whoever sent something before it could see us blocked sent no wake-up. */
    if (hvm_vcpu_has_event(v))
        vcpu_unblock(v);
}

static void exit_pause(struct vcpu *v, struct vm_exit *exit)
{
    unsigned int len = exit_insn_length(v, exit);

    if (!len)
        return;
    hvm_advance_rip(v, len);
    vcpu_yield();
}

static void exit_dr(struct vcpu *v, struct vm_exit *exit)
{
    hvm_vendor->dr_access(v);
}

/* Caches: guests without devices of their own have no business with the machine's. */
static void exit_wbinvd(struct vcpu *v, struct vm_exit *exit)
{
    unsigned int len = exit_insn_length(v, exit);

    if (!len)
        return;
    if (v->domain->is_privileged)
        __asm__ volatile("wbinvd" ::: "memory");
    hvm_advance_rip(v, len);
}

static void exit_rdtsc(struct vcpu *v, struct vm_exit *exit)
{
    unsigned int len = exit_insn_length(v, exit);
    u64 tsc = hvm_get_guest_tsc(v);

    if (!len)
        return;
    v->arch.regs.rax = (u32)tsc;
    v->arch.regs.rdx = tsc >> 32;
    if (exit->qual)
        v->arch.regs.rcx = v->arch.hvm.tsc_aux;
    hvm_advance_rip(v, len);
}

/* There are no performance counters. */
static void exit_rdpmc(struct vcpu *v, struct vm_exit *exit)
{
    hvm_inject_gp(v);
}

static void exit_ud(struct vcpu *v, struct vm_exit *exit)
{
    hvm_inject_ud(v);
}

static void exit_task_switch(struct vcpu *v, struct vm_exit *exit)
{
    domain_crash(v->domain,
                 "vCPU %u: hardware task switch to selector %#lx, which is not supported",
                 v->vcpu_id, exit->qual & 0xffff);
}

/* As the machine would: it resets. @exit is NULL when exceptions added up to one. */
static void exit_triple_fault(struct vcpu *v, struct vm_exit *exit)
{
    gprintk(XENLOG_ERR, "d%dv%u: triple fault at %#lx, cr2 %#lx, cr3 %#lx: reset\n",
            v->domain->domain_id, v->vcpu_id, v->arch.regs.rip, hvm_vendor->get_cr(v, 2),
            hvm_vendor->get_cr(v, 3));
    domain_shutdown(v->domain, SHUTDOWN_reboot);
}

static void exit_entry_failed(struct vcpu *v, struct vm_exit *exit)
{
    const char *why = hvm_vendor->entry_failure(v);

    hvm_vendor->dump(v);
    domain_crash(v->domain, "vCPU %u: the CPU refuses its state: %s", v->vcpu_id,
                 why ?: "no known reason");
}

static void exit_unknown(struct vcpu *v, struct vm_exit *exit)
{
    hvm_vendor->dump(v);
    domain_crash(v->domain, "vCPU %u: unexpected exit %#x", v->vcpu_id, exit->code);
}

exit_handler_t *const exit_handlers[NR_EXIT_KINDS] = {
    [EXIT_NONE] = exit_nothing,
    [EXIT_EXCEPTION] = exit_exception,
    [EXIT_INTERRUPT] = exit_nothing,
    [EXIT_NMI] = exit_nothing,
    [EXIT_IRQ_WINDOW] = exit_nothing,
    [EXIT_CPUID] = exit_cpuid,
    [EXIT_HLT] = exit_hlt,
    [EXIT_PAUSE] = exit_pause,
    [EXIT_IO] = exit_io,
    [EXIT_MSR] = exit_msr,
    [EXIT_CR] = exit_cr,
    [EXIT_DR] = exit_dr,
    [EXIT_HYPERCALL] = exit_hypercall,
    [EXIT_XSETBV] = exit_xsetbv,
    [EXIT_WBINVD] = exit_wbinvd,
    [EXIT_INVD] = exit_wbinvd,
    [EXIT_RDTSC] = exit_rdtsc,
    [EXIT_RDPMC] = exit_rdpmc,
    [EXIT_MONITOR] = exit_ud,
    [EXIT_NESTED_FAULT] = exit_nested_fault,
    [EXIT_TASK_SWITCH] = exit_task_switch,
    [EXIT_TRIPLE_FAULT] = exit_triple_fault,
    [EXIT_UD_INSN] = exit_ud,
    [EXIT_ENTRY_FAILED] = exit_entry_failed,
    [EXIT_UNKNOWN] = exit_unknown,
};
