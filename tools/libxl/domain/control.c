/* SPDX-License-Identifier: GPL-2.0-only */
/* Driving a domain: pause, shutdown, reboot, triggers. */
#include <errno.h>
#include <stdlib.h>
#include <xenctrl.h>

#include "device/store.h"
#include "domain/internal.h"
#include "event/state.h"
#include "util/mem.h"

struct order {
    uint32_t domid;
    const char *word; /* for control/shutdown */
};

static int pause_op(libxl_ctx *ctx, void *arg)
{
    uint32_t domid = ((struct order *)arg)->domid;
    int rc = libxl__must_exist(ctx, domid);

    if (!rc && xc_domain_pause(ctx->xch, domid)) {
        LOGE(ctx, ERROR, "cannot pause domain %u", domid);
        rc = ERROR_FAIL;
    }
    return rc;
}

static int unpause_op(libxl_ctx *ctx, void *arg)
{
    uint32_t domid = ((struct order *)arg)->domid;
    int rc = libxl__must_exist(ctx, domid);

    if (!rc && xc_domain_unpause(ctx->xch, domid)) {
        LOGE(ctx, ERROR, "cannot unpause domain %u", domid);
        rc = ERROR_FAIL;
    }
    return rc;
}

/* The guest has a driver that listens if it wrote feature-WORD. */
static int shutdown_op(libxl_ctx *ctx, void *arg)
{
    struct order *o = arg;
    int rc = libxl__must_exist(ctx, o->domid);
    struct store s;
    char *feature;

    if (rc)
        return rc;
    rc = store_open(&s, ctx);
    if (rc)
        return rc;
    feature = store_read(&s, "/local/domain/%u/control/feature-%s", o->domid, o->word);
    if (!feature || strcmp(feature, "1")) {
        LOG(ctx, ERROR,
            "domain %u does not listen to %s requests (no PV drivers, or it is still "
            "starting)",
            o->domid, o->word);
        rc = ERROR_NOPARAVIRT;
    } else {
        store_write(&s, o->word, "/local/domain/%u/control/shutdown", o->domid);
        if (s.error) {
            LOG(ctx, ERROR, "cannot ask domain %u: xenstore: %s", o->domid, strerror(s.error));
            rc = ERROR_FAIL;
        }
    }
    free(feature);
    store_close(&s);
    return rc;
}

static int order(libxl_ctx *ctx, uint32_t domid, const char *word, const libxl_asyncop_how *how,
                 int (*op)(libxl_ctx *, void *))
{
    struct order *o = libxl__alloc(sizeof(*o));

    *o = (struct order){domid, word};
    return libxl__async(ctx, how, op, free, o);
}

int libxl_domain_pause(libxl_ctx *ctx, uint32_t domid, const libxl_asyncop_how *ao_how)
{
    return order(ctx, domid, NULL, ao_how, pause_op);
}

int libxl_domain_unpause(libxl_ctx *ctx, uint32_t domid, const libxl_asyncop_how *ao_how)
{
    return order(ctx, domid, NULL, ao_how, unpause_op);
}

int libxl_domain_shutdown(libxl_ctx *ctx, uint32_t domid, const libxl_asyncop_how *ao_how)
{
    return order(ctx, domid, "poweroff", ao_how, shutdown_op);
}

int libxl_domain_reboot(libxl_ctx *ctx, uint32_t domid, const libxl_asyncop_how *ao_how)
{
    return order(ctx, domid, "reboot", ao_how, shutdown_op);
}

int libxl_send_sysrq(libxl_ctx *ctx, uint32_t domid, char sysrq)
{
    char text[2] = {sysrq, 0};
    struct store s;
    int rc = libxl__must_exist(ctx, domid);

    if (!rc)
        rc = store_open(&s, ctx);
    if (rc)
        return rc;
    store_write(&s, text, "/local/domain/%u/control/sysrq", domid);
    rc = s.error ? ERROR_FAIL : 0;
    if (rc)
        LOG(ctx, ERROR, "cannot send sysrq to domain %u: %s", domid, strerror(s.error));
    store_close(&s);
    return rc;
}

static const struct {
    libxl_trigger trigger;
    uint32_t number;
} triggers[] = {
    {LIBXL_TRIGGER_POWER, XEN_DOMCTL_SENDTRIGGER_POWER},
    {LIBXL_TRIGGER_SLEEP, XEN_DOMCTL_SENDTRIGGER_SLEEP},
    {LIBXL_TRIGGER_NMI, XEN_DOMCTL_SENDTRIGGER_NMI},
    {LIBXL_TRIGGER_INIT, XEN_DOMCTL_SENDTRIGGER_INIT},
    {LIBXL_TRIGGER_RESET, XEN_DOMCTL_SENDTRIGGER_RESET},
};

int libxl_send_trigger(libxl_ctx *ctx, uint32_t domid, libxl_trigger trigger, uint32_t vcpuid,
                       const libxl_asyncop_how *ao_how)
{
    for (size_t i = 0; i < sizeof(triggers) / sizeof(triggers[0]); i++) {
        if (triggers[i].trigger != trigger)
            continue;
        if (!xc_domain_send_trigger(ctx->xch, domid, triggers[i].number, vcpuid))
            return 0;
        LOGE(ctx, ERROR, "cannot send trigger %s to domain %u", libxl_trigger_to_string(trigger),
             domid);
        return ERROR_FAIL;
    }
    LOG(ctx, ERROR, "trigger %d is not known", trigger);
    return ERROR_INVAL;
}
