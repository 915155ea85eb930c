/* SPDX-License-Identifier: GPL-2.0-only */
/* What domains there are: information, names, numbers. */
#include <errno.h>
#include <stdlib.h>
#include <xenctrl.h>

#include "device/store.h"
#include "domain/internal.h"
#include "util/mem.h"

#define BATCH 256

static void fill(libxl_dominfo *d, const xc_domaininfo_t *x)
{
    libxl_dominfo_init(d);
    memcpy(d->uuid.uuid, x->handle, sizeof(d->uuid.uuid));
    d->domid = x->domain;
    d->ssidref = x->ssidref;
    d->dying = x->flags & XEN_DOMINF_dying;
    d->shutdown = x->flags & XEN_DOMINF_shutdown;
    d->paused = x->flags & XEN_DOMINF_paused;
    d->blocked = x->flags & XEN_DOMINF_blocked;
    d->running = x->flags & XEN_DOMINF_running;
    d->never_stop = x->domain == 0;
    if (d->shutdown)
        d->shutdown_reason = x->flags >> XEN_DOMINF_shutdownshift & XEN_DOMINF_shutdownmask;
    d->outstanding_memkb = x->outstanding_pages << 2;
    d->current_memkb = x->tot_pages << 2;
    d->shared_memkb = x->shr_pages << 2;
    d->paged_memkb = x->paged_pages << 2;
    d->max_memkb = x->max_pages << 2;
    d->cpu_time = x->cpu_time;
    d->vcpu_max_id = x->max_vcpu_id;
    d->vcpu_online = x->nr_online_vcpus;
    d->cpupool = x->cpupool;
    d->gpaddr_bits = x->gpaddr_bits;
    /* An HVM guest has emulated devices beside its APIC. */
    if (!(x->flags & XEN_DOMINF_hvm_guest))
        d->domain_type = LIBXL_DOMAIN_TYPE_PV;
    else if (x->arch_config.emulation_flags & XEN_X86_EMU_PIC)
        d->domain_type = x->domain ? LIBXL_DOMAIN_TYPE_HVM : LIBXL_DOMAIN_TYPE_PVH;
    else
        d->domain_type = LIBXL_DOMAIN_TYPE_PVH;
}

int libxl_domain_info(libxl_ctx *ctx, libxl_dominfo *info_r, uint32_t domid)
{
    xc_domaininfo_t x;

    if (domid > DOMID_FIRST_RESERVED || xc_domain_getinfo_single(ctx->xch, domid, &x)) {
        if (domid <= DOMID_FIRST_RESERVED && errno != ESRCH) {
            LOGE(ctx, ERROR, "asking for domain %u", domid);
            return ERROR_FAIL;
        }
        return ERROR_DOMAIN_NOTFOUND;
    }
    if (info_r)
        fill(info_r, &x);
    return 0;
}

int libxl__must_exist(libxl_ctx *ctx, uint32_t domid)
{
    int rc = libxl_domain_info(ctx, NULL, domid);

    if (rc == ERROR_DOMAIN_NOTFOUND)
        LOG(ctx, ERROR, "there is no domain %u", domid);
    return rc;
}

bool libxl__domid_uuid(libxl_ctx *ctx, uint32_t domid, libxl_uuid *uuid)
{
    libxl_dominfo d;

    if (libxl_domain_info(ctx, &d, domid))
        return false;
    *uuid = d.uuid;
    return true;
}

libxl_dominfo *libxl_list_domain(libxl_ctx *ctx, int *nb_domain_out)
{
    xc_domaininfo_t *batch = libxl__alloc(BATCH * sizeof(*batch));
    libxl_dominfo *list = NULL;
    uint32_t first = 0;
    int n, total = 0;

    for (;;) {
        n = xc_domain_getinfolist(ctx->xch, first, BATCH, batch);
        if (n <= 0)
            break;
        list = libxl__realloc(list, (total + n) * sizeof(*list));
        for (int i = 0; i < n; i++)
            fill(&list[total++], &batch[i]);
        first = batch[n - 1].domain + 1;
    }
    free(batch);
    if (n < 0) {
        LOGE(ctx, ERROR, "asking for the list of domains");
        libxl_dominfo_list_free(list, total);
        return NULL;
    }
    *nb_domain_out = total;
    return list ? list : libxl__alloc(1);
}

void libxl_dominfo_list_free(libxl_dominfo *list, int nb_domain)
{
    for (int i = 0; i < nb_domain; i++)
        libxl_dominfo_dispose(&list[i]);
    free(list);
}

libxl_vminfo *libxl_list_vm(libxl_ctx *ctx, int *nb_vm_out)
{
    int n, vms = 0;
    libxl_dominfo *domains = libxl_list_domain(ctx, &n);
    libxl_vminfo *list;

    if (!domains)
        return NULL;
    list = libxl__alloc((n ? n : 1) * sizeof(*list));
    for (int i = 0; i < n; i++) {
        if (!domains[i].domid)
            continue;
        list[vms].uuid = domains[i].uuid;
        list[vms++].domid = domains[i].domid;
    }
    libxl_dominfo_list_free(domains, n);
    *nb_vm_out = vms;
    return list;
}

void libxl_vminfo_list_free(libxl_vminfo *list, int nb_vm)
{
    free(list);
}

