/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hardware-virtualised vCPUs. The vendor back ends (svm/, vmx/) translate between their control
 * blocks and what is here; hvm/ decides. Everything a back end must supply is in struct hvm_vendor.
 */
#ifndef ASM_HVM_HVM_H
#define ASM_HVM_HVM_H

#include <xen/types.h>
#include <asm/regs.h>
#include <asm/hvm/exit.h>

struct vcpu;
struct domain;

enum x86_seg {
    SEG_ES,
    SEG_CS,
    SEG_SS,
    SEG_DS,
    SEG_FS,
    SEG_GS,
    SEG_LDTR,
    SEG_TR,
    SEG_GDTR,
    SEG_IDTR,
    SEG_NR
};

/* A segment register; attr in the VMCB's 12-bit packing: type 3:0, S 4, DPL 6:5, P 7, AVL 8, L 9,
 * D/B 10, G 11. */
struct segment_register {
    u16 sel, attr;
    u32 limit;
    u64 base;
};

struct hvm_vendor {
    const char *name;
    const struct p2m_format *p2m_format;
    u8 hypercall_insn[3]; /* what the hypercall page's stubs execute */
    int (*cpu_up)(void);  /* this CPU; interrupts off */
    void (*cpu_down)(void);
    int (*domain_init)(struct domain *d);
    void (*domain_destroy)(struct domain *d);
    int (*vcpu_init)(struct vcpu *v);
    void (*vcpu_destroy)(struct vcpu *v);
    void (*ctxt_switch_from)(
        struct vcpu *v); /* state that lives in this CPU's registers -> memory */
    void (*ctxt_switch_to)(struct vcpu *v);
    /*
     * Enters the guest and returns at its next exit, decoded. Called with interrupts off (host),
     * returns with them on. An event whose delivery the exit interrupted, and that would not come
     * again by itself, is in v->arch.hvm.pending_event.
     */
    void (*run)(struct vcpu *v, struct vm_exit *exit);
    void (*get_segment)(struct vcpu *v, enum x86_seg s, struct segment_register *r);
    void (*set_segment)(struct vcpu *v, enum x86_seg s, const struct segment_register *r);
    u64 (*get_cr)(struct vcpu *v, unsigned int n);           /* what the guest sees: 0, 2, 3, 4 */
    void (*set_cr)(struct vcpu *v, unsigned int n, u64 val); /* checked before */
    u64 (*get_efer)(struct vcpu *v);                         /* what the guest sees, LMA included */
    void (*set_efer)(struct vcpu *v, u64 efer);
    unsigned int (*get_cpl)(struct vcpu *v);
    int (*msr_read)(struct vcpu *v, u32 msr, u64 *val); /* -ENOENT: not kept by the back end */
    int (*msr_write)(struct vcpu *v, u32 msr, u64 val);
    void (*get_dr67)(struct vcpu *v, u64 *dr6, u64 *dr7);
    void (*set_dr67)(struct vcpu *v, u64 dr6, u64 dr7);
    u32 (*get_interrupt_shadow)(struct vcpu *v);
    void (*set_interrupt_shadow)(struct vcpu *v, u32 s);
    /* At the next entry: an exception or NMI (HVM_EVENT_*). */
    void (*inject)(struct vcpu *v, u8 vector, u8 type, s32 error_code);
    /*
     * External interrupts: offers @vector (-1: none) for the next entry; delivered as soon as the
     * guest can take it. The exit says whether it was (exit->irq_taken); an offer ends there.
     */
    void (*offer_irq)(struct vcpu *v, int vector);
    bool (*event_pending)(struct vcpu *v);
    void (*dr_access)(
        struct vcpu *v); /* EXIT_DR: gives the guest its debug registers; it tries again */
    void (*nmi_injected)(
        struct vcpu *v); /* tell (nmi_masked = false) when the guest's handler ends */
    /* CR operand and register of the MOV CR that exited, where the exit did not tell; false: no
     * such. */
    bool (*decode_mov_cr)(struct vcpu *v, u8 *cr, u8 *gpr);
    void (*set_tsc_offset)(struct vcpu *v, u64 offset);
    void (*set_rdtsc_exiting)(struct vcpu *v, bool on);
    void (*flush_guest_tlb)(struct vcpu *v); /* before its next entry */
    unsigned int (*insn_length)(
        struct vcpu *v); /* of the instruction that exited, where hardware tells; else 0 */
    /* After EXIT_ENTRY_FAILED: what is wrong with the vCPU's state, in words, or NULL. */
    const char *(*entry_failure)(struct vcpu *v);
    void (*dump)(struct vcpu *v);
};
/* Event types as AMD and Intel both number them. */
#define HVM_EVENT_INTERRUPT 0
#define HVM_EVENT_NMI       2
#define HVM_EVENT_EXCEPTION 3
#define HVM_EVENT_SOFTWARE  4

extern const struct hvm_vendor *hvm_vendor;
extern const struct hvm_vendor svm_vendor;
int hvm_detect(void); /* sets hvm_vendor; -ENODEV with a logged reason */
/* Every CPU after hvm_detect(), interrupts off: virtualisation and XSAVE on. 0 or -errno, logged.
 */
int hvm_cpu_up(void);
void hvm_cpu_down(void);

