/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The parts of hvm/ that decide without touching anything: merging of exceptions, control-register
 * rules, HVM parameters, and SVM's decoding of exits and instructions. Several of these exits are
 * never reported by the emulators the whole system is tested on.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#include <asm/hvm/cr_checks.h>
#include <asm/hvm/event_merge.h>
#include <asm/hvm/hvm.h>
#include <asm/hvm/xstate.h>
#include <asm/msr_index.h>
#include <public/hvm/params.h>
#include <xen/cpu_policy.h>
#include <xen/errno.h>
#include <xen/sched.h>
#include "../../xen/arch/x86/hvm/params.h"
#include "../../xen/arch/x86/hvm/svm/vmcb_decode.h"

/* --- what the files under test call --- */

void hvm_set_callback_via(struct domain *d, u64 via);
void hvm_set_callback_via(struct domain *d, u64 via)
{
    d->arch.hvm.callback_vector = (u8)via;
}

/* --- exceptions --- */

static void events_merge_as_the_manual_says(void **state)
{
    static const struct {
        u8 first, second;
        enum event_merge want;
    } t[] = {
        {X86_TRAP_GP, X86_TRAP_GP, MERGE_DOUBLE_FAULT},
        {X86_TRAP_GP, X86_TRAP_NP, MERGE_DOUBLE_FAULT},
        {X86_TRAP_PF, X86_TRAP_PF, MERGE_DOUBLE_FAULT},
        {X86_TRAP_PF, X86_TRAP_GP, MERGE_DOUBLE_FAULT},
        {X86_TRAP_GP, X86_TRAP_PF, MERGE_SECOND},
        {X86_TRAP_DE, X86_TRAP_SS, MERGE_DOUBLE_FAULT},
        {X86_TRAP_DB, X86_TRAP_GP, MERGE_SECOND},
        {X86_TRAP_UD, X86_TRAP_PF, MERGE_SECOND},
        {X86_TRAP_PF, X86_TRAP_DB, MERGE_SECOND},
        {X86_TRAP_DF, X86_TRAP_GP, MERGE_TRIPLE_FAULT},
        {X86_TRAP_DF, X86_TRAP_PF, MERGE_TRIPLE_FAULT},
        {X86_TRAP_DF, X86_TRAP_DB, MERGE_SECOND},
        {X86_TRAP_AC, X86_TRAP_PF, MERGE_SECOND},
    };

    for (unsigned int i = 0; i < ARRAY_SIZE(t); i++)
        assert_int_equal(hvm_merge_events(HVM_EVENT_EXCEPTION, t[i].first, t[i].second), t[i].want);
    /* An NMI or interrupt whose delivery faults is never half of a double fault. */
    assert_int_equal(hvm_merge_events(HVM_EVENT_NMI, X86_TRAP_NMI, X86_TRAP_PF), MERGE_SECOND);
    assert_int_equal(hvm_merge_events(HVM_EVENT_INTERRUPT, X86_TRAP_GP, X86_TRAP_GP), MERGE_SECOND);
    assert_true(hvm_exception_has_error_code(X86_TRAP_AC));
    assert_false(hvm_exception_has_error_code(X86_TRAP_DB));
    assert_false(hvm_exception_has_error_code(255));
}

/* --- control registers --- */

static const struct cr_state long_mode = {
    .cr0 = CR0_PE | CR0_PG | CR0_ET,
    .cr4 = CR4_PAE,
    .efer = EFER_LME | EFER_LMA | EFER_SCE,
    .cs_long = true,
    .cr4_valid = CR4_PAE | CR4_PGE | CR4_PCIDE | CR4_SMEP,
    .efer_valid = EFER_SCE | EFER_LME | EFER_LMA | EFER_NXE,
};

