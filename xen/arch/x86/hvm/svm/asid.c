/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Address space identifiers tag a CPU's TLB entries. Each CPU hands them out in order; when they
 * run out it starts a new generation with a full flush, and every vCPU gets a new one at its next
 * entry. A vCPU whose translations must go, or that comes from another CPU, simply takes a new one.
 */
#include <xen/percpu.h>
#include "svm.h"

DEFINE_PER_CPU(struct svm_asid_state, svm_asid);

void svm_asid_cpu_up(u32 nr_asids)
{
    struct svm_asid_state *a = &this_cpu(svm_asid);

    a->max = nr_asids - 1; /* 0 is the host's */
    a->next = a->max + 1;  /* the first one asked for starts a generation, with a flush */
    a->generation++;
}

void svm_asid_assign(struct vcpu *v)
{
    struct svm_asid_state *a = &this_cpu(svm_asid);
    struct svm_vcpu *s = v->arch.svm;
    struct vmcb *vmcb = s->vmcb;

    if (a->next > a->max) {
        a->generation++;
        a->next = 1;
        vmcb->tlb_control = TLB_FLUSH_ALL;
    }
    vmcb->asid = a->next++;
    s->asid_generation = a->generation;
    s->asid_cpu = smp_processor_id();
    vmcb->clean &= ~CLEAN_ASID;
}

void svm_flush_guest_tlb(struct vcpu *v)
{
    v->arch.svm->asid_generation = 0;
}
