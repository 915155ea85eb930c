/* SPDX-License-Identifier: GPL-2.0-only */
/* The pure part of svm/: decoding of exits and of the instructions that cause them. */
#ifndef HVM_SVM_VMCB_DECODE_H
#define HVM_SVM_VMCB_DECODE_H

#include "vmcb.h"

/* VMCB's exit fields -> neutral exit (all but irq_taken). */
void svm_decode_exit(const struct vmcb *vmcb, const struct cpu_regs *regs, struct vm_exit *exit);
/* The event whose delivery the exit interrupted; false: none, or one that comes again by itself. */
bool svm_decode_interrupted(u64 exitintinfo, u8 *vector, u8 *type, s32 *error_code);
/* Why the CPU refuses this VMCB, in words; NULL: no reason known. */
const char *svm_explain_invalid(const struct vmcb *vmcb, u64 cr4_valid);
/* Length of the instruction in @bytes if it is one that exits with @code, else 0. */
unsigned int svm_decode_length(const u8 *bytes, unsigned int n, u64 code, bool long_mode);
/* MOV to or from a control register. False: another instruction. */
bool svm_decode_mov_cr(const u8 *bytes, unsigned int n, bool long_mode, u8 *cr, u8 *gpr);

#endif
