/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Virtual IOAPICs (Intel 82093AA). The control domain's mirror the host's: the first time it
 * unmasks a pin, that pin's real GSI is bound to it with the trigger and polarity that the domain
 * chose. A real level-triggered line stays masked at the host from its interrupt to the domain's
 * EOI, so the domain cannot be flooded and the host needs no second EOI protocol.
 */
#include <xen/bitmap.h>
#include <xen/errno.h>
#include <xen/lib.h>
#include <xen/mm.h>
#include <xen/sched.h>
#include <asm/io_apic.h>

#define IOREGSEL        0x00
#define IOWIN           0x10
#define IOEOI           0x40
#define REG_ID          0x00
#define REG_VERSION     0x01
#define REG_ARB         0x02
#define REG_REDIR       0x10
#define VIOAPIC_SIZE    0x1000
#define VIOAPIC_VERSION 0x20 /* has the EOI register */

/* What the guest may change: not delivery status (12) and not remote IRR (14). */
#define REDIR_WRITABLE_LOW  0x0001afffU
#define REDIR_WRITABLE_HIGH 0xff000000U

enum { DM_FIXED, DM_LOWEST, DM_NMI = 4 };

/*
 * Protects redir, line, remote IRR of all IOAPICs of the domain. Taken with interrupts off: lines
 * change in interrupt handlers. No call to the host's GSI code is made under it.
 */
static spinlock_t *lock_of(struct domain *d)
{
    return &d->arch.hvm.vioapic_lock;
}

static struct vioapic *by_address(struct domain *d, u64 gpa)
{
    for (unsigned int i = 0; i < d->arch.hvm.nr_vioapics; i++)
        if ((gpa & PAGE_MASK) == (d->arch.hvm.vioapic[i].base & PAGE_MASK))
            return &d->arch.hvm.vioapic[i];
    return NULL;
}

static struct vioapic *by_gsi(struct domain *d, unsigned int gsi)
{
    for (unsigned int i = 0; i < d->arch.hvm.nr_vioapics; i++) {
        struct vioapic *io = &d->arch.hvm.vioapic[i];
        if (gsi >= io->gsi_base && gsi - io->gsi_base < io->nr_pins)
            return io;
    }
    return NULL;
}

/* Sends the pin's message if it is due. Lock held. */
static void pin_deliver(struct vioapic *io, unsigned int pin)
{
    union vioapic_redir *r = &io->redir[pin];
    if (r->mask || (r->trig_mode && r->remote_irr))
        return;
    bool level = r->trig_mode;
    if (level && (r->delivery_mode == DM_FIXED || r->delivery_mode == DM_LOWEST))
        r->remote_irr = 1;
    vlapic_deliver_msg(io->domain, r->dest_id, r->dest_mode, r->delivery_mode, r->vector, level);
}

void vioapic_set_gsi(struct domain *d, unsigned int gsi, bool level)
{
    struct vioapic *io = by_gsi(d, gsi);
    unsigned long flags;
    if (!io)
        return;
    unsigned int pin = gsi - io->gsi_base;
    spin_lock_irqsave(lock_of(d), flags);
    bool rising = level && !io->line[pin];
    io->line[pin] = level;
    if (io->redir[pin].trig_mode ? level : rising)
        pin_deliver(io, pin);
    spin_unlock_irqrestore(lock_of(d), flags);
}

void vioapic_pulse_gsi(struct domain *d, unsigned int gsi)
{
    vioapic_set_gsi(d, gsi, true);
    vioapic_set_gsi(d, gsi, false);
}

/*
 * Ends service of the pins for which @match holds. The real line is opened again by the host's EOI
 * only: if its device still asserts it, it interrupts again, so our own line level is dropped here.
 */
static void eoi_pins(struct domain *d, struct vioapic *io, u8 vector)
{
    unsigned long flags;
    for (unsigned int pin = 0; pin < io->nr_pins; pin++) {
        union vioapic_redir *r = &io->redir[pin];
        if (r->vector != vector || !r->remote_irr)
            continue;
        bool host_owned;
        spin_lock_irqsave(lock_of(d), flags);
        r->remote_irr = 0;
        host_owned = test_bit(pin, io->host_bound);
        if (host_owned)
            io->line[pin] = false;
        else if (io->line[pin])
            pin_deliver(io, pin);
        spin_unlock_irqrestore(lock_of(d), flags);
        if (host_owned)
            host_gsi_eoi(io->gsi_base + pin);
    }
}

void vioapic_eoi(struct domain *d, u8 vector)
{
    for (unsigned int i = 0; i < d->arch.hvm.nr_vioapics; i++)
        eoi_pins(d, &d->arch.hvm.vioapic[i], vector);
}

/* Binds or rebinds the real GSI behind a pin that the control domain has unmasked. */
static void bind_host(struct vioapic *io, unsigned int pin, union vioapic_redir old,
                      union vioapic_redir new)
{
    unsigned int gsi = io->gsi_base + pin;
    bool changed = old.trig_mode != new.trig_mode || old.polarity != new.polarity;
    if (new.mask)
        return;
    if (test_bit(pin, io->host_bound)) {
        if (!changed)
            return;
        host_gsi_unbind(gsi);
        clear_bit(pin, io->host_bound);
    }
    int rc = host_gsi_bind(gsi, new.trig_mode, new.polarity, io->domain);
    if (rc == 0)
        set_bit(pin, io->host_bound);
    else if (rc != -EBUSY) /* busy: the hypervisor's own, its console for one; the guest polls */
        gprintk(XENLOG_WARNING, "GSI %u cannot be given to the control domain: error %d\n", gsi,
                rc);
}

