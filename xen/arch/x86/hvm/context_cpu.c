/* SPDX-License-Identifier: GPL-2.0-only */
/* The CPU record of a saved domain: registers of one vCPU, which does not run meanwhile. */
#include <asm/msr.h>
#include <xen/errno.h>
#include <xen/lib.h>
#include <public/hvm/save.h>
#include "context.h"
#include "hvm_priv.h"

#define X87_SSE_BYTES 512

/* Segment fields of the record, by name. */
#define FOR_EACH_SEGMENT(X) \
    X(CS, cs) X(DS, ds) X(ES, es) X(FS, fs) X(GS, gs) X(SS, ss) X(TR, tr) X(LDTR, ldtr)

/* General registers have the same names on both sides. */
#define FOR_EACH_GPR(X)                                                                      \
    X(rax)                                                                                   \
    X(rbx)                                                                                   \
    X(rcx)                                                                                   \
    X(rdx) X(rbp) X(rsi) X(rdi) X(rsp) X(r8) X(r9) X(r10) X(r11) X(r12) X(r13) X(r14) X(r15) \
        X(rip) X(rflags)

#define FOR_EACH_MSR(X)                                                            \
    X(MSR_SYSENTER_CS, sysenter_cs)                                                \
    X(MSR_SYSENTER_ESP, sysenter_esp)                                              \
    X(MSR_SYSENTER_EIP, sysenter_eip)                                              \
    X(MSR_KERNEL_GS_BASE, shadow_gs) X(MSR_LSTAR, msr_lstar) X(MSR_STAR, msr_star) \
        X(MSR_CSTAR, msr_cstar) X(MSR_SFMASK, msr_syscall_mask)

