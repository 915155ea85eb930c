/* SPDX-License-Identifier: GPL-2.0-only */
/* What hvm_detect() asks each back end, once at boot, before struct hvm_vendor is chosen. */
#ifndef ASM_HVM_BACKENDS_H
#define ASM_HVM_BACKENDS_H

/* 0: this CPU has it and it can be used; -errno with @why in words. */
int svm_detect(const char **why);

#endif
