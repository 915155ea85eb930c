/* SPDX-License-Identifier: GPL-2.0-only */
/* Switching of extended register state, whole and eagerly; kept in the registers over idle times.
 */
#include <asm/hvm/xstate.h>
#include <asm/msr.h>
#include <xen/errno.h>
#include <xen/lib.h>
#include <xen/mm.h>
#include <xen/sched.h>

/* Components whose switching is understood here. */
#define KNOWN       (XCR0_X87 | XCR0_SSE | XCR0_AVX | XCR0_AVX512 | XCR0_PKRU)
#define FXSAVE_SIZE 512
#define FCW_RESET   0x37f
#define MXCSR_RESET 0x1f80

u64 xstate_host_mask;
u32 xstate_area_size = sizeof(struct xsave_area), xstate_mxcsr_mask = 0xffbf;
/* Whose state this CPU's registers hold. */
static DEFINE_PER_CPU(struct vcpu *, fpu_owner);

void xstate_init(void)
{
    u32 a, b, c, d;

    cpuid(1, &a, &b, &c, &d);
    if (c & (1U << 26)) {
        cpuid_count(0xd, 0, &a, &b, &c, &d);
        xstate_host_mask = (((u64)d << 32) | a) & KNOWN;
    }
}

void xstate_cpu_up(void)
{
    u32 a, b, c, d;

    write_cr0(read_cr0() & ~(CR0_TS | CR0_EM));
    write_cr4(read_cr4() | CR4_OSFXSR | CR4_OSXMMEXCPT | (xstate_host_mask ? CR4_OSXSAVE : 0));
    if (!xstate_host_mask)
        return;
    xsetbv(0, xstate_host_mask);
    cpuid_count(0xd, 0, &a, &b, &c, &d);
    xstate_area_size = max(b, (u32)sizeof(struct xsave_area));
}

static void fill_reset(struct xsave_area *x)
{
    memset(x, 0, xstate_area_size);
    x->fcw = FCW_RESET;
    x->mxcsr = MXCSR_RESET;
}

int xstate_alloc(struct vcpu *v)
{
    v->arch.xsave_area = _xzalloc(xstate_area_size, 64);
    if (!v->arch.xsave_area)
        return -ENOMEM;
    xstate_reset(v);
    return 0;
}

void xstate_free(struct vcpu *v)
{
    XFREE(v->arch.xsave_area);
}

void xstate_changed(struct vcpu *v)
{
    v->arch.fpu_cpu = NR_CPUS;
    if (v == current)
        xstate_restore(v);
}

void xstate_reset(struct vcpu *v)
{
    fill_reset(v->arch.xsave_area);
    v->arch.hvm.xcr0 = XCR0_X87;
    xstate_changed(v);
}

u64 xstate_get_xcr0(struct vcpu *v)
{
    return v == current && xstate_host_mask ? xgetbv(0) : v->arch.hvm.xcr0;
}

void xstate_save(struct vcpu *v)
{
    void *area = v->arch.xsave_area;
    u64 m = xstate_host_mask;

    if (m) {
        v->arch.hvm.xcr0 = xgetbv(0);
        if (v->arch.hvm.xcr0 != m)
            xsetbv(0, m);
        __asm__ volatile("xsave64 (%0)" ::"r"(area), "a"((u32)m), "d"((u32)(m >> 32)) : "memory");
    } else {
        __asm__ volatile("fxsave64 (%0)" ::"r"(area) : "memory");
    }
}

void xstate_restore(struct vcpu *v)
{
    void *area = v->arch.xsave_area;
    unsigned int cpu = smp_processor_id();
    u64 m = xstate_host_mask;

    if (v->arch.fpu_cpu != cpu || this_cpu(fpu_owner) != v) {
        this_cpu(fpu_owner) = v;
        v->arch.fpu_cpu = cpu;
        if (m) {
            if (xgetbv(0) != m)
                xsetbv(0, m);
            __asm__ volatile("xrstor64 (%0)" ::"r"(area), "a"((u32)m), "d"((u32)(m >> 32))
                             : "memory");
        } else {
            __asm__ volatile("fxrstor64 (%0)" ::"r"(area) : "memory");
        }
    }
    if (m && xgetbv(0) != v->arch.hvm.xcr0)
        xsetbv(0, v->arch.hvm.xcr0);
}

u32 xstate_size(u64 xcr0)
{
    u32 size = sizeof(struct xsave_area), a, b, c, d;

    for (unsigned int i = 2; i < 63; i++) {
        if (!(xcr0 & xstate_host_mask & (1UL << i)))
            continue;
        cpuid_count(0xd, i, &a, &b, &c, &d);
        size = max(size, a + b);
    }
    return size;
}
