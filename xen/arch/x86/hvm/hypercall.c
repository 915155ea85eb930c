/* SPDX-License-Identifier: GPL-2.0-only */
/* Entry of hypercalls from guests, and the page of stubs that guests call them through. */
#include <xen/errno.h>
#include <xen/guest_access.h>
#include <xen/hypercall.h>
#include <xen/lib.h>
#include <xen/mm.h>
#include "hvm_priv.h"

#define STUB_SIZE 32
#define NR_STUBS  (PAGE_SIZE / STUB_SIZE)

static void load_args64(struct hypercall_state *hc, const struct cpu_regs *r)
{
    hc->arg[0] = r->rdi;
    hc->arg[1] = r->rsi;
    hc->arg[2] = r->rdx;
    hc->arg[3] = r->r10;
    hc->arg[4] = r->r8;
    hc->arg[5] = r->r9;
}

static void load_args32(struct hypercall_state *hc, const struct cpu_regs *r)
{
    hc->arg[0] = (u32)r->rbx;
    hc->arg[1] = (u32)r->rcx;
    hc->arg[2] = (u32)r->rdx;
    hc->arg[3] = (u32)r->rsi;
    hc->arg[4] = (u32)r->rdi;
    hc->arg[5] = (u32)r->rbp;
}

/* How far it came, for when the guest executes it again. */
static void store_args(const struct hypercall_state *hc, struct cpu_regs *r)
{
    if (hc->compat) {
        r->rbx = hc->arg[0];
        r->rcx = hc->arg[1];
        r->rdx = hc->arg[2];
        r->rsi = hc->arg[3];
        r->rdi = hc->arg[4];
        r->rbp = hc->arg[5];
    } else {
        r->rdi = hc->arg[0];
        r->rsi = hc->arg[1];
        r->rdx = hc->arg[2];
        r->r10 = hc->arg[3];
        r->r8 = hc->arg[4];
        r->r9 = hc->arg[5];
    }
}

void exit_hypercall(struct vcpu *v, struct vm_exit *exit)
{
    struct cpu_regs *regs = &v->arch.regs;
    struct hypercall_state *hc = &v->hypercall;
    unsigned int len = exit_insn_length(v, exit), mode = hvm_guest_mode_bytes(v);
    long rc;

    if (unlikely(!len))
        return;
    if (unlikely(mode < 4 || hvm_guest_cpl(v))) {
        regs->rax = mode == 8 ? (u64)-EPERM : (u32)-EPERM;
        hvm_advance_rip(v, len);
        return;
    }
    hc->compat = mode == 4;
    if (hc->compat)
        load_args32(hc, regs);
    else
        load_args64(hc, regs);
    rc = hypercall_dispatch((u32)regs->rax);
    if (unlikely(rc == -ERESTART)) {
        store_args(hc, regs);
        return;
    }
    regs->rax = hc->compat ? (u32)rc : (u64)rc;
    hvm_advance_rip(v, len);
}

/* mov $nr, %eax; vmmcall; ret. IRET is no hypercall here: its slot traps. */
static void fill_stubs(u8 *page)
{
    memset(page, 0xcc, PAGE_SIZE);
    for (unsigned int nr = 0; nr < NR_STUBS; nr++) {
        u8 *p = page + nr * STUB_SIZE;

        if (nr == __HYPERVISOR_iret) {
            p[0] = 0x0f;
            p[1] = 0x0b;
            continue;
        }
        p[0] = 0xb8;
        memcpy(&p[1], &(u32){nr}, sizeof(u32));
        memcpy(&p[5], hvm_vendor->hypercall_insn, 3);
        p[8] = 0xc3;
    }
}

int hvm_write_hypercall_page(struct vcpu *v, u32 msr, u64 val)
{
    u8 *page;
    int rc;

    if (val & ~PAGE_MASK) /* there is one page only */
        return 1;
    page = alloc_xenheap_pages(0, MEMF_no_scrub);
    if (!page)
        return 1;
    fill_stubs(page);
    rc = copy_to_guest_phys(v->domain, val, page, PAGE_SIZE);
    free_xenheap_page(page);
    v->domain->has_32bit_shinfo = hvm_guest_mode_bytes(v) != 8;
    update_domain_wallclock_time(v->domain); /* it stands elsewhere in the other layout */
    if (rc)
        gprintk(XENLOG_WARNING, "d%d: no RAM at %#lx for the hypercall page\n",
                v->domain->domain_id, val);
    return rc != 0;
}
