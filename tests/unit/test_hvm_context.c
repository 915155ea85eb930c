/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Saving and loading of a domain's hardware state against a back end made of memory: what was saved
 * can be loaded, and no malformed record is believed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <asm/hvm/xstate.h>
#include <asm/msr_index.h>
#include <public/hvm/save.h>
#include <xen/cpu_policy.h>
#include <xen/errno.h>
#include <xen/lib.h>
#include <xen/sched.h>
#include "../../xen/arch/x86/hvm/hvm_priv.h"

/* --- a back end, and what else the files under test call --- */

static struct {
    struct segment_register seg[SEG_NR];
    u64 cr[5], efer, dr6, dr7, pat, msr[8];
} hw[2];

static u64 *fake_msr(struct vcpu *v, u32 msr)
{
    static const u32 known[] = {MSR_SYSENTER_CS,    MSR_SYSENTER_ESP, MSR_SYSENTER_EIP,
                                MSR_KERNEL_GS_BASE, MSR_LSTAR,        MSR_STAR,
                                MSR_CSTAR,          MSR_SFMASK};

    for (unsigned int i = 0; i < ARRAY_SIZE(known); i++)
        if (known[i] == msr)
            return &hw[v->vcpu_id].msr[i];
    assert_int_equal(msr, MSR_PAT);
    return &hw[v->vcpu_id].pat;
}
static int fake_msr_read(struct vcpu *v, u32 msr, u64 *val)
{
    *val = *fake_msr(v, msr);
    return 0;
}
static int fake_msr_write(struct vcpu *v, u32 msr, u64 val)
{
    *fake_msr(v, msr) = val;
    return 0;
}
static void fake_get_segment(struct vcpu *v, enum x86_seg s, struct segment_register *r)
{
    *r = hw[v->vcpu_id].seg[s];
}
static void fake_set_segment(struct vcpu *v, enum x86_seg s, const struct segment_register *r)
{
    hw[v->vcpu_id].seg[s] = *r;
}
static u64 fake_get_cr(struct vcpu *v, unsigned int n)
{
    return hw[v->vcpu_id].cr[n];
}
static void fake_set_cr(struct vcpu *v, unsigned int n, u64 val)
{
    hw[v->vcpu_id].cr[n] = val;
}
static u64 fake_get_efer(struct vcpu *v)
{
    return hw[v->vcpu_id].efer;
}
static void fake_set_efer(struct vcpu *v, u64 efer)
{
    hw[v->vcpu_id].efer = efer;
}
static void fake_get_dr67(struct vcpu *v, u64 *dr6, u64 *dr7)
{
    *dr6 = hw[v->vcpu_id].dr6;
    *dr7 = hw[v->vcpu_id].dr7;
}
static void fake_set_dr67(struct vcpu *v, u64 dr6, u64 dr7)
{
    hw[v->vcpu_id].dr6 = dr6;
    hw[v->vcpu_id].dr7 = dr7;
}
static void fake_shadow(struct vcpu *v, u32 s)
{
}
static void fake_flush(struct vcpu *v)
{
}
static const struct hvm_vendor fake = {
    .get_segment = fake_get_segment,
    .set_segment = fake_set_segment,
    .get_cr = fake_get_cr,
    .set_cr = fake_set_cr,
    .get_efer = fake_get_efer,
    .set_efer = fake_set_efer,
    .get_dr67 = fake_get_dr67,
    .set_dr67 = fake_set_dr67,
    .msr_read = fake_msr_read,
    .msr_write = fake_msr_write,
    .set_interrupt_shadow = fake_shadow,
    .flush_guest_tlb = fake_flush,
};
const struct hvm_vendor *hvm_vendor = &fake;
struct cpu_policy host_cpu_policy;
u64 xstate_host_mask = XCR0_X87 | XCR0_SSE | XCR0_AVX;
u32 xstate_area_size = 832, xstate_mxcsr_mask = 0xffff;
unsigned int cpu_khz = 2000000;
static unsigned int woken;

