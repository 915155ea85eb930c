/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Guest accesses to addresses and ports that the hypervisor answers: finds the handler, and for
 * memory decodes and carries out the instruction. An operand may as well be RAM (the other side of
 * a MOVS), which goes through the guest's page tables like any access of its own.
 */
#include <xen/errno.h>
#include <xen/guest_access.h>
#include <xen/lib.h>
#include <xen/sched.h>
#include <asm/emulate.h>
#include <asm/msr_index.h>
#include <public/xen.h>

static const struct hvm_io_handler mmio_handlers[] = {
    {vlapic_mmio_accepts, vlapic_mmio_read, vlapic_mmio_write},
    {vioapic_mmio_accepts, vioapic_mmio_read, vioapic_mmio_write},
};

int hvm_mmio_access(struct vcpu *v, paddr_t gpa, unsigned int size, bool write, u64 *val)
{
    for (unsigned int i = 0; i < ARRAY_SIZE(mmio_handlers); i++) {
        const struct hvm_io_handler *h = &mmio_handlers[i];
        if (h->accepts(v, gpa))
            return write ? h->write(v, gpa, size, *val) : h->read(v, gpa, size, val);
    }
    if (!write)
        *val = ~0UL;
    return -ENODEV;
}

#define PIT_FIRST 0x40
#define PIT_LAST  0x42

/*
 * No port is emulated for PVH; the control domain's own ones do not exit. The interval timer's
 * counters stand still at 0: all ones look like a counter that was just started, and a kernel that
 * calibrates with it reads them 100,000 times before it gives up.
 */
int hvm_port_access(struct vcpu *v, u16 port, unsigned int size, bool write, u32 *val)
{
    if (!write)
        *val = port >= PIT_FIRST && port <= PIT_LAST ? 0 : ~0U;
    return -ENODEV;
}

struct mmio_state {
    struct vcpu *v;
    paddr_t gpa; /* what the exit was about */
    unsigned long gla;
    bool gla_valid;
    unsigned int mode;
    struct {
        u8 vector;
        s32 error_code;
        unsigned long la;
    } fault;
};

static int raise_fault(struct mmio_state *s, u8 vector, s32 error_code, unsigned long la)
{
    s->fault.vector = vector;
    s->fault.error_code = error_code;
    s->fault.la = la;
    return X86EMUL_EXCEPTION;
}

static int to_linear(struct mmio_state *s, enum x86_seg seg, unsigned long off, unsigned int bytes,
                     unsigned long *la)
{
    struct segment_register r;
    if (s->mode == 8 && seg < SEG_FS) {
        *la = off;
    } else {
        hvm_get_segment(s->v, seg, &r);
        *la = r.base + off;
    }
    u8 vector = seg == SEG_SS ? X86_TRAP_SS : X86_TRAP_GP;
    if (s->mode == 8) {
        long top = (long)*la >> 47;
        return top == 0 || top == -1 ? X86EMUL_OKAY : raise_fault(s, vector, 0, 0);
    }
    *la = (u32)*la;
    /* Expand-down (type bits 3:2 = 01 of a data segment) turns the limit round. */
    bool down = (r.attr & 0x1c) == 0x14;
    unsigned long last = off + bytes - 1;
    if (down ? off <= r.limit : last > r.limit)
        return raise_fault(s, vector, 0, 0);
    return X86EMUL_OKAY;
}

static int to_gpa(struct mmio_state *s, unsigned long la, bool write, paddr_t *gpa)
{
    if (s->gla_valid && ((la ^ s->gla) & PAGE_MASK) == 0) {
        *gpa = (s->gpa & PAGE_MASK) | (la & ~PAGE_MASK);
        return X86EMUL_OKAY;
    }
    u32 pfec = (write ? PFEC_write : 0) | (hvm_guest_cpl(s->v) == 3 ? PFEC_user : 0);
    int rc = guest_linear_to_gpa(s->v, la, &pfec, gpa);
    if (rc == 1)
        return raise_fault(s, X86_TRAP_PF, pfec, la);
    return rc ? X86EMUL_UNHANDLEABLE : X86EMUL_OKAY;
}

/* Devices see naturally aligned accesses of at most 8 bytes, in order. */
static void device_access(struct mmio_state *s, paddr_t gpa, u8 *buf, unsigned int bytes,
                          bool write)
{
    while (bytes) {
        unsigned int n = 8;
        u64 val = 0;
        while (n > bytes || (gpa & (n - 1)))
            n >>= 1;
        if (write)
            memcpy(&val, buf, n);
        hvm_mmio_access(s->v, gpa, n, write, &val); /* nobody there: all ones, or dropped */
        if (!write)
            memcpy(buf, &val, n);
        gpa += n;
        buf += n;
        bytes -= n;
    }
}