static void save_segments(struct vcpu *v, struct hvm_hw_cpu *c)
{
    struct segment_register r;

#define X(S, s)                              \
    hvm_vendor->get_segment(v, SEG_##S, &r); \
    c->s##_sel = r.sel;                      \
    c->s##_limit = r.limit;                  \
    c->s##_base = r.base;                    \
    c->s##_arbytes = r.attr;
    FOR_EACH_SEGMENT(X)
#undef X
    hvm_vendor->get_segment(v, SEG_IDTR, &r);
    c->idtr_limit = r.limit;
    c->idtr_base = r.base;
    hvm_vendor->get_segment(v, SEG_GDTR, &r);
    c->gdtr_limit = r.limit;
    c->gdtr_base = r.base;
}

static void load_segments(struct vcpu *v, const struct hvm_hw_cpu *c)
{
    struct segment_register r;

#define X(S, s)              \
    r.sel = c->s##_sel;      \
    r.limit = c->s##_limit;  \
    r.base = c->s##_base;    \
    r.attr = c->s##_arbytes; \
    hvm_vendor->set_segment(v, SEG_##S, &r);
    FOR_EACH_SEGMENT(X)
#undef X
    r = (struct segment_register){.limit = c->idtr_limit, .base = c->idtr_base};
    hvm_vendor->set_segment(v, SEG_IDTR, &r);
    r = (struct segment_register){.limit = c->gdtr_limit, .base = c->gdtr_base};
    hvm_vendor->set_segment(v, SEG_GDTR, &r);
}

int context_save_cpu(struct vcpu *v, void *buf)
{
    struct hvm_hw_cpu *c = buf;
    const struct hvm_vcpu *h = &v->arch.hvm;

    memset(c, 0, sizeof(*c));
    memcpy(c->fpu_regs, v->arch.xsave_area, X87_SSE_BYTES);
    c->flags = XEN_X86_FPU_INITIALISED;
#define X(r) c->r = v->arch.regs.r;
    FOR_EACH_GPR(X)
#undef X
    c->cr0 = hvm_vendor->get_cr(v, 0);
    c->cr2 = hvm_vendor->get_cr(v, 2);
    c->cr3 = hvm_vendor->get_cr(v, 3);
    c->cr4 = hvm_vendor->get_cr(v, 4);
    c->dr0 = h->dr[0];
    c->dr1 = h->dr[1];
    c->dr2 = h->dr[2];
    c->dr3 = h->dr[3];
    hvm_vendor->get_dr67(v, &c->dr6, &c->dr7);
    save_segments(v, c);
#define X(msr, f) hvm_vendor->msr_read(v, msr, &c->f);
    FOR_EACH_MSR(X)
#undef X
    c->msr_efer = hvm_vendor->get_efer(v);
    c->msr_tsc_aux = h->tsc_aux;
    c->tsc = hvm_get_guest_tsc(v);
    if (h->pending_event.valid) {
        c->pending_valid = 1;
        c->pending_vector = h->pending_event.vector;
        c->pending_type = h->pending_event.type;
        if (h->pending_event.error_code != X86_NO_ERROR_CODE) {
            c->pending_error_valid = 1;
            c->error_code = h->pending_event.error_code;
        }
    }
    return 0;
}

/* Would the processor, and the domain's CPU policy, have these? */
static int check_cpu(struct vcpu *v, const struct hvm_hw_cpu *c)
{
    struct cr_state s = {
        .cr4 = c->cr4,
        .efer = c->msr_efer & ~EFER_LMA,
        .cr4_valid = hvm_guest_cr4_valid(v),
        .efer_valid = efer_valid_bits(v->domain->arch.cpu_policy),
    };

    if (cr0_check(&s, c->cr0) || efer_check(&s, s.efer) || (c->cr4 & ~s.cr4_valid)) {
        gprintk(XENLOG_WARNING, "d%dv%u: bad state to load: cr0 %#lx cr4 %#lx efer %#lx\n",
                v->domain->domain_id, v->vcpu_id, c->cr0, c->cr4, c->msr_efer);
        return -EINVAL;
    }
    return (c->flags & ~XEN_X86_FPU_INITIALISED) || c->pad0 ? -EINVAL : 0;
}

static void load_fpu(struct vcpu *v, const struct hvm_hw_cpu *c)
{
    struct xsave_area *x = v->arch.xsave_area;

    xstate_reset(v);
    if (!(c->flags & XEN_X86_FPU_INITIALISED))
        return;
    memcpy(x, c->fpu_regs, X87_SSE_BYTES);
    x->mxcsr &= xstate_mxcsr_mask;
    x->xstate_bv = XCR0_X87 | XCR0_SSE;
    xstate_changed(v);
}

int context_load_cpu(struct vcpu *v, const void *buf, u32 len)
{
    struct hvm_hw_cpu rec = {0}, *c = &rec;
    struct hvm_vcpu *h = &v->arch.hvm;
    int rc;

    /* Records of old versions end earlier; what they lack is zero. */
    memcpy(&rec, buf, min(len, (u32)sizeof(rec)));
    if (len < sizeof(rec))
        c->flags = XEN_X86_FPU_INITIALISED;
    rc = check_cpu(v, c);
    if (rc)
        return rc;

    load_fpu(v, c);
#define X(r) v->arch.regs.r = c->r;
    FOR_EACH_GPR(X)
#undef X
    v->arch.regs.rflags |= 2;
    hvm_vendor->set_cr(v, 0, c->cr0 | CR0_ET);
    hvm_vendor->set_cr(v, 2, c->cr2);
    hvm_vendor->set_cr(v, 3, c->cr3);
    hvm_vendor->set_cr(v, 4, c->cr4);
    hvm_vendor->set_efer(v, efer_with_lma(c->msr_efer, c->cr0));
    h->dr[0] = c->dr0;
    h->dr[1] = c->dr1;
    h->dr[2] = c->dr2;
    h->dr[3] = c->dr3;
    hvm_vendor->set_dr67(v, (u32)c->dr6, (u32)c->dr7);
    load_segments(v, c);
#define X(msr, f) hvm_vendor->msr_write(v, msr, c->f);
    FOR_EACH_MSR(X)
#undef X
    h->tsc_aux = (u32)c->msr_tsc_aux;
    hvm_set_guest_tsc(v, c->tsc);
    h->tsc_adjust = 0;
    hvm_vendor->set_interrupt_shadow(v, 0);
    h->pending_event.valid = c->pending_valid;
    h->pending_event.vector = c->pending_vector;
    h->pending_event.type = c->pending_type;
    h->pending_event.error_code = c->pending_error_valid ? (s32)c->error_code : X86_NO_ERROR_CODE;
    hvm_vendor->flush_guest_tlb(v);

    v->is_initialised = true;
    clear_bit(VPF_down, &v->pause_flags);
    vcpu_wake(v);
    return 0;
}
