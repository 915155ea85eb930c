/* SPDX-License-Identifier: GPL-2.0-only */
/* The host: version, hardware, topology, the hypervisor's console. */
#include <errno.h>
#include <stdlib.h>
#include <xenctrl.h>

#include "domain/internal.h"
#include "util/mem.h"

/* ---- version ---- */

static char *version_string(libxl_ctx *ctx, int cmd, size_t size)
{
    char *text = libxl__alloc(size + 1);

    if (xc_version(ctx->xch, cmd, text) < 0)
        *text = 0;
    return text;
}

static int read_version(libxl_ctx *ctx, libxl_version_info *v)
{
    xen_compile_info_t compile = {0};
    xen_platform_parameters_t platform = {0};
    char build_id[256];
    int version = xc_version(ctx->xch, XENVER_version, NULL);

    if (version < 0) {
        LOGE(ctx, ERROR, "asking for the hypervisor's version");
        return ERROR_FAIL;
    }
    v->xen_version_major = version >> 16;
    v->xen_version_minor = version & 0xffff;
    v->xen_version_extra = version_string(ctx, XENVER_extraversion, sizeof(xen_extraversion_t));
    if (xc_version(ctx->xch, XENVER_compile_info, &compile) < 0)
        memset(&compile, 0, sizeof(compile));
    v->compiler = libxl__strndup(compile.compiler, sizeof(compile.compiler));
    v->compile_by = libxl__strndup(compile.compile_by, sizeof(compile.compile_by));
    v->compile_domain = libxl__strndup(compile.compile_domain, sizeof(compile.compile_domain));
    v->compile_date = libxl__strndup(compile.compile_date, sizeof(compile.compile_date));
    v->capabilities = version_string(ctx, XENVER_capabilities, sizeof(xen_capabilities_info_t));
    v->changeset = version_string(ctx, XENVER_changeset, sizeof(xen_changeset_info_t));
    v->commandline = version_string(ctx, XENVER_commandline, sizeof(xen_commandline_t));
    if (!xc_version(ctx->xch, XENVER_platform_parameters, &platform))
        v->virt_start = platform.virt_start;
    v->pagesize = xc_version(ctx->xch, XENVER_pagesize, NULL);
    v->build_id = libxl__strdup(xc_build_id(ctx->xch, build_id, sizeof(build_id)) ? "" : build_id);
    return 0;
}

const libxl_version_info *libxl_get_version_info(libxl_ctx *ctx)
{
    pthread_mutex_lock(&ctx->lock);
    if (!ctx->have_version) {
        libxl_version_info_init(&ctx->version);
        ctx->have_version = !read_version(ctx, &ctx->version);
    }
    pthread_mutex_unlock(&ctx->lock);
    return ctx->have_version ? &ctx->version : NULL;
}

/* ---- hardware ---- */

int libxl_get_physinfo(libxl_ctx *ctx, libxl_physinfo *p)
{
    xc_physinfo_t x;
    long pages;

    if (xc_physinfo(ctx->xch, &x)) {
        LOGE(ctx, ERROR, "asking for the host's hardware");
        return ERROR_FAIL;
    }
    libxl_physinfo_init(p);
    p->threads_per_core = x.threads_per_core;
    p->cores_per_socket = x.cores_per_socket;
    p->max_cpu_id = x.max_cpu_id;
    p->nr_cpus = x.nr_cpus;
    p->cpu_khz = x.cpu_khz;
    p->total_pages = x.total_pages;
    p->free_pages = x.free_pages;
    p->scrub_pages = x.scrub_pages;
    p->outstanding_pages = x.outstanding_pages;
    p->max_possible_mfn = x.max_mfn;
    p->nr_nodes = x.nr_nodes;
    memcpy(p->hw_cap, x.hw_cap, sizeof(p->hw_cap));
    p->cap_hvm = x.capabilities & XEN_SYSCTL_PHYSCAP_hvm;
    p->cap_pv = x.capabilities & XEN_SYSCTL_PHYSCAP_pv;
    p->cap_hvm_directio = x.capabilities & XEN_SYSCTL_PHYSCAP_directio;
    p->cap_hap = x.capabilities & XEN_SYSCTL_PHYSCAP_hap;
    p->cap_shadow = x.capabilities & XEN_SYSCTL_PHYSCAP_shadow;
    p->cap_iommu_hap_pt_share = x.capabilities & XEN_SYSCTL_PHYSCAP_iommu_hap_pt_share;
    p->cap_vmtrace = x.capabilities & XEN_SYSCTL_PHYSCAP_vmtrace;
    p->cap_vpmu = x.capabilities & XEN_SYSCTL_PHYSCAP_vpmu;
    p->cap_gnttab_v1 = x.capabilities & XEN_SYSCTL_PHYSCAP_gnttab_v1;
    p->cap_gnttab_v2 = x.capabilities & XEN_SYSCTL_PHYSCAP_gnttab_v2;
    /* A hypervisor without memory sharing has no such number: nothing is shared then. */
    pages = xc_sharing_freed_pages(ctx->xch);
    p->sharing_freed_pages = pages > 0 ? pages : 0;
    pages = xc_sharing_used_frames(ctx->xch);
    p->sharing_used_frames = pages > 0 ? pages : 0;
    return 0;
}

