/* SPDX-License-Identifier: GPL-2.0-only */
/* vCPUs: list, affinity, online; scheduling parameters and pools. */
#include <errno.h>
#include <stdlib.h>
#include <xenctrl.h>

#include "device/store.h"
#include "domain/internal.h"
#include "util/mem.h"

static int map_from(libxl_bitmap *map, const uint8_t *bytes, int nr_cpus)
{
    int rc = libxl_bitmap_alloc(NULL, map, nr_cpus);

    for (int i = 0; !rc && i < nr_cpus; i++)
        if (bytes[i / 8] >> (i & 7) & 1)
            libxl_bitmap_set(map, i);
    return rc;
}

static int read_vcpu(libxl_ctx *ctx, uint32_t domid, uint32_t id, int nr_cpus, libxl_vcpuinfo *v)
{
    xc_cpumap_t hard = xc_cpumap_alloc(ctx->xch), soft = xc_cpumap_alloc(ctx->xch);
    xc_vcpuinfo_t info;
    int rc = ERROR_FAIL;

    libxl_vcpuinfo_init(v);
    if (hard && soft && !xc_vcpu_getinfo(ctx->xch, domid, id, &info) &&
        !xc_vcpu_getaffinity(ctx->xch, domid, id, hard, soft,
                             XEN_VCPUAFFINITY_HARD | XEN_VCPUAFFINITY_SOFT)) {
        v->vcpuid = id;
        v->cpu = info.cpu;
        v->online = info.online;
        v->blocked = info.blocked;
        v->running = info.running;
        v->vcpu_time = info.cpu_time;
        map_from(&v->cpumap, hard, nr_cpus);
        map_from(&v->cpumap_soft, soft, nr_cpus);
        rc = 0;
    } else {
        LOGE(ctx, ERROR, "asking for vCPU %u of domain %u", id, domid);
    }
    free(hard);
    free(soft);
    return rc;
}

libxl_vcpuinfo *libxl_list_vcpu(libxl_ctx *ctx, uint32_t domid, int *nb_vcpu, int *nr_cpus_out)
{
    int nr_cpus = libxl_get_max_cpus(ctx);
    libxl_vcpuinfo *list;
    libxl_dominfo d;
    int n = 0;

    if (nr_cpus < 0 || libxl__must_exist(ctx, domid) || libxl_domain_info(ctx, &d, domid))
        return NULL;
    list = libxl__alloc((d.vcpu_max_id + 1) * sizeof(*list));
    for (uint32_t i = 0; i <= d.vcpu_max_id; i++) {
        if (read_vcpu(ctx, domid, i, nr_cpus, &list[n])) {
            libxl_vcpuinfo_list_free(list, n);
            return NULL;
        }
        n++;
    }
    *nb_vcpu = n;
    *nr_cpus_out = nr_cpus;
    return list;
}

void libxl_vcpuinfo_list_free(libxl_vcpuinfo *list, int nr_vcpus)
{
    for (int i = 0; i < nr_vcpus; i++)
        libxl_vcpuinfo_dispose(&list[i]);
    free(list);
}

static xc_cpumap_t map_to(libxl_ctx *ctx, const libxl_bitmap *map)
{
    xc_cpumap_t bytes = xc_cpumap_alloc(ctx->xch);
    uint32_t size = xc_get_cpumap_size(ctx->xch);

    if (bytes)
        memcpy(bytes, map->map, map->size < size ? map->size : size);
    return bytes;
}

/* The maps come back as what is in effect: say so if nothing of the wish is left. */
static void check_effect(libxl_ctx *ctx, uint32_t vcpuid, const libxl_bitmap *soft,
                         const uint8_t *effective)
{
    libxl_bitmap real = {.size = xc_get_cpumap_size(ctx->xch), .map = (uint8_t *)effective};

    if (libxl_bitmap_is_empty(&real) && !libxl_bitmap_is_empty(soft))
        LOG(ctx, WARN, "none of the CPUs that vCPU %u prefers can be used by it", vcpuid);
}

int libxl_set_vcpuaffinity(libxl_ctx *ctx, uint32_t domid, uint32_t vcpuid,
                           const libxl_bitmap *cpumap_hard, const libxl_bitmap *cpumap_soft)
{
    xc_cpumap_t hard = cpumap_hard ? map_to(ctx, cpumap_hard) : NULL;
    xc_cpumap_t soft = cpumap_soft ? map_to(ctx, cpumap_soft) : NULL;
    uint32_t flags = (hard ? XEN_VCPUAFFINITY_HARD : 0) | (soft ? XEN_VCPUAFFINITY_SOFT : 0);
    int rc = 0;

    if (!flags) {
        rc = ERROR_INVAL;
    } else if (xc_vcpu_setaffinity(ctx->xch, domid, vcpuid, hard, soft, flags)) {
        LOGE(ctx, ERROR, "cannot set the CPU affinity of vCPU %u of domain %u", vcpuid, domid);
        rc = ERROR_FAIL;
    } else if (soft) {
        check_effect(ctx, vcpuid, cpumap_soft, soft);
    }
    free(hard);
    free(soft);
    return rc;
}

