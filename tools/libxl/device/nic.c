/* SPDX-License-Identifier: GPL-2.0-only */
/* Network cards served by the kernel's network back end. The interface it makes is put on the
 * bridge here, unless the configuration names a script. */
#include <errno.h>
#include <libxl_utils.h>
#include <net/if.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <linux/sockios.h>

#include "device/device.h"
#include "util/mem.h"

#define DEFAULT_BRIDGE "xenbr0"

extern char **environ;

char *nic_check(libxl_device_nic *nic, uint32_t domid, int index, const libxl_uuid *uuid)
{
    static const libxl_mac none;

    if (nic->backend_domid || nic->backend_domname)
        return libxl__strdup("only the control domain serves network cards");
    if (nic->nictype == LIBXL_NIC_TYPE_VIF_IOEMU)
        return libxl__strdup("an emulated card needs QEMU, which a PVH guest does not have");
    nic->nictype = LIBXL_NIC_TYPE_VIF;
    if (nic->devid < 0)
        nic->devid = index;
    if (!memcmp(nic->mac, none, sizeof(none))) {
        /* 00:16:3e is assigned to virtual machines; the rest follows the domain's UUID, so that a
         * restart keeps it. */
        const uint8_t m[6] = {0x00,           0x16,
                              0x3e,           uuid->uuid[13] & 0x7f,
                              uuid->uuid[14], (uint8_t)(uuid->uuid[15] + nic->devid)};

        memcpy(nic->mac, m, sizeof(m));
    }
    if (nic->mac[0] & 1)
        return libxl__sprintf("MAC address " LIBXL_MAC_FMT " is a multicast address",
                              LIBXL_MAC_BYTES(nic->mac));
    if (!nic->bridge && !nic->script)
        nic->bridge = libxl__strdup(DEFAULT_BRIDGE);
    if (!nic->mtu)
        nic->mtu = 1500;
    if (nic->ifname && strlen(nic->ifname) >= IFNAMSIZ)
        return libxl__sprintf("interface name \"%s\" is too long", nic->ifname);
    libxl_defbool_setdefault(&nic->trusted, true);
    return NULL;
}

void nic_write(struct store *s, uint32_t domid, const libxl_device_nic *nic)
{
    struct device_id d = {"vif", domid, nic->devid};
    char mac[LIBXL_MAC_FMTLEN + 1], handle[16], mtu[16];

    snprintf(mac, sizeof(mac), LIBXL_MAC_FMT, LIBXL_MAC_BYTES(nic->mac));
    snprintf(handle, sizeof(handle), "%d", nic->devid);
    snprintf(mtu, sizeof(mtu), "%d", nic->mtu);
    device_begin(s, &d);
    device_backend_write(s, &d, "mac", mac);
    device_backend_write(s, &d, "handle", handle);
    device_backend_write(s, &d, "type", "vif");
    device_backend_write(s, &d, "mtu", mtu);
    if (nic->bridge)
        device_backend_write(s, &d, "bridge", nic->bridge);
    /* Linux's back end wants this node even if it is not to run anything. */
    device_backend_write(s, &d, "script", nic->script ? nic->script : "");
    if (nic->ip)
        device_backend_write(s, &d, "ip", nic->ip);
    if (nic->ifname)
        device_backend_write(s, &d, "vifname", nic->ifname);
    device_frontend_write(s, &d, "mac", mac);
    device_frontend_write(s, &d, "handle", handle);
    device_frontend_write(s, &d, "mtu", mtu);
    device_frontend_write(s, &d, "trusted", libxl_defbool_val(nic->trusted) ? "1" : "0");
}

/* One ioctl on an interface; the name's length was checked. */
static int interface_call(int sock, unsigned long call, struct ifreq *r, const char *name)
{
    snprintf(r->ifr_name, IFNAMSIZ, "%s", name);
    return ioctl(sock, call, r);
}

