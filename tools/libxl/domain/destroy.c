/* SPDX-License-Identifier: GPL-2.0-only */
/* The end of a domain, and cleaning up after what died half-way. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <xenctrl.h>

#include "device/device.h"
#include "domain/internal.h"
#include "event/state.h"
#include "util/mem.h"

/* Only a process that lives and is the one that began may be at it still. */
static bool creator_lives(struct store *s, uint32_t domid)
{
    int64_t pid = store_read_number(s, "/libxl/%u/create/pid", domid);

    return pid > 0 && (!kill(pid, 0) || errno != ESRCH);
}

int libxl_domain_create_interrupted(libxl_ctx *ctx, uint32_t domid, char **step)
{
    struct store s;
    int rc = 0;

    if (step)
        *step = NULL;
    if (store_open(&s, ctx))
        return ERROR_FAIL;
    char *name = store_read(&s, "/libxl/%u/create/step", domid);

    if (name && !creator_lives(&s, domid)) {
        rc = 1;
        if (step) {
            *step = name;
            name = NULL;
        }
    }
    free(name);
    store_close(&s);
    return rc;
}

bool libxl__has_traces(libxl_ctx *ctx, uint32_t domid)
{
    struct store s;
    bool has = false;

    if (!store_open(&s, ctx)) {
        has = store_exists(&s, "/libxl/%u", domid) ||
              store_exists(&s, "/local/domain/%u/name", domid);
        store_close(&s);
    }
    return has;
}

static int traces_body(struct store *s, void *arg)
{
    uint32_t domid = *(uint32_t *)arg;
    char *vm = store_read(s, "/local/domain/%u/vm", domid);

    /* The /vm entry may belong to a successor with the same UUID by now: then it stays. */
    if (vm && !strncmp(vm, "/vm/", 4)) {
        unsigned int n, users = 0;
        char **domids = store_list(s, &n, "/local/domain");

        for (unsigned int i = 0; i < n; i++) {
            char *other = store_read(s, "/local/domain/%s/vm", domids[i]);

            users += other && !strcmp(other, vm);
            free(other);
        }
        free(domids);
        if (users == 1)
            store_rm(s, "%s", vm);
    }
    free(vm);
    store_rm(s, "/local/domain/%u", domid);
    store_rm(s, "/local/domain/0/error/backend/vbd/%u", domid);
    store_rm(s, "/local/domain/0/error/backend/vif/%u", domid);
    store_rm(s, "/libxl/%u", domid);
    return 0;
}

int libxl__remove_traces(libxl_ctx *ctx, uint32_t domid)
{
    char *why = NULL;
    int rc = device_remove_all(ctx, domid), rc2;

    rc2 = store_transaction(ctx, traces_body, &domid, &why);
    if (rc2)
        LOG(ctx, ERROR, "cannot remove domain %u from xenstore: %s", domid, why ? why : "unknown");
    free(why);
    libxl__userdata_remove_all(ctx, domid);
    return rc ? rc : rc2;
}

static void say_interrupted(libxl_ctx *ctx, uint32_t domid)
{
    char *step;

    if (libxl_domain_create_interrupted(ctx, domid, &step) == 1)
        LOG(ctx, NOTICE, "domain %u: its create died at \"%s\"; removing what there is of it",
            domid, step);
    free(step);
}

/* The hypervisor may know the domain, xenstore may, or both. */
static int destroy(libxl_ctx *ctx, void *arg)
{
    uint32_t domid = *(uint32_t *)arg;
    bool exists = !libxl_domain_info(ctx, NULL, domid);
    struct xs_handle *xsh = libxl__xs(ctx);
    int rc = 0, rc2 = 0;

    if (!domid || domid == INVALID_DOMID) {
        LOG(ctx, ERROR, "the control domain cannot be destroyed");
        return ERROR_INVAL;
    }
    if (!exists && (!xsh || !libxl__has_traces(ctx, domid))) {
        LOG(ctx, ERROR, "there is no domain %u", domid);
        return ERROR_DOMAIN_NOTFOUND;
    }
    if (xsh)
        say_interrupted(ctx, domid);
    if (exists && xc_domain_pause(ctx->xch, domid) && errno != ESRCH)
        LOGE(ctx, WARN, "cannot pause domain %u", domid);
    /* Back ends let go of the guest's pages first, so that the domain can vanish at once. */
    if (xsh)
        rc2 = device_remove_all(ctx, domid);
    if (exists && xc_domain_destroy(ctx->xch, domid) && errno != ESRCH) {
        LOGE(ctx, ERROR, "cannot destroy domain %u", domid);
        rc = ERROR_FAIL;
    }
    if (!xsh) {
        LOG(ctx, ERROR,
            "domain %u is destroyed, but xenstore cannot be cleaned: xenstored cannot "
            "be reached",
            domid);
        return ERROR_FAIL;
    }
    if (exists)
        xs_release_domain(xsh, domid);
    if (!rc)
        rc2 = libxl__remove_traces(ctx, domid);
    return rc ? rc : rc2;
}

int libxl_domain_destroy(libxl_ctx *ctx, uint32_t domid, const libxl_asyncop_how *ao_how)
{
    uint32_t *arg = libxl__alloc(sizeof(*arg));

    *arg = domid;
    return libxl__async(ctx, ao_how, destroy, free, arg);
}

/* ---- leftovers ---- */

static bool gone(libxl_ctx *ctx, uint32_t domid)
{
    xc_domaininfo_t info;

    return domid && xc_domain_getinfo_single(ctx->xch, domid, &info) && errno == ESRCH;
}

int libxl_cleanup_leftovers(libxl_ctx *ctx)
{
    unsigned int n;
    struct store s;
    char **domids;
    int cleaned = 0;

    if (store_open(&s, ctx))
        return ERROR_FAIL;
    domids = store_list(&s, &n, "/libxl");
    for (unsigned int i = 0; i < n; i++) {
        uint32_t domid = strtoul(domids[i], NULL, 10);

        if (!gone(ctx, domid) || creator_lives(&s, domid))
            continue;
        LOG(ctx, NOTICE, "domain %u does not exist any more; removing what it left", domid);
        say_interrupted(ctx, domid);
        if (!libxl__remove_traces(ctx, domid))
            cleaned++;
    }
    free(domids);
    store_close(&s);
    return cleaned;
}
