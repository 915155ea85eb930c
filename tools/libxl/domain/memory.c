/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory of domains and of the host. */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <xenctrl.h>

#include "device/store.h"
#include "domain/internal.h"

#define EXTRA_KB 1024 /* special pages and tables: see domain/create.c */

int libxl_domain_setmaxmem(libxl_ctx *ctx, uint32_t domid, uint64_t target_memkb)
{
    struct store s;
    int64_t target;
    int rc = libxl__must_exist(ctx, domid);

    if (!rc)
        rc = store_open(&s, ctx);
    if (rc)
        return rc;
    target = store_read_number(&s, "/local/domain/%u/memory/target", domid);
    if (target >= 0 && (uint64_t)target > target_memkb) {
        LOG(ctx, ERROR,
            "maxmem %" PRIu64 " KiB is less than the domain's target of %" PRId64
            " KiB: lower that first",
            target_memkb, target);
        rc = ERROR_INVAL;
    } else if (xc_domain_setmaxmem(ctx->xch, domid, target_memkb + EXTRA_KB)) {
        LOGE(ctx, ERROR, "cannot set the limit of memory of domain %u", domid);
        rc = ERROR_FAIL;
    } else {
        store_write_number(&s, target_memkb, "/libxl/%u/maxmem", domid);
    }
    store_close(&s);
    return rc;
}

struct target {
    libxl_ctx *ctx;
    uint32_t domid;
    int64_t wish, result, before;
    int relative;
};

static int target_body(struct store *s, void *arg)
{
    struct target *t = arg;
    int64_t max = store_read_number(s, "/libxl/%u/maxmem", t->domid);

    if (max < 0) /* a domain that others created */
        max = store_read_number(s, "/local/domain/%u/memory/static-max", t->domid);
    t->before = store_read_number(s, "/local/domain/%u/memory/target", t->domid);
    if (t->relative && t->before < 0) {
        LOG(t->ctx, ERROR, "domain %u has no target to be changed by", t->domid);
        return ERROR_FAIL;
    }
    t->result = t->relative ? t->before + t->wish : t->wish;
    if (t->result < 4096) {
        LOG(t->ctx, ERROR, "%" PRId64 " KiB is too little memory", t->result);
        return ERROR_INVAL;
    }
    if (max >= 0 && t->result > max) {
        LOG(t->ctx, ERROR, "%" PRId64 " KiB is more than the domain's maximum of %" PRId64 " KiB",
            t->result, max);
        return ERROR_INVAL;
    }
    store_write_number(s, t->result, "/local/domain/%u/memory/target", t->domid);
    return 0;
}

int libxl_set_memory_target(libxl_ctx *ctx, uint32_t domid, int64_t target_memkb, int relative,
                            int enforce)
{
    struct target t = {.ctx = ctx, .domid = domid, .wish = target_memkb, .relative = relative};
    char *why = NULL;
    int rc = libxl__must_exist(ctx, domid);

    if (rc)
        return rc;
    rc = store_transaction(ctx, target_body, &t, &why);
    if (why)
        LOG(ctx, ERROR, "cannot set the target of domain %u: %s", domid, why);
    free(why);
    if (rc || !enforce)
        return rc;
    if (xc_domain_setmaxmem(ctx->xch, domid, t.result + EXTRA_KB)) {
        struct store s;

        LOGE(ctx, ERROR, "cannot set the limit of memory of domain %u; the target is put back",
             domid);
        if (t.before >= 0 && !store_open(&s, ctx)) {
            store_write_number(&s, t.before, "/local/domain/%u/memory/target", domid);
            store_close(&s);
        }
        return ERROR_FAIL;
    }
    return 0;
}

int libxl_get_memory_target(libxl_ctx *ctx, uint32_t domid, uint64_t *out_target)
{
    libxl_dominfo d;
    struct store s;
    int64_t target;
    int rc = libxl__must_exist(ctx, domid);

    if (!rc)
        rc = store_open(&s, ctx);
    if (rc)
        return rc;
    target = store_read_number(&s, "/local/domain/%u/memory/target", domid);
    store_close(&s);
    if (target < 0) { /* the control domain, before anybody has set one */
        rc = libxl_domain_info(ctx, &d, domid);
        if (rc)
            return rc;
        target = d.current_memkb;
    }
    *out_target = target;
    return 0;
}

int libxl_get_free_memory(libxl_ctx *ctx, uint64_t *memkb)
{
    xc_physinfo_t info;

    if (xc_physinfo(ctx->xch, &info)) {
        LOGE(ctx, ERROR, "asking for free memory");
        return ERROR_FAIL;
    }
    *memkb = (info.free_pages + info.scrub_pages - info.outstanding_pages) << 2;
    return 0;
}

int libxl_wait_for_free_memory(libxl_ctx *ctx, uint32_t domid, uint64_t memory_kb, int wait_secs)
{
    uint64_t free_kb = 0;

    for (int i = 0; i <= wait_secs * 10; i++) {
        int rc = libxl_get_free_memory(ctx, &free_kb);

        if (rc)
            return rc;
        if (free_kb >= memory_kb)
            return 0;
        poll(NULL, 0, 100);
    }
    return ERROR_NOMEM;
}

int libxl_wait_for_memory_target(libxl_ctx *ctx, uint32_t domid, int wait_secs)
{
    uint64_t target, last = UINT64_MAX;
    int left = wait_secs * 10;
    libxl_dominfo d;
    int rc = libxl_get_memory_target(ctx, domid, &target);

    while (!rc) {
        rc = libxl_domain_info(ctx, &d, domid);
        if (rc || d.current_memkb <= target + EXTRA_KB)
            return rc;
        if (d.current_memkb >= last && !left--) {
            LOG(ctx, ERROR,
                "domain %u stays at %" PRIu64 " KiB, above its target of %" PRIu64 " KiB", domid,
                d.current_memkb, target);
            return ERROR_FAIL;
        }
        last = d.current_memkb;
        poll(NULL, 0, 100);
    }
    return rc;
}
