/* SPDX-License-Identifier: GPL-2.0-only */
/* Host CPUs: who they are, how they start (arch/x86/cpu). */
#ifndef ASM_CPU_H
#define ASM_CPU_H

#include <xen/types.h>

#define BAD_APIC_ID 0xffffffffU
extern u32 cpu_apic_id[NR_CPUS];

/* MADT: a usable CPU. The boot CPU is number 0 whatever the order. */
void cpu_register(u32 apic_id, u32 acpi_id);
u32 boot_apic_id(void);
unsigned int apic_id_to_cpu(u32 apic_id); /* NR_CPUS: none */
u32 cpu_acpi_id(unsigned int cpu);

void percpu_init_boot(void);
void cpu_init_features(void); /* this CPU: control registers, FPU, %fs */
void smp_prepare(void);       /* after the heap: low memory for the trampoline, maxcpus= */
void smp_boot_cpus(void);
extern paddr_t trampoline_page; /* real-mode start of other CPUs; 0: none. Not to be given away */
void show_machine_check(void);
void smp_call_init(void);
/* Last step of another CPU: its part of the virtualisation and the scheduler, then the loop. */
void start_secondary_cpu(void) __noreturn;

struct cpu_info {
    char vendor[13], brand[49];
    u32 family, model, stepping;
    u32 max_leaf, max_ext_leaf;
    bool amd, intel, hypervisor;
    unsigned int phys_bits;
};
extern struct cpu_info boot_cpu_info;

#endif
