/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Virtual IOAPICs. The control domain has one for each real one, at the same address with the same
 * GSIs; a pin that it programs is bound to the real GSI (real line masked until the guest's EOI for
 * level-triggered ones). Intel 82093AA datasheet.
 */
#ifndef ASM_HVM_VIOAPIC_H
#define ASM_HVM_VIOAPIC_H

#include <xen/bitmap.h>
#include <xen/types.h>
#include <xen/spinlock.h>

struct vcpu;
struct domain;

#define VIOAPIC_MAX_PINS 240
union vioapic_redir {
    u64 bits;
    struct {
        u8 vector;
        u8 delivery_mode : 3, dest_mode : 1, delivery_status : 1, polarity : 1, remote_irr : 1,
            trig_mode : 1;
        u8 mask : 1, reserve : 7;
        u8 reserved[4];
        u8 dest_id;
    };
};
struct vioapic {
    struct domain *domain;
    u64 base;
    u32 gsi_base, nr_pins;
    u8 id, ioregsel;
    union vioapic_redir redir[VIOAPIC_MAX_PINS];
    bool line[VIOAPIC_MAX_PINS];                               /* level as asserted */
    unsigned long host_bound[BITS_TO_LONGS(VIOAPIC_MAX_PINS)]; /* pins that have their real GSI */
};

int vioapic_init(
    struct domain *d); /* from the host's IOAPICs for the control domain; none for PVH guests */
void vioapic_destroy(struct domain *d);
bool vioapic_mmio_accepts(struct vcpu *v, u64 gpa);
int vioapic_mmio_read(struct vcpu *v, u64 gpa, unsigned int size, u64 *val);
int vioapic_mmio_write(struct vcpu *v, u64 gpa, unsigned int size, u64 val);
/* Line of a GSI changes (real interrupt, or an emulated device). Any context. */
void vioapic_set_gsi(struct domain *d, unsigned int gsi, bool level);
void vioapic_pulse_gsi(struct domain *d, unsigned int gsi); /* edge */
/* The guest's EOI of a level-triggered @vector. */
void vioapic_eoi(struct domain *d, u8 vector);

/* Host side, supplied by irq/: real GSI handling for the control domain. */
int host_gsi_bind(unsigned int gsi, bool level, bool active_low,
                  struct domain *d); /* 0, -EBUSY, -EINVAL */
void host_gsi_unbind(unsigned int gsi);
void host_gsi_eoi(unsigned int gsi); /* lets a level-triggered one come again */

#endif
