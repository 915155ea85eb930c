/* SPDX-License-Identifier: GPL-2.0-only */
/* Creating a PVH domain: the step list. Each step's undo is written beside it, and before each step
 * its name is put into xenstore, so that if this process dies the next command can tell how far it
 * came and clean up. */
#include <errno.h>
#include <stdlib.h>
#include <xenctrl.h>
#include <xenstore.h>

#include "build/cpuid.h"
#include "domain/create.h"
#include "domain/internal.h"
#include "event/state.h"
#include "util/mem.h"

static libxl_ctx *ctx_of(struct create *c)
{
    return c->op.ctx;
}

static int guest_failed(struct create *c)
{
    return step_fail(c, ERROR_FAIL, "%s", c->guest.problem ? c->guest.problem : "unknown cause");
}

static int store_failed(struct create *c, int rc, char *why)
{
    step_fail(c, rc, "%s", why ? why : "unknown cause");
    free(why);
    return rc;
}

/* ---- check the configuration, read the images ---- */

static int check_config(void *op)
{
    struct create *c = op;
    char *first = NULL;
    int rc = libxl__config_defaults(ctx_of(c), c->config, &first);

    if (rc)
        step_fail(c, rc, "%s", first);
    free(first);
    return rc;
}

static int read_images(void *op)
{
    struct create *c = op;
    const libxl_domain_build_info *b = &c->config->b_info;

    c->guest.vcpus = b->max_vcpus;
    return guest_read_images(&c->guest, b->kernel, b->ramdisk, b->target_memkb) ? guest_failed(c)
                                                                                : 0;
}

static int open_disks(void *op)
{
    struct create *c = op;
    char *why = NULL;

    c->disks = libxl__alloc(c->config->num_disks * sizeof(*c->disks));
    for (; c->disks_open < c->config->num_disks; c->disks_open++) {
        int rc = disk_open(&c->config->disks[c->disks_open], &c->disks[c->disks_open], &why);

        if (rc) {
            while (c->disks_open)
                disk_node_release(&c->disks[--c->disks_open], true);
            return store_failed(c, rc, why);
        }
    }
    return 0;
}

static int close_disks(void *op)
{
    struct create *c = op;

    while (c->disks_open)
        disk_node_release(&c->disks[--c->disks_open], true);
    return 0;
}

/* ---- the domain ---- */

static int create_domain(void *op)
{
    struct create *c = op;
    const libxl_domain_build_info *b = &c->config->b_info;
    struct xen_domctl_createdomain config = {
        .ssidref = c->config->c_info.ssidref,
        .flags = XEN_DOMCTL_CDF_hvm | XEN_DOMCTL_CDF_hap,
        .max_vcpus = b->max_vcpus,
        .max_evtchn_port = b->event_channels,
        .max_grant_frames = b->max_grant_frames,
        .max_maptrack_frames = b->max_maptrack_frames,
        .grant_opts = b->max_grant_version,
        .vmtrace_size = b->vmtrace_buf_kb > 0 ? (uint32_t)b->vmtrace_buf_kb << 10 : 0,
        .cpupool_id = c->config->c_info.poolid,
        .arch = {.emulation_flags = XEN_X86_EMU_LAPIC,
                 .misc_flags =
                     libxl_defbool_val(b->arch_x86.msr_relaxed) ? XEN_X86_MSR_RELAXED : 0},
    };

    memcpy(config.handle, c->config->c_info.uuid.uuid, sizeof(config.handle));
    c->domid = c->config->c_info.domid;
    if (xc_domain_create(ctx_of(c)->xch, &c->domid, &config)) {
        c->domid = INVALID_DOMID;
        return step_fail_errno(c, ERROR_FAIL, "hypercall createdomain");
    }
    c->guest.xch = ctx_of(c)->xch;
    c->guest.domid = c->domid;
    return 0;
}

