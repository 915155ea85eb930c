/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Walks the current guest's own page tables in software, for hypercall arguments and for the
 * instruction emulator: legacy 2-level, PAE, 4- and 5-level (Intel SDM vol. 3 ch. 4).
 */
#include <asm/msr_index.h>
#include <asm/p2m.h>
#include <xen/atomic.h>
#include <xen/errno.h>
#include <xen/guest_access.h>
#include <xen/lib.h>
#include <xen/sched.h>

/* The shape of a paging mode. */
struct paging_mode {
    u8 levels, index_bits, entry_size;
};
static const struct paging_mode mode_32 = {2, 10, 4}, mode_pae = {3, 9, 8}, mode_long = {4, 9, 8},
                                mode_la57 = {5, 9, 8};

static const struct paging_mode *paging_mode(struct vcpu *v)
{
    u64 cr4 = hvm_get_cr(v, 4);

    if (!(hvm_get_cr(v, 0) & CR0_PG))
        return NULL;
    if (hvm_vendor->get_efer(v) & EFER_LMA)
        return cr4 & CR4_LA57 ? &mode_la57 : &mode_long;
    return cr4 & CR4_PAE ? &mode_pae : &mode_32;
}

/* The guest's page at @gpa with a reference, or NULL. */
static struct page_info *table_page(struct domain *d, paddr_t gpa)
{
    p2m_type_t t;
    struct page_info *pg = get_page_from_gfn(d, _gfn(gpa >> PAGE_SHIFT), &t);

    if (pg && !p2m_is_ram(t)) {
        put_page(pg);
        return NULL;
    }
    return pg;
}

/* Reads the entry at @gpa, and sets A (and D) in it as the CPU would. */
static int read_entry(struct domain *d, paddr_t gpa, unsigned int size, u64 set, u64 *e)
{
    struct page_info *pg = table_page(d, gpa);
    void *p;

    if (!pg)
        return -EFAULT;
    p = (char *)page_to_virt(pg) + (gpa & ~PAGE_MASK);
    if (size == 8) {
        *e = ACCESS_ONCE(*(u64 *)p);
        if (set && (*e & PTE_PRESENT) && (*e & set) != set)
            cmpxchg((u64 *)p, *e, *e | set);
    } else {
        *e = ACCESS_ONCE(*(u32 *)p);
        if (set && (*e & PTE_PRESENT) && (*e & set) != set)
            cmpxchg((u32 *)p, (u32)*e, (u32)(*e | set));
    }
    put_page(pg);
    return 0;
}

static bool access_allowed(struct vcpu *v, u64 rights, bool nx, u32 pfec)
{
    if ((pfec & PFEC_user) && !(rights & PTE_USER))
        return false;
    if ((pfec & PFEC_write) && !(rights & PTE_RW) &&
        ((pfec & PFEC_user) || (hvm_get_cr(v, 0) & CR0_WP)))
        return false;
    if ((pfec & PFEC_insn) && nx && (hvm_vendor->get_efer(v) & EFER_NXE))
        return false;
    return true;
}

static u64 leaf_address(const struct paging_mode *m, unsigned int level, u64 e,
                        unsigned long linear)
{
    u64 size = 1ULL << (PAGE_SHIFT + m->index_bits * (level - 1));
    u64 base;

    if (m->entry_size == 4 && level == 2) /* PSE-36: bits 13..20 are address bits 32..39 */
        base = (e & 0xffc00000) | ((e >> 13 & 0xff) << 32);
    else
        base = e & PTE_ADDR_MASK & ~(size - 1);
    return base | (linear & (size - 1));
}

static bool is_leaf(struct vcpu *v, const struct paging_mode *m, unsigned int level, u64 e)
{
    if (level == 1)
        return true;
    if (!(e & PTE_PSE))
        return false;
    if (m->entry_size == 4)
        return hvm_get_cr(v, 4) & CR4_PSE;
    return level == 2 || (level == 3 && m->levels >= 4);
}

