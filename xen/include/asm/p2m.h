/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The guest-physical map (stage 2): guest frame -> machine frame, type, access. One walker over a
 * format (NPT, EPT) given as data. Lock: p2m->lock (read side in lookups is lock-free: entries are
 * written as one 64-bit store and tables are freed only after a flush).
 */
#ifndef ASM_P2M_H
#define ASM_P2M_H

#include <xen/types.h>
#include <xen/spinlock.h>
#include <xen/list.h>

struct domain;
struct page_info;

typedef enum {
    p2m_invalid,
    p2m_ram_rw,
    p2m_ram_logdirty,
    p2m_ram_ro,
    p2m_mmio_dm,     /* accesses are emulated (ioreq server, or nobody) */
    p2m_mmio_direct, /* a device's frames */
    p2m_map_foreign, /* another domain's page; holds a reference to it */
    p2m_grant_map_rw,
    p2m_grant_map_ro,
    p2m_ioreq_server,
    P2M_NR_TYPES
} p2m_type_t;
#define p2m_is_ram(t)     ((t) >= p2m_ram_rw && (t) <= p2m_ram_ro)
#define p2m_is_grant(t)   ((t) == p2m_grant_map_rw || (t) == p2m_grant_map_ro)
#define p2m_is_foreign(t) ((t) == p2m_map_foreign)
/* Backed by memory that the hypervisor can touch through the direct map. */
#define p2m_has_page(t)    (p2m_is_ram(t) || p2m_is_grant(t) || p2m_is_foreign(t))
#define p2m_is_readonly(t) ((t) == p2m_ram_ro || (t) == p2m_grant_map_ro)

/* How a stage-2 entry is encoded; one instance per vendor (svm/npt.c, vmx/ept.c). */
struct p2m_format {
    const char *name;
    unsigned int levels;
    u64 (*leaf)(u64 maddr, p2m_type_t t, unsigned int level);
    u64 table_bits;
    bool (*present)(u64 e);
    bool (*is_leaf)(u64 e, unsigned int level);
    p2m_type_t (*type)(u64 e);
    bool has_1g;
};

struct p2m_domain {
    spinlock_t lock;
    const struct p2m_format *fmt;
    struct domain *domain;
    u64 *root;              /* direct-map address */
    struct list_head pages; /* its table pages */
    struct list_head spare; /* zeroed pages set aside for tables */
    unsigned int nr_pages;
    unsigned long max_mapped_gfn;
    u32 flush_generation; /* bumped when entries were removed or restricted */
    bool logdirty;
};

int p2m_init(struct domain *d);
/* Sets pages aside for tables to come, so that mapping later takes none from the heap. 0, -ENOMEM.
 */
int p2m_reserve_tables(struct domain *d, unsigned int nr);
int p2m_teardown(struct domain *d); /* drops foreign refs; -ERESTART */
void p2m_free(struct domain *d);
/* INVALID_MFN when nothing is there. @order (may be NULL): of the mapping found. */
mfn_t p2m_lookup(struct domain *d, gfn_t gfn, p2m_type_t *t, unsigned int *order);
int p2m_set_entry(struct domain *d, gfn_t gfn, mfn_t mfn, unsigned int order, p2m_type_t t);
/* As above, but a result of 1 leaves p2m_flush_tlb() to the caller, before what was there is freed.
 */
int p2m_set_entry_noflush(struct domain *d, gfn_t gfn, mfn_t mfn, unsigned int order, p2m_type_t t);
/* The page behind a guest frame with a reference, or NULL. */
struct page_info *get_page_from_gfn(struct domain *d, gfn_t gfn, p2m_type_t *t);
int guest_physmap_add_page(struct domain *d, gfn_t gfn, mfn_t mfn, unsigned int order);
int guest_physmap_remove_page(struct domain *d, gfn_t gfn, mfn_t mfn, unsigned int order);
int set_mmio_p2m_entry(struct domain *d, gfn_t gfn, mfn_t mfn, unsigned int order);
/* Makes every CPU that may hold translations of @d drop them before its next guest entry, and
 * waits. */
void p2m_flush_tlb(struct domain *d);

/*
 * The current vCPU's own page tables. @pfec: PFEC_* of the access in; on failure the error code to
 * inject. 0: *gpa set; 1: #PF with *pfec; -EFAULT: tables point to no RAM.
 */
#define PFEC_present  1U
#define PFEC_write    2U
#define PFEC_user     4U
#define PFEC_reserved 8U
#define PFEC_insn     16U
struct vcpu;
int guest_linear_to_gpa(struct vcpu *v, unsigned long linear, u32 *pfec, paddr_t *gpa);
/* Bytes at guest linear addresses for the emulator: 0; 1 = #PF (*fault_la, *pfec); -EFAULT no RAM
 * there. */
int guest_linear_read(struct vcpu *v, unsigned long la, void *buf, unsigned int n, u32 *pfec,
                      unsigned long *fault_la);
int guest_linear_write(struct vcpu *v, unsigned long la, const void *buf, unsigned int n, u32 *pfec,
                       unsigned long *fault_la);

#endif
