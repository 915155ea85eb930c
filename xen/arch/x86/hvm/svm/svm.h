/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of svm/ share: the back end's vCPU, host features, and who calls whom. */
#ifndef HVM_SVM_SVM_H
#define HVM_SVM_SVM_H

#include <xen/percpu.h>
#include <xen/sched.h>
#include "vmcb_decode.h"

#define INSN_CACHE_BITS 6

struct svm_vcpu {
    struct vmcb *vmcb;
    paddr_t vmcb_pa;
    /* The ASID it may use: on asid_cpu while that CPU is in asid_generation. */
    u64 asid_generation;
    unsigned int asid_cpu;
    u64 irq_offer;     /* bits to put into vintr at entry: V_IRQ and its vector, or 0 */
    bool lme_held;     /* the guest set EFER.LME before CR4.PAE: kept out of the VMCB until then */
    bool dr_loaded;    /* DR0-3 are in this CPU's registers; accesses do not exit */
    bool iret_pending; /* an IRET that ends an NMI handler is about to run */
    u64 iret_rip;
    /* Lengths of instructions that exited, for CPUs that do not tell. */
    struct {
        u64 rip, cr3;
        u8 code, len;
    } insn_cache[1 << INSN_CACHE_BITS];
};

extern u32 svm_features; /* CPUID 8000000A EDX, the same on all CPUs */
extern u32 svm_nr_asids;
#define svm_has(f) ((svm_features & (f)) != 0)

static inline struct vmcb *vmcb_of(const struct vcpu *v)
{
    return v->arch.svm->vmcb;
}

/* entry.S: enters the guest of @vmcb_pa with @regs; returns after its exit, interrupts on. */
void svm_enter(struct cpu_regs *regs, paddr_t vmcb_pa, paddr_t host_vmcb_pa);

/* run.c */
void svm_run(struct vcpu *v, struct vm_exit *exit);
/* insn.c */
unsigned int svm_insn_length(struct vcpu *v);
bool svm_decode_cr_insn(struct vcpu *v, u8 *cr, u8 *gpr);
/* asid.c */
void svm_asid_cpu_up(u32 nr_asids);
void svm_asid_assign(struct vcpu *v);
void svm_flush_guest_tlb(struct vcpu *v);
static inline void svm_asid_check(struct vcpu *v);
/* vmcb.c */
int svm_vmcb_init(struct vcpu *v);
void svm_dump(struct vcpu *v);
/* permissions.c */
int svm_permissions_init(void); /* maps shared by all guests */
int svm_domain_init(struct domain *d);
void svm_domain_destroy(struct domain *d);
paddr_t svm_msrpm(const struct domain *d);
/* state.c: accessors of struct hvm_vendor */
void svm_get_segment(struct vcpu *v, enum x86_seg s, struct segment_register *r);
void svm_set_segment(struct vcpu *v, enum x86_seg s, const struct segment_register *r);
u64 svm_get_cr(struct vcpu *v, unsigned int n);
void svm_set_cr(struct vcpu *v, unsigned int n, u64 val);
u64 svm_get_efer(struct vcpu *v);
void svm_set_efer(struct vcpu *v, u64 efer);
int svm_msr_read(struct vcpu *v, u32 msr, u64 *val);
int svm_msr_write(struct vcpu *v, u32 msr, u64 val);
void svm_get_dr67(struct vcpu *v, u64 *dr6, u64 *dr7);
void svm_set_dr67(struct vcpu *v, u64 dr6, u64 dr7);
/* debugreg.c */
void svm_dr_access(struct vcpu *v);
void svm_dr_save(struct vcpu *v);
void svm_dr_restore(struct vcpu *v);

extern const struct p2m_format npt_format;

struct svm_asid_state {
    u64 generation;
    u32 next, max;
};
DECLARE_PER_CPU(struct svm_asid_state, svm_asid);

/* Before entry, interrupts off: a usable ASID, a new one when translations must go. */
static inline void svm_asid_check(struct vcpu *v)
{
    struct svm_vcpu *s = v->arch.svm;
    u32 p2m_gen = ACCESS_ONCE(v->domain->arch.p2m.flush_generation);
    if (likely(s->asid_cpu == smp_processor_id() &&
               s->asid_generation == this_cpu(svm_asid).generation &&
               v->arch.hvm.p2m_generation == p2m_gen))
        return;
    v->arch.hvm.p2m_generation = p2m_gen;
    svm_asid_assign(v);
}

#endif
