/* SPDX-License-Identifier: GPL-2.0-only */
/* AMD's back end: is it there, switching it on per CPU, and the table hvm/ reaches it through. */
#include <asm/msr.h>
#include <asm/hvm/backends.h>
#include <xen/errno.h>
#include <xen/lib.h>
#include <xen/mm.h>
#include "svm.h"

#define VM_CR_SVMDIS           (1UL << 4)
#define CPUID_80000001_ECX_SVM (1U << 2)

u32 svm_features;
static u32 nr_asids;

DEFINE_PER_CPU(paddr_t, svm_host_vmcb);
static DEFINE_PER_CPU(void *, hsave_area);
static DEFINE_PER_CPU(void *, host_vmcb);

int svm_detect(const char **why)
{
    u32 a, b, c, d;

    cpuid(0x80000000, &a, &b, &c, &d);
    if (a < 0x8000000a) {
        *why = "the CPU has no SVM (CPUID ends before leaf 0x8000000a)";
        return -ENODEV;
    }
    cpuid(0x80000001, &a, &b, &c, &d);
    if (!(c & CPUID_80000001_ECX_SVM)) {
        *why = "the CPU has no SVM (CPUID 0x80000001 ECX bit 2)";
        return -ENODEV;
    }
    if (rdmsr(MSR_VM_CR) & VM_CR_SVMDIS) {
        *why = "SVM is disabled by firmware (VM_CR.SVMDIS): enable it in the BIOS setup";
        return -ENODEV;
    }
    cpuid(0x8000000a, &a, &nr_asids, &c, &svm_features);
    if (!svm_has(SVM_FEAT_NPT)) {
        *why = "SVM lacks nested paging (CPUID 0x8000000a EDX bit 0)";
        return -ENODEV;
    }
    if (nr_asids < 2) {
        *why = "SVM offers no address space identifier for a guest";
        return -ENODEV;
    }
    printk(XENLOG_INFO "SVM: nested paging, %u ASIDs%s%s%s%s\n", nr_asids,
           svm_has(SVM_FEAT_NRIP) ? ", next RIP" : "",
           svm_has(SVM_FEAT_CLEAN) ? ", clean bits" : "",
           svm_has(SVM_FEAT_DECODE) ? ", decode assists" : "",
           svm_has(SVM_FEAT_PAUSE_FILTER) ? ", pause filter" : "");
    return svm_permissions_init();
}

static int svm_cpu_up(void)
{
    void *hsave = this_cpu(hsave_area) ?: alloc_xenheap_page();
    void *host = this_cpu(host_vmcb) ?: alloc_xenheap_page();

    this_cpu(hsave_area) = hsave;
    this_cpu(host_vmcb) = host;
    if (!hsave || !host)
        return -ENOMEM;
    if (rdmsr(MSR_VM_CR) & VM_CR_SVMDIS) {
        printk(XENLOG_ERR "CPU%u: SVM is disabled by firmware\n", smp_processor_id());
        return -ENODEV;
    }
    wrmsr(MSR_EFER, rdmsr(MSR_EFER) | EFER_SVME);
    wrmsr(MSR_VM_HSAVE_PA, virt_to_maddr(hsave));
    this_cpu(svm_host_vmcb) = virt_to_maddr(host);
    /* The host's FS, GS, TR, LDTR and system-call MSRs, as every exit loads them back. */
    __asm__ volatile("vmsave %0" ::"a"(this_cpu(svm_host_vmcb)) : "memory");
    svm_asid_cpu_up(nr_asids);
    return 0;
}

static void svm_cpu_down(void)
{
    wrmsr(MSR_VM_HSAVE_PA, 0);
    wrmsr(MSR_EFER, rdmsr(MSR_EFER) & ~EFER_SVME);
}

static void svm_vcpu_destroy(struct vcpu *v)
{
    struct svm_vcpu *s = v->arch.svm;

    if (!s)
        return;
    free_xenheap_page(s->vmcb);
    xfree(s);
    v->arch.svm = NULL;
}

static void svm_ctxt_switch_from(struct vcpu *v)
{
    svm_dr_save(v);
}

static void svm_ctxt_switch_to(struct vcpu *v)
{
    /* Another CPU, or another VMCB was run here meanwhile: nothing is known to be cached. */
    vmcb_of(v)->clean = 0;
    svm_dr_restore(v);
}

