/* SPDX-License-Identifier: GPL-2.0-only */
/* VCPUOP_initialise: a vCPU's first registers as another vCPU of its domain gives them. */
#include <xen/errno.h>
#include <xen/lib.h>
#include <public/hvm/hvm_vcpu.h>
#include "hvm_priv.h"

#define ATTR_PRESENT  0x80
#define ATTR_CODE64   0xa9b
#define ATTR_DATA     0xc93
#define ATTR_TSS_BUSY 0x8b

/* An unusable segment is one that is not present; those that are must fit the mode. */
static int set_segment32(struct vcpu *v, enum x86_seg s, u32 base, u32 limit, u16 attr)
{
    struct segment_register r = {.base = base, .limit = limit, .attr = attr};

    if (attr >> 12 || ((attr & ATTR_PRESENT) && base + (u64)limit < base))
        return -EINVAL;
    if (s == SEG_CS || s == SEG_SS || s == SEG_TR)
        if (!(attr & ATTR_PRESENT))
            return -EINVAL;
    hvm_vendor->set_segment(v, s, &r);
    return 0;
}

static void set_flat64(struct vcpu *v)
{
    struct segment_register cs = {.limit = ~0U, .attr = ATTR_CODE64};
    struct segment_register data = {.limit = ~0U, .attr = ATTR_DATA};
    struct segment_register tr = {.limit = 0x67, .attr = ATTR_TSS_BUSY};

    hvm_vendor->set_segment(v, SEG_CS, &cs);
    hvm_vendor->set_segment(v, SEG_DS, &data);
    hvm_vendor->set_segment(v, SEG_SS, &data);
    hvm_vendor->set_segment(v, SEG_ES, &data);
    hvm_vendor->set_segment(v, SEG_TR, &tr);
}

static int set_control(struct vcpu *v, u64 cr0, u64 cr3, u64 cr4, u64 efer)
{
    struct cr_state s = {
        .cr4 = cr4,
        .efer = efer & ~EFER_LMA,
        .cr4_valid = hvm_guest_cr4_valid(v),
        .efer_valid = efer_valid_bits(v->domain->arch.cpu_policy),
    };

    if (cr0_check(&s, cr0) || (cr4 & ~s.cr4_valid) || (s.efer & ~s.efer_valid))
        return -EINVAL;
    hvm_vendor->set_cr(v, 0, cr0 | CR0_ET);
    hvm_vendor->set_cr(v, 3, cr3);
    hvm_vendor->set_cr(v, 4, cr4);
    hvm_vendor->set_efer(v, efer_with_lma(efer, cr0));
    return 0;
}

static int start32(struct vcpu *v, const struct vcpu_hvm_x86_32 *c)
{
    struct cpu_regs *r = &v->arch.regs;

    if (c->pad1 || c->pad2[0] || c->pad2[1] || c->pad2[2] || !(c->cr0 & CR0_PE))
        return -EINVAL;
    if (set_segment32(v, SEG_CS, c->cs_base, c->cs_limit, c->cs_ar) ||
        set_segment32(v, SEG_DS, c->ds_base, c->ds_limit, c->ds_ar) ||
        set_segment32(v, SEG_SS, c->ss_base, c->ss_limit, c->ss_ar) ||
        set_segment32(v, SEG_ES, c->es_base, c->es_limit, c->es_ar) ||
        set_segment32(v, SEG_TR, c->tr_base, c->tr_limit, c->tr_ar) ||
        set_control(v, c->cr0, c->cr3, c->cr4, c->efer))
        return -EINVAL;
    r->rax = c->eax;
    r->rcx = c->ecx;
    r->rdx = c->edx;
    r->rbx = c->ebx;
    r->rsp = c->esp;
    r->rbp = c->ebp;
    r->rsi = c->esi;
    r->rdi = c->edi;
    r->rip = c->eip;
    r->rflags = c->eflags | 2;
    return 0;
}

static int start64(struct vcpu *v, const struct vcpu_hvm_x86_64 *c)
{
    const u64 cr0 = CR0_PG | CR0_PE;
    struct cpu_regs *r = &v->arch.regs;

    if ((c->cr0 & cr0) != cr0 || !(c->cr4 & CR4_PAE) || !(c->efer & EFER_LME) ||
        set_control(v, c->cr0, c->cr3, c->cr4, c->efer))
        return -EINVAL;
    set_flat64(v);
    r->rax = c->rax;
    r->rcx = c->rcx;
    r->rdx = c->rdx;
    r->rbx = c->rbx;
    r->rsp = c->rsp;
    r->rbp = c->rbp;
    r->rsi = c->rsi;
    r->rdi = c->rdi;
    r->rip = c->rip;
    r->rflags = c->rflags | 2;
    return 0;
}

int arch_set_info_hvm_guest(struct vcpu *v, const struct vcpu_hvm_context *ctx)
{
    int rc = -EINVAL;

    if (ctx->pad)
        return -EINVAL;
    if (ctx->mode == VCPU_HVM_MODE_32B)
        rc = start32(v, &ctx->cpu_regs.x86_32);
    else if (ctx->mode == VCPU_HVM_MODE_64B)
        rc = start64(v, &ctx->cpu_regs.x86_64);
    if (rc)
        hvm_vcpu_reset_state(v, 0, 0);
    return rc;
}