void xstate_changed(struct vcpu *v)
{
}
void xstate_reset(struct vcpu *v)
{
    memset(v->arch.xsave_area, 0, xstate_area_size);
    v->arch.hvm.xcr0 = XCR0_X87;
}
u32 xstate_size(u64 xcr0)
{
    return xcr0 & XCR0_AVX ? 832 : 576;
}
u64 hvm_guest_cr4_valid(struct vcpu *v)
{
    return CR4_PAE | CR4_PGE;
}
u64 hvm_get_guest_tsc(struct vcpu *v)
{
    return v->arch.hvm.tsc_offset;
}
void hvm_set_guest_tsc(struct vcpu *v, u64 tsc)
{
    v->arch.hvm.tsc_offset = tsc;
}
int hvm_msr_write(struct vcpu *v, u32 msr, u64 val)
{
    return 1;
}
int vlapic_save(struct vcpu *v, struct hvm_hw_lapic *a, struct hvm_hw_lapic_regs *regs)
{
    a->apic_base_msr = v->arch.hvm.vlapic.apic_base;
    memset(regs->data, 0x42, sizeof(regs->data));
    return 0;
}
int vlapic_load(struct vcpu *v, const struct hvm_hw_lapic *a)
{
    v->arch.hvm.vlapic.apic_base = a->apic_base_msr;
    return 0;
}
int vlapic_load_regs(struct vcpu *v, const struct hvm_hw_lapic_regs *regs)
{
    return regs->data[0] == 0x42 ? 0 : -EINVAL;
}
void vcpu_wake(struct vcpu *v)
{
    woken++;
}
void printk(const char *fmt, ...)
{
}

/* --- a domain of two vCPUs, the second never started --- */

static struct domain dom;
static struct vcpu vcpus[2], *vcpu_table[2] = {&vcpus[0], &vcpus[1]};
static struct cpu_policy policy;

static int setup(void **state)
{
    memset(&dom, 0, sizeof(dom));
    memset(vcpus, 0, sizeof(vcpus));
    memset(hw, 0, sizeof(hw));
    woken = 0;
    dom.vcpu = vcpu_table;
    dom.max_vcpus = 2;
    dom.arch.cpu_policy = &policy;
    cpu_policy_set_feature(&policy, XEN_X86_FEATURE_LM, true);
    cpu_policy_set_feature(&policy, XEN_X86_FEATURE_NX, true);
    cpu_policy_set_feature(&policy, XEN_X86_FEATURE_XSAVE, true);
    cpu_policy_set_feature(&policy, XEN_X86_FEATURE_AVX, true);
    policy.xstate[0].a = 7;
    for (unsigned int i = 0; i < 2; i++) {
        vcpus[i].domain = &dom;
        vcpus[i].vcpu_id = i;
        vcpus[i].arch.xsave_area = aligned_alloc(64, 832);
        xstate_reset(&vcpus[i]);
        hw[i].pat = 0x0007040600070406UL;
    }
    vcpus[1].pause_flags = BIT(VPF_down);
    return 0;
}

static int teardown(void **state)
{
    free(vcpus[0].arch.xsave_area);
    free(vcpus[1].arch.xsave_area);
    return 0;
}

static struct hvm_context_buf save(void)
{
    struct hvm_context_buf h = {NULL, hvm_save_size(&dom), 0};

    h.data = malloc(h.size);
    assert_int_equal(hvm_save(&dom, &h), 0);
    assert_int_equal(h.cur, h.size);
    h.cur = 0;
    return h;
}

