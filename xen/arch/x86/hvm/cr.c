/* SPDX-License-Identifier: GPL-2.0-only */
/* Control registers, EFER and XCR0 as guests write them. */
#include <asm/msr.h>
#include <xen/lib.h>
#include "hvm_priv.h"

#define SEG_ATTR_L 0x200

u64 hvm_host_cr4_valid(void)
{
    return cr4_valid_bits(&host_cpu_policy) | CR4_LA57 | CR4_CET;
}

u64 hvm_guest_cr4_valid(struct vcpu *v)
{
    struct hvm_vcpu *h = &v->arch.hvm;

    if (unlikely(!h->cr4_valid))
        h->cr4_valid = cr4_valid_bits(v->domain->arch.cpu_policy);
    return h->cr4_valid;
}

static void get_state(struct vcpu *v, struct cr_state *s)
{
    struct segment_register cs;

    hvm_vendor->get_segment(v, SEG_CS, &cs);
    s->cr0 = hvm_vendor->get_cr(v, 0);
    s->cr3 = hvm_vendor->get_cr(v, 3);
    s->cr4 = hvm_vendor->get_cr(v, 4);
    s->efer = hvm_vendor->get_efer(v);
    s->cs_long = cs.attr & SEG_ATTR_L;
    s->cr4_valid = hvm_guest_cr4_valid(v);
    s->efer_valid = efer_valid_bits(v->domain->arch.cpu_policy);
}

int hvm_set_cr0(struct vcpu *v, u64 val)
{
    struct cr_state s;

    get_state(v, &s);
    if (cr0_check(&s, val))
        return 1;
    val |= CR0_ET;
    hvm_vendor->set_cr(v, 0, val);
    if ((s.cr0 ^ val) & CR0_PG)
        hvm_vendor->set_efer(v, efer_with_lma(s.efer, val));
    if ((s.cr0 ^ val) & (CR0_PG | CR0_WP | CR0_PE))
        hvm_vendor->flush_guest_tlb(v);
    return 0;
}

int hvm_set_cr3(struct vcpu *v, u64 val)
{
    hvm_vendor->set_cr(v, 3, val);
    hvm_vendor->flush_guest_tlb(v);
    return 0;
}

int hvm_set_cr4(struct vcpu *v, u64 val)
{
    struct cr_state s;

    get_state(v, &s);
    if (cr4_check(&s, val))
        return 1;
    hvm_vendor->set_cr(v, 4, val);
    if ((s.cr4 ^ val) & (CR4_PSE | CR4_PAE | CR4_PGE | CR4_PCIDE | CR4_SMEP | CR4_SMAP | CR4_PKE))
        hvm_vendor->flush_guest_tlb(v);
    return 0;
}

int hvm_set_efer(struct vcpu *v, u64 val)
{
    struct cr_state s;

    get_state(v, &s);
    /* The processor keeps LMA itself, whatever is written. */
    val &= ~EFER_LMA;
    if (efer_check(&s, val))
        return 1;
    hvm_vendor->set_efer(v, val | (s.efer & EFER_LMA));
    if ((s.efer ^ val) & EFER_NXE)
        hvm_vendor->flush_guest_tlb(v);
    return 0;
}

static u64 *gpr(struct vcpu *v, unsigned int n)
{
    struct cpu_regs *r = &v->arch.regs;
    u64 *const map[16] = {&r->rax, &r->rcx, &r->rdx, &r->rbx, &r->rsp, &r->rbp, &r->rsi, &r->rdi,
                          &r->r8,  &r->r9,  &r->r10, &r->r11, &r->r12, &r->r13, &r->r14, &r->r15};

    return map[n & 15];
}

static int write_cr(struct vcpu *v, unsigned int n, u64 val)
{
    switch (n) {
    case 0:
        return hvm_set_cr0(v, val);
    case 3:
        return hvm_set_cr3(v, val);
    case 4:
        return hvm_set_cr4(v, val);
    default:
        return 1;
    }
}

void exit_cr(struct vcpu *v, struct vm_exit *exit)
{
    unsigned int len = exit_insn_length(v, exit);
    u64 val;

    if (!len)
        return;
    if (!exit->cr.gpr_known && !hvm_vendor->decode_mov_cr(v, &exit->cr.nr, &exit->cr.gpr)) {
        hvm_inject_ud(v);
        return;
    }
    if (!exit->write) {
        *gpr(v, exit->cr.gpr) = hvm_vendor->get_cr(v, exit->cr.nr);
        hvm_advance_rip(v, len);
        return;
    }
    val = *gpr(v, exit->cr.gpr);
    if (hvm_guest_mode_bytes(v) != 8)
        val = (u32)val;
    if (write_cr(v, exit->cr.nr, val))
        hvm_inject_gp(v);
    else
        hvm_advance_rip(v, len);
}

void exit_xsetbv(struct vcpu *v, struct vm_exit *exit)
{
    struct cpu_regs *regs = &v->arch.regs;
    u64 val = (u32)regs->rax | (regs->rdx << 32);
    unsigned int len = exit_insn_length(v, exit);

    if (!len)
        return;
    if (!(hvm_vendor->get_cr(v, 4) & CR4_OSXSAVE)) {
        hvm_inject_ud(v);
        return;
    }
    if (hvm_guest_cpl(v) || (u32)regs->rcx ||
        xcr0_check(val, cpu_policy_xcr0_max(v->domain->arch.cpu_policy) & xstate_host_mask)) {
        hvm_inject_gp(v);
        return;
    }
    v->arch.hvm.xcr0 = val;
    xsetbv(0, val);
    hvm_advance_rip(v, len);
}