static void cr0_rules(void **state)
{
    struct cr_state s = long_mode, r = {.efer_valid = EFER_LME};

    assert_int_equal(cr0_check(&s, s.cr0 | CR0_TS), 0);
    assert_int_equal(cr0_check(&s, s.cr0 | (1UL << 32)), 1);
    assert_int_equal(cr0_check(&s, CR0_PG), 1);
    assert_int_equal(cr0_check(&s, s.cr0 | CR0_NW), 1);
    assert_int_equal(cr0_check(&s, s.cr0 | CR0_NW | CR0_CD), 0);
    assert_int_equal(cr0_check(&s, CR0_PE), 1); /* paging off in 64-bit code */
    s.cs_long = false;
    assert_int_equal(cr0_check(&s, CR0_PE), 0);
    s.cr4 |= CR4_PCIDE;
    assert_int_equal(cr0_check(&s, CR0_PE), 1);
    /* Long mode comes with PAE only. */
    r.efer = EFER_LME;
    assert_int_equal(cr0_check(&r, CR0_PE | CR0_PG), 1);
    r.cr4 = CR4_PAE;
    assert_int_equal(cr0_check(&r, CR0_PE | CR0_PG), 0);
    r.cs_long = true;
    assert_int_equal(cr0_check(&r, CR0_PE | CR0_PG), 1);
    assert_int_equal(efer_with_lma(EFER_LME, CR0_PG), EFER_LME | EFER_LMA);
    assert_int_equal(efer_with_lma(EFER_LME | EFER_LMA, CR0_PE), EFER_LME);
}

static void cr4_and_efer_rules(void **state)
{
    struct cr_state s = long_mode;

    assert_int_equal(cr4_check(&s, CR4_PAE | CR4_PGE), 0);
    assert_int_equal(cr4_check(&s, CR4_PAE | CR4_VMXE), 1);
    assert_int_equal(cr4_check(&s, CR4_PGE), 1); /* PAE off in long mode */
    assert_int_equal(cr4_check(&s, CR4_PAE | CR4_PCIDE), 0);
    s.cr3 = 1;
    assert_int_equal(cr4_check(&s, CR4_PAE | CR4_PCIDE), 1);
    s.cr3 = 0;
    s.efer = 0;
    assert_int_equal(cr4_check(&s, CR4_PAE | CR4_PCIDE), 1);

    s = long_mode;
    assert_int_equal(efer_check(&s, EFER_LME | EFER_NXE), 0);
    assert_int_equal(efer_check(&s, EFER_NXE), 1); /* LME off while paging */
    assert_int_equal(efer_check(&s, EFER_LME | EFER_SVME), 1);
    s.cr0 = CR0_PE;
    assert_int_equal(efer_check(&s, EFER_NXE), 0);
}

static void xcr0_rules(void **state)
{
    const u64 max = XCR0_X87 | XCR0_SSE | XCR0_AVX | XCR0_AVX512;

    assert_int_equal(xcr0_check(XCR0_X87, max), 0);
    assert_int_equal(xcr0_check(XCR0_X87 | XCR0_SSE | XCR0_AVX, max), 0);
    assert_int_equal(xcr0_check(max, max), 0);
    assert_int_equal(xcr0_check(0, max), 1);
    assert_int_equal(xcr0_check(XCR0_SSE, max), 1);
    assert_int_equal(xcr0_check(XCR0_X87 | XCR0_AVX, max), 1);
    assert_int_equal(xcr0_check(XCR0_X87 | XCR0_SSE | XCR0_AVX | XCR0_OPMASK, max), 1);
    assert_int_equal(xcr0_check(XCR0_X87 | XCR0_SSE | XCR0_AVX512, max), 1);
    assert_int_equal(xcr0_check(XCR0_X87 | XCR0_PKRU, max), 1);
    assert_int_equal(xcr0_check(XCR0_X87 | XCR0_BNDREGS, ~0UL), 1);
}

static void policy_hides_bits(void **state)
{
    static struct cpu_policy p;

    cpu_policy_set_feature(&p, XEN_X86_FEATURE_PAE, true);
    cpu_policy_set_feature(&p, XEN_X86_FEATURE_NX, true);
    assert_int_equal(cr4_valid_bits(&p), CR4_PCE | CR4_PAE);
    assert_int_equal(efer_valid_bits(&p), EFER_NXE);
    cpu_policy_set_feature(&p, XEN_X86_FEATURE_SMEP, true);
    cpu_policy_set_feature(&p, XEN_X86_FEATURE_LM, true);
    assert_int_equal(cr4_valid_bits(&p), CR4_PCE | CR4_PAE | CR4_SMEP);
    assert_int_equal(efer_valid_bits(&p), EFER_NXE | EFER_LME | EFER_LMA);
}

