/* SPDX-License-Identifier: GPL-2.0-only */
/* Finding and attaching the console of a domain. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "device/store.h"
#include "domain/internal.h"
#include "util/mem.h"

#ifndef CONSOLE_CLIENT
#define CONSOLE_CLIENT "xenconsole"
#endif

int libxl_console_get_tty(libxl_ctx *ctx, uint32_t domid, int cons_num, libxl_console_type type,
                          char **path)
{
    struct store s;
    char *tty;
    int rc = store_open(&s, ctx);

    if (rc)
        return rc;
    if (type != LIBXL_CONSOLE_TYPE_PV && type != LIBXL_CONSOLE_TYPE_UNKNOWN)
        tty = NULL;
    else if (!cons_num)
        tty = store_read(&s, "/local/domain/%u/console/tty", domid);
    else
        tty = store_read(&s, "/local/domain/%u/device/console/%d/tty", domid, cons_num);
    store_close(&s);
    if (!tty || !*tty) {
        LOG(ctx, ERROR, "domain %u has no terminal for its console (is xenconsoled running?)",
            domid);
        free(tty);
        return ERROR_INVAL;
    }
    *path = tty;
    return 0;
}

int libxl_primary_console_get_tty(libxl_ctx *ctx, uint32_t domid_vm, char **path)
{
    return libxl_console_get_tty(ctx, domid_vm, 0, LIBXL_CONSOLE_TYPE_PV, path);
}

int libxl_console_exec(libxl_ctx *ctx, uint32_t domid, int cons_num, libxl_console_type type,
                       int notify_fd)
{
    char id[16], num[16], fd[32];
    char *argv[10] = {(char *)CONSOLE_CLIENT, id,          (char *)"--num", num,
                      (char *)"--type",       (char *)"pv"};
    int n = 6;

    if (type != LIBXL_CONSOLE_TYPE_PV && type != LIBXL_CONSOLE_TYPE_UNKNOWN) {
        LOG(ctx, ERROR, "domain %u has no console of type %s", domid,
            libxl_console_type_to_string(type));
        return ERROR_INVAL;
    }
    snprintf(id, sizeof(id), "%u", domid);
    snprintf(num, sizeof(num), "%d", cons_num);
    if (notify_fd != -1) {
        snprintf(fd, sizeof(fd), "%d", notify_fd);
        argv[n++] = (char *)"--start-notify-fd";
        argv[n++] = fd;
    }
    argv[n] = NULL;
    execv(CONSOLE_CLIENT, argv);
    if (errno == ENOENT)
        execvp("xenconsole", argv);
    LOGE(ctx, ERROR, "cannot run the console client %s", CONSOLE_CLIENT);
    return ERROR_FAIL;
}

int libxl_primary_console_exec(libxl_ctx *ctx, uint32_t domid_vm, int notify_fd)
{
    return libxl_console_exec(ctx, domid_vm, 0, LIBXL_CONSOLE_TYPE_PV, notify_fd);
}