static void saved_state_loads(void **state)
{
    struct vcpu *v = &vcpus[0];
    struct hvm_context_buf h;

    v->arch.regs.rax = 0x1122334455667788;
    v->arch.regs.rip = 0x1000850;
    v->arch.regs.rflags = 2;
    hw[0].cr[0] = CR0_PE | CR0_PG | CR0_ET;
    hw[0].cr[3] = 0x5000;
    hw[0].cr[4] = CR4_PAE;
    hw[0].efer = EFER_LME | EFER_LMA | EFER_NXE;
    hw[0].seg[SEG_CS] = (struct segment_register){0x10, 0xa9b, ~0U, 0};
    hw[0].seg[SEG_IDTR].base = 0xfffffe0000000000;
    hw[0].msr[4] = 0xffffffff81000000;
    v->arch.hvm.xcr0 = 7;
    ((struct xsave_area *)v->arch.xsave_area)->fcw = 0x37f;
    ((struct xsave_area *)v->arch.xsave_area)->xstate_bv = 7;
    memset((u8 *)v->arch.xsave_area + 576, 0x77, 256);
    v->arch.hvm.vlapic.apic_base = 0xfee00900;
    v->arch.hvm.tsc_offset = 12345;
    v->arch.hvm.pending_event.valid = true;
    v->arch.hvm.pending_event.vector = X86_TRAP_PF;
    v->arch.hvm.pending_event.type = HVM_EVENT_EXCEPTION;
    v->arch.hvm.pending_event.error_code = 6;
    h = save();

    teardown(NULL);
    setup(NULL);
    vcpus[0].pause_flags = BIT(VPF_down);
    assert_int_equal(hvm_load(&dom, &h), 0);
    assert_int_equal(v->arch.regs.rax, 0x1122334455667788);
    assert_int_equal(v->arch.regs.rip, 0x1000850);
    assert_int_equal(hw[0].cr[3], 0x5000);
    assert_int_equal(hw[0].efer, EFER_LME | EFER_LMA | EFER_NXE);
    assert_int_equal(hw[0].seg[SEG_CS].attr, 0xa9b);
    assert_int_equal(hw[0].seg[SEG_IDTR].base, 0xfffffe0000000000);
    assert_int_equal(hw[0].msr[4], 0xffffffff81000000);
    assert_int_equal(v->arch.hvm.xcr0, 7);
    assert_int_equal(((u8 *)v->arch.xsave_area)[576 + 255], 0x77);
    assert_int_equal(v->arch.hvm.vlapic.apic_base, 0xfee00900);
    assert_int_equal(v->arch.hvm.tsc_offset, 12345);
    assert_true(v->arch.hvm.pending_event.valid);
    assert_int_equal(v->arch.hvm.pending_event.error_code, 6);
    /* It runs now; the one that was down stays so. */
    assert_true(v->is_initialised && !v->pause_flags && woken == 1);
    assert_true(vcpus[1].pause_flags & BIT(VPF_down));
    free(h.data);
}

/* What libxenguest's PVH builder writes: HEADER, CPU, MTRR, END. */
static void builder_state_loads(void **state)
{
    struct {
        struct hvm_save_descriptor header_d;
        struct hvm_save_header header;
        struct hvm_save_descriptor cpu_d;
        struct hvm_hw_cpu cpu;
        struct hvm_save_descriptor mtrr_d;
        struct hvm_hw_mtrr mtrr;
        struct hvm_save_descriptor end_d;
    } c = {
        .header_d = {HVM_SAVE_CODE(HEADER), 0, sizeof(c.header)},
        .header = {HVM_FILE_MAGIC, HVM_FILE_VERSION, 0, 0, 0},
        .cpu_d = {HVM_SAVE_CODE(CPU), 0, sizeof(c.cpu)},
        .cpu = {.cr0 = CR0_PE | CR0_ET, .rip = 0x1000850, .rbx = 0x4a00000, .cs_arbytes = 0xc9b},
        .mtrr_d = {HVM_SAVE_CODE(MTRR), 0, sizeof(c.mtrr)},
        .mtrr = {.msr_mtrr_cap = 0x508,
                 .msr_mtrr_def_type = 0x806,
                 .msr_pat_cr = 0x0007040600070406UL},
        .end_d = {HVM_SAVE_CODE(END), 0, 0},
    };
    struct hvm_context_buf h = {(u8 *)&c, sizeof(c), 0};

    assert_int_equal(hvm_load(&dom, &h), 0);
    assert_int_equal(vcpus[0].arch.regs.rbx, 0x4a00000);
    assert_int_equal(vcpus[0].arch.hvm.mtrr_def_type, 0x806);
    assert_int_equal(hw[0].seg[SEG_CS].attr, 0xc9b);

    c.cpu.cr0 = CR0_PG; /* without PE */
    h.cur = 0;
    assert_int_equal(hvm_load(&dom, &h), -EINVAL);
    c.cpu.cr0 = CR0_PE;
    c.cpu.cr4 = CR4_VMXE;
    h.cur = 0;
    assert_int_equal(hvm_load(&dom, &h), -EINVAL);
    c.cpu.cr4 = 0;
    c.cpu_d.instance = 2;
    h.cur = 0;
    assert_int_equal(hvm_load(&dom, &h), -EINVAL);
    c.cpu_d.instance = 0;
    c.mtrr.msr_mtrr_def_type = 2; /* no such memory type */
    h.cur = 0;
    assert_int_equal(hvm_load(&dom, &h), -EINVAL);
}