static u32 svm_get_interrupt_shadow(struct vcpu *v)
{
    return vmcb_of(v)->interrupt_shadow & 1;
}

static void svm_set_interrupt_shadow(struct vcpu *v, u32 s)
{
    vmcb_of(v)->interrupt_shadow = s;
}

static void svm_inject(struct vcpu *v, u8 vector, u8 type, s32 error_code)
{
    u64 e = EVENT_VALID | ((u64)type << EVENT_TYPE_SHIFT) | vector;

    if (error_code != X86_NO_ERROR_CODE)
        e |= EVENT_ERROR_VALID | ((u64)(u32)error_code << 32);
    vmcb_of(v)->eventinj = e;
}

static void svm_offer_irq(struct vcpu *v, int vector)
{
    v->arch.svm->irq_offer = vector < 0
                                 ? 0
                                 : VINTR_IRQ | VINTR_IGN_TPR | ((u64)vector << VINTR_VECTOR_SHIFT) |
                                       ((u64)(vector >> 4) << VINTR_PRIO_SHIFT);
}

static bool svm_event_pending(struct vcpu *v)
{
    return vmcb_of(v)->eventinj & EVENT_VALID;
}

static void svm_nmi_injected(struct vcpu *v)
{
    vmcb_of(v)->intercept1 |= I1_IRET;
    vmcb_of(v)->clean &= ~CLEAN_INTERCEPTS;
}

static unsigned int svm_get_cpl(struct vcpu *v)
{
    return vmcb_of(v)->cpl;
}

static void svm_set_tsc_offset(struct vcpu *v, u64 offset)
{
    vmcb_of(v)->tsc_offset = offset;
    vmcb_of(v)->clean &= ~CLEAN_INTERCEPTS;
}

static void svm_set_rdtsc_exiting(struct vcpu *v, bool on)
{
    struct vmcb *b = vmcb_of(v);

    b->intercept1 = on ? b->intercept1 | I1_RDTSC : b->intercept1 & ~I1_RDTSC;
    b->intercept2 = on ? b->intercept2 | I2_RDTSCP : b->intercept2 & ~I2_RDTSCP;
    b->clean &= ~CLEAN_INTERCEPTS;
}

static const char *svm_entry_failure(struct vcpu *v)
{
    return svm_explain_invalid(vmcb_of(v), hvm_host_cr4_valid());
}

const struct hvm_vendor svm_vendor = {
    .name = "SVM",
    .p2m_format = &npt_format,
    .hypercall_insn = {0x0f, 0x01, 0xd9}, /* VMMCALL */
    .cpu_up = svm_cpu_up,
    .cpu_down = svm_cpu_down,
    .domain_init = svm_domain_init,
    .domain_destroy = svm_domain_destroy,
    .vcpu_init = svm_vmcb_init,
    .vcpu_destroy = svm_vcpu_destroy,
    .ctxt_switch_from = svm_ctxt_switch_from,
    .ctxt_switch_to = svm_ctxt_switch_to,
    .run = svm_run,
    .get_segment = svm_get_segment,
    .set_segment = svm_set_segment,
    .get_cr = svm_get_cr,
    .set_cr = svm_set_cr,
    .get_efer = svm_get_efer,
    .set_efer = svm_set_efer,
    .get_cpl = svm_get_cpl,
    .msr_read = svm_msr_read,
    .msr_write = svm_msr_write,
    .get_dr67 = svm_get_dr67,
    .set_dr67 = svm_set_dr67,
    .get_interrupt_shadow = svm_get_interrupt_shadow,
    .set_interrupt_shadow = svm_set_interrupt_shadow,
    .inject = svm_inject,
    .offer_irq = svm_offer_irq,
    .event_pending = svm_event_pending,
    .dr_access = svm_dr_access,
    .nmi_injected = svm_nmi_injected,
    .decode_mov_cr = svm_decode_cr_insn,
    .set_tsc_offset = svm_set_tsc_offset,
    .set_rdtsc_exiting = svm_set_rdtsc_exiting,
    .flush_guest_tlb = svm_flush_guest_tlb,
    .insn_length = svm_insn_length,
    .entry_failure = svm_entry_failure,
    .dump = svm_dump,
};
