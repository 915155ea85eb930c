/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The host's page tables: one set for all CPUs, four levels, the biggest pages that alignment and
 * neighbours allow. Tables are reached through the direct map and are never given back.
 */
#include <xen/errno.h>
#include <xen/lib.h>
#include <xen/mm.h>
#include <xen/smp.h>
#include <xen/spinlock.h>
#include <asm/host_mm.h>
#include <asm/msr.h>
#include <asm/regs.h>

u64 host_l4[512] __page_aligned;
static DEFINE_SPINLOCK(map_lock); /* protects: the tables */
static bool has_1g_pages;
static bool has_nx;

static u64 *alloc_table(void)
{
    if (bootmem_active)
        return maddr_to_virt(bootmem_alloc(PAGE_SIZE, PAGE_SIZE));
    return alloc_xenheap_page();
}

static u64 *table_of(u64 entry)
{
    return maddr_to_virt(entry & PTE_ADDR_MASK);
}

static unsigned int index_at(unsigned long va, unsigned int level)
{
    return (va >> (PAGE_SHIFT + 9 * (level - 1))) & 511;
}

/* Makes a table of the smaller pages of a leaf at @level. */
static int split(u64 *entry, unsigned int level)
{
    u64 *t = alloc_table(), leaf = *entry;
    u64 step = PAGE_SIZE << (9 * (level - 2));

    if (!t)
        return -ENOMEM;
    if (level == 2)
        leaf &= ~PTE_PSE;
    for (unsigned int i = 0; i < 512; i++)
        t[i] = leaf + i * step;
    ACCESS_ONCE(*entry) = virt_to_maddr(t) | PTE_PRESENT | PTE_RW | PTE_ACCESSED | PTE_DIRTY;
    return 0;
}

/* The entry for @va at @level, or at a lower one when a table is there already (*level tells). */
static u64 *walk(unsigned long va, unsigned int *level)
{
    u64 *table = host_l4;

    for (unsigned int l = 4;; l--) {
        u64 *e = &table[index_at(va, l)];

        if (l == *level && (l == 1 || !(*e & PTE_PRESENT) || (*e & PTE_PSE)))
            return e;
        if (!(*e & PTE_PRESENT)) {
            u64 *t = alloc_table();

            if (!t)
                return NULL;
            ACCESS_ONCE(*e) = virt_to_maddr(t) | PTE_PRESENT | PTE_RW | PTE_ACCESSED | PTE_DIRTY;
        } else if (l > 1 && l < 4 && (*e & PTE_PSE)) {
            if (split(e, l))
                return NULL;
        }
        if (l == *level)
            --*level;
        table = table_of(*e);
    }
}

int map_pages_to_xen(unsigned long va, unsigned long mfn, unsigned long nr, unsigned long flags)
{
    bool changed = false;
    int rc = 0;

    if (!has_nx)
        flags &= ~PTE_NX;
    spin_lock(&map_lock);
    while (nr) {
        unsigned long both = mfn | (va >> PAGE_SHIFT), pages;
        unsigned int level = has_1g_pages && !(both & 0x3ffff) && nr >= 0x40000 ? 3
                             : !(both & 0x1ff) && nr >= 0x200                   ? 2
                                                                                : 1;
        u64 *e = walk(va, &level), leaf;

        if (!e) {
            rc = -ENOMEM;
            break;
        }
        leaf = (mfn << PAGE_SHIFT) | flags | (level > 1 ? PTE_PSE : 0);
        changed |= (*e & PTE_PRESENT) && *e != leaf;
        ACCESS_ONCE(*e) = leaf;
        pages = 1UL << (9 * (level - 1));
        va += pages << PAGE_SHIFT;
        mfn += pages;
        nr -= pages;
    }
    spin_unlock(&map_lock);
    if (changed)
        flush_host_tlb();
    return rc;
}

void unmap_xen_pages(unsigned long va, unsigned long nr)
{
    spin_lock(&map_lock);
    for (; nr; nr--, va += PAGE_SIZE) {
        unsigned int level = 1;
        u64 *e = walk(va, &level);

        if (e)
            ACCESS_ONCE(*e) = 0;
    }
    spin_unlock(&map_lock);
    flush_host_tlb();
}

bool host_page_mapped(unsigned long va)
{
    const u64 *table = host_l4;

    for (unsigned int l = 4;; l--) {
        u64 e = table[index_at(va, l)];

        if (!(e & PTE_PRESENT))
            return false;
        if (l == 1 || (l < 4 && (e & PTE_PSE)))
            return true;
        table = table_of(e);
    }
}

/* Leaves that are writable and executable at once, below @table. */
static unsigned long count_wx(const u64 *table, unsigned int level)
{
    unsigned long n = 0;

    for (unsigned int i = 0; i < 512; i++) {
        u64 e = table[i];

        if (!(e & PTE_PRESENT))
            continue;
        if (level > 1 && !(level < 4 && (e & PTE_PSE)))
            n += count_wx(table_of(e), level - 1);
        else if ((e & PTE_RW) && !(e & PTE_NX))
            n++;
    }
    return n;
}

void __init host_mm_check(void)
{
    unsigned long n = has_nx ? count_wx(host_l4, 4) : 0;

    if (n)
        panic("%lu pages are writable and executable\n", n);
    printk(XENLOG_DEBUG "Memory: no page is writable and executable%s\n",
           has_nx ? "" : " as far as this CPU, without NX, goes");
}

static void flush_local(void *unused)
{
    unsigned long flags = local_irq_save(), cr4 = read_cr4();

    if (cr4 & CR4_PGE) {
        write_cr4(cr4 & ~CR4_PGE); /* drops global translations too */
        write_cr4(cr4);
    } else {
        write_cr3(read_cr3());
    }
    local_irq_restore(flags);
}

void flush_host_tlb(void)
{
    flush_local(NULL);
    if (cpumask_weight(&cpu_online_map) > 1)
        smp_call_function(flush_local, NULL, true);
}

void host_paging_features(void)
{
    u32 a, b, c, d;

    cpuid(0x80000001, &a, &b, &c, &d);
    has_nx = d & (1U << 20);
    has_1g_pages = d & (1U << 26);
}

void host_mm_load(void)
{
    u32 a, b, c, d, max;
    unsigned long cr4 = read_cr4();

    if (has_nx)
        wrmsr(MSR_EFER, rdmsr(MSR_EFER) | EFER_NXE);
    cpuid(0, &max, &b, &c, &d);
    cpuid(1, &a, &b, &c, &d);
    if (d & (1U << 13))
        cr4 |= CR4_PGE;
    if (max >= 7) {
        cpuid_count(7, 0, &a, &b, &c, &d);
        if (b & (1U << 7))
            cr4 |= CR4_SMEP;
        if (b & (1U << 20))
            cr4 |= CR4_SMAP;
    }
    write_cr3(virt_to_maddr(host_l4));
    write_cr4(cr4);
    write_cr0(read_cr0() | CR0_WP);
}

paddr_t virt_to_maddr(const void *p)
{
    unsigned long va = (unsigned long)p;

    if (va >= DIRECTMAP_VIRT_START && va < DIRECTMAP_VIRT_START + DIRECTMAP_SIZE)
        return va - DIRECTMAP_VIRT_START;
    ASSERT(va >= XEN_VIRT_START && va < XEN_VIRT_START + GB(1));
    return va - XEN_VIRT_START;
}
