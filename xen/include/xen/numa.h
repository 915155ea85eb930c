/* SPDX-License-Identifier: GPL-2.0-only */
/* NUMA nodes, numbered from 0 without holes, as SRAT and SLIT tell (one node without them). */
#ifndef XEN_NUMA_H
#define XEN_NUMA_H

#include <xen/types.h>

#define MAX_NUMA_NODES 64

extern unsigned int nr_numa_nodes;
unsigned long numa_node_pages(unsigned int node); /* all RAM of the node, in frames */
u32 numa_distance(unsigned int a, unsigned int b); /* 10: itself; ~0: not known */
unsigned int numa_pfn_to_node(unsigned long pfn);

#endif
