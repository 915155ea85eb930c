/* SPDX-License-Identifier: GPL-2.0-only */
/* NUMA: which memory and which CPUs are near each other (SRAT, SLIT; ACPI 6.4, 5.2.16 and 5.2.17).
 */
#include <xen/acpi.h>
#include <xen/buddy.h>
#include <xen/lib.h>
#include <xen/numa.h>
#include <xen/param.h>

#define MAX_BLOCKS 128
static struct {
    unsigned long start, end; /* frames */
    u8 node;
} blocks[MAX_BLOCKS];
static unsigned int nr_blocks;
static u32 domain_of_node[MAX_NUMNODES]; /* the firmware's proximity domain */
static struct {
    u32 apic_id;
    u8 node;
} cpus[NR_CPUS];
static unsigned int nr_cpus;
static u8 distances[MAX_NUMNODES][MAX_NUMNODES]; /* 0: not told */
unsigned int nr_nodes = 1;
static bool opt_numa = true;
boolean_param("numa", opt_numa);

static int __init node_of_domain(u32 domain)
{
    static unsigned int known;

    for (unsigned int i = 0; i < known; i++)
        if (domain_of_node[i] == domain)
            return i;
    if (known == MAX_NUMNODES)
        return -1;
    domain_of_node[known++] = domain;
    nr_nodes = known;
    return known - 1;
}

unsigned int mfn_to_node(unsigned long mfn)
{
    if (nr_nodes > 1)
        for (unsigned int i = 0; i < nr_blocks; i++)
            if (mfn >= blocks[i].start && mfn < blocks[i].end)
                return blocks[i].node;
    return 0;
}

unsigned long node_range_end(unsigned long mfn)
{
    unsigned long end = ~0UL;

    if (nr_nodes > 1)
        for (unsigned int i = 0; i < nr_blocks; i++) {
            if (blocks[i].start > mfn)
                end = min(end, blocks[i].start);
            if (blocks[i].end > mfn)
                end = min(end, blocks[i].end);
        }
    return end;
}

unsigned int node_distance(unsigned int a, unsigned int b)
{
    if (a >= MAX_NUMNODES || b >= MAX_NUMNODES)
        return 0xff;
    return distances[a][b] ? distances[a][b] : a == b ? 10 : 20;
}

unsigned int apic_id_to_node(u32 apic_id)
{
    for (unsigned int i = 0; i < nr_cpus; i++)
        if (cpus[i].apic_id == apic_id)
            return cpus[i].node;
    return 0;
}

unsigned long node_spanned_pages(unsigned int node)
{
    unsigned long n = 0;

    if (nr_nodes == 1)
        return total_pages;
    for (unsigned int i = 0; i < nr_blocks; i++)
        if (blocks[i].node == node)
            n += blocks[i].end - blocks[i].start;
    return n;
}

static void __init add_cpu(u32 apic_id, u32 domain)
{
    int node = node_of_domain(domain);

    if (node < 0 || nr_cpus == NR_CPUS)
        return;
    cpus[nr_cpus].apic_id = apic_id;
    cpus[nr_cpus++].node = node;
}

static bool __init add_memory(u64 base, u64 size, u32 domain)
{
    unsigned long start = PFN_UP(base), end = PFN_DOWN(base + size);
    int node = node_of_domain(domain);

    if (base + size < base || node < 0 || nr_blocks == MAX_BLOCKS)
        return false;
    for (unsigned int i = 0; i < nr_blocks; i++)
        if (start < blocks[i].end && blocks[i].start < end && blocks[i].node != node)
            return false;
    if (start < end) {
        blocks[nr_blocks].start = start;
        blocks[nr_blocks].end = end;
        blocks[nr_blocks++].node = node;
    }
    return true;
}

struct __packed srat_memory {
    u8 type, length;
    u32 domain;
    u16 reserved0;
    u64 base, size;
    u32 reserved1, flags;
};
struct __packed srat_x2apic {
    u8 type, length;
    u16 reserved0;
    u32 domain, apic_id, flags;
};

static bool __init parse_srat_entry(const u8 *e)
{
    const struct srat_memory *m = (const void *)e;
    const struct srat_x2apic *x = (const void *)e;

    if (e[0] == 0 && e[1] >= 16 && (e[4] & 1))
        add_cpu(e[3], e[2] | e[9] << 8 | e[10] << 16 | (u32)e[11] << 24);
    else if (e[0] == 2 && e[1] >= sizeof(*x) && (x->flags & 1))
        add_cpu(x->apic_id, x->domain);
    else if (e[0] == 1 && e[1] >= sizeof(*m) && (m->flags & 1))
        return add_memory(m->base, m->size, m->domain);
    return true;
}

static void __init parse_slit(void)
{
    const struct acpi_header *h = acpi_find_table("SLIT");
    const u8 *matrix;
    u64 n;

    if (!h || h->length < sizeof(*h) + 8)
        return;
    memcpy(&n, h + 1, 8);
    if (n > 255 || h->length < sizeof(*h) + 8 + n * n)
        return;
    matrix = (const u8 *)(h + 1) + 8;
    for (unsigned int a = 0; a < nr_nodes; a++)
        for (unsigned int b = 0; b < nr_nodes; b++)
            if (domain_of_node[a] < n && domain_of_node[b] < n)
                distances[a][b] = matrix[domain_of_node[a] * n + domain_of_node[b]];
}

void __init numa_init(void)
{
    const struct acpi_header *h = opt_numa ? acpi_find_table("SRAT") : NULL;
    bool good = h != NULL;

    for (u32 at = sizeof(*h) + 12; good && at + 2 <= h->length;) {
        const u8 *e = (const u8 *)h + at;

        good = e[1] >= 2 && e[1] <= h->length - at && parse_srat_entry(e);
        at += e[1];
    }
    if (h && (!good || !nr_blocks)) {
        printk(XENLOG_WARNING "ACPI: SRAT is inconsistent: memory is taken as one node\n");
        nr_nodes = 1;
        nr_cpus = nr_blocks = 0;
        return;
    }
    if (nr_nodes > 1) {
        parse_slit();
        printk(XENLOG_INFO "NUMA: %u nodes\n", nr_nodes);
    }
}