uint32_t libxl_vm_get_start_time(libxl_ctx *ctx, uint32_t domid)
{
    uint32_t seconds = 0;
    struct store s;
    char *vm, *time;

    if (store_open(&s, ctx))
        return 0;
    vm = store_read(&s, "/local/domain/%u/vm", domid);
    time = vm ? store_read(&s, "%s/start_time", vm) : NULL;
    if (time)
        seconds = strtoul(time, NULL, 10);
    free(vm);
    free(time);
    store_close(&s);
    return seconds;
}

int libxl_domid_valid_guest(uint32_t domid)
{
    return domid > 0 && domid < DOMID_FIRST_RESERVED;
}

/* ---- names ---- */

char *libxl_domid_to_name(libxl_ctx *ctx, uint32_t domid)
{
    struct store s;
    char *name;

    if (store_open(&s, ctx))
        return NULL;
    name = store_read(&s, "/local/domain/%u/name", domid);
    store_close(&s);
    return name;
}

int libxl_name_to_domid(libxl_ctx *ctx, const char *name, uint32_t *domid)
{
    int n, rc = ERROR_DOMAIN_NOTFOUND;
    libxl_dominfo *list = libxl_list_domain(ctx, &n);

    if (!list)
        return ERROR_FAIL;
    for (int i = 0; i < n && rc; i++) {
        char *other = libxl_domid_to_name(ctx, list[i].domid);

        if (other && !strcmp(other, name)) {
            *domid = list[i].domid;
            rc = 0;
        }
        free(other);
    }
    libxl_dominfo_list_free(list, n);
    return rc;
}

int libxl_domain_qualifier_to_domid(libxl_ctx *ctx, const char *name, uint32_t *domid)
{
    if (*name && !name[strspn(name, "0123456789")]) {
        unsigned long n;

        errno = 0;
        n = strtoul(name, NULL, 10);
        if (errno || n >= DOMID_FIRST_RESERVED)
            return ERROR_DOMAIN_NOTFOUND;
        *domid = n;
        return 0;
    }
    return libxl_name_to_domid(ctx, name, domid);
}

struct rename {
    libxl_ctx *ctx;
    uint32_t domid;
    const char *old_name, *new_name;
};

static int rename_body(struct store *s, void *arg)
{
    struct rename *r = arg;
    char *old = store_read(s, "/local/domain/%u/name", r->domid), *vm;
    unsigned int n;
    char **domids = store_list(s, &n, "/local/domain");
    int rc = 0;

    if (r->old_name && (!old || strcmp(old, r->old_name))) {
        LOG(r->ctx, ERROR, "domain %u is called %s, not %s", r->domid, old ? old : "nothing",
            r->old_name);
        rc = ERROR_INVAL;
    }
    for (unsigned int i = 0; i < n && !rc; i++) {
        char *other = store_read(s, "/local/domain/%s/name", domids[i]);

        if (other && !strcmp(other, r->new_name) && strtoul(domids[i], NULL, 10) != r->domid) {
            LOG(r->ctx, ERROR, "domain %s is called %s already", domids[i], r->new_name);
            rc = ERROR_INVAL;
        }
        free(other);
    }
    free(domids);
    free(old);
    if (rc)
        return rc;
    store_write(s, r->new_name, "/local/domain/%u/name", r->domid);
    vm = store_read(s, "/local/domain/%u/vm", r->domid);
    if (vm)
        store_write(s, r->new_name, "%s/name", vm);
    free(vm);
    return 0;
}

/* The stored configuration follows, so that a restart keeps the name. */
static void rename_stored(libxl_ctx *ctx, uint32_t domid, const char *name)
{
    libxl_domain_config config;
    char *json;

    libxl_domain_config_init(&config);
    if (!libxl_retrieve_domain_configuration(ctx, domid, &config, NULL)) {
        free(config.c_info.name);
        config.c_info.name = libxl__strdup(name);
        json = libxl_domain_config_to_json(ctx, &config);
        if (json)
            libxl_userdata_store(ctx, domid, "libxl-json", (uint8_t *)json, strlen(json));
        free(json);
    }
    libxl_domain_config_dispose(&config);
}

int libxl_domain_rename(libxl_ctx *ctx, uint32_t domid, const char *old_name, const char *new_name)
{
    struct rename r = {ctx, domid, old_name, new_name};
    char *why = NULL;
    int rc = libxl__must_exist(ctx, domid);

    if (rc)
        return rc;
    if (!*new_name || strchr(new_name, '/') || !new_name[strspn(new_name, "0123456789")]) {
        LOG(ctx, ERROR, "\"%s\" cannot be a domain's name", new_name);
        return ERROR_INVAL;
    }
    rc = store_transaction(ctx, rename_body, &r, &why);
    if (why)
        LOG(ctx, ERROR, "cannot rename domain %u: %s", domid, why);
    free(why);
    if (!rc)
        rename_stored(ctx, domid, new_name);
    return rc;
}

int libxl_domain_preserve(libxl_ctx *ctx, uint32_t domid, libxl_domain_create_info *info,
                          const char *name_suffix, libxl_uuid new_uuid)
{
    char *name;
    int rc = libxl__must_exist(ctx, domid);

    if (rc)
        return rc;
    name = libxl__sprintf("%s%s", info->name ? info->name : "", name_suffix);
    rc = libxl_domain_rename(ctx, domid, info->name, name);
    free(name);
    if (!rc && xc_domain_sethandle(ctx->xch, domid, new_uuid.uuid)) {
        LOGE(ctx, ERROR, "cannot give domain %u a new UUID", domid);
        rc = ERROR_FAIL;
    }
    return rc;
}
