/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Builds the control domain: memory, kernel, ACPI, start info, first vCPU. All of it is written
 * through the direct map, as guest frames are machine frames.
 */
#include <xen/errno.h>
#include <xen/lib.h>
#include <xen/memory.h>
#include <asm/msr.h>
#include "arena.h"
#include "build.h"
#include "kernel.h"

#define ACPI_SPAN 0x40000UL
#define INFO_SPAN 0x10000UL

static int write_ram(void *ctx, u64 gpa, const void *p, size_t n)
{
    struct dom0_build *b = ctx;
    if (gpa < b->kernel_start || gpa >= b->kernel_end || n > b->kernel_end - gpa) {
        printk(XENLOG_ERR "The kernel has something for %#lx, outside of its place\n", gpa);
        return -EINVAL;
    }
    if (p)
        memcpy(maddr_to_virt(gpa), p, n);
    else
        memset(maddr_to_virt(gpa), 0, n);
    return 0;
}

/* The decompressors are compiled for user space: they use SSE, and expect nobody below the stack.
 */
static int load_kernel(struct dom0_build *b, struct kernel_info *info)
{
    unsigned long flags = local_irq_save(), cr0 = read_cr0(), cr4 = read_cr4();
    write_cr0(cr0 & ~(CR0_TS | CR0_EM));
    write_cr4(cr4 | CR4_OSFXSR | CR4_OSXMMEXCPT);
    dom0_arena_set(maddr_to_virt(b->scratch), b->scratch_size);
    int rc = kernel_load(maddr_to_virt(b->image), b->image_size, write_ram, b, info);
    memset(maddr_to_virt(b->scratch), 0, dom0_arena_used());
    dom0_arena_set(NULL, 0);
    write_cr4(cr4);
    write_cr0(cr0);
    local_irq_restore(flags);
    if (rc)
        printk(XENLOG_ERR "Cannot load the control domain's kernel: error %d\n", rc);
    else
        printk("Kernel: %s, %lu-bit, %#lx-%#lx, entry %#lx\n", info->format,
               info->is_64bit ? 64UL : 32UL, info->start, info->end, info->entry);
    return rc;
}

static int build_acpi(struct dom0_build *b, u64 gpa)
{
    const struct dom0_acpi_input in = {acpi_tables, acpi_nr_tables, b->d->max_vcpus};
    const char *why;
    size_t used = dom0_acpi_build(maddr_to_virt(gpa), ACPI_SPAN, gpa, &in, &why);
    if (!used)
        printk(XENLOG_ERR "No ACPI tables for the control domain: %s\n", why);
    return used ? 0 : -EINVAL;
}

static int set_memory_map(struct domain *d, const struct e820_map *map)
{
    struct xen_e820_entry *e = xzalloc_array(struct xen_e820_entry, map->nr);
    if (!e)
        return -ENOMEM;
    for (unsigned int i = 0; i < map->nr; i++) {
        e[i].addr = map->range[i].addr;
        e[i].size = map->range[i].size;
        e[i].type = map->range[i].type;
    }
    return domain_set_memory_map(d, e, map->nr);
}

/* The PVH entry state: 32-bit protected mode, flat, no paging, EBX = start info. */
static void set_entry_state(struct vcpu *v, u64 entry, u64 start_info)
{
    static const struct segment_register code = {.sel = 0x08, .attr = 0xc9b, .limit = ~0U};
    static const struct segment_register data = {.sel = 0x10, .attr = 0xc93, .limit = ~0U};
    static const struct segment_register tss = {.attr = 0x08b, .limit = 0x67};
    static const struct segment_register null = {.attr = 0};
    for (enum x86_seg s = SEG_ES; s < SEG_NR; s++)
        hvm_vendor->set_segment(v, s,
                                s == SEG_CS   ? &code
                                : s <= SEG_GS ? &data
                                : s == SEG_TR ? &tss
                                              : &null);
    memset(&v->arch.regs, 0, sizeof(v->arch.regs));
    v->arch.regs.rip = entry;
    v->arch.regs.rbx = start_info;
    v->arch.regs.rflags = 2;
    hvm_vendor->set_cr(v, 0, CR0_PE | CR0_ET);
    hvm_vendor->set_cr(v, 4, 0);
}

static int finish(struct dom0_build *b, const struct kernel_info *info, const char *cmdline)
{
    static struct e820_map map;
    /* Behind the kernel: start info (ordinary RAM, read early), then the tables at the end. */
    u64 start_info = ROUNDUP(info->end, PAGE_SIZE), acpi = b->kernel_end - ACPI_SPAN;
    if (start_info + INFO_SPAN > acpi) {
        printk(XENLOG_ERR "No room behind the kernel for its start info\n");
        return -ENOMEM;
    }
    int rc = build_acpi(b, acpi);
    if (!rc)
        rc = dom0_build_e820(&e820, &b->ram, acpi, ACPI_SPAN, &map);
    if (!rc)
        rc = set_memory_map(b->d, &map);
    if (rc)
        return rc;
    if (!dom0_start_info(maddr_to_virt(start_info), INFO_SPAN, start_info, cmdline, b->initrd,
                         b->initrd_size, acpi, &map))
        return -E2BIG;
    set_entry_state(b->d->vcpu[0], info->entry, start_info);
    return 0;
}

/*
 * Stage-2 tables for the window through which it will map guests' memory: set aside now, so that
 * the first guest takes no more of the free memory than any other. 64 cover 100 MiB of mappings.
 */
#define MAPPING_TABLES 64

int __init dom0_build_pvh(struct domain *d, const struct boot_module *kernel,
                          const struct boot_module *initrd, const char *cmdline)
{
    static struct dom0_build b;
    struct kernel_info info;
    b.d = d;
    int rc = dom0_alloc_memory(&b, kernel, initrd);
    if (!rc)
        rc = dom0_map_memory(&b);
    if (!rc)
        rc = dom0_map_mmio(d);
    if (!rc)
        rc = p2m_reserve_tables(d, MAPPING_TABLES);
    if (!rc)
        rc = load_kernel(&b, &info);
    if (!rc)
        rc = finish(&b, &info, cmdline);
    if (rc)
        return rc;
    printk("Control domain: %u MiB in %u pieces, %u vCPUs, initrd %zu KiB\n", d->tot_pages >> 8,
           b.ram.nr, d->max_vcpus, b.initrd_size >> 10);
    return 0;
}