static int destroy_domain(void *op)
{
    struct create *c = op;
    int rc = xc_domain_destroy(ctx_of(c)->xch, c->domid);

    if (rc)
        LOGE(ctx_of(c), ERROR, "domain %u could not be destroyed again", c->domid);
    /* Released only now: a domain that xenstored does not know any more it does not tell the end
     * of, and xenconsoled would keep the console's page. */
    if (c->introduced)
        xs_release_domain(libxl__xs(ctx_of(c)), c->domid);
    return rc;
}

/* ---- its home in xenstore ---- */

static int create_home(void *op)
{
    struct create *c = op;
    char *why = NULL;
    int rc;

    /* Dead domains must not keep names from living ones. */
    libxl_cleanup_leftovers(ctx_of(c));
    rc = store_transaction(ctx_of(c), create_home_body, c, &why);
    if (rc)
        return store_failed(c, rc, why);
    c->has_home = true;
    return 0;
}

static int remove_home(void *op)
{
    struct create *c = op;

    c->has_home = false;
    return libxl__remove_traces(ctx_of(c), c->domid);
}

/* ---- limits, vCPUs, CPU policy ---- */

static int set_affinities(struct create *c)
{
    const libxl_domain_build_info *b = &c->config->b_info;

    for (int i = 0; i < b->max_vcpus; i++) {
        const libxl_bitmap *hard = i < b->num_vcpu_hard_affinity ? &b->vcpu_hard_affinity[i]
                                   : b->cpumap.size              ? &b->cpumap
                                                                 : NULL;
        const libxl_bitmap *soft = i < b->num_vcpu_soft_affinity ? &b->vcpu_soft_affinity[i] : NULL;

        if ((hard && hard->size) || (soft && soft->size)) {
            if (libxl_set_vcpuaffinity(ctx_of(c), c->domid, i, hard && hard->size ? hard : NULL,
                                       soft && soft->size ? soft : NULL))
                return step_fail(c, ERROR_FAIL, "CPU affinity of vCPU %d: %s", i,
                                 libxl_ctx_last_error(ctx_of(c)));
        }
    }
    return 0;
}

static int set_limits(void *op)
{
    struct create *c = op;
    xc_interface *xch = ctx_of(c)->xch;
    const libxl_domain_build_info *b = &c->config->b_info;
    int rc;

    if (xc_domain_max_vcpus(xch, c->domid, b->max_vcpus))
        return step_fail_errno(c, ERROR_FAIL, "making %d vCPUs", b->max_vcpus);
    rc = set_affinities(c);
    if (rc)
        return rc;
    /* The extra MiB holds special pages and tables, which are not RAM. */
    if (xc_domain_setmaxmem(xch, c->domid, b->max_memkb + 1024))
        return step_fail_errno(c, ERROR_FAIL, "setting the limit of memory");
    if (xc_domain_set_tsc_info(xch, c->domid, b->tsc_mode, 0, 0, 0))
        return step_fail_errno(c, ERROR_FAIL, "setting the TSC's mode");
    if (b->rtc_timeoffset && xc_domain_set_time_offset(xch, c->domid, b->rtc_timeoffset))
        return step_fail_errno(c, ERROR_FAIL, "setting the clock's offset");
    if (xc_set_paging_mempool_size(xch, c->domid, (b->shadow_memkb << 10) & ~UINT64_C(4095)))
        return step_fail_errno(c, ERROR_NOMEM, "reserving %lu KiB for page tables",
                               (unsigned long)b->shadow_memkb);
    if (libxl_domain_sched_params_set(ctx_of(c), c->domid, &b->sched_params))
        return step_fail(c, ERROR_FAIL, "%s", libxl_ctx_last_error(ctx_of(c)));
    return 0;
}

