/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of hvm/ share among themselves. */
#ifndef HVM_PRIV_H
#define HVM_PRIV_H

#include <asm/hvm/hvm.h>
#include <asm/hvm/cr_checks.h>
#include <asm/hvm/event_merge.h>
#include <asm/hvm/policy.h>
#include <asm/hvm/xstate.h>
#include <asm/msr_index.h>
#include <xen/sched.h>

/* exits.c: one handler per kind. */
typedef void exit_handler_t(struct vcpu *v, struct vm_exit *exit);
extern exit_handler_t *const exit_handlers[NR_EXIT_KINDS];
exit_handler_t exit_cpuid, exit_hypercall, exit_io, exit_msr, exit_cr, exit_xsetbv,
    exit_nested_fault;

/* Length of the exiting instruction; 0: it could not be read, #GP is due and was injected. */
unsigned int exit_insn_length(struct vcpu *v, const struct vm_exit *exit);
static inline void hvm_inject_gp(struct vcpu *v)
{
    hvm_inject_exception(v, X86_TRAP_GP, 0);
}
static inline void hvm_inject_ud(struct vcpu *v)
{
    hvm_inject_exception(v, X86_TRAP_UD, X86_NO_ERROR_CODE);
}

/* stats.c */
struct exit_counts {
    u64 kind[NR_EXIT_KINDS];
};
DECLARE_PER_CPU(struct exit_counts, exit_counts);
void hvm_stats_init(void);

/* upcall.c: is the callback vector due (-1: no), and lowering of a callback line. */
int hvm_callback_vector(const struct vcpu *v);
void hvm_set_callback_via(struct domain *d, u64 via);
void hvm_update_callback_line(struct vcpu *v);
int hvm_set_upcall_vector(struct domain *d, u32 vcpu, u8 vector);

/* msr.c, mtrr.c */
void hvm_load_tsc_aux(const struct vcpu *v);
void mtrr_reset(struct vcpu *v);
int mtrr_read(struct vcpu *v, u32 msr, u64 *val);
int mtrr_write(struct vcpu *v, u32 msr, u64 val);
bool mtrr_pat_valid(u64 pat);
/* hypercall.c: MSR 0x40000000. 0, or 1: #GP. */
int hvm_write_hypercall_page(struct vcpu *v, u32 msr, u64 val);

#endif
