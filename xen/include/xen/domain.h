/* SPDX-License-Identifier: GPL-2.0-only */
/* Between the files of common/domain. */
#ifndef XEN_DOMAIN_H
#define XEN_DOMAIN_H

#include <xen/sched.h>

#define HVM_MAX_VCPUS 128

struct domain *system_domain_create(domid_t domid, unsigned int max_vcpus);
void domain_free_later(struct domain *d);
/* The control domain stopped: power off, reboot, or stay, as the command line says. */
void hwdom_shutdown(int reason) __noreturn;

void vcpu_timers_init(struct vcpu *v);
void vcpu_timers_kill(struct vcpu *v);
/* VCPUOP_register_vcpu_info: 0, -EINVAL, -EBUSY, -ENOMEM. */
int map_vcpu_info(struct vcpu *v, unsigned long gfn, unsigned int offset);
void unmap_vcpu_info(struct vcpu *v);

int watchdog_domain_init(struct domain *d);
void watchdog_domain_destroy(struct domain *d);
long domain_watchdog(struct domain *d, u32 id, u32 timeout);

#endif
