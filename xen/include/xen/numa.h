/* SPDX-License-Identifier: GPL-2.0-only */
/* NUMA nodes, as the SRAT and SLIT tell (drivers/acpi/numa.c); one node without them. */
#ifndef XEN_NUMA_H
#define XEN_NUMA_H

#include <xen/types.h>

extern unsigned int nr_nodes;
unsigned int mfn_to_node(unsigned long mfn);
/* First frame behind @mfn that may lie on another node. */
unsigned long node_range_end(unsigned long mfn);
unsigned int node_distance(unsigned int a, unsigned int b); /* 10: local */
unsigned int apic_id_to_node(u32 apic_id);
/* Frames of RAM on a node. */
unsigned long node_spanned_pages(unsigned int node);

#endif