/* --- parameters --- */

static void param_access(void **state)
{
    assert_int_equal(hvm_param_check(HVM_PARAM_CALLBACK_IRQ, true, true), 0);
    assert_int_equal(hvm_param_check(HVM_PARAM_STORE_PFN, false, true), 0);
    assert_int_equal(hvm_param_check(HVM_PARAM_STORE_PFN, true, true), -EPERM);
    assert_int_equal(hvm_param_check(HVM_PARAM_STORE_PFN, true, false), 0);
    assert_int_equal(hvm_param_check(HVM_PARAM_IOREQ_SERVER_PFN, false, true), -EPERM);
    assert_int_equal(hvm_param_check(HVM_PARAM_MONITOR_RING_PFN, true, true), -EPERM);
    assert_int_equal(hvm_param_check(HVM_PARAM_BUFIOREQ_EVTCHN, true, false), -EPERM);
    assert_int_equal(hvm_param_check(HVM_NR_PARAMS, false, false), -EINVAL);
    assert_int_equal(hvm_param_check(HVM_PARAM_MEMORY_EVENT_CR0, false, false), -EINVAL);
    assert_int_equal(hvm_param_check(~0U, true, false), -EINVAL);
}

static void param_values(void **state)
{
    static struct domain d;
    u64 *p = d.arch.hvm.params;

    assert_int_equal(hvm_param_apply(&d, HVM_PARAM_CALLBACK_IRQ, (2UL << 56) | 0xf3), 0);
    assert_int_equal(d.arch.hvm.callback_vector, 0xf3);
    assert_int_equal(hvm_param_apply(&d, HVM_PARAM_TIMER_MODE, 4), -EINVAL);
    assert_int_equal(hvm_param_apply(&d, HVM_PARAM_TIMER_MODE, 3), 0);
    assert_int_equal(p[HVM_PARAM_TIMER_MODE], 3);
    assert_int_equal(hvm_param_apply(&d, HVM_PARAM_ACPI_S_STATE, 4), -EINVAL);
    assert_int_equal(hvm_param_apply(&d, HVM_PARAM_X87_FIP_WIDTH, 2), -EINVAL);
    assert_int_equal(hvm_param_apply(&d, HVM_PARAM_IOREQ_SERVER_PFN, 0xfeff0), 0);
    assert_int_equal(hvm_param_apply(&d, HVM_PARAM_IOREQ_SERVER_PFN, 0xfeff1), -EEXIST);
    assert_int_equal(p[HVM_PARAM_IOREQ_SERVER_PFN], 0xfeff0);
    assert_int_equal(hvm_param_apply(&d, HVM_PARAM_ALTP2M, 0), 0);
    assert_int_equal(hvm_param_apply(&d, HVM_PARAM_ALTP2M, 1), -EOPNOTSUPP);
    assert_int_equal(p[HVM_PARAM_ALTP2M], 0);
}

/* --- exits --- */

static struct vmcb vmcb;

static struct vm_exit decode(u64 code, u64 info1, u64 info2)
{
    static const struct cpu_regs regs;
    struct vm_exit e;

    memset(&e, 0x55, sizeof(e));
    memset(&vmcb, 0, sizeof(vmcb));
    vmcb.exitcode = code;
    vmcb.exitinfo1 = info1;
    vmcb.exitinfo2 = info2;
    vmcb.rip = 0x1000;
    svm_decode_exit(&vmcb, &regs, &e);
    return e;
}

