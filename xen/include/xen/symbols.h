/* SPDX-License-Identifier: GPL-2.0-only */
/* Names of the hypervisor's own code, for stack traces and XENPF_get_symbol. */
#ifndef XEN_SYMBOLS_H
#define XEN_SYMBOLS_H

#include <xen/types.h>

/* The function that @addr is in, how far, and its length; NULL: none. */
const char *symbols_lookup(unsigned long addr, unsigned long *offset, unsigned long *size);
/* The @index-th symbol in order of address; NULL: there are no more. */
const char *symbols_get(unsigned int index, unsigned long *addr);

#endif
