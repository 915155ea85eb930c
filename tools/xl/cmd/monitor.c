/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The monitor of a domain: a process that waits for its end and does what on_poweroff, on_reboot,
 * on_crash and on_watchdog say. `xl create` leaves it behind.
 */
#include "../xl.h"
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* In the child: session of its own, log file as output. In the parent: true. */
bool daemonise(const char *name)
{
    char *log_name = NULL, *full = NULL;
    pid_t pid = fork();
    int null, log = -1;

    if (pid < 0)
        die("cannot fork the monitor of '%s'", name);
    if (pid > 0) {
        return true;
    }
    setsid();
    libxl_postfork_child_noexec(ctx);
    ctx = NULL;
    open_context();
    if (asprintf(&log_name, "xl-%s", name) > 0 && !libxl_create_logfile(ctx, log_name, &full))
        log = open(full, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    null = open("/dev/null", O_RDWR);
    if (log < 0)
        log = null;
    dup2(null, 0);
    dup2(log, 1);
    dup2(log, 2);
    if (log > 2 && log != null)
        close(log);
    if (null > 2)
        close(null);
    free(log_name);
    free(full);
    if (chdir("/"))
        return false;
    return false;
}

static libxl_action_on_shutdown action_for(const libxl_domain_config *c, int reason)
{
    switch (reason) {
    case LIBXL_SHUTDOWN_REASON_POWEROFF:
        return c->on_poweroff;
    case LIBXL_SHUTDOWN_REASON_REBOOT:
        return c->on_reboot;
    case LIBXL_SHUTDOWN_REASON_CRASH:
        return c->on_crash;
    case LIBXL_SHUTDOWN_REASON_WATCHDOG:
        return c->on_watchdog;
    case LIBXL_SHUTDOWN_REASON_SOFT_RESET:
        return c->on_soft_reset;
    }
    return LIBXL_ACTION_ON_SHUTDOWN_DESTROY;
}

/* The configuration may have been replaced since (xl config-update). */
static void refresh_config(uint32_t domid, libxl_domain_config *c)
{
    libxl_domain_config now;

    libxl_domain_config_init(&now);
    if (!libxl_retrieve_domain_configuration(ctx, domid, &now, NULL)) {
        now.on_poweroff = now.on_poweroff ?: c->on_poweroff;
        libxl_domain_config_dispose(c);
        *c = now;
    } else {
        libxl_domain_config_dispose(&now);
    }
}

/* Dumps and soft resets are not available; what else the action says is done. */
static libxl_action_on_shutdown without_dump(libxl_action_on_shutdown action)
{
    switch (action) {
    case LIBXL_ACTION_ON_SHUTDOWN_COREDUMP_RESTART:
    case LIBXL_ACTION_ON_SHUTDOWN_SOFT_RESET:
        printf("'%s' is not available: restarting\n", libxl_action_on_shutdown_to_string(action));
        return LIBXL_ACTION_ON_SHUTDOWN_RESTART;
    case LIBXL_ACTION_ON_SHUTDOWN_COREDUMP_DESTROY:
        puts("No dump is made: not available");
        return LIBXL_ACTION_ON_SHUTDOWN_DESTROY;
    default:
        return action;
    }
}

/* 0: watch the successor (*domid); 1: done. */
static int act(libxl_action_on_shutdown action, uint32_t *domid, libxl_domain_config *c,
               struct create_options *o)
{
    libxl_uuid uuid;
    uint32_t successor = INVALID_DOMID;
    char *name = domain_name(*domid);

    action = without_dump(action);
    printf("Action for domain %u '%s': %s\n", *domid, name,
           libxl_action_on_shutdown_to_string(action));
    free(name);
    switch (action) {
    case LIBXL_ACTION_ON_SHUTDOWN_PRESERVE:
        return 1;
    case LIBXL_ACTION_ON_SHUTDOWN_RESTART_RENAME:
        refresh_config(*domid, c);
        libxl_uuid_generate(&uuid);
        if (libxl_domain_preserve(ctx, *domid, &c->c_info, "-preserved", uuid))
            return 1;
        break;
    case LIBXL_ACTION_ON_SHUTDOWN_RESTART:
        refresh_config(*domid, c);
        if (libxl_domain_destroy(ctx, *domid, NULL))
            return 1;
        break;
    default:
        libxl_domain_destroy(ctx, *domid, NULL);
        return 1;
    }
    c->c_info.domid = 0;
    if (create_domain(c, o, &successor))
        return 1;
    *domid = successor;
    return 0;
}

/* Waits for the domain's end: a shutdown reason, or -1 when it was destroyed by someone else. */
static int wait_for_end(uint32_t domid)
{
    libxl_evgen_domain_death *death = NULL;
    int reason = -1;

    if (libxl_evenable_domain_death(ctx, domid, 0, &death))
        return -1;
    for (;;) {
        libxl_event *event;
        bool ended = false;

        if (libxl_event_wait(ctx, &event, LIBXL_EVENTMASK_ALL, NULL, NULL))
            break;
        if (event->domid == domid && event->type == LIBXL_EVENT_TYPE_DOMAIN_SHUTDOWN) {
            reason = event->u.domain_shutdown.shutdown_reason;
            ended = reason != LIBXL_SHUTDOWN_REASON_SUSPEND;
        } else if (event->domid == domid && event->type == LIBXL_EVENT_TYPE_DOMAIN_DEATH) {
            reason = -1;
            ended = true;
        }
        libxl_event_free(ctx, event);
        if (ended)
            break;
    }
    libxl_evdisable_domain_death(ctx, death);
    return reason;
}

int monitor_domain(uint32_t domid, libxl_domain_config *d_config,
                   const struct create_options *options)
{
    struct create_options o = *options;

    o.paused = o.console = false;
    for (;;) {
        int reason;

        printf("Watching domain %u\n", domid);
        fflush(stdout);
        reason = wait_for_end(domid);
        if (reason < 0) {
            printf("Domain %u is gone\n", domid);
            return 0;
        }
        printf("Domain %u stopped: %s\n", domid, libxl_shutdown_reason_to_string(reason));
        if (act(action_for(d_config, reason), &domid, d_config, &o))
            return 0;
    }
}
