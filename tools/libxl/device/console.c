/* SPDX-License-Identifier: GPL-2.0-only */
/* The primary console: xenconsoled maps its ring when the domain is introduced. */
#include "device/device.h"

void console_write(struct store *s, uint32_t domid, unsigned int port, uint64_t gfn)
{
    struct device_id d = {"console", domid, 0};

    device_begin(s, &d);
    device_backend_write(s, &d, "protocol", "vt100");
    device_frontend_write(s, &d, "limit", "1048576");
    device_frontend_write(s, &d, "type", "xenconsoled");
    device_frontend_write(s, &d, "output", "pty");
    device_frontend_write(s, &d, "tty", "");
    store_write_number(s, port, "/local/domain/%u/console/port", domid);
    store_write_number(s, gfn, "/local/domain/%u/console/ring-ref", domid);
}