static void exits_have_kinds(void **state)
{
    static const struct {
        u64 code;
        enum vm_exit_kind kind;
    } t[] = {
        {VMEXIT_CPUID, EXIT_CPUID},
        {VMEXIT_HLT, EXIT_HLT},
        {VMEXIT_VMMCALL, EXIT_HYPERCALL},
        {VMEXIT_INTR, EXIT_INTERRUPT},
        {VMEXIT_NMI, EXIT_NMI},
        {VMEXIT_SHUTDOWN, EXIT_TRIPLE_FAULT},
        {VMEXIT_VMRUN, EXIT_UD_INSN},
        {VMEXIT_SKINIT, EXIT_UD_INSN},
        {VMEXIT_MWAIT, EXIT_MONITOR},
        {VMEXIT_XSETBV, EXIT_XSETBV},
        {VMEXIT_TASK_SWITCH, EXIT_TASK_SWITCH},
        {VMEXIT_PAUSE, EXIT_PAUSE},
        {VMEXIT_INVALID, EXIT_ENTRY_FAILED},
        {0x6b, EXIT_UNKNOWN},
        {0x401, EXIT_UNKNOWN},
        {VMEXIT_NPF, EXIT_NESTED_FAULT},
        {VMEXIT_RDTSCP, EXIT_RDTSC},
        {VMEXIT_WBINVD, EXIT_WBINVD},
    };

    for (unsigned int i = 0; i < ARRAY_SIZE(t); i++)
        assert_int_equal(decode(t[i].code, 0, 0).kind, t[i].kind);
}

static void exits_carry_details(void **state)
{
    struct vm_exit e = decode(VMEXIT_IOIO, 0x03f80000 | (1 << 4) | 1, 0x1002);

    assert_int_equal(e.io.port, 0x3f8);
    assert_int_equal(e.io.size, 1);
    assert_true(e.io.in && !e.io.string && !e.io.rep);
    assert_int_equal(e.insn_len, 2);
    e = decode(VMEXIT_IOIO, 0x01f00000 | (2 << 4) | (4 << 7) | 0xd, 0x1003);
    assert_true(e.io.in && e.io.string && e.io.rep);
    assert_int_equal(e.io.size, 2);
    assert_int_equal(e.io.addr_size, 8);
    assert_true(decode(VMEXIT_MSR, 1, 0).write);
    assert_false(decode(VMEXIT_MSR, 0, 0).write);
    e = decode(VMEXIT_CR0_WRITE + 4, (1UL << 63) | 9, 0);
    assert_true(e.kind == EXIT_CR && e.write && e.cr.gpr_known);
    assert_int_equal(e.cr.nr, 4);
    assert_int_equal(e.cr.gpr, 9);
    assert_false(decode(VMEXIT_CR0_READ + 3, 0, 0).write);
    e = decode(VMEXIT_DR0_WRITE + 7, 0, 0);
    assert_true(e.kind == EXIT_DR && e.write);
    e = decode(VMEXIT_EXCEPTION_0 + X86_TRAP_PF, 6, 0xdead000);
    assert_true(e.kind == EXIT_EXCEPTION && e.vector == X86_TRAP_PF && e.error_code == 6);
    assert_int_equal(e.qual, 0xdead000);
    e = decode(VMEXIT_NPF, 7 | (1UL << 33), 0xfee000b0);
    assert_true(e.npf.present && e.npf.write && !e.npf.read && !e.npf.exec && e.npf.table_walk);
    assert_int_equal(e.npf.gpa, 0xfee000b0);
    e = decode(VMEXIT_NPF, 4, 0x1000);
    assert_true(!e.npf.present && e.npf.read && !e.npf.write);
}

static void interrupted_events(void **state)
{
    u8 vector, type;
    s32 error;

    assert_false(svm_decode_interrupted(0x30e, &vector, &type, &error)); /* not valid */
    assert_true(svm_decode_interrupted(EVENT_VALID | EVENT_ERROR_VALID | 0x30e | (6UL << 32),
                                       &vector, &type, &error));
    assert_true(vector == X86_TRAP_PF && type == HVM_EVENT_EXCEPTION && error == 6);
    assert_true(svm_decode_interrupted(EVENT_VALID | 0x202, &vector, &type, &error));
    assert_true(type == HVM_EVENT_NMI && error == X86_NO_ERROR_CODE);
    /* Interrupts are offered again, INTn and INT3 run again, and an emulator's type 3 is an
     * interrupt. */
    assert_false(svm_decode_interrupted(EVENT_VALID | 0x0f3, &vector, &type, &error));
    assert_false(svm_decode_interrupted(EVENT_VALID | 0x480, &vector, &type, &error));
    assert_false(svm_decode_interrupted(EVENT_VALID | 0x303, &vector, &type, &error));
    assert_false(svm_decode_interrupted(EVENT_VALID | 0x3ec, &vector, &type, &error));
}

