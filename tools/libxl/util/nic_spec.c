/* SPDX-License-Identifier: GPL-2.0-only */
/* The short form of network cards: "mac=...,bridge=...". */
#include <libxl_cfg.h>
#include <libxl_utils.h>
#include <stdlib.h>

#include "util/mem.h"
#include "util/spec.h"

static int number(const char *key, const char *value, long min, long max, long *out, char **problem)
{
    char *end;

    *out = strtol(value, &end, 0);
    if (!*value || *end || *out < min || *out > max)
        return spec_wrong(problem, "%s=%s: should be a number from %ld to %ld", key, value, min,
                          max);
    return 0;
}

/* "10Mb/s", "250KB/s@20ms": bits (b) or bytes (B) per second, and the interval of accounting. */
static int nic_rate(libxl_device_nic *nic, const char *v, char **problem)
{
    char unit[4] = "", period[4] = "";
    unsigned long long n, bytes;
    unsigned int interval = 50;
    int fields = sscanf(v, "%llu%3[KMGBb]/s@%u%3[mus]", &n, unit, &interval, period), shift = 0;
    size_t len = strlen(unit);

    if (fields < 2 || !len || (unit[len - 1] != 'b' && unit[len - 1] != 'B') || len > 2)
        return spec_wrong(problem, "rate=%s: should be like 10Mb/s or 250KB/s@20ms", v);
    if (len == 2)
        shift = unit[0] == 'K' ? 1 : unit[0] == 'M' ? 2 : 3;
    bytes = n;
    while (shift--)
        bytes *= 1000;
    if (unit[len - 1] == 'b')
        bytes /= 8;
    nic->rate_interval_usecs = !strcmp(period, "us")  ? interval
                               : !strcmp(period, "s") ? interval * 1000000
                                                      : interval * 1000;
    nic->rate_bytes_per_interval = bytes * nic->rate_interval_usecs / 1000000;
    return 0;
}

static int nic_mac(libxl_device_nic *nic, const char *v, char **problem)
{
    uint8_t *m = nic->mac;
    int end = 0;

    if (sscanf(v, LIBXL_MAC_FMT "%n", m, m + 1, m + 2, m + 3, m + 4, m + 5, &end) != 6 || v[end])
        return spec_wrong(problem, "mac=%s: should be like 00:16:3e:12:34:56", v);
    return 0;
}

static int nic_type(libxl_device_nic *nic, const char *v, char **problem)
{
    if (!strcmp(v, "vif"))
        nic->nictype = LIBXL_NIC_TYPE_VIF;
    else if (!strcmp(v, "ioemu"))
        nic->nictype = LIBXL_NIC_TYPE_VIF_IOEMU;
    else
        return spec_wrong(problem, "type=%s: should be vif or ioemu", v);
    return 0;
}

static int nic_pair(libxl_device_nic *nic, const char *key, const char *v, char **problem)
{
    const struct {
        const char *key;
        char **field;
    } texts[] = {
        {"bridge", &nic->bridge},
        {"script", &nic->script},
        {"ip", &nic->ip},
        {"model", &nic->model},
        {"vifname", &nic->ifname},
        {"backend", &nic->backend_domname},
        {"gatewaydev", &nic->gatewaydev},
        {"netdev", &nic->gatewaydev},
    };
    long n;

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        if (!strcmp(texts[i].key, key)) {
            spec_set(texts[i].field, v);
            return 0;
        }
    if (!strcmp(key, "mac"))
        return nic_mac(nic, v, problem);
    if (!strcmp(key, "type"))
        return nic_type(nic, v, problem);
    if (!strcmp(key, "rate"))
        return nic_rate(nic, v, problem);
    if (!strcmp(key, "devid") || !strcmp(key, "mtu") || !strcmp(key, "trusted")) {
        int rc = number(key, v, *key == 'm' ? 68 : 0,
                        *key == 'd'   ? 255
                        : *key == 'm' ? 65535
                                      : 1,
                        &n, problem);

        if (!rc && *key == 'd')
            nic->devid = n;
        else if (!rc && *key == 'm')
            nic->mtu = n;
        else if (!rc)
            libxl_defbool_set(&nic->trusted, n);
        return rc;
    }
    return spec_wrong(
        problem,
        "a network card has no \"%s\": mac, bridge, script, ip, model, vifname, type, "
        "rate, devid, mtu, backend, gatewaydev, trusted",
        key);
}

int libxl_nic_parse(const char *spec, libxl_device_nic *nic, char **problem)
{
    const char *p = spec;
    int rc = 0;

    *problem = NULL;
    while (!rc && *p) {
        size_t len = strcspn(p, ",");
        char *part = spec_trimmed(p, len), *equals = strchr(part, '=');

        if (equals) {
            *equals = 0;
            rc = nic_pair(nic, part, equals + 1, problem);
        } else if (*part) {
            rc = spec_wrong(problem, "\"%s\" should be key=value", part);
        }
        free(part);
        p += len + (p[len] == ',');
    }
    return rc;
}