static int apply_policy(struct create *c, xen_cpuid_leaf_t *leaves, uint32_t nr_leaves,
                        xen_msr_entry_t *msrs, uint32_t nr_msrs)
{
    xc_interface *xch = ctx_of(c)->xch;
    const libxl_domain_build_info *b = &c->config->b_info;
    uint32_t leaf = ~0u, subleaf = ~0u, msr = ~0u;

    if (xc_get_domain_cpu_policy(xch, c->domid, &nr_leaves, leaves, &nr_msrs, msrs))
        return step_fail_errno(c, ERROR_FAIL, "asking for the default policy");
    cpuid_topology(leaves, nr_leaves, b->max_vcpus);
    for (char **t = (char **)b->cpuid; t && *t; t++)
        free(cpuid_apply(*t, leaves, nr_leaves)); /* was checked */
    if (!xc_set_domain_cpu_policy(xch, c->domid, nr_leaves, leaves, 0, NULL, &leaf, &subleaf, &msr))
        return 0;
    if (leaf != ~0u)
        return step_fail_errno(c, ERROR_FAIL, "CPUID leaf 0x%x, subleaf 0x%x is refused", leaf,
                               subleaf);
    return step_fail_errno(c, ERROR_FAIL, "setting the policy");
}

static int set_cpu_policy(void *op)
{
    struct create *c = op;
    uint32_t nr_leaves = 0, nr_msrs = 0;
    xen_cpuid_leaf_t *leaves;
    xen_msr_entry_t *msrs;
    int rc;

    if (xc_get_cpu_policy_size(ctx_of(c)->xch, &nr_leaves, &nr_msrs))
        return step_fail_errno(c, ERROR_FAIL, "asking for the policy's size");
    leaves = libxl__alloc(nr_leaves * sizeof(*leaves));
    msrs = libxl__alloc(nr_msrs * sizeof(*msrs));
    rc = apply_policy(c, leaves, nr_leaves, msrs, nr_msrs);
    free(leaves);
    free(msrs);
    return rc;
}

/* ---- the guest's memory ---- */

static int populate(void *op)
{
    struct create *c = op;
    bool claim = libxl_defbool_val(c->config->b_info.claim_mode);

    return guest_populate(&c->guest, claim) ? guest_failed(c) : 0;
}

static int load(void *op)
{
    return guest_load(&((struct create *)op)->guest) ? guest_failed(op) : 0;
}

static int write_boot_info(void *op)
{
    struct create *c = op;

    if (guest_special_pages(&c->guest, c->config->b_info.timer_mode) ||
        guest_write_boot_info(&c->guest, c->config->b_info.cmdline))
        return guest_failed(c);
    return 0;
}

static int set_first_vcpu(void *op)
{
    return guest_first_vcpu(&((struct create *)op)->guest) ? guest_failed(op) : 0;
}

/* ---- devices, and the introduction to xenstored ---- */

static int write_devices(void *op)
{
    struct create *c = op;
    char *why = NULL;
    int rc = store_transaction(ctx_of(c), create_devices_body, c, &why);

    return rc ? store_failed(c, rc, why) : 0;
}

static int remove_devices(void *op)
{
    struct create *c = op;

    return device_remove_all(ctx_of(c), c->domid);
}

static int introduce(void *op)
{
    struct create *c = op;
    struct xs_handle *xsh = libxl__xs(ctx_of(c));

    if (!xsh || !xs_introduce_domain(xsh, c->domid, SPECIAL_XENSTORE, c->guest.store_port))
        return step_fail_errno(c, ERROR_FAIL, "xenstored refuses the domain");
    c->introduced = true;
    libxl__progress(ctx_of(c), c->have_console_how ? &c->console_how : NULL,
                    LIBXL_EVENT_TYPE_DOMAIN_CREATE_CONSOLE_AVAILABLE, c->domid);
    return 0;
}