static void invalid_states_are_named(void **state)
{
    const u64 cr4 = CR4_PAE;

    memset(&vmcb, 0, sizeof(vmcb));
    vmcb.efer = EFER_SVME;
    vmcb.intercept2 = I2_VMRUN;
    vmcb.asid = 1;
    assert_null(svm_explain_invalid(&vmcb, cr4));
    vmcb.cr0 = CR0_NW;
    assert_string_equal(svm_explain_invalid(&vmcb, cr4), "CR0.NW without CR0.CD");
    vmcb.cr0 = CR0_PE | CR0_PG;
    vmcb.efer |= EFER_LME;
    assert_string_equal(svm_explain_invalid(&vmcb, cr4), "long mode without CR4.PAE");
    vmcb.cr4 = CR4_PAE;
    vmcb.cs.attr = 0x600;
    assert_string_equal(svm_explain_invalid(&vmcb, cr4), "CS.L with CS.D");
    vmcb.cs.attr = 0x200;
    vmcb.asid = 0;
    assert_string_equal(svm_explain_invalid(&vmcb, cr4), "ASID 0");
    vmcb.cr4 |= CR4_VMXE;
    assert_string_equal(svm_explain_invalid(&vmcb, cr4), "CR4 has reserved bits");
}

static void instruction_lengths(void **state)
{
    static const struct {
        u8 bytes[6], n;
        u64 code;
        bool long_mode;
        unsigned int want;
    } t[] = {
        {{0x0f, 0x01, 0xd9}, 3, VMEXIT_VMMCALL, true, 3},
        {{0x0f, 0xa2}, 2, VMEXIT_CPUID, true, 2},
        {{0x66, 0x48, 0x0f, 0xa2}, 4, VMEXIT_CPUID, true, 4},
        {{0x48, 0x0f, 0xa2}, 3, VMEXIT_CPUID, false, 0}, /* DEC EAX there */
        {{0xf3, 0x90}, 2, VMEXIT_PAUSE, true, 2},
        {{0xf4}, 1, VMEXIT_HLT, false, 1},
        {{0x0f, 0x30}, 2, VMEXIT_MSR, true, 2},
        {{0x0f, 0x32}, 2, VMEXIT_MSR, true, 2},
        {{0x0f, 0x31}, 2, VMEXIT_MSR, true, 0},
        {{0x0f, 0x22, 0xe0}, 3, VMEXIT_CR0_WRITE + 4, true, 3},
        {{0x41, 0x0f, 0x22, 0xe1}, 4, VMEXIT_CR0_WRITE + 4, true, 4},
        {{0x0f, 0x01}, 2, VMEXIT_VMMCALL, true, 0}, /* cut short */
        {{0}, 0, VMEXIT_HLT, true, 0},
    };
    u8 cr, gpr;

    for (unsigned int i = 0; i < ARRAY_SIZE(t); i++)
        assert_int_equal(svm_decode_length(t[i].bytes, t[i].n, t[i].code, t[i].long_mode),
                         t[i].want);
    assert_true(svm_decode_mov_cr((const u8[]){0x41, 0x0f, 0x22, 0xe1}, 4, true, &cr, &gpr));
    assert_true(cr == 4 && gpr == 9);
    assert_true(svm_decode_mov_cr((const u8[]){0x44, 0x0f, 0x20, 0xc0}, 4, true, &cr, &gpr));
    assert_true(cr == 8 && gpr == 0);
    assert_false(svm_decode_mov_cr((const u8[]){0x0f, 0x06, 0x90}, 3, true, &cr, &gpr));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_merge_as_the_manual_says),
        cmocka_unit_test(cr0_rules),
        cmocka_unit_test(cr4_and_efer_rules),
        cmocka_unit_test(xcr0_rules),
        cmocka_unit_test(policy_hides_bits),
        cmocka_unit_test(param_access),
        cmocka_unit_test(param_values),
        cmocka_unit_test(exits_have_kinds),
        cmocka_unit_test(exits_carry_details),
        cmocka_unit_test(interrupted_events),
        cmocka_unit_test(invalid_states_are_named),
        cmocka_unit_test(instruction_lengths),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
