/* SPDX-License-Identifier: GPL-2.0-only */
/* Firmware's ACPI tables (ACPI 6.4), checked: length inside its bounds, checksum right. */
#ifndef XEN_ACPI_H
#define XEN_ACPI_H

#include <xen/types.h>

struct acpi_header {
    char signature[4];
    u32 length;
    u8 revision, checksum;
    char oem_id[6], oem_table_id[8];
    u32 oem_revision;
    char creator_id[4];
    u32 creator_revision;
} __packed;

struct acpi_rsdp {
    char signature[8];
    u8 checksum;
    char oem_id[6];
    u8 revision;
    u32 rsdt;
    u32 length;
    u64 xsdt;
    u8 ext_checksum, reserved[3];
} __packed;

struct acpi_gas {
    u8 space; /* 0 memory, 1 I/O port */
    u8 bits, offset, access;
    u64 address;
} __packed;

struct acpi_fadt {
    struct acpi_header header;
    u32 facs, dsdt;
    u8 reserved0, profile;
    u16 sci_irq;
    u32 smi_cmd;
    u8 acpi_enable, acpi_disable, s4bios_req, pstate_cnt;
    u32 pm1a_evt, pm1b_evt, pm1a_cnt, pm1b_cnt, pm2_cnt, pm_tmr, gpe0, gpe1;
    u8 pm1_evt_len, pm1_cnt_len, pm2_cnt_len, pm_tmr_len, gpe0_len, gpe1_len, gpe1_base, cst_cnt;
    u16 p_lvl2_lat, p_lvl3_lat, flush_size, flush_stride;
    u8 duty_offset, duty_width, day_alarm, month_alarm, century;
    u16 boot_flags;
    u8 reserved1;
    u32 flags;
    struct acpi_gas reset_reg;
    u8 reset_value;
    u16 arm_flags;
    u8 minor;
    u64 x_facs, x_dsdt;
    struct acpi_gas x_pm1a_evt, x_pm1b_evt, x_pm1a_cnt, x_pm1b_cnt, x_pm2_cnt, x_pm_tmr, x_gpe0,
        x_gpe1;
    struct acpi_gas sleep_control, sleep_status;
} __packed;
#define FADT_TMR_VAL_EXT (1U << 8)
#define FADT_RESET_REG   (1U << 10)
#define FADT_HW_REDUCED  (1U << 20)

struct acpi_table {
    paddr_t address;
    const struct acpi_header *header; /* mapped for good */
};
#define ACPI_MAX_TABLES 64
extern struct acpi_table acpi_tables[ACPI_MAX_TABLES]; /* of the XSDT, or the RSDT */
extern unsigned int acpi_nr_tables;
extern paddr_t acpi_rsdp_address;  /* 0: there is no ACPI, or only the loader's copy of the RSDP */
extern struct acpi_rsdp acpi_rsdp; /* a copy; all 0: there is no ACPI */

void acpi_init(void);
/* The first table of this name, or NULL. A revision 1 FADT is shorter than struct acpi_fadt. */
const struct acpi_header *acpi_find_table(const char *signature);
/* A copy, zero-extended; all zero: there is none. */
extern struct acpi_fadt acpi_fadt;

/* --- MADT --- */
#define MAX_IOAPICS 64
struct madt_ioapic {
    u32 id, gsi_base;
    paddr_t address;
};
struct madt_override { /* of ISA interrupt @irq */
    u8 irq;
    u16 flags; /* polarity 1:0 (1 high, 3 low), trigger 3:2 (1 edge, 3 level) */
    u32 gsi;
};
extern struct madt_ioapic madt_ioapics[MAX_IOAPICS];
extern unsigned int madt_nr_ioapics;
extern struct madt_override madt_overrides[16];
extern unsigned int madt_nr_overrides;
extern paddr_t madt_lapic_address;
void madt_init(void); /* also: possible CPUs and their APIC ids */

void numa_init(void);

#endif
