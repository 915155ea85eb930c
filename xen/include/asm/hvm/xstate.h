/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Extended register state (x87, SSE, AVX and what XCR0 names). It stays in the registers while a
 * vCPU is switched in, guest's XCR0 included; the hypervisor itself uses none of it.
 */
#ifndef ASM_HVM_XSTATE_H
#define ASM_HVM_XSTATE_H

#include <xen/types.h>

struct vcpu;

#define XCR0_X87     (1UL << 0)
#define XCR0_SSE     (1UL << 1)
#define XCR0_AVX     (1UL << 2)
#define XCR0_BNDREGS (1UL << 3)
#define XCR0_BNDCSR  (1UL << 4)
#define XCR0_OPMASK  (1UL << 5)
#define XCR0_ZMM     (1UL << 6)
#define XCR0_HI_ZMM  (1UL << 7)
#define XCR0_PKRU    (1UL << 9)
#define XCR0_AVX512  (XCR0_OPMASK | XCR0_ZMM | XCR0_HI_ZMM)

/* The first 576 bytes of an area. */
struct xsave_area {
    u16 fcw, fsw;
    u8 ftw, reserved_5;
    u16 fop;
    u64 fip, fdp;
    u32 mxcsr, mxcsr_mask;
    u8 st[128], xmm[256], reserved_416[96];
    u64 xstate_bv, xcomp_bv, reserved_528[6];
};
_Static_assert(sizeof(struct xsave_area) == 576, "legacy region and header");

extern u64 xstate_host_mask; /* components switched; 0: no XSAVE, FXSAVE only */
extern u32 xstate_area_size; /* bytes for all of them */
extern u32 xstate_mxcsr_mask;

void xstate_init(void);   /* boot CPU */
void xstate_cpu_up(void); /* each CPU */
int xstate_alloc(struct vcpu *v);
void xstate_free(struct vcpu *v);
void xstate_reset(struct vcpu *v); /* v does not run, or is current */
void xstate_save(struct vcpu *v);
void xstate_restore(struct vcpu *v);
/* XCR0 of @v, which is current or does not run. */
u64 xstate_get_xcr0(struct vcpu *v);
/* After xsave_area or xcr0 was written by somebody else: registers are stale. */
void xstate_changed(struct vcpu *v);
/* Bytes of a standard-format area that holds @xcr0's components. */
u32 xstate_size(u64 xcr0);

#endif