static void write_redir(struct vioapic *io, unsigned int index, u32 val)
{
    struct domain *d = io->domain;
    unsigned int pin = index / 2;
    unsigned long flags;
    if (pin >= io->nr_pins)
        return;
    spin_lock_irqsave(lock_of(d), flags);
    union vioapic_redir old = io->redir[pin], new = old;
    if (index & 1)
        new.bits = (old.bits & 0xffffffffU) | (u64)(val & REDIR_WRITABLE_HIGH) << 32;
    else
        new.bits = (old.bits & ~(u64)REDIR_WRITABLE_LOW) | (val & REDIR_WRITABLE_LOW);
    bool dropped = new.remote_irr && !new.trig_mode;
    if (!new.trig_mode)
        new.remote_irr = 0; /* how Linux clears a stuck one: to edge and back */
    io->redir[pin] = new;
    spin_unlock_irqrestore(lock_of(d), flags);

    if (dropped && test_bit(pin, io->host_bound)) {
        io->line[pin] = false;
        host_gsi_eoi(io->gsi_base + pin);
    }
    if (!(index & 1))
        bind_host(io, pin, old, new);

    spin_lock_irqsave(lock_of(d), flags);
    if (io->redir[pin].trig_mode && io->line[pin] && !io->redir[pin].mask)
        pin_deliver(io, pin);
    spin_unlock_irqrestore(lock_of(d), flags);
}

static u32 read_register(struct vioapic *io)
{
    switch (io->ioregsel) {
    case REG_ID:
    case REG_ARB:
        return (u32)io->id << 24;
    case REG_VERSION:
        return VIOAPIC_VERSION | (io->nr_pins - 1) << 16;
    }
    unsigned int index = io->ioregsel - REG_REDIR;
    if (io->ioregsel < REG_REDIR || index / 2 >= io->nr_pins)
        return 0xffffffffU;
    return io->redir[index / 2].bits >> (index & 1 ? 32 : 0);
}

bool vioapic_mmio_accepts(struct vcpu *v, u64 gpa)
{
    return by_address(v->domain, gpa) != NULL;
}

int vioapic_mmio_read(struct vcpu *v, u64 gpa, unsigned int size, u64 *val)
{
    struct vioapic *io = by_address(v->domain, gpa);
    *val = 0;
    if (!io)
        return -ENODEV;
    unsigned int off = (gpa - io->base) & 0xff;
    if (off == IOREGSEL)
        *val = io->ioregsel;
    else if (off == IOWIN)
        *val = read_register(io);
    return 0;
}

int vioapic_mmio_write(struct vcpu *v, u64 gpa, unsigned int size, u64 val)
{
    struct vioapic *io = by_address(v->domain, gpa);
    if (!io)
        return -ENODEV;
    unsigned int off = (gpa - io->base) & 0xff;
    if (off == IOREGSEL)
        io->ioregsel = val;
    else if (off == IOWIN && io->ioregsel == REG_ID)
        io->id = (val >> 24) & 0xf;
    else if (off == IOWIN && io->ioregsel >= REG_REDIR)
        write_redir(io, io->ioregsel - REG_REDIR, val);
    else if (off == IOEOI)
        eoi_pins(v->domain, io, val);
    return 0;
}

int vioapic_init(struct domain *d)
{
    spin_lock_init(lock_of(d));
    /* hardware_domain is not set yet while it is created. */
    if (!is_control_domain(d) || d->domain_id != 0 || !nr_host_ioapics)
        return 0;
    struct vioapic *io = xzalloc_array(struct vioapic, nr_host_ioapics);
    if (!io)
        return -ENOMEM;
    for (unsigned int i = 0; i < nr_host_ioapics; i++) {
        const struct host_ioapic *h = &host_ioapics[i];
        io[i].domain = d;
        io[i].base = h->base;
        io[i].gsi_base = h->gsi_base;
        io[i].nr_pins = h->nr_pins < VIOAPIC_MAX_PINS ? h->nr_pins : VIOAPIC_MAX_PINS;
        io[i].id = h->id;
        for (unsigned int pin = 0; pin < io[i].nr_pins; pin++)
            io[i].redir[pin].mask = 1;
    }
    d->arch.hvm.vioapic = io;
    d->arch.hvm.nr_vioapics = nr_host_ioapics;
    return 0;
}

void vioapic_destroy(struct domain *d)
{
    for (unsigned int i = 0; i < d->arch.hvm.nr_vioapics; i++) {
        struct vioapic *io = &d->arch.hvm.vioapic[i];
        for (unsigned int pin = 0; pin < io->nr_pins; pin++)
            if (test_and_clear_bit(pin, io->host_bound))
                host_gsi_unbind(io->gsi_base + pin);
    }
    d->arch.hvm.nr_vioapics = 0;
    XFREE(d->arch.hvm.vioapic);
}
