/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Port accesses and stage-2 faults of guests. What nobody answers reads as all ones, as on a bus
 * without a device.
 */
#include <xen/dom0.h>
#include <xen/lib.h>
#include "hvm_priv.h"

static u64 all_ones(unsigned int size)
{
    return size >= 8 ? ~0UL : (1UL << (size * 8)) - 1;
}

static void io_single(struct vcpu *v, struct vm_exit *exit, unsigned int len)
{
    struct cpu_regs *regs = &v->arch.regs;
    u32 val = regs->rax;

    hvm_port_access(v, exit->io.port, exit->io.size, !exit->io.in, &val);
    if (exit->io.in) {
        if (exit->io.size == 4)
            regs->rax = val;
        else
            regs->rax = (regs->rax & ~all_ones(exit->io.size)) | (val & all_ones(exit->io.size));
    }
    hvm_advance_rip(v, len);
}

/* The segment of OUTS: DS, or what a prefix says. INS always uses ES. */
static enum x86_seg outs_segment(struct vcpu *v)
{
    enum x86_seg seg = SEG_DS;
    u8 buf[15];
    unsigned int n = hvm_fetch_insn(v, buf, sizeof(buf));

    for (unsigned int i = 0; i < n && buf[i] != 0x6e && buf[i] != 0x6f; i++) {
        static const struct {
            u8 prefix, seg;
        } map[] = {{0x26, SEG_ES}, {0x2e, SEG_CS}, {0x36, SEG_SS},
                   {0x3e, SEG_DS}, {0x64, SEG_FS}, {0x65, SEG_GS}};
        for (unsigned int k = 0; k < ARRAY_SIZE(map); k++)
            if (buf[i] == map[k].prefix)
                seg = map[k].seg;
    }
    return seg;
}

#define STRING_BATCH 256 /* elements per exit: the guest comes back for more */

/* INS and OUTS, with the index and count registers of the address size. */
static void io_string(struct vcpu *v, struct vm_exit *exit, unsigned int len)
{
    struct cpu_regs *regs = &v->arch.regs;
    struct segment_register seg;
    bool in = exit->io.in, long_mode = hvm_guest_mode_bytes(v) == 8;
    enum x86_seg s = in ? SEG_ES : outs_segment(v);
    u64 mask = all_ones(exit->io.addr_size ?: 4), *index = in ? &regs->rdi : &regs->rsi;
    u64 count = exit->io.rep ? regs->rcx & mask : 1;
    s64 step = regs->rflags & EFLAGS_DF ? -(s64)exit->io.size : exit->io.size;

    hvm_vendor->get_segment(v, s, &seg);
    if (long_mode && s != SEG_FS && s != SEG_GS)
        seg.base = 0;
    for (unsigned int i = 0; i < STRING_BATCH && count; i++, count--) {
        unsigned long la = seg.base + (*index & mask), fault_la;
        u32 val = 0, pfec = (in ? PFEC_write : 0) | (hvm_guest_cpl(v) == 3 ? PFEC_user : 0);
        int rc;

        if (!long_mode)
            la = (u32)la;
        if (in) {
            hvm_port_access(v, exit->io.port, exit->io.size, false, &val);
            rc = guest_linear_write(v, la, &val, exit->io.size, &pfec, &fault_la);
        } else {
            rc = guest_linear_read(v, la, &val, exit->io.size, &pfec, &fault_la);
            if (!rc)
                hvm_port_access(v, exit->io.port, exit->io.size, true, &val);
        }
        if (rc == 1) {
            hvm_inject_page_fault(v, pfec, fault_la);
            return;
        }
        if (rc) {
            hvm_inject_gp(v);
            return;
        }
        *index = (*index & ~mask) | ((*index + step) & mask);
        if (exit->io.rep)
            regs->rcx = (regs->rcx & ~mask) | (count - 1);
    }
    if (!count)
        hvm_advance_rip(v, len);
}

void exit_io(struct vcpu *v, struct vm_exit *exit)
{
    unsigned int len = exit_insn_length(v, exit);

    if (!len)
        return;
    if (exit->io.string)
        io_string(v, exit, len);
    else
        io_single(v, exit, len);
}

/*
 * A guest touched what its stage-2 tables do not let it. Read-only memory swallows writes, as ROM
 * does; anything else without memory behind it is MMIO. A mapping that allows the access was made
 * or widened since: the guest tries again.
 */
void exit_nested_fault(struct vcpu *v, struct vm_exit *exit)
{
    struct domain *d = v->domain;
    p2m_type_t t;
    mfn_t mfn = p2m_lookup(d, _gfn(exit->npf.gpa >> PAGE_SHIFT), &t, NULL);
    bool mapped = !mfn_eq(mfn, INVALID_MFN) && t != p2m_mmio_dm;
    int rc;

    if (mapped && !(exit->npf.write && (p2m_is_readonly(t) || t == p2m_ram_logdirty)) &&
        !(exit->npf.exec && exit->npf.present))
        return;
    if (!mapped && is_hardware_domain(d) &&
        dom0_map_mmio_on_fault(d, _gfn(exit->npf.gpa >> PAGE_SHIFT)))
        return;
    if (unlikely(v->arch.hvm.pending_event.valid || exit->npf.exec || exit->npf.table_walk)) {
        hvm_vendor->dump(v);
        domain_crash(d, "vCPU %u at %#lx: %s at guest physical %#lx, where there is %s", v->vcpu_id,
                     v->arch.regs.rip,
                     exit->npf.exec         ? "executes"
                     : exit->npf.table_walk ? "has page tables"
                                            : "takes an exception through memory",
                     exit->npf.gpa, mapped ? "memory that does not allow it" : "no memory");
        return;
    }
    rc = hvm_emulate_mmio(v, exit->npf.gpa, exit->npf.gla, exit->npf.gla_valid, exit->npf.write);
    if (rc) {
        u8 b[15] = {0};

        hvm_fetch_insn(v, b, sizeof(b));
        hvm_vendor->dump(v);
        domain_crash(d,
                     "vCPU %u at %#lx: cannot emulate %02x %02x %02x %02x %02x %02x %02x %02x on "
                     "guest physical %#lx (%d)",
                     v->vcpu_id, v->arch.regs.rip, b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7],
                     exit->npf.gpa, rc);
    }
}