libxl_cputopology *libxl_get_cpu_topology(libxl_ctx *ctx, int *nb_cpu_out)
{
    libxl_cputopology *list;
    xc_cputopo_t *x;
    unsigned int n = 0;

    if (xc_cputopoinfo(ctx->xch, &n, NULL)) {
        LOGE(ctx, ERROR, "asking for the number of CPUs");
        return NULL;
    }
    x = libxl__alloc(n * sizeof(*x));
    if (xc_cputopoinfo(ctx->xch, &n, x)) {
        LOGE(ctx, ERROR, "asking for the CPUs' topology");
        free(x);
        return NULL;
    }
    list = libxl__alloc(n * sizeof(*list));
    for (unsigned int i = 0; i < n; i++) {
        bool there = x[i].core != XEN_INVALID_CORE_ID;

        list[i].core = there ? x[i].core : LIBXL_CPUTOPOLOGY_INVALID_ENTRY;
        list[i].socket = there ? x[i].socket : LIBXL_CPUTOPOLOGY_INVALID_ENTRY;
        list[i].node = there ? x[i].node : LIBXL_CPUTOPOLOGY_INVALID_ENTRY;
    }
    free(x);
    *nb_cpu_out = n;
    return list;
}

void libxl_cputopology_list_free(libxl_cputopology *list, int nb_cpu)
{
    free(list);
}

libxl_numainfo *libxl_get_numainfo(libxl_ctx *ctx, int *nr)
{
    libxl_numainfo *list;
    xc_meminfo_t *x;
    uint32_t *distance;
    unsigned int n = 0;

    if (xc_numainfo(ctx->xch, &n, NULL, NULL)) {
        LOGE(ctx, ERROR, "asking for the number of nodes");
        return NULL;
    }
    x = libxl__alloc(n * sizeof(*x));
    distance = libxl__alloc((size_t)n * n * sizeof(*distance));
    list = libxl__alloc(n * sizeof(*list));
    if (xc_numainfo(ctx->xch, &n, x, distance)) {
        LOGE(ctx, ERROR, "asking for the nodes' memory");
        free(list);
        list = NULL;
    }
    for (unsigned int i = 0; list && i < n; i++) {
        bool there = x[i].memsize != XEN_INVALID_MEM_SZ;

        list[i].size = there ? x[i].memsize : LIBXL_NUMAINFO_INVALID_ENTRY;
        list[i].free = there ? x[i].memfree : LIBXL_NUMAINFO_INVALID_ENTRY;
        list[i].num_dists = n;
        list[i].dists = libxl__alloc(n * sizeof(uint32_t));
        memcpy(list[i].dists, distance + (size_t)i * n, n * sizeof(uint32_t));
    }
    free(x);
    free(distance);
    *nr = n;
    return list;
}

void libxl_numainfo_list_free(libxl_numainfo *list, int nr)
{
    for (int i = 0; i < nr; i++)
        libxl_numainfo_dispose(&list[i]);
    free(list);
}

int libxl_get_max_cpus(libxl_ctx *ctx)
{
    int n = xc_get_max_cpus(ctx->xch);

    return n > 0 ? n : ERROR_FAIL;
}

int libxl_get_online_cpus(libxl_ctx *ctx)
{
    int n = xc_get_online_cpus(ctx->xch);

    return n > 0 ? n : ERROR_FAIL;
}

int libxl_get_max_nodes(libxl_ctx *ctx)
{
    int n = xc_get_max_nodes(ctx->xch);

    return n > 0 ? n : ERROR_FAIL;
}

/* ---- maps of the host's CPUs and nodes ---- */

int libxl_cpu_bitmap_alloc(libxl_ctx *ctx, libxl_bitmap *cpumap, int max_cpus)
{
    if (!max_cpus)
        max_cpus = libxl_get_max_cpus(ctx);
    return max_cpus < 0 ? max_cpus : libxl_bitmap_alloc(ctx, cpumap, max_cpus);
}

