/* SPDX-License-Identifier: GPL-2.0-only */
/* A vCPU's VMCB: what is intercepted and why, and printing it. */
#include <xen/errno.h>
#include <xen/lib.h>
#include <xen/mm.h>
#include "svm.h"

#define DR_ALL    0xffffffffU
#define PAT_RESET 0x0007040600070406UL

/*
 * Nested paging leaves CR0, CR2, CR3, page faults and INVLPG to the guest. CR4 writes are checked
 * against what the CPU policy hides. The CR0-read intercept must never be set: some processors'
 * emulators report every CR read as one then. #DB and #AC could otherwise loop inside the CPU for
 * ever when their own delivery raises them.
 */
static void set_intercepts(struct vcpu *v, struct vmcb *b)
{
    b->intercept_cr = CR_WRITE(4);
    b->intercept_dr = DR_ALL;
    b->intercept_exceptions = (1U << X86_TRAP_DB) | (1U << X86_TRAP_AC) | (1U << X86_TRAP_MC);
    b->intercept1 = I1_INTR | I1_NMI | I1_INIT | I1_RDPMC | I1_CPUID | I1_INVD | I1_HLT |
                    I1_INVLPGA | I1_IOIO | I1_MSR | I1_TASK_SWITCH | I1_SHUTDOWN;
    b->intercept2 = I2_VMRUN | I2_VMMCALL | I2_VMLOAD | I2_VMSAVE | I2_STGI | I2_CLGI | I2_SKINIT |
                    I2_WBINVD | I2_MONITOR | I2_MWAIT | I2_XSETBV | I2_RDPRU;
    if (svm_has(SVM_FEAT_PAUSE_FILTER)) {
        b->intercept1 |= I1_PAUSE;
        b->pause_filter_count = 4000;
    }
}

int svm_vmcb_init(struct vcpu *v)
{
    struct domain *d = v->domain;
    struct svm_vcpu *s = _xzalloc(sizeof(*s), 16);
    struct vmcb *b;

    if (!s)
        return -ENOMEM;
    b = s->vmcb = alloc_xenheap_page();
    if (!b) {
        xfree(s);
        return -ENOMEM;
    }
    v->arch.svm = s;
    s->vmcb_pa = virt_to_maddr(b);
    s->asid_cpu = NR_CPUS;

    set_intercepts(v, b);
    b->iopm_base = virt_to_maddr(d->arch.hvm.io_bitmap);
    b->msrpm_base = virt_to_maddr(d->arch.hvm.msr_bitmap);
    b->vintr = VINTR_INTR_MASKING;
    b->np_enable = 1;
    b->n_cr3 = virt_to_maddr(d->arch.p2m.root);
    b->g_pat = PAT_RESET;
    b->efer = EFER_SVME;
    b->cr0 = CR0_ET;
    b->dr6 = 0xffff0ff0;
    b->dr7 = 0x400;
    return 0;
}

static void dump_segment(const char *name, const struct segment_register *r)
{
    printk("  %-4s %04x attr %03x limit %08x base %016lx\n", name, r->sel, r->attr, r->limit,
           r->base);
}

void svm_dump(struct vcpu *v)
{
    const struct vmcb *b = vmcb_of(v);

    printk("VMCB of d%dv%u at %p: exit code %#lx info %#lx %#lx int %#lx inject %#lx\n",
           v->domain->domain_id, v->vcpu_id, b, b->exitcode, b->exitinfo1, b->exitinfo2,
           b->exitintinfo, b->eventinj);
    printk("  rip %016lx rsp %016lx rflags %lx cpl %u shadow %lx vintr %lx asid %u\n", b->rip,
           b->rsp, b->rflags, b->cpl, b->interrupt_shadow, b->vintr, b->asid);
    printk("  cr0 %lx cr2 %lx cr3 %lx cr4 %lx efer %lx%s dr6 %lx dr7 %lx\n", b->cr0, b->cr2, b->cr3,
           b->cr4, b->efer, v->arch.svm->lme_held ? " (LME held)" : "", b->dr6, b->dr7);
    printk("  n_cr3 %lx g_pat %lx tsc_offset %lx intercepts cr %x dr %x exc %x %x %x\n", b->n_cr3,
           b->g_pat, b->tsc_offset, b->intercept_cr, b->intercept_dr, b->intercept_exceptions,
           b->intercept1, b->intercept2);
    dump_segment("CS", &b->cs);
    dump_segment("SS", &b->ss);
    dump_segment("DS", &b->ds);
    dump_segment("ES", &b->es);
    dump_segment("FS", &b->fs);
    dump_segment("GS", &b->gs);
    dump_segment("TR", &b->tr);
    dump_segment("LDTR", &b->ldtr);
    dump_segment("GDTR", &b->gdtr);
    dump_segment("IDTR", &b->idtr);
}
