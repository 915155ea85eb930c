/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Machine memory: frames, their owners and reference counts, and the buddy allocator.
 * Every frame of RAM has a struct page_info in the frame table and stands in the direct map.
 */
#ifndef XEN_MM_H
#define XEN_MM_H

#include <xen/types.h>
#include <xen/list.h>
#include <xen/spinlock.h>
#include <asm/page.h>

struct domain;

struct page_info {
    struct list_head list;    /* buddy free list, or the owner's page_list */
    unsigned long count_info; /* PGC_*; see below */
    union {
        struct domain *owner; /* allocated: who it is charged to (NULL: the hypervisor) */
        struct {              /* free: */
            u8 order;         /* of the chunk this page heads */
            bool head;
            bool need_scrub;
            u8 node;
        } free;
    };
};
_Static_assert(sizeof(struct page_info) == 32, "the frame table's entries are packed");

/* count_info: low 48 bits references. An allocated domain page starts with PGC_allocated | 1. */
#define PGC_count_mask ((1UL << 48) - 1)
#define PGC_allocated \
    (1UL << 63) /* holds one reference itself, dropped when the owner gives it up */
#define PGC_xen_heap (1UL << 62) /* the hypervisor's own memory, perhaps shared with a domain */
#define PGC_free     (1UL << 61) /* in the buddy allocator */
#define PGC_broken   (1UL << 60)
#define PGC_extra    (1UL << 59) /* does not count towards tot_pages */
#define PGC_no_free \
    (1UL << 58) /* not from the allocator (control domain's 1:1 holes); never freed */

#define PGC_not_ram (1UL << 57) /* an entry of the frame table without RAM behind it */

#define frame_table ((struct page_info *)FRAMETABLE_VIRT_START)
static inline struct page_info *mfn_to_page(mfn_t mfn)
{
    return frame_table + mfn_x(mfn);
}
static inline mfn_t page_to_mfn(const struct page_info *pg)
{
    return _mfn(pg - frame_table);
}
/* RAM known to the frame table. */
bool mfn_valid(mfn_t mfn);
static inline paddr_t mfn_to_maddr(mfn_t m)
{
    return (paddr_t)mfn_x(m) << PAGE_SHIFT;
}
static inline mfn_t maddr_to_mfn(paddr_t p)
{
    return _mfn(p >> PAGE_SHIFT);
}
static inline void *maddr_to_virt(paddr_t p)
{
    return (void *)(DIRECTMAP_VIRT_START + p);
}
/* Of a direct-map address, or one in the hypervisor's image. */
paddr_t virt_to_maddr(const void *va);
static inline void *mfn_to_virt(mfn_t m)
{
    return maddr_to_virt(mfn_to_maddr(m));
}
static inline mfn_t virt_to_mfn(const void *va)
{
    return maddr_to_mfn(virt_to_maddr(va));
}
static inline void *page_to_virt(const struct page_info *pg)
{
    return mfn_to_virt(page_to_mfn(pg));
}
static inline struct page_info *virt_to_page(const void *va)
{
    return mfn_to_page(virt_to_mfn(va));
}
static inline struct domain *page_get_owner(const struct page_info *pg)
{
    return pg->owner;
}

/* memflags */
#define MEMF_no_scrub    (1U << 0) /* the caller overwrites all of it */
#define MEMF_no_refcount (1U << 1) /* not counted in tot_pages, no limit applies (PGC_extra) */
#define MEMF_exact_node  (1U << 2)
#define MEMF_below_4g    (1U << 3)
#define MEMF_node(n)     ((((n) + 1U) & 0xff) << 8)
#define MEMF_get_node(f) ((((f) >> 8) & 0xff) - 1U)
#define NUMA_NO_NODE     0xffU
#define MAX_ORDER        18

/*
 * 2^order contiguous frames, aligned to their size, scrubbed unless MEMF_no_scrub.
 * @d: charged to it (max_pages, claims) and put on its page_list; NULL: the hypervisor's.
 * Returns NULL when there is no such chunk or the limit is reached.
 */