int libxl_node_bitmap_alloc(libxl_ctx *ctx, libxl_bitmap *nodemap, int max_nodes)
{
    if (!max_nodes)
        max_nodes = libxl_get_max_nodes(ctx);
    return max_nodes < 0 ? max_nodes : libxl_bitmap_alloc(ctx, nodemap, max_nodes);
}

int libxl_nodemap_to_cpumap(libxl_ctx *ctx, const libxl_bitmap *nodemap, libxl_bitmap *cpumap)
{
    int n;
    libxl_cputopology *t = libxl_get_cpu_topology(ctx, &n);

    if (!t)
        return ERROR_FAIL;
    libxl_bitmap_set_none(cpumap);
    for (int i = 0; i < n; i++)
        if (t[i].node != LIBXL_CPUTOPOLOGY_INVALID_ENTRY && libxl_bitmap_test(nodemap, t[i].node))
            libxl_bitmap_set(cpumap, i);
    free(t);
    return 0;
}

int libxl_node_to_cpumap(libxl_ctx *ctx, int node, libxl_bitmap *cpumap)
{
    libxl_bitmap nodes;
    int rc = libxl_node_bitmap_alloc(ctx, &nodes, 0);

    if (!rc) {
        libxl_bitmap_set(&nodes, node);
        rc = libxl_nodemap_to_cpumap(ctx, &nodes, cpumap);
        libxl_bitmap_dispose(&nodes);
    }
    return rc;
}

int libxl_cpumap_to_nodemap(libxl_ctx *ctx, const libxl_bitmap *cpumap, libxl_bitmap *nodemap)
{
    int n;
    libxl_cputopology *t = libxl_get_cpu_topology(ctx, &n);

    if (!t)
        return ERROR_FAIL;
    libxl_bitmap_set_none(nodemap);
    for (int i = 0; i < n; i++)
        if (t[i].node != LIBXL_CPUTOPOLOGY_INVALID_ENTRY && libxl_bitmap_test(cpumap, i))
            libxl_bitmap_set(nodemap, t[i].node);
    free(t);
    return 0;
}

/* ---- the hypervisor's console ---- */

int libxl_send_debug_keys(libxl_ctx *ctx, char *keys)
{
    if (xc_send_debug_keys(ctx->xch, keys)) {
        LOGE(ctx, ERROR, "cannot send debug keys");
        return ERROR_FAIL;
    }
    return 0;
}

struct libxl__xen_console_reader {
    int clear;
    uint32_t index;
    bool end;
    char *text; /* what was read and not yet given out */
    size_t used, given;
    char *line;
};

libxl_xen_console_reader *libxl_xen_console_read_start(libxl_ctx *ctx, int clear)
{
    libxl_xen_console_reader *cr = libxl__alloc(sizeof(*cr));

    cr->clear = clear;
    return cr;
}

static int read_more(libxl_ctx *ctx, libxl_xen_console_reader *cr)
{
    unsigned int n = 16384;

    memmove(cr->text, cr->text + cr->given, cr->used - cr->given);
    cr->used -= cr->given;
    cr->given = 0;
    cr->text = libxl__realloc(cr->text, cr->used + n);
    if (xc_readconsolering(ctx->xch, cr->text + cr->used, &n, cr->clear, 1, &cr->index)) {
        LOGE(ctx, ERROR, "reading the hypervisor's console");
        return ERROR_FAIL;
    }
    cr->used += n;
    cr->end = !n;
    return 0;
}

int libxl_xen_console_read_line(libxl_ctx *ctx, libxl_xen_console_reader *cr, char **line_r)
{
    if (!cr->text)
        cr->text = libxl__alloc(1);
    for (;;) {
        char *start = cr->text + cr->given, *end = memchr(start, '\n', cr->used - cr->given);

        if (end || (cr->end && cr->given < cr->used)) {
            size_t len = end ? (size_t)(end + 1 - start) : cr->used - cr->given;

            free(cr->line);
            cr->line = libxl__strndup(start, len);
            cr->given += len;
            *line_r = cr->line;
            return 1;
        }
        if (cr->end)
            return 0;
        int rc = read_more(ctx, cr);

        if (rc)
            return rc;
    }
}

void libxl_xen_console_read_finish(libxl_ctx *ctx, libxl_xen_console_reader *cr)
{
    free(cr->text);
    free(cr->line);
    free(cr);
}