static int connect_devices(void *op)
{
    struct create *c = op;
    char *why = NULL;
    int rc = 0;

    for (int i = 0; !rc && i < c->config->num_disks; i++) {
        struct device_id d = {"vbd", c->domid,
                              libxl_device_disk_vdev_to_devid(c->config->disks[i].vdev)};

        rc = device_wait(ctx_of(c), &d, BUS_INIT_WAIT, BUS_CONNECTED, &why);
    }
    for (int i = 0; !rc && i < c->config->num_nics; i++)
        rc = nic_plug(ctx_of(c), c->domid, &c->config->nics[i], &why);
    return rc ? store_failed(c, rc, why) : 0;
}

static int keep_config(void *op)
{
    struct create *c = op;
    char *json = libxl_domain_config_to_json(ctx_of(c), c->config);
    int rc = json ? libxl_userdata_store(ctx_of(c), c->domid, "libxl-json", (uint8_t *)json,
                                         strlen(json))
                  : ERROR_FAIL;

    free(json);
    return rc ? step_fail(c, rc, "%s", libxl_ctx_last_error(ctx_of(c))) : 0;
}

/* ---- the list ---- */

static const struct step steps[] = {
    {"check the configuration", check_config, NULL, NULL},
    {"read kernel and initrd", read_images, NULL, NULL},
    {"open the disks", open_disks, close_disks, NULL},
    {"create the domain", create_domain, destroy_domain, "domain destroyed, its memory freed"},
    {"create its home in xenstore", create_home, remove_home, "xenstore entries removed"},
    {"set vCPUs and limits", set_limits, NULL, NULL},
    {"set the CPU policy", set_cpu_policy, NULL, NULL},
    {"populate memory", populate, NULL, NULL},
    {"load the kernel", load, NULL, NULL},
    {"write boot information", write_boot_info, NULL, NULL},
    {"set the first vCPU's state", set_first_vcpu, NULL, NULL},
    {"write devices into xenstore", write_devices, remove_devices, "devices removed"},
    {"introduce it to xenstored", introduce, NULL, NULL},
    {"connect devices", connect_devices, NULL, NULL},
    {"keep its configuration", keep_config, NULL, NULL},
    {0},
};

/* Writes down the step that begins now; with NULL that the create is complete. */
static void begin(void *op, const struct step *step)
{
    struct create *c = op;
    struct store s;

    if (step)
        LOG(ctx_of(c), DEBUG, "create: %s", step->name);
    if (!c->has_home || store_open(&s, ctx_of(c)))
        return;
    if (step)
        store_write(&s, step->name, "/libxl/%u/create/step", c->domid);
    else
        store_rm(&s, "/libxl/%u/create", c->domid);
    store_close(&s);
}

static int run(libxl_ctx *ctx, void *arg)
{
    struct create *c = arg;
    char *what = libxl__sprintf("create domain %s",
                                c->config->c_info.name ? c->config->c_info.name : "without name");
    int rc;

    c->op = (struct operation){.ctx = ctx, .what = what, .begin = begin};
    c->domid = INVALID_DOMID;
    rc = steps_run(steps, c);
    if (!rc)
        while (c->disks_open)
            disk_node_release(&c->disks[--c->disks_open], false);
    *c->domid_out = rc ? INVALID_DOMID : c->domid;
    free(what);
    return rc;
}

static void done(void *arg)
{
    struct create *c = arg;

    guest_dispose(&c->guest);
    free(c->disks);
    free(c);
}

int libxl_domain_create_new(libxl_ctx *ctx, libxl_domain_config *d_config, uint32_t *domid,
                            const libxl_asyncop_how *ao_how,
                            const libxl_asyncprogress_how *aop_console_how)
{
    struct create *c = libxl__alloc(sizeof(*c));

    *domid = INVALID_DOMID;
    c->config = d_config;
    c->domid_out = domid;
    c->have_console_how = aop_console_how != NULL;
    if (aop_console_how)
        c->console_how = *aop_console_how;
    return libxl__async(ctx, ao_how, run, done, c);
}