int libxl_set_vcpuaffinity_all(libxl_ctx *ctx, uint32_t domid, unsigned int max_vcpus,
                               const libxl_bitmap *cpumap_hard, const libxl_bitmap *cpumap_soft)
{
    int rc = 0;

    for (unsigned int i = 0; i < max_vcpus; i++) {
        int one = libxl_set_vcpuaffinity(ctx, domid, i, cpumap_hard, cpumap_soft);

        rc = rc ? rc : one;
    }
    return rc;
}

struct online {
    uint32_t domid, max_id;
    const libxl_bitmap *map;
};

static int online_body(struct store *s, void *arg)
{
    struct online *o = arg;

    for (uint32_t i = 0; i <= o->max_id; i++)
        store_write(s, libxl_bitmap_test(o->map, i) ? "online" : "offline",
                    "/local/domain/%u/cpu/%u/availability", o->domid, i);
    return 0;
}

int libxl_set_vcpuonline(libxl_ctx *ctx, uint32_t domid, libxl_bitmap *cpumap,
                         const libxl_asyncop_how *ao_how)
{
    struct online o = {.domid = domid, .map = cpumap};
    char *why = NULL;
    libxl_dominfo d;
    int rc = libxl__must_exist(ctx, domid);

    if (!rc)
        rc = libxl_domain_info(ctx, &d, domid);
    if (rc)
        return rc;
    o.max_id = d.vcpu_max_id;
    for (int i = o.max_id + 1; i < (int)cpumap->size * 8; i++)
        if (libxl_bitmap_test(cpumap, i)) {
            LOG(ctx, ERROR, "domain %u has only %u vCPUs", domid, o.max_id + 1);
            return ERROR_INVAL;
        }
    rc = store_transaction(ctx, online_body, &o, &why);
    if (rc)
        LOG(ctx, ERROR, "cannot tell domain %u its vCPUs: %s", domid, why ? why : "unknown");
    free(why);
    return rc;
}

int libxl_domain_get_nodeaffinity(libxl_ctx *ctx, uint32_t domid, libxl_bitmap *nodemap)
{
    xc_nodemap_t map = xc_nodemap_alloc(ctx->xch);
    int rc = 0;

    if (!map || xc_domain_node_getaffinity(ctx->xch, domid, map)) {
        LOGE(ctx, ERROR, "asking for the node affinity of domain %u", domid);
        rc = ERROR_FAIL;
    } else {
        rc = map_from(nodemap, map, xc_get_max_nodes(ctx->xch));
    }
    free(map);
    return rc;
}

/* ---- scheduling ---- */

int libxl_get_scheduler(libxl_ctx *ctx)
{
    int id;

    if (xc_sched_id(ctx->xch, &id)) {
        LOGE(ctx, ERROR, "asking for the scheduler");
        return ERROR_FAIL;
    }
    return id;
}

int libxl_domain_sched_params_get(libxl_ctx *ctx, uint32_t domid, libxl_domain_sched_params *params)
{
    int sched = libxl_get_scheduler(ctx), r;
    struct xen_domctl_sched_credit c1;
    struct xen_domctl_sched_credit2 c2;

    if (sched < 0)
        return sched;
    libxl_domain_sched_params_init(params);
    params->sched = sched;
    if (sched == LIBXL_SCHEDULER_CREDIT) {
        r = xc_sched_credit_domain_get(ctx->xch, domid, &c1);
        params->weight = c1.weight;
        params->cap = c1.cap;
    } else if (sched == LIBXL_SCHEDULER_CREDIT2) {
        r = xc_sched_credit2_domain_get(ctx->xch, domid, &c2);
        params->weight = c2.weight;
        params->cap = c2.cap;
    } else {
        return 0; /* this policy has no parameters */
    }
    if (r) {
        LOGE(ctx, ERROR, "asking for the scheduling of domain %u", domid);
        return ERROR_FAIL;
    }
    return 0;
}

static bool in_range(libxl_ctx *ctx, const libxl_domain_sched_params *p)
{
    if (p->weight != -1 && (p->weight < 1 || p->weight > 65535)) {
        LOG(ctx, ERROR, "scheduling weight %d is not between 1 and 65535", p->weight);
        return false;
    }
    if (p->cap != -1 && (p->cap < 0 || p->cap > 65535)) {
        LOG(ctx, ERROR, "scheduling cap %d is not between 0 and 65535", p->cap);
        return false;
    }
    return true;
}