static char *plug_into_bridge(const char *vif, const libxl_device_nic *nic)
{
    int sock = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    struct ifreq r = {0};
    char *problem = NULL;

    if (sock < 0)
        return libxl__sprintf("socket: %s", strerror(errno));
    if (nic->ifname) {
        memcpy(r.ifr_newname, nic->ifname, strlen(nic->ifname) + 1);
        if (interface_call(sock, SIOCSIFNAME, &r, vif))
            problem = libxl__sprintf("renaming %s to %s: %s", vif, nic->ifname, strerror(errno));
        vif = nic->ifname;
    }
    memset(&r, 0, sizeof(r));
    r.ifr_mtu = nic->mtu;
    if (!problem && interface_call(sock, SIOCSIFMTU, &r, vif))
        problem = libxl__sprintf("MTU %d on %s: %s", nic->mtu, vif, strerror(errno));
    memset(&r, 0, sizeof(r));
    r.ifr_ifindex = if_nametoindex(vif);
    if (!problem && (!r.ifr_ifindex || interface_call(sock, SIOCBRADDIF, &r, nic->bridge)))
        problem = libxl__sprintf("putting %s on bridge %s: %s", vif, nic->bridge, strerror(errno));
    memset(&r, 0, sizeof(r));
    if (!problem && !interface_call(sock, SIOCGIFFLAGS, &r, vif)) {
        r.ifr_flags |= IFF_UP;
        if (interface_call(sock, SIOCSIFFLAGS, &r, vif))
            problem = libxl__sprintf("bringing %s up: %s", vif, strerror(errno));
    }
    close(sock);
    return problem;
}

/* A script as Xen's users write them: "SCRIPT online" with the device in its environment. It says
 * by hotplug-status in xenstore that it is done. */
static char *run_script(const char *vif, uint32_t domid, const libxl_device_nic *nic)
{
    char *path = nic->script[0] == '/' ? libxl__strdup(nic->script)
                                       : libxl__sprintf("/etc/xen/scripts/%s", nic->script);
    char *argv[] = {path, (char *)"online", (char *)"type_if=vif", NULL};
    char *problem = NULL, *env[64];
    int n = 0, status, e;
    pid_t pid;

    env[n++] = libxl__sprintf("script=%s", path);
    env[n++] = libxl__sprintf("XENBUS_TYPE=vif");
    env[n++] = libxl__sprintf("XENBUS_PATH=backend/vif/%u/%d", domid, nic->devid);
    env[n++] = libxl__sprintf("XENBUS_BASE_PATH=backend");
    env[n++] = libxl__sprintf("vif=%s", vif);
    for (char **x = environ; *x && n < 63; x++)
        env[n++] = libxl__strdup(*x);
    env[n] = NULL;
    e = posix_spawn(&pid, path, NULL, NULL, argv, env);
    if (e)
        problem = libxl__sprintf("script %s: %s", path, strerror(e));
    else if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status) || WEXITSTATUS(status))
        problem = libxl__sprintf("script %s failed", path);
    while (n--)
        free(env[n]);
    free(path);
    return problem;
}

/* netback says InitWait before it makes its interface. */
static bool interface_appears(const char *vif)
{
    const struct timespec pause = {0, 50000000};

    for (unsigned int tries = 0; tries < 200; tries++) {
        if (if_nametoindex(vif))
            return true;
        nanosleep(&pause, NULL);
    }
    return false;
}

int nic_plug(libxl_ctx *ctx, uint32_t domid, const libxl_device_nic *nic, char **why)
{
    struct device_id d = {"vif", domid, nic->devid};
    char vif[IFNAMSIZ];
    struct store s;
    int rc = device_wait(ctx, &d, BUS_INIT_WAIT, BUS_CONNECTED, why);

    if (rc)
        return rc;
    snprintf(vif, sizeof(vif), "vif%u.%d", domid, nic->devid);
    if (!interface_appears(vif)) {
        *why = libxl__sprintf("the back end made no interface %s", vif);
        return ERROR_FAIL;
    }
    *why = nic->script ? run_script(vif, domid, nic) : plug_into_bridge(vif, nic);
    if (*why)
        return ERROR_FAIL;
    rc = store_open(&s, ctx);
    if (!rc) {
        if (!nic->script)
            device_backend_write(&s, &d, "hotplug-status", "connected");
        if (s.error) {
            *why = libxl__sprintf("xenstore: %s", strerror(s.error));
            rc = ERROR_FAIL;
        }
        store_close(&s);
    }
    return rc;
}
