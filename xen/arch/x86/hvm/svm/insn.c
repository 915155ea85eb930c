/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How long was the instruction that exited? Processors with next-RIP saving tell; for the others
 * it is fetched and measured once, and remembered by address, page tables and exit code: the same
 * few places of a kernel exit again and again, and reading guest memory costs many times the rest
 * of a short exit. A guest that changes such code under our feet confuses only itself.
 */
#include <asm/hvm/hvm.h>
#include "svm.h"

#define MAX_INSN 15

unsigned int svm_insn_length(struct vcpu *v)
{
    struct svm_vcpu *s = v->arch.svm;
    struct vmcb *vmcb = s->vmcb;
    /* Kernels map their half of the address space alike in all page tables. */
    u64 rip = vmcb->rip, cr3 = (s64)rip < 0 ? 0 : vmcb->cr3;
    u8 code = vmcb->exitcode, buf[MAX_INSN];
    unsigned int slot = rip * 0x9e3779b97f4a7c15UL >> (64 - INSN_CACHE_BITS), n;

    if (svm_has(SVM_FEAT_NRIP) && vmcb->nrip)
        return vmcb->nrip - rip;
    if (likely(s->insn_cache[slot].rip == rip && s->insn_cache[slot].cr3 == cr3 &&
               s->insn_cache[slot].code == code && s->insn_cache[slot].len))
        return s->insn_cache[slot].len;

    n = hvm_fetch_insn(v, buf, sizeof(buf));
    n = svm_decode_length(buf, n, vmcb->exitcode, hvm_guest_mode_bytes(v) == 8);
    s->insn_cache[slot].rip = rip;
    s->insn_cache[slot].cr3 = cr3;
    s->insn_cache[slot].code = code;
    s->insn_cache[slot].len = n;
    return n;
}

bool svm_decode_cr_insn(struct vcpu *v, u8 *cr, u8 *gpr)
{
    u8 buf[MAX_INSN];
    unsigned int n = hvm_fetch_insn(v, buf, sizeof(buf));

    return svm_decode_mov_cr(buf, n, hvm_guest_mode_bytes(v) == 8, cr, gpr);
}
