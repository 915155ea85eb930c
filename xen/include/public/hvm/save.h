/* SPDX-License-Identifier: MIT */
/*
 * The saved state of a hardware virtualised domain as the hypervisor gives and takes it: a series
 * of records, each led by a descriptor, ended by a record of type END with no content. The x86
 * records are in arch-x86/hvm/save.h.
 */
#ifndef CRATON_PUBLIC_HVM_SAVE_H
#define CRATON_PUBLIC_HVM_SAVE_H

#include "../xen.h"

struct hvm_save_descriptor {
    uint16_t typecode; /* HVM_SAVE_CODE(x) of the record */
    uint16_t instance; /* which of several: vCPU, interrupt controller, ... */
    uint32_t length;   /* bytes that follow this descriptor */
};

/* Binds a record's name to its number and to the C type of its content. */
#define DECLARE_HVM_SAVE_TYPE(x, code, type) \
    typedef type hvm_save_type_##x;          \
    enum { HVM_SAVE_CODE_##x = (code) }

#define HVM_SAVE_TYPE(x)   hvm_save_type_##x
#define HVM_SAVE_LENGTH(x) (sizeof(HVM_SAVE_TYPE(x)))
#define HVM_SAVE_CODE(x)   HVM_SAVE_CODE_##x

struct hvm_save_end {
};
DECLARE_HVM_SAVE_TYPE(END, 0, struct hvm_save_end);

_Static_assert(sizeof(struct hvm_save_descriptor) == 8, "save descriptor");

#include "../arch-x86/hvm/save.h"

#endif /* CRATON_PUBLIC_HVM_SAVE_H */