struct page_info *alloc_domheap_pages(struct domain *d, unsigned int order, unsigned int memflags);
/* Pages without an owner, or whose last reference is gone. */
void free_domheap_pages(struct page_info *pg, unsigned int order);
#define alloc_domheap_page(d, f) alloc_domheap_pages(d, 0, f)
#define free_domheap_page(pg)    free_domheap_pages(pg, 0)
/* The hypervisor's memory through the direct map; zeroed. */
void *alloc_xenheap_pages(unsigned int order, unsigned int memflags);
void free_xenheap_pages(void *va, unsigned int order);
#define alloc_xenheap_page()  alloc_xenheap_pages(0, 0)
#define free_xenheap_page(va) free_xenheap_pages(va, 0)
/* Charges existing frames to @d (common/memory/). 0, -E2BIG over the limit, -EINVAL dying domain.
 */
int assign_pages(struct page_info *pg, unsigned int nr, struct domain *d, unsigned int memflags);
/* Lets @d (a control domain or guest) map a hypervisor page: shared_info, grant frames. */
void share_xen_page_with_guest(struct page_info *pg, struct domain *d);
void unshare_xen_page_with_guest(struct page_info *pg);

/* A reference that keeps the frame from being freed; false: not @d's, or going away. */
bool get_page(struct page_info *pg, const struct domain *d);
bool get_page_any(struct page_info *pg); /* whoever owns it */
void put_page(struct page_info *pg);     /* the last one frees it */
/* Drops the owner's own reference, once. */
void put_page_alloc_ref(struct page_info *pg);

/* Exactly these frames (nobody's yet) when all are free, else NULL: for 1:1 mappings. */
struct page_info *alloc_exact_pages(unsigned long mfn, unsigned long nr, unsigned int memflags);
/* arch: zeroes whole pages at an address of the hypervisor. */
void clear_pages(void *va, unsigned long nr);

/* Boot: frames that nobody uses become free memory. Also for what boot code leaves behind. */
void heap_init(struct page_info *frames);
void heap_add_range(unsigned long start, unsigned long end, bool dirty);
void heap_dump(unsigned char key); /* debug key 'm' */

unsigned long avail_domheap_pages(void);
unsigned long avail_node_heap_pages(unsigned int node);
extern unsigned long total_pages; /* RAM frames given to the allocator at boot and by firmware */
extern unsigned long outstanding_claims_total;
extern unsigned long max_page; /* one more than the highest frame of RAM */

/* Small objects, aligned to 16. NULL when memory is out. _x*: bytes. */
void *_xmalloc(size_t size, size_t align);
void *_xzalloc(size_t size, size_t align);
void xfree(void *p);
#define xmalloc(type)          ((type *)_xmalloc(sizeof(type), __alignof__(type)))
#define xzalloc(type)          ((type *)_xzalloc(sizeof(type), __alignof__(type)))
#define xmalloc_bytes(n)       _xmalloc(n, 16)
#define xzalloc_bytes(n)       _xzalloc(n, 16)
#define xzalloc_array(type, n) ((type *)xzalloc_array_(sizeof(type), n))
void *xzalloc_array_(size_t size, size_t n);
#define XFREE(p)    \
    do {            \
        xfree(p);   \
        (p) = NULL; \
    } while (0)

/* Device memory, uncached unless told so; never unmapped at boot for tables. */
void *ioremap(paddr_t pa, size_t size);
void *ioremap_wb(paddr_t pa, size_t size);
void iounmap(void *va);

/* What firmware said about memory (arch/x86/boot): usable RAM and everything else. */
struct e820_range {
    u64 addr, size;
    u32 type; /* E820_RAM = 1, RESERVED = 2, ACPI = 3, NVS = 4, UNUSABLE = 5 */
};
/* An entry as XENMEM_memory_map hands it out (ACPI's INT 15h E820 layout). */
struct xen_e820_entry {
    u64 addr, size;
    u32 type;
} __packed;
struct e820_map {
    unsigned int nr;
    struct e820_range range[128];
};
extern struct e820_map e820; /* sorted, no overlaps, as given by firmware and cut by mem= */
#define E820_RAM      1
#define E820_RESERVED 2
#define E820_ACPI     3
#define E820_NVS      4
#define E820_UNUSABLE 5

#endif
