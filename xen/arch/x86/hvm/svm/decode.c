/* SPDX-License-Identifier: GPL-2.0-only */
/* The VMCB's exit fields as a neutral struct vm_exit. Pure: tests/unit compiles it as it is. */
#include <xen/types.h>
#include <asm/msr_index.h>
#include <asm/regs.h>
#include "vmcb_decode.h"

/* Kinds by exit code; what is not listed is EXIT_UNKNOWN. */
static const u8 kind_of[NR_VMEXIT_LOW] = {
    [VMEXIT_CR0_READ... VMEXIT_CR0_READ + 15] = EXIT_CR,
    [VMEXIT_CR0_WRITE... VMEXIT_CR0_WRITE + 15] = EXIT_CR,
    [VMEXIT_DR0_READ... VMEXIT_DR0_READ + 15] = EXIT_DR,
    [VMEXIT_DR0_WRITE... VMEXIT_DR0_WRITE + 15] = EXIT_DR,
    [VMEXIT_EXCEPTION_0... VMEXIT_EXCEPTION_0 + 31] = EXIT_EXCEPTION,
    [VMEXIT_INTR] = EXIT_INTERRUPT,
    [VMEXIT_NMI] = EXIT_NMI,
    [VMEXIT_SMI] = EXIT_NONE,
    [VMEXIT_INIT] = EXIT_NONE,
    [VMEXIT_VINTR] = EXIT_IRQ_WINDOW,
    [VMEXIT_RDTSC] = EXIT_RDTSC,
    [VMEXIT_RDTSCP] = EXIT_RDTSC,
    [VMEXIT_RDPMC] = EXIT_RDPMC,
    [VMEXIT_CPUID] = EXIT_CPUID,
    [VMEXIT_IRET] = EXIT_NONE,
    [VMEXIT_INVD] = EXIT_INVD,
    [VMEXIT_PAUSE] = EXIT_PAUSE,
    [VMEXIT_HLT] = EXIT_HLT,
    [VMEXIT_IOIO] = EXIT_IO,
    [VMEXIT_MSR] = EXIT_MSR,
    [VMEXIT_TASK_SWITCH] = EXIT_TASK_SWITCH,
    [VMEXIT_SHUTDOWN] = EXIT_TRIPLE_FAULT,
    [VMEXIT_VMMCALL] = EXIT_HYPERCALL,
    [VMEXIT_VMRUN] = EXIT_UD_INSN,
    [VMEXIT_VMLOAD] = EXIT_UD_INSN,
    [VMEXIT_VMSAVE] = EXIT_UD_INSN,
    [VMEXIT_STGI] = EXIT_UD_INSN,
    [VMEXIT_CLGI] = EXIT_UD_INSN,
    [VMEXIT_SKINIT] = EXIT_UD_INSN,
    [VMEXIT_INVLPGA] = EXIT_UD_INSN,
    [VMEXIT_RDPRU] = EXIT_UD_INSN,
    [VMEXIT_WBINVD] = EXIT_WBINVD,
    [VMEXIT_MONITOR] = EXIT_MONITOR,
    [VMEXIT_MWAIT] = EXIT_MONITOR,
    [VMEXIT_MWAIT_ARMED] = EXIT_MONITOR,
    [VMEXIT_XSETBV] = EXIT_XSETBV,
};

static void decode_io(const struct vmcb *vmcb, struct vm_exit *e)
{
    u64 info = vmcb->exitinfo1;

    e->io.port = info >> 16;
    e->io.in = info & 1;
    e->io.string = info & 4;
    e->io.rep = info & 8;
    e->io.size = (info >> 4) & 7;
    e->io.addr_size = ((info >> 7) & 7) << 1;
    e->io.seg = (info >> 10) & 7;
    e->io.next_rip = vmcb->exitinfo2;
    e->insn_len = vmcb->exitinfo2 - vmcb->rip;
}

static void decode_npf(const struct vmcb *vmcb, struct vm_exit *e)
{
    u64 info = vmcb->exitinfo1;

    e->kind = EXIT_NESTED_FAULT;
    e->npf.gpa = vmcb->exitinfo2;
    e->npf.gla = 0;
    e->npf.gla_valid = false;
    e->npf.present = info & 1;
    e->npf.write = info & 2;
    e->npf.read = !(info & 0x12);
    e->npf.exec = info & 0x10;
    e->npf.table_walk = info & (1UL << 33);
}