/* Cut anywhere, or with any byte of a descriptor or the header changed, it is refused or harmless.
 */
static void damaged_state_is_refused(void **state)
{
    struct hvm_context_buf h = save();
    u8 *copy = malloc(h.size);

    for (u32 n = 0; n < h.size; n += n < 64 ? 1 : 37) {
        struct hvm_context_buf cut = {malloc(n ?: 1), n, 0};

        memcpy(cut.data, h.data, n);
        assert_int_not_equal(hvm_load(&dom, &cut), 0);
        free(cut.data);
    }
    for (u32 at = 0; at < 16; at++) {
        struct hvm_context_buf bad = {copy, h.size, 0};

        memcpy(copy, h.data, h.size);
        copy[at] ^= 0x81;
        if (at == 2 || at == 3) /* the header's instance means nothing */
            continue;
        assert_int_not_equal(hvm_load(&dom, &bad), 0);
    }
    free(copy);
    free(h.data);
}

static void bad_xsave_is_refused(void **state)
{
    struct {
        struct hvm_save_descriptor header_d;
        struct hvm_save_header header;
        struct hvm_save_descriptor x_d;
        struct hvm_hw_cpu_xsave x;
        struct hvm_save_descriptor end_d;
    } c = {
        .header_d = {HVM_SAVE_CODE(HEADER), 0, sizeof(c.header)},
        .header = {HVM_FILE_MAGIC, HVM_FILE_VERSION, 0, 0, 0},
        .x_d = {CPU_XSAVE_CODE, 0, sizeof(c.x)},
        .x = {.xcr0 = 3, .xcr0_accum = 3},
    };
    struct hvm_context_buf h = {(u8 *)&c, sizeof(c), 0};

    assert_int_equal(hvm_load(&dom, &h), 0);
    c.x.xcr0 = 2; /* without x87 */
    h.cur = 0;
    assert_int_equal(hvm_load(&dom, &h), -EINVAL);
    c.x.xcr0 = 3;
    c.x.save_area.xsave_hdr.xstate_bv = 7; /* AVX, for which the record is too short */
    h.cur = 0;
    assert_int_equal(hvm_load(&dom, &h), -EINVAL);
    c.x.save_area.xsave_hdr.xstate_bv = 1UL << 9;
    h.cur = 0;
    assert_int_equal(hvm_load(&dom, &h), -EINVAL);
    c.x.save_area.xsave_hdr.xstate_bv = 3;
    c.x.save_area.xsave_hdr.xcomp_bv = 1UL << 63;
    h.cur = 0;
    assert_int_equal(hvm_load(&dom, &h), -EINVAL);
}

static void one_record(void **state)
{
    u8 buf[sizeof(struct hvm_hw_cpu)];
    u64 size = sizeof(buf);

    vcpus[0].arch.regs.rsi = 99;
    assert_int_equal(hvm_save_one(&dom, HVM_SAVE_CODE(CPU), 0, buf, &size), 0);
    assert_int_equal(size, sizeof(struct hvm_hw_cpu));
    assert_int_equal(((struct hvm_hw_cpu *)buf)->rsi, 99);
    assert_int_equal(hvm_save_one(&dom, HVM_SAVE_CODE(CPU), 1, buf, &size), -ENODATA);
    assert_int_equal(hvm_save_one(&dom, HVM_SAVE_CODE(CPU), 2, buf, &size), -ENOENT);
    assert_int_equal(hvm_save_one(&dom, HVM_SAVE_CODE(PIT), 0, buf, &size), -EINVAL);
    size = 8;
    assert_int_equal(hvm_save_one(&dom, HVM_SAVE_CODE(CPU), 0, buf, &size), -ENOSPC);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(saved_state_loads, setup, teardown),
        cmocka_unit_test_setup_teardown(builder_state_loads, setup, teardown),
        cmocka_unit_test_setup_teardown(damaged_state_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(bad_xsave_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(one_record, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