int hvm_domain_init(struct domain *d);
void hvm_domain_destroy(struct domain *d);
int hvm_vcpu_init(struct vcpu *v);
void hvm_vcpu_destroy(struct vcpu *v);
/* Enters and handles exits of current until a softirq is pending. Interrupts on. */
void hvm_run_current(struct vcpu *v);
void hvm_ctxt_switch_from(struct vcpu *v);
void hvm_ctxt_switch_to(struct vcpu *v);

static inline u64 hvm_get_cr(struct vcpu *v, unsigned int n)
{
    return hvm_vendor->get_cr(v, n);
}
static inline void hvm_get_segment(struct vcpu *v, enum x86_seg s, struct segment_register *r)
{
    hvm_vendor->get_segment(v, s, r);
}
unsigned int hvm_guest_mode_bytes(struct vcpu *v); /* 2, 4 or 8: code size; 0: real mode */
static inline unsigned int hvm_guest_cpl(struct vcpu *v)
{
    return hvm_vendor->get_cpl(v);
}
bool hvm_long_mode_active(struct vcpu *v);
void hvm_inject_exception(struct vcpu *v, u8 vector, s32 error_code);
void hvm_inject_page_fault(struct vcpu *v, u32 pfec, unsigned long la);
void hvm_inject_nmi(struct vcpu *v);
/* Is there something a halted vCPU must wake up for? Any context. */
bool hvm_vcpu_has_event(struct vcpu *v);
/* Up to @n bytes of code at CS:RIP; returns how many could be read. */
unsigned int hvm_fetch_insn(struct vcpu *v, u8 *buf, unsigned int n);
/* Guest MSRs and CPUID: X86EMUL-like: 0 done, 1 #GP is due. */
int hvm_msr_read(struct vcpu *v, u32 msr, u64 *val);
int hvm_msr_write(struct vcpu *v, u32 msr, u64 val);
int hvm_set_cr0(struct vcpu *v, u64 val);
int hvm_set_cr3(struct vcpu *v, u64 val);
int hvm_set_cr4(struct vcpu *v, u64 val);
int hvm_set_efer(struct vcpu *v, u64 val);
/* CR4 bits that this host's CPUs know, and those that @v's CPU policy lets it set. */
u64 hvm_host_cr4_valid(void);
u64 hvm_guest_cr4_valid(struct vcpu *v);
/* Skips the instruction of @len bytes: RIP, RF, interrupt shadow. */
void hvm_advance_rip(struct vcpu *v, unsigned int len);
/* A real-mode start at vector << 12 (SIPI), and INIT. */
void hvm_vcpu_reset_state(struct vcpu *v, u16 cs, u16 ip);
/* Time as the guest sees it. */
u64 hvm_get_guest_tsc(struct vcpu *v);
void hvm_set_guest_tsc(struct vcpu *v, u64 tsc);
/*
 * XEN_DOMCTL_settscinfo, @d paused: how RDTSC works from now on (XEN_CPUID_TSC_MODE_*), at which
 * frequency (0: the machine's), and how old the guest is. 0 or -EINVAL.
 */
int hvm_set_tsc_info(struct domain *d, u32 mode, u32 khz, u64 elapsed_ns, u32 incarnation);
/* hvm/params.c: HVMOP_get/set_param on behalf of do_hvm_op and domctls. */
int hvm_get_param(struct domain *d, u32 index, u64 *value);
int hvm_set_param(struct domain *d, u32 index, u64 value);
/* The upcall: a vector per vCPU, or the HVM_PARAM_CALLBACK_IRQ kind. Raises or clears as needed. */
void hvm_assert_evtchn_upcall(struct vcpu *v);
/* hvm/context.c: XEN_DOMCTL_{get,set}hvmcontext(_partial). */
struct hvm_context_buf {
    u8 *data;
    u32 size, cur;
};
int hvm_save(struct domain *d, struct hvm_context_buf *h);
int hvm_load(struct domain *d, struct hvm_context_buf *h);
u32 hvm_save_size(struct domain *d);
int hvm_save_one(struct domain *d, u16 type, u16 instance, void *buf, u64 *size);

/* MMIO and port accesses of a guest that the hypervisor itself answers. */
struct hvm_io_handler {
    bool (*accepts)(struct vcpu *v, u64 addr);
    int (*read)(struct vcpu *v, u64 addr, unsigned int size, u64 *val);
    int (*write)(struct vcpu *v, u64 addr, unsigned int size, u64 val);
};
/* 0 done; -ENODEV nobody answers (reads as all ones, writes dropped; control domain: passed to
 * hardware where it owns it). */
int hvm_mmio_access(struct vcpu *v, paddr_t gpa, unsigned int size, bool write, u64 *val);
int hvm_port_access(struct vcpu *v, u16 port, unsigned int size, bool write, u32 *val);
/* emulate/: decodes the instruction at RIP that faulted on @gpa and carries it out. 0 done (RIP
 * advanced, or an exception injected); -EOPNOTSUPP: an instruction it does not know (bytes logged
 * by the caller). */
int hvm_emulate_mmio(struct vcpu *v, paddr_t gpa, unsigned long gla, bool gla_valid, bool write);

#endif
