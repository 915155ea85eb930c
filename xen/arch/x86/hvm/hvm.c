/* SPDX-License-Identifier: GPL-2.0-only */
/* Hardware-virtualised domains and vCPUs: which back end, their making, unmaking and switching. */
#include <asm/hvm/backends.h>
#include <asm/hvm/hvm.h>
#include <xen/errno.h>
#include <xen/lib.h>
#include <xen/sched.h>
#include "hvm_priv.h"

const struct hvm_vendor *hvm_vendor;

static const struct {
    int (*detect)(const char **why);
    const struct hvm_vendor *vendor;
} backends[] = {{svm_detect, &svm_vendor}};

int hvm_detect(void)
{
    for (unsigned int i = 0; i < ARRAY_SIZE(backends); i++) {
        const char *why = NULL;

        if (backends[i].detect(&why) == 0) {
            hvm_vendor = backends[i].vendor;
            break;
        }
        printk(XENLOG_WARNING "%s cannot be used: %s\n", backends[i].vendor->name,
               why ?: "out of memory");
    }
    if (!hvm_vendor) {
        printk(XENLOG_ERR "No hardware virtualisation: no domain can run on this machine\n");
        return -ENODEV;
    }
    xstate_init();
    hvm_policy_init();
    hvm_stats_init();
    return 0;
}

int hvm_cpu_up(void)
{
    xstate_cpu_up();
    return hvm_vendor->cpu_up();
}

void hvm_cpu_down(void)
{
    hvm_vendor->cpu_down();
}

int hvm_domain_init(struct domain *d)
{
    int rc = hvm_vendor->domain_init(d);

    if (rc)
        return rc;
    rc = vioapic_init(d);
    if (rc)
        hvm_vendor->domain_destroy(d);
    return rc;
}

void hvm_domain_destroy(struct domain *d)
{
    vioapic_destroy(d);
    hvm_vendor->domain_destroy(d);
}

int hvm_vcpu_init(struct vcpu *v)
{
    struct hvm_vcpu *h = &v->arch.hvm;
    int rc = xstate_alloc(v);

    if (rc)
        return rc;
    rc = hvm_vendor->vcpu_init(v);
    if (rc)
        goto free_xstate;
    rc = vlapic_init(v);
    if (rc)
        goto destroy_vendor;
    h->irq_offered = -1;
    v->arch.time_cpu = NR_CPUS;
    mtrr_reset(v);
    hvm_vcpu_reset_state(v, 0xf000, 0xfff0);
    /* Every vCPU counts from the domain's creation. */
    h->tsc_offset = v->domain->arch.tsc_offset;
    hvm_vendor->set_tsc_offset(v, h->tsc_offset);
    hvm_vendor->set_rdtsc_exiting(v, v->domain->arch.vtsc);
    return 0;

destroy_vendor:
    hvm_vendor->vcpu_destroy(v);
free_xstate:
    xstate_free(v);
    return rc;
}

void hvm_vcpu_destroy(struct vcpu *v)
{
    vlapic_destroy(v);
    hvm_vendor->vcpu_destroy(v);
    xstate_free(v);
}

void hvm_ctxt_switch_from(struct vcpu *v)
{
    hvm_vendor->ctxt_switch_from(v);
    xstate_save(v);
}

void hvm_ctxt_switch_to(struct vcpu *v)
{
    hvm_vendor->ctxt_switch_to(v);
    xstate_restore(v);
    hvm_load_tsc_aux(v);
    if (v->arch.time_cpu != smp_processor_id())
        update_vcpu_system_time(v);
}

bool hvm_long_mode_active(struct vcpu *v)
{
    return hvm_vendor->get_efer(v) & EFER_LMA;
}

#define SEG_ATTR_L  0x200
#define SEG_ATTR_DB 0x400

unsigned int hvm_guest_mode_bytes(struct vcpu *v)
{
    struct segment_register cs;

    if (!(hvm_vendor->get_cr(v, 0) & CR0_PE))
        return 0;
    if (v->arch.regs.rflags & EFLAGS_VM)
        return 2;
    hvm_vendor->get_segment(v, SEG_CS, &cs);
    if ((cs.attr & SEG_ATTR_L) && hvm_long_mode_active(v))
        return 8;
    return cs.attr & SEG_ATTR_DB ? 4 : 2;
}

unsigned int hvm_fetch_insn(struct vcpu *v, u8 *buf, unsigned int n)
{
    struct segment_register cs;
    unsigned long la = v->arch.regs.rip, fault_la;
    unsigned int first, user = hvm_guest_cpl(v) == 3 ? PFEC_user : 0;
    u32 pfec = PFEC_insn | user;

    if (hvm_guest_mode_bytes(v) != 8) {
        hvm_vendor->get_segment(v, SEG_CS, &cs);
        la = (u32)(la + cs.base);
    }
    first = min(n, (unsigned int)(PAGE_SIZE - (la & ~PAGE_MASK)));
    if (guest_linear_read(v, la, buf, first, &pfec, &fault_la))
        return 0;
    pfec = PFEC_insn | user;
    if (first == n || guest_linear_read(v, la + first, buf + first, n - first, &pfec, &fault_la))
        return first;
    return n;
}

/* A data or system segment as real mode and RESET leave it. */
static void set_reset_segment(struct vcpu *v, enum x86_seg s, u16 sel, u16 attr)
{
    struct segment_register r = {.sel = sel, .attr = attr, .limit = 0xffff, .base = (u64)sel << 4};

    hvm_vendor->set_segment(v, s, &r);
}

void hvm_vcpu_reset_state(struct vcpu *v, u16 cs, u16 ip)
{
    struct cpu_regs *regs = &v->arch.regs;
    struct hvm_vcpu *h = &v->arch.hvm;

    memset(regs, 0, sizeof(*regs));
    regs->rip = ip;
    regs->rflags = 2;
    regs->rdx = 0xf00; /* a processor's family, as after INIT */
    hvm_vendor->set_efer(v, 0);
    hvm_vendor->set_cr(v, 0, CR0_ET);
    hvm_vendor->set_cr(v, 2, 0);
    hvm_vendor->set_cr(v, 3, 0);
    hvm_vendor->set_cr(v, 4, 0);
    memset(h->dr, 0, sizeof(h->dr));
    hvm_vendor->set_dr67(v, 0xffff0ff0, 0x400);
    set_reset_segment(v, SEG_CS, cs, 0x9b);
    for (enum x86_seg s = SEG_ES; s <= SEG_GS; s++)
        if (s != SEG_CS)
            set_reset_segment(v, s, 0, 0x93);
    set_reset_segment(v, SEG_LDTR, 0, 0x82);
    set_reset_segment(v, SEG_TR, 0, 0x8b);
    set_reset_segment(v, SEG_GDTR, 0, 0);
    set_reset_segment(v, SEG_IDTR, 0, 0);
    hvm_vendor->set_interrupt_shadow(v, 0);
    h->pending_event.valid = false;
    h->nmi_masked = false;
    xstate_reset(v);
    hvm_vendor->flush_guest_tlb(v);
}