/* Bits above those that are translated repeat the highest of these. */
static bool canonical(const struct paging_mode *m, unsigned long linear)
{
    long above = (long)linear >> (PAGE_SHIFT + m->index_bits * m->levels - 1);

    return above == 0 || above == -1;
}

int guest_linear_to_gpa(struct vcpu *v, unsigned long linear, u32 *pfec, paddr_t *gpa)
{
    const struct paging_mode *m = paging_mode(v);
    u64 rights = PTE_USER | PTE_RW, e, table;
    u32 fault = *pfec & (PFEC_write | PFEC_user | PFEC_insn);
    bool nx = false;

    if (!m) {
        *gpa = (u32)linear;
        return 0;
    }
    if (m->levels >= 4 && !canonical(m, linear))
        return -EFAULT;
    table = hvm_get_cr(v, 3) & (m == &mode_pae  ? 0xffffffe0
                                : m == &mode_32 ? 0xfffff000
                                                : PTE_ADDR_MASK);
    for (unsigned int level = m->levels; level; level--) {
        unsigned int shift = PAGE_SHIFT + m->index_bits * (level - 1);
        unsigned int index = (linear >> shift) & ((1U << m->index_bits) - 1);
        bool pdpte = m == &mode_pae && level == 3; /* no rights, no A bit */
        u64 at;

        if (pdpte)
            index &= 3;
        at = table + (u64)index * m->entry_size;
        if (read_entry(v->domain, at, m->entry_size, pdpte ? 0 : PTE_ACCESSED, &e))
            return -EFAULT;
        if (!(e & PTE_PRESENT)) {
            *pfec = fault & ~PFEC_present;
            return 1;
        }
        if (!pdpte) {
            rights &= e;
            nx |= m->entry_size == 8 && (e & PTE_NX);
        }
        if (is_leaf(v, m, level, e)) {
            if (!access_allowed(v, rights, nx, fault)) {
                *pfec = fault | PFEC_present;
                return 1;
            }
            if ((fault & PFEC_write) && !(e & PTE_DIRTY) &&
                read_entry(v->domain, at, m->entry_size, PTE_ACCESSED | PTE_DIRTY, &e))
                return -EFAULT;
            *gpa = leaf_address(m, level, e, linear);
            return 0;
        }
        table = e & PTE_ADDR_MASK;
    }
    return -EFAULT;
}

/* One page's worth (or less) of a linear access. */
static int linear_chunk(struct vcpu *v, unsigned long la, void *buf, unsigned int n, bool write,
                        u32 *pfec)
{
    paddr_t gpa;
    int rc = guest_linear_to_gpa(v, la, pfec, &gpa);

    if (rc)
        return rc;
    return write ? copy_to_guest_phys(v->domain, gpa, buf, n)
                 : copy_from_guest_phys(v->domain, buf, gpa, n);
}

static int linear_access(struct vcpu *v, unsigned long la, char *buf, unsigned int n, bool write,
                         u32 *pfec, unsigned long *fault_la)
{
    u32 want = *pfec;

    while (n) {
        unsigned int chunk = min((unsigned long)n, PAGE_SIZE - (la & ~PAGE_MASK));
        int rc;

        *pfec = want;
        rc = linear_chunk(v, la, buf, chunk, write, pfec);
        if (rc) {
            *fault_la = la;
            return rc;
        }
        la += chunk;
        buf += chunk;
        n -= chunk;
    }
    return 0;
}

int guest_linear_read(struct vcpu *v, unsigned long la, void *buf, unsigned int n, u32 *pfec,
                      unsigned long *fault_la)
{
    return linear_access(v, la, buf, n, false, pfec, fault_la);
}

int guest_linear_write(struct vcpu *v, unsigned long la, const void *buf, unsigned int n, u32 *pfec,
                       unsigned long *fault_la)
{
    *pfec |= PFEC_write;
    return linear_access(v, la, (char *)buf, n, true, pfec, fault_la);
}