int libxl_domain_sched_params_set(libxl_ctx *ctx, uint32_t domid,
                                  const libxl_domain_sched_params *params)
{
    libxl_domain_sched_params now;
    struct xen_domctl_sched_credit c1;
    struct xen_domctl_sched_credit2 c2;
    int rc, r = 0;

    if (params->weight == -1 && params->cap == -1)
        return 0;
    if (!in_range(ctx, params))
        return ERROR_INVAL;
    rc = libxl_domain_sched_params_get(ctx, domid, &now);
    if (rc)
        return rc;
    now.weight = params->weight == -1 ? now.weight : params->weight;
    now.cap = params->cap == -1 ? now.cap : params->cap;
    if (now.sched == LIBXL_SCHEDULER_CREDIT) {
        c1.weight = now.weight;
        c1.cap = now.cap;
        r = xc_sched_credit_domain_set(ctx->xch, domid, &c1);
    } else if (now.sched == LIBXL_SCHEDULER_CREDIT2) {
        c2.weight = now.weight;
        c2.cap = now.cap;
        r = xc_sched_credit2_domain_set(ctx->xch, domid, &c2);
    } else {
        LOG(ctx, ERROR, "scheduler %s knows neither weight nor cap",
            libxl_scheduler_to_string(now.sched));
        return ERROR_INVAL;
    }
    if (r) {
        LOGE(ctx, ERROR, "cannot set the scheduling of domain %u", domid);
        return ERROR_FAIL;
    }
    return 0;
}

/* ---- pools ---- */

static void fill_pool(libxl_ctx *ctx, libxl_cpupoolinfo *p, const xc_cpupoolinfo_t *x)
{
    libxl_cpupoolinfo_init(p);
    p->poolid = x->cpupool_id;
    p->pool_name = libxl_cpupoolid_to_name(ctx, p->poolid);
    p->sched = x->sched_id;
    p->n_dom = x->n_dom;
    map_from(&p->cpumap, x->cpumap, libxl_get_max_cpus(ctx));
}

libxl_cpupoolinfo *libxl_list_cpupool(libxl_ctx *ctx, int *nb_pool_out)
{
    libxl_cpupoolinfo *list = libxl__alloc(sizeof(*list));
    xc_cpupoolinfo_t *x;
    uint32_t next = 0;
    int n = 0;

    while ((x = xc_cpupool_getinfo(ctx->xch, next))) {
        list = libxl__realloc(list, (n + 1) * sizeof(*list));
        fill_pool(ctx, &list[n++], x);
        next = x->cpupool_id + 1;
        xc_cpupool_infofree(ctx->xch, x);
    }
    *nb_pool_out = n;
    return list;
}

void libxl_cpupoolinfo_list_free(libxl_cpupoolinfo *list, int nb_pool)
{
    for (int i = 0; i < nb_pool; i++)
        libxl_cpupoolinfo_dispose(&list[i]);
    free(list);
}

int libxl_cpupool_info(libxl_ctx *ctx, libxl_cpupoolinfo *info, uint32_t poolid)
{
    xc_cpupoolinfo_t *x = xc_cpupool_getinfo(ctx->xch, poolid);

    if (!x)
        return ERROR_FAIL;
    if (x->cpupool_id != poolid) {
        xc_cpupool_infofree(ctx->xch, x);
        return ERROR_NOTFOUND;
    }
    fill_pool(ctx, info, x);
    xc_cpupool_infofree(ctx->xch, x);
    return 0;
}

char *libxl_cpupoolid_to_name(libxl_ctx *ctx, uint32_t poolid)
{
    struct store s;
    char *name;

    if (store_open(&s, ctx))
        return NULL;
    name = store_read(&s, "/local/pool/%u/name", poolid);
    store_close(&s);
    return name ? name : poolid ? NULL : libxl__strdup("Pool-0");
}

int libxl_cpupoolid_is_valid(libxl_ctx *ctx, uint32_t poolid)
{
    libxl_cpupoolinfo info;

    if (libxl_cpupool_info(ctx, &info, poolid))
        return 0;
    libxl_cpupoolinfo_dispose(&info);
    return 1;
}

int libxl_name_to_cpupoolid(libxl_ctx *ctx, const char *name, uint32_t *poolid)
{
    int n, rc = ERROR_NOTFOUND;
    libxl_cpupoolinfo *list = libxl_list_cpupool(ctx, &n);

    for (int i = 0; i < n && rc; i++)
        if (list[i].pool_name && !strcmp(list[i].pool_name, name)) {
            *poolid = list[i].poolid;
            rc = 0;
        }
    libxl_cpupoolinfo_list_free(list, n);
    return rc;
}