static void decode_cr_dr(const struct vmcb *vmcb, struct vm_exit *e)
{
    e->write = e->code & 0x10;
    e->cr.nr = e->code & 0xf;
    /* Decode assists: bit 63 says it was MOV, bits 3:0 which register. */
    e->cr.gpr_known = vmcb->exitinfo1 >> 63;
    e->cr.gpr = vmcb->exitinfo1 & 0xf;
    e->cr.lmsw = e->cr.clts = false;
}

void svm_decode_exit(const struct vmcb *vmcb, const struct cpu_regs *regs, struct vm_exit *e)
{
    u64 code = vmcb->exitcode;

    e->code = code;
    e->insn_len = 0;
    if (code == VMEXIT_NPF) {
        decode_npf(vmcb, e);
        return;
    }
    if (code >= NR_VMEXIT_LOW) {
        e->kind = code == VMEXIT_INVALID ? EXIT_ENTRY_FAILED : EXIT_UNKNOWN;
        return;
    }
    e->kind = kind_of[code];
    switch (e->kind) {
    case EXIT_EXCEPTION:
        e->vector = code - VMEXIT_EXCEPTION_0;
        e->error_code = vmcb->exitinfo1;
        e->qual = e->vector == X86_TRAP_PF ? vmcb->exitinfo2 : vmcb->dr6;
        break;
    case EXIT_MSR:
        e->write = vmcb->exitinfo1 & 1;
        break;
    case EXIT_IO:
        decode_io(vmcb, e);
        break;
    case EXIT_CR:
    case EXIT_DR:
        decode_cr_dr(vmcb, e);
        break;
    case EXIT_RDTSC:
        e->qual = code == VMEXIT_RDTSCP;
        break;
    case EXIT_TASK_SWITCH:
        e->qual = vmcb->exitinfo1;
        break;
    default:
        break;
    }
}

bool svm_decode_interrupted(u64 info, u8 *vector, u8 *type, s32 *error_code)
{
    if (!(info & EVENT_VALID))
        return false;
    *vector = EVENT_VECTOR(info);
    *type = EVENT_TYPE(info);
    *error_code = info & EVENT_ERROR_VALID ? (s32)EVENT_ERROR(info) : X86_NO_ERROR_CODE;
    switch (*type) {
    case HVM_EVENT_NMI:
        return true;
    case HVM_EVENT_EXCEPTION:
        /* INT3 and INTO run again; a vector that is no exception is an emulator's interrupt. */
        return *vector < 32 && *vector != X86_TRAP_BP && *vector != X86_TRAP_OF;
    default:
        return false;
    }
}

const char *svm_explain_invalid(const struct vmcb *b, u64 cr4_valid)
{
    bool lme = b->efer & EFER_LME, pg = b->cr0 & CR0_PG, pae = b->cr4 & CR4_PAE;
    const struct {
        bool bad;
        const char *what;
    } rules[] = {
        {!(b->efer & EFER_SVME), "EFER.SVME is clear"},
        {!(b->cr0 & CR0_CD) && (b->cr0 & CR0_NW), "CR0.NW without CR0.CD"},
        {b->cr0 >> 32, "CR0 has bits above 31"},
        {b->cr4 & ~cr4_valid, "CR4 has reserved bits"},
        {b->dr6 >> 32, "DR6 has bits above 31"},
        {b->dr7 >> 32, "DR7 has bits above 31"},
        {b->efer & ~0xfd01UL, "EFER has reserved bits"},
        {lme && pg && !pae, "long mode without CR4.PAE"},
        {lme && pg && !(b->cr0 & CR0_PE), "paging without CR0.PE"},
        {lme && pg && pae && (b->cs.attr & 0x200) && (b->cs.attr & 0x400), "CS.L with CS.D"},
        {!(b->intercept2 & I2_VMRUN), "VMRUN is not intercepted"},
        {b->asid == 0, "ASID 0"},
        {(b->eventinj & EVENT_VALID) && EVENT_TYPE(b->eventinj) == HVM_EVENT_EXCEPTION &&
             (EVENT_VECTOR(b->eventinj) >= 32 || EVENT_VECTOR(b->eventinj) == X86_TRAP_NMI),
         "event injected as an exception is none"},
    };

    for (unsigned int i = 0; i < ARRAY_SIZE(rules); i++)
        if (rules[i].bad)
            return rules[i].what;
    return NULL;
}
