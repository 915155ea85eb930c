/* SPDX-License-Identifier: GPL-2.0-only */
/* Defaults and checks of a configuration, before anything is done with it. */
#include <inttypes.h>
#include <stdlib.h>

#include "build/cpuid.h"
#include "device/device.h"
#include "domain/internal.h"
#include "util/mem.h"

#define MAX_VCPUS 128 /* of a hardware virtualised domain */

struct check {
    libxl_ctx *ctx;
    int faults;
    char *first;
};

static void fault(struct check *k, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void fault(struct check *k, const char *fmt, ...)
{
    va_list al;
    char *text;

    va_start(al, fmt);
    text = libxl__vsprintf(fmt, al);
    va_end(al);
    LOG(k->ctx, ERROR, "configuration: %s", text);
    if (k->faults++)
        free(text);
    else
        k->first = text;
}

static void check_identity(struct check *k, libxl_domain_create_info *c)
{
    if (!c->name || !*c->name)
        fault(k, "the domain has no name");
    else if (strchr(c->name, '/'))
        fault(k, "the name \"%s\" contains a slash", c->name);
    else if (!c->name[strspn(c->name, "0123456789")])
        fault(k, "the name \"%s\" is a number, which would be mistaken for a domain's", c->name);
    if (libxl_uuid_is_nil(&c->uuid))
        libxl_uuid_generate(&c->uuid);
    if (c->type == LIBXL_DOMAIN_TYPE_INVALID)
        c->type = LIBXL_DOMAIN_TYPE_PVH;
    if (c->type != LIBXL_DOMAIN_TYPE_PVH)
        fault(k, "type %s: only pvh guests can be built", libxl_domain_type_to_string(c->type));
    libxl_defbool_setdefault(&c->hap, true);
    if (!libxl_defbool_val(c->hap))
        fault(k, "hap=0: guests need hardware assisted paging");
    libxl_defbool_setdefault(&c->run_hotplug_scripts, true);
    if (c->passthrough > LIBXL_PASSTHROUGH_DISABLED)
        fault(k, "passthrough: devices cannot be handed to pvh guests");
    c->passthrough = LIBXL_PASSTHROUGH_DISABLED;
    if (c->domid == INVALID_DOMID || c->domid == INVALID_DOMID - 1)
        c->domid = 0;
    if (c->domid && !libxl_domid_valid_guest(c->domid))
        fault(k, "domid %u: a guest's number is 1 to 32751", c->domid);
}

static void check_memory(struct check *k, libxl_domain_build_info *b)
{
    if (b->max_memkb == LIBXL_MEMKB_DEFAULT)
        b->max_memkb = b->target_memkb;
    if (b->target_memkb == LIBXL_MEMKB_DEFAULT)
        b->target_memkb = b->max_memkb;
    if (b->max_memkb == LIBXL_MEMKB_DEFAULT) {
        b->max_memkb = b->target_memkb = 32 * 1024;
        fault(k, "the memory's size is not given");
    }
    if (b->target_memkb > b->max_memkb)
        fault(k, "memory (%" PRIu64 " KiB) is more than maxmem (%" PRIu64 " KiB)", b->target_memkb,
              b->max_memkb);
    b->video_memkb = 0;
    /* Page tables of stage two: 2 KiB per MiB is what memory needs if all of it is mapped in 4 KiB
     * pages; the rest is for what guests map elsewhere, and per vCPU. */
    if (b->shadow_memkb == LIBXL_MEMKB_DEFAULT)
        b->shadow_memkb = 1024 + 256 * (uint64_t)b->max_vcpus + 2 * (b->max_memkb >> 10);
    b->iommu_memkb = 0;
    libxl_defbool_setdefault(&b->claim_mode, true);
}

static void check_vcpus(struct check *k, libxl_domain_build_info *b)
{
    if (b->max_vcpus < 1)
        b->max_vcpus = 1;
    if (b->max_vcpus > MAX_VCPUS)
        fault(k, "%d vCPUs: at most %d are possible", b->max_vcpus, MAX_VCPUS);
    if (!b->avail_vcpus.size) {
        libxl_bitmap_alloc(k->ctx, &b->avail_vcpus, b->max_vcpus);
        for (int i = 0; i < b->max_vcpus; i++)
            libxl_bitmap_set(&b->avail_vcpus, i);
    }
    if (!libxl_bitmap_test(&b->avail_vcpus, 0))
        fault(k, "vCPU 0 must be online at the start");
    if (b->num_vcpu_hard_affinity > b->max_vcpus || b->num_vcpu_soft_affinity > b->max_vcpus)
        fault(k, "CPU affinity is given for more vCPUs than there are (%d)", b->max_vcpus);
    for (char **t = (char **)b->cpuid; t && *t; t++) {
        char *wrong = cpuid_apply(*t, NULL, 0);

        if (wrong)
            fault(k, "cpuid: %s", wrong);
        free(wrong);
    }
}

/* What a configuration may ask for, but nobody here provides: said instead of silently left out. */
static void check_absent(struct check *k, const libxl_domain_config *c)
{
    const struct {
        int asked;
        const char *what;
    } absent[] = {
        {c->num_pcidevs, "pci"},
        {c->num_rdms, "rdm"},
        {c->num_dtdevs, "dtdev"},
        {c->num_vfbs, "vfb"},
        {c->num_vkbs, "vkb"},
        {c->num_vtpms, "vtpm"},
        {c->num_p9s, "p9"},
        {c->num_pvcallsifs, "pvcalls"},
        {c->num_channels, "channel"},
        {c->num_usbctrls, "usbctrl"},
        {c->num_usbdevs, "usbdev"},
        {c->b_info.num_vnuma_nodes, "vnuma"},
        {c->b_info.num_ioports, "ioports"},
        {c->b_info.num_irqs, "irqs"},
        {c->b_info.num_iomem, "iomem"},
        {c->b_info.bootloader != NULL, "bootloader"},
    };

    for (size_t i = 0; i < sizeof(absent) / sizeof(absent[0]); i++)
        if (absent[i].asked)
            fault(k, "%s is not available to pvh guests", absent[i].what);
}

static void check_build(struct check *k, libxl_domain_build_info *b)
{
    if (b->type == LIBXL_DOMAIN_TYPE_INVALID)
        libxl_domain_build_info_init_type(b, LIBXL_DOMAIN_TYPE_PVH);
    check_vcpus(k, b);
    check_memory(k, b);
    if (!b->kernel || !*b->kernel)
        fault(k, "no kernel is given");
    libxl_defbool_setdefault(&b->acpi, true);
    libxl_defbool_setdefault(&b->apic, true);
    libxl_defbool_setdefault(&b->nested_hvm, false);
    if (!libxl_defbool_val(b->apic))
        fault(k, "apic=0: a pvh guest needs its APIC");
    if (libxl_defbool_val(b->nested_hvm))
        fault(k, "nestedhvm=1 is not available");
    if (b->timer_mode == LIBXL_TIMER_MODE_UNKNOWN)
        b->timer_mode = LIBXL_TIMER_MODE_NO_DELAY_FOR_MISSED_TICKS;
    if (b->max_grant_frames == LIBXL_MAX_GRANT_DEFAULT)
        b->max_grant_frames = 64;
    if (b->max_maptrack_frames == LIBXL_MAX_GRANT_DEFAULT)
        b->max_maptrack_frames = 1024;
    if (b->max_grant_version < 0)
        b->max_grant_version = 2;
    if (!b->event_channels)
        b->event_channels = 1023;
    libxl_defbool_setdefault(&b->arch_x86.msr_relaxed, false);
}

static void check_devices(struct check *k, libxl_domain_config *c)
{
    char *wrong;

    for (int i = 0; i < c->num_disks; i++) {
        wrong = disk_check(&c->disks[i]);
        if (wrong)
            fault(k, "disk %d: %s", i + 1, wrong);
        free(wrong);
        for (int j = 0; j < i; j++)
            if (c->disks[i].vdev && c->disks[j].vdev && !strcmp(c->disks[i].vdev, c->disks[j].vdev))
                fault(k, "disks %d and %d are both called %s", j + 1, i + 1, c->disks[i].vdev);
    }
    for (int i = 0; i < c->num_nics; i++) {
        wrong = nic_check(&c->nics[i], 0, i, &c->c_info.uuid);
        if (wrong)
            fault(k, "network card %d: %s", i + 1, wrong);
        free(wrong);
    }
}

int libxl__config_defaults(libxl_ctx *ctx, libxl_domain_config *c, char **first)
{
    struct check k = {.ctx = ctx};

    if (c->b_info.type == LIBXL_DOMAIN_TYPE_INVALID && c->c_info.type != LIBXL_DOMAIN_TYPE_INVALID)
        libxl_domain_build_info_init_type(&c->b_info, c->c_info.type);
    check_identity(&k, &c->c_info);
    check_build(&k, &c->b_info);
    check_absent(&k, c);
    check_devices(&k, c);
    if (first)
        *first = k.first;
    else
        free(k.first);
    return k.faults ? ERROR_INVAL : 0;
}

int libxl_domain_config_check(libxl_ctx *ctx, libxl_domain_config *d_config)
{
    return libxl__config_defaults(ctx, d_config, NULL);
}

int libxl_domain_need_memory(libxl_ctx *ctx, libxl_domain_config *config,
                             uint32_t domid_for_logging, uint64_t *need_memkb)
{
    int rc = libxl__config_defaults(ctx, config, NULL);

    /* Beyond RAM and page tables: special pages, tables, the domain's own structures. */
    if (!rc)
        *need_memkb = config->b_info.target_memkb + config->b_info.shadow_memkb + 1024;
    return rc;
}
