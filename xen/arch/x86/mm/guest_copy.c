/* SPDX-License-Identifier: GPL-2.0-only */
/* The one door to guest memory: by the current vCPU's linear addresses, or by guest frame. */
#include <xen/guest_access.h>
#include <asm/p2m.h>
#include <xen/errno.h>
#include <xen/lib.h>
#include <xen/sched.h>

enum direction { FROM_GUEST, TO_GUEST, CLEAR_GUEST };

/* Within one page of guest memory. */
static int phys_chunk(struct domain *d, paddr_t gpa, void *buf, size_t n, enum direction dir)
{
    p2m_type_t t;
    struct page_info *pg = get_page_from_gfn(d, _gfn(gpa >> PAGE_SHIFT), &t);
    char *p;
    int rc = 0;

    if (!pg)
        return -EFAULT;
    p = (char *)page_to_virt(pg) + (gpa & ~PAGE_MASK);
    if (dir == FROM_GUEST)
        memcpy(buf, p, n);
    else if (p2m_is_readonly(t))
        rc = -EFAULT;
    else if (dir == TO_GUEST)
        memcpy(p, buf, n);
    else
        memset(p, 0, n);
    put_page(pg);
    return rc;
}

static int phys_copy(struct domain *d, paddr_t gpa, char *buf, size_t n, enum direction dir)
{
    while (n) {
        size_t chunk = min(n, (size_t)(PAGE_SIZE - (gpa & ~PAGE_MASK)));
        int rc = phys_chunk(d, gpa, buf, chunk, dir);

        if (rc)
            return rc;
        gpa += chunk;
        buf += chunk;
        n -= chunk;
    }
    return 0;
}

int copy_from_guest_phys(struct domain *d, void *to, paddr_t gpa, size_t n)
{
    return phys_copy(d, gpa, to, n, FROM_GUEST);
}

int copy_to_guest_phys(struct domain *d, paddr_t gpa, const void *from, size_t n)
{
    return phys_copy(d, gpa, (char *)from, n, TO_GUEST);
}

static unsigned long linear_copy(unsigned long la, char *buf, size_t n, enum direction dir)
{
    struct vcpu *v = current;

    while (n) {
        size_t chunk = min(n, (size_t)(PAGE_SIZE - (la & ~PAGE_MASK)));
        u32 pfec = dir == FROM_GUEST ? 0 : PFEC_write;
        paddr_t gpa;

        if (guest_linear_to_gpa(v, la, &pfec, &gpa) || phys_chunk(v->domain, gpa, buf, chunk, dir))
            return n;
        la += chunk;
        if (buf)
            buf += chunk;
        n -= chunk;
    }
    return 0;
}

unsigned long raw_copy_from_guest(void *to, unsigned long guest_va, size_t n)
{
    return linear_copy(guest_va, to, n, FROM_GUEST);
}

unsigned long raw_copy_to_guest(unsigned long guest_va, const void *from, size_t n)
{
    return linear_copy(guest_va, (char *)from, n, TO_GUEST);
}

unsigned long raw_clear_guest(unsigned long guest_va, size_t n)
{
    return linear_copy(guest_va, NULL, n, CLEAR_GUEST);
}