static int access(struct mmio_state *s, enum x86_seg seg, unsigned long off, void *data,
                  unsigned int bytes, bool write)
{
    unsigned long la;
    u8 *buf = data;
    paddr_t gpas[2];
    int rc = to_linear(s, seg, off, bytes, &la);
    if (rc)
        return rc;
    /* Both pages first, so that a fault on the second leaves the first untouched. */
    unsigned int room = PAGE_SIZE - (la & ~PAGE_MASK), first = bytes < room ? bytes : room;
    rc = to_gpa(s, la, write, &gpas[0]);
    if (!rc && first < bytes)
        rc = to_gpa(s, s->mode == 8 ? la + first : (u32)(la + first), write, &gpas[1]);
    if (rc)
        return rc;
    for (unsigned int i = 0; bytes; i++) {
        unsigned int n = i ? bytes : first;
        p2m_type_t t;
        p2m_lookup(s->v->domain, _gfn(PFN_DOWN(gpas[i])), &t, NULL);
        if (!p2m_has_page(t))
            device_access(s, gpas[i], buf, n, write);
        else if (!write)
            rc = copy_from_guest_phys(s->v->domain, buf, gpas[i], n);
        else if (!p2m_is_readonly(t))
            rc = copy_to_guest_phys(s->v->domain, gpas[i], buf, n);
        if (rc)
            return X86EMUL_UNHANDLEABLE;
        buf += n;
        bytes -= n;
    }
    return X86EMUL_OKAY;
}

static int ops_read(void *ctx, enum x86_seg seg, unsigned long off, void *buf, unsigned int bytes)
{
    return access(ctx, seg, off, buf, bytes, false);
}

static int ops_write(void *ctx, enum x86_seg seg, unsigned long off, const void *buf,
                     unsigned int bytes)
{
    return access(ctx, seg, off, (void *)(uintptr_t)buf, bytes, true);
}

/* The guest's vector registers are in the CPU while its vCPU is current; XMM n is at 160 + 16n. */
struct fxsave_area {
    u8 bytes[512];
} __aligned(16);

static void ops_read_xmm(void *ctx, unsigned int n, void *buf)
{
    struct fxsave_area fx;
    __asm__ volatile("fxsave64 %0" : "=m"(fx));
    memcpy(buf, fx.bytes + 160 + 16 * n, 16);
}

static void ops_write_xmm(void *ctx, unsigned int n, const void *buf)
{
    struct fxsave_area fx;
    __asm__ volatile("fxsave64 %0" : "=m"(fx));
    memcpy(fx.bytes + 160 + 16 * n, buf, 16);
    __asm__ volatile("fxrstor64 %0" ::"m"(fx));
}

static const struct x86_emul_ops mmio_ops = {ops_read, ops_write, ops_read_xmm, ops_write_xmm};

/* Up to 15 bytes at RIP; fewer where the next page is not there. 0: not even one (fault noted). */
static unsigned int fetch(struct mmio_state *s, u8 *bytes)
{
    struct segment_register cs;
    struct vcpu *v = s->v;
    unsigned long la = v->arch.regs.rip, fault_la = 0;
    u32 pfec = PFEC_insn | (hvm_guest_cpl(v) == 3 ? PFEC_user : 0), error = pfec;
    if (s->mode != 8) {
        hvm_get_segment(v, SEG_CS, &cs);
        la = (u32)(cs.base + la);
    }
    unsigned int room = PAGE_SIZE - (la & ~PAGE_MASK);
    unsigned int first = room < X86_MAX_INSN_LEN ? room : X86_MAX_INSN_LEN;
    int rc = guest_linear_read(v, la, bytes, first, &error, &fault_la);
    if (rc) {
        if (rc == 1)
            raise_fault(s, X86_TRAP_PF, error, fault_la);
        return 0;
    }
    error = pfec;
    if (first < X86_MAX_INSN_LEN && !guest_linear_read(v, la + first, bytes + first,
                                                       X86_MAX_INSN_LEN - first, &error, &fault_la))
        first = X86_MAX_INSN_LEN;
    return first;
}

static void inject_fault(struct mmio_state *s)
{
    if (s->fault.vector == X86_TRAP_PF)
        hvm_inject_page_fault(s->v, s->fault.error_code, s->fault.la);
    else
        hvm_inject_exception(s->v, s->fault.vector, s->fault.error_code);
}

int hvm_emulate_mmio(struct vcpu *v, paddr_t gpa, unsigned long gla, bool gla_valid, bool write)
{
    struct mmio_state s = {.v = v, .gpa = gpa, .gla = gla, .gla_valid = gla_valid};
    struct x86_insn insn;
    u8 bytes[X86_MAX_INSN_LEN];
    unsigned int mode = hvm_guest_mode_bytes(v);
    s.mode = mode ? mode : 2;
    unsigned int n = fetch(&s, bytes);
    if (!n) {
        if (s.fault.vector != X86_TRAP_PF)
            return -EOPNOTSUPP;
        inject_fault(&s);
        return 0;
    }
    if (x86_decode(&insn, bytes, n, s.mode))
        return -EOPNOTSUPP;
    struct cpu_regs *regs = &v->arch.regs;
    u64 rip = regs->rip;
    switch (x86_emulate(&insn, regs, s.mode, &mmio_ops, &s)) {
    case X86EMUL_OKAY:
        if (regs->rip != rip) {
            /* RIP's own side effects are in one place. */
            regs->rip = rip;
            hvm_advance_rip(v, insn.len);
        }
        return 0;
    case X86EMUL_EXCEPTION:
        inject_fault(&s);
        return 0;
    default:
        return -EOPNOTSUPP;
    }
}
