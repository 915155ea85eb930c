/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libxl: build, show, drive and end domains. Names and semantics follow upstream libxl, so that its
 * users can move; structures come from types.idl (libxl_types.h).
 *
 * Conventions
 *  - A function returns 0, or one of ERROR_* (negative). What failed, why, and what was undone goes
 *    to the logger given to libxl_ctx_alloc().
 *  - Whatever is returned through a pointer belongs to the caller: structures are given back with
 *    their _dispose or _list_free, strings with free().
 *  - A context may be used by several threads at once.
 *  - A function with a libxl_asyncop_how runs to its end if that is NULL. Otherwise the same steps
 *    run on a worker thread, 0 means "started", and the end is told through the callback or an
 *    OPERATION_COMPLETE event; see libxl_event.h. All other pointers must stay valid until then.
 *  - Memory is in KiB, times in nanoseconds, unless a comment says otherwise.
 */
#ifndef LIBXL_H
#define LIBXL_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <xentoollog.h>

typedef struct libxl__ctx libxl_ctx;

#include <libxl_uuid.h>

#define LIBXL_VERSION                           0
#define INVALID_DOMID                           (~0u)
#define LIBXL_MAX_GRANT_DEFAULT                 (~(uint32_t)0)
#define LIBXL_MEMKB_DEFAULT                     (~0ULL)
#define LIBXL_TIMER_MODE_DEFAULT                (-1)
#define LIBXL_DOMAIN_SCHED_PARAM_WEIGHT_DEFAULT (-1)
#define LIBXL_DOMAIN_SCHED_PARAM_CAP_DEFAULT    (-1)
#define LIBXL_CPUPOOL_POOLID_ANY                0xFFFFFFFFu
#define LIBXL_CPUTOPOLOGY_INVALID_ENTRY         (~(uint32_t)0)
#define LIBXL_PCITOPOLOGY_INVALID_ENTRY         (~(uint32_t)0)
#define LIBXL_NUMAINFO_INVALID_ENTRY            (~(uint32_t)0)

/* ---- basic types ---- */

typedef uint32_t libxl_domid;
typedef int libxl_devid;
typedef uint64_t libxl_ev_user;
typedef uint32_t libxl_hwcap[8];

typedef uint8_t libxl_mac[6];
#define LIBXL_MAC_FMT        "%02hhx:%02hhx:%02hhx:%02hhx:%02hhx:%02hhx"
#define LIBXL_MAC_FMTLEN     ((2 * 6) + 5)
#define LIBXL_MAC_BYTES(mac) mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]

/** NULL-terminated array of strings. */
typedef char **libxl_string_list;
void libxl_string_list_dispose(libxl_string_list *sl);
int libxl_string_list_length(const libxl_string_list *sl);
void libxl_string_list_copy(libxl_ctx *ctx, libxl_string_list *dst, const libxl_string_list *src);

/** NULL-terminated array: key, value, key, value ... */
typedef char **libxl_key_value_list;
void libxl_key_value_list_dispose(libxl_key_value_list *kvl);
int libxl_key_value_list_length(const libxl_key_value_list *kvl);
void libxl_key_value_list_copy(libxl_ctx *ctx, libxl_key_value_list *dst,
                               const libxl_key_value_list *src);

/** Bits 0 .. size*8-1; functions in libxl_utils.h. */
typedef struct {
    uint32_t size; /**< bytes in map */
    uint8_t *map;
} libxl_bitmap;
void libxl_bitmap_init(libxl_bitmap *map);
void libxl_bitmap_dispose(libxl_bitmap *map);

/** Changes to the CPUID a domain sees: texts as xl.cfg's cpuid= takes them. Opaque. */
typedef struct libxl__cpuid_policy *libxl_cpuid_policy_list;
void libxl_cpuid_dispose(libxl_cpuid_policy_list *list);
int libxl_cpuid_policy_list_length(const libxl_cpuid_policy_list *list);
void libxl_cpuid_policy_list_copy(libxl_ctx *ctx, libxl_cpuid_policy_list *dst,
                                  const libxl_cpuid_policy_list *src);
/** Adds "host,feature=0,feature=k,..." to a list. ERROR_INVAL: unknown feature or value. */
int libxl_cpuid_parse_config(libxl_cpuid_policy_list *list, const char *str);

typedef struct {
    const char *s;
    int v;
} libxl_enum_string_table;

struct libxl_event;
typedef struct {
    struct libxl_event *next;
} libxl_ev_link;

/** A boolean that also knows "default": test with libxl_defbool_*, never directly. */
typedef struct {
    int val; /* 0 default, >0 true, <0 false */
} libxl_defbool;
void libxl_defbool_set(libxl_defbool *db, bool b);
void libxl_defbool_unset(libxl_defbool *db);
/** Sets b only if the value is still default. */
void libxl_defbool_setdefault(libxl_defbool *db, bool b);
bool libxl_defbool_is_default(libxl_defbool db);
/** The value; must not be default. */
bool libxl_defbool_val(libxl_defbool db);
const char *libxl_defbool_to_string(libxl_defbool b);

#define LIBXL_MS_VM_GENID_LEN 16
typedef struct {
    uint8_t bytes[LIBXL_MS_VM_GENID_LEN];
} libxl_ms_vm_genid;

#include <libxl_types.h>

/** How an asynchronous operation tells its end; the structure itself is copied. */
typedef struct {
    /** Called by the application's thread that processes events; NULL: an event is queued. */
    void (*callback)(libxl_ctx *ctx, int rc, void *for_callback);
    union {
        libxl_ev_user for_event;
        void *for_callback;
    } u;
} libxl_asyncop_how;

/** How intermediate progress is told: an event, queued or handed to the callback, who frees it. */
typedef struct {
    void (*callback)(libxl_ctx *ctx, libxl_event *event, void *for_callback);
    libxl_ev_user for_event;
    void *for_callback;
} libxl_asyncprogress_how;

/* ---- context ---- */

/** Opens the hypervisor; xenstore is opened when first needed. ERROR_VERSION if version is not
 * LIBXL_VERSION, ERROR_FAIL if this is no control domain. The logger must outlive the context. */
int libxl_ctx_alloc(libxl_ctx **pctx, int version, unsigned int flags, xentoollog_logger *lg);
/** Waits for running asynchronous operations, then frees everything. NULL is fine. */
int libxl_ctx_free(libxl_ctx *ctx);
/** The text of the last ERROR_* that a call of this thread on this context logged, or "". */
const char *libxl_ctx_last_error(libxl_ctx *ctx);

/* ---- life of a domain ---- */

/** Builds a domain and leaves it paused (libxl_domain_unpause starts it). Defaults are filled into
 * d_config. On failure nothing of the domain is left and the log names the step, its cause and what
 * was undone; *domid is then INVALID_DOMID. aop_console_how is told when the console can be
 * attached. */
int libxl_domain_create_new(libxl_ctx *ctx, libxl_domain_config *d_config, uint32_t *domid,
                            const libxl_asyncop_how *ao_how,
                            const libxl_asyncprogress_how *aop_console_how);
/** The configuration a domain was created with. ERROR_JSON_CONFIG_EMPTY: none is stored. */
int libxl_retrieve_domain_configuration(libxl_ctx *ctx, uint32_t domid,
                                        libxl_domain_config *d_config,
                                        const libxl_asyncop_how *ao_how);
/** Checks a configuration without creating anything: fills defaults, logs each fault. */
int libxl_domain_config_check(libxl_ctx *ctx, libxl_domain_config *d_config);
/** If the create of a domain died half-way: 1 and the step it had begun (malloc); otherwise 0. */
int libxl_domain_create_interrupted(libxl_ctx *ctx, uint32_t domid, char **step);
/** Removes what creates and destroys that died left behind for domains that do not exist any more;
 * says what it removes. Returns how many domains were cleaned up, or ERROR_*. */
int libxl_cleanup_leftovers(libxl_ctx *ctx);

/** Asks the guest to power off. ERROR_NOPARAVIRT if it does not listen. */
int libxl_domain_shutdown(libxl_ctx *ctx, uint32_t domid, const libxl_asyncop_how *ao_how);
/** Asks the guest to reboot. */
int libxl_domain_reboot(libxl_ctx *ctx, uint32_t domid, const libxl_asyncop_how *ao_how);
/** Ends a domain at once and removes all that belongs to it. Also cleans up after a create that
 * died. ERROR_DOMAIN_NOTFOUND if there is no such domain nor anything left of one. */
int libxl_domain_destroy(libxl_ctx *ctx, uint32_t domid, const libxl_asyncop_how *ao_how);
int libxl_domain_pause(libxl_ctx *ctx, uint32_t domid, const libxl_asyncop_how *ao_how);
int libxl_domain_unpause(libxl_ctx *ctx, uint32_t domid, const libxl_asyncop_how *ao_how);
/** Renames; if old_name is given the domain must bear it. ERROR_INVAL: the new name is taken. */
int libxl_domain_rename(libxl_ctx *ctx, uint32_t domid, const char *old_name, const char *new_name);
/** Renames a stopped domain to NAME+suffix with a new UUID, so that it can be kept for inspection
 * while a successor is created. */
int libxl_domain_preserve(libxl_ctx *ctx, uint32_t domid, libxl_domain_create_info *info,
                          const char *name_suffix, libxl_uuid new_uuid);
int libxl_send_trigger(libxl_ctx *ctx, uint32_t domid, libxl_trigger trigger, uint32_t vcpuid,
                       const libxl_asyncop_how *ao_how);
int libxl_send_sysrq(libxl_ctx *ctx, uint32_t domid, char sysrq);

/* ---- what there is ---- */

/** info_r may be NULL to test for existence. ERROR_DOMAIN_NOTFOUND. */
int libxl_domain_info(libxl_ctx *ctx, libxl_dominfo *info_r, uint32_t domid);
libxl_dominfo *libxl_list_domain(libxl_ctx *ctx, int *nb_domain_out);
void libxl_dominfo_list_free(libxl_dominfo *list, int nb_domain);
libxl_vminfo *libxl_list_vm(libxl_ctx *ctx, int *nb_vm_out);
void libxl_vminfo_list_free(libxl_vminfo *list, int nb_vm);
libxl_cpupoolinfo *libxl_list_cpupool(libxl_ctx *ctx, int *nb_pool_out);
void libxl_cpupoolinfo_list_free(libxl_cpupoolinfo *list, int nb_pool);
int libxl_cpupool_info(libxl_ctx *ctx, libxl_cpupoolinfo *info, uint32_t poolid);
/** nr_cpus_out: how many CPUs the affinity maps cover. */
libxl_vcpuinfo *libxl_list_vcpu(libxl_ctx *ctx, uint32_t domid, int *nb_vcpu, int *nr_cpus_out);
void libxl_vcpuinfo_list_free(libxl_vcpuinfo *list, int nr_vcpus);
/** Seconds since the epoch at which the domain was started, 0 if unknown. */
uint32_t libxl_vm_get_start_time(libxl_ctx *ctx, uint32_t domid);

/* ---- vCPUs and scheduling ---- */

/** Either map may be NULL: that affinity stays. */
int libxl_set_vcpuaffinity(libxl_ctx *ctx, uint32_t domid, uint32_t vcpuid,
                           const libxl_bitmap *cpumap_hard, const libxl_bitmap *cpumap_soft);
int libxl_set_vcpuaffinity_all(libxl_ctx *ctx, uint32_t domid, unsigned int max_vcpus,
                               const libxl_bitmap *cpumap_hard, const libxl_bitmap *cpumap_soft);
/** Asks the guest to have exactly these vCPUs online. */
int libxl_set_vcpuonline(libxl_ctx *ctx, uint32_t domid, libxl_bitmap *cpumap,
                         const libxl_asyncop_how *ao_how);
int libxl_domain_get_nodeaffinity(libxl_ctx *ctx, uint32_t domid, libxl_bitmap *nodemap);
/** The host's default policy (libxl_scheduler) or ERROR_*. */
int libxl_get_scheduler(libxl_ctx *ctx);
int libxl_domain_sched_params_get(libxl_ctx *ctx, uint32_t domid,
                                  libxl_domain_sched_params *params);
/** Only the fields that are not -1 change. */
int libxl_domain_sched_params_set(libxl_ctx *ctx, uint32_t domid,
                                  const libxl_domain_sched_params *params);

/* ---- memory ---- */

/** Sets the hypervisor's limit. */
int libxl_domain_setmaxmem(libxl_ctx *ctx, uint32_t domid, uint64_t target_memkb);
/** Asks the balloon driver for a size; relative: added to the present target; enforce: the
 * hypervisor's limit follows. */
int libxl_set_memory_target(libxl_ctx *ctx, uint32_t domid, int64_t target_memkb, int relative,
                            int enforce);
int libxl_get_memory_target(libxl_ctx *ctx, uint32_t domid, uint64_t *out_target);
/** Free memory in the host, claims of others subtracted. */
int libxl_get_free_memory(libxl_ctx *ctx, uint64_t *memkb);
/** What the host must have free to build this domain. */
int libxl_domain_need_memory(libxl_ctx *ctx, libxl_domain_config *config,
                             uint32_t domid_for_logging, uint64_t *need_memkb);
/** ERROR_NOMEM if the memory is not there after wait_secs. */
int libxl_wait_for_free_memory(libxl_ctx *ctx, uint32_t domid, uint64_t memory_kb, int wait_secs);
/** Waits until the domain has come down to its target; time counts only without progress. */
int libxl_wait_for_memory_target(libxl_ctx *ctx, uint32_t domid, int wait_secs);

/* ---- consoles ---- */

/** Becomes the console client of a domain (exec); returns only on failure. If notify_fd is not -1
 * the client writes a byte to it once connected. */
int libxl_console_exec(libxl_ctx *ctx, uint32_t domid, int cons_num, libxl_console_type type,
                       int notify_fd);
int libxl_primary_console_exec(libxl_ctx *ctx, uint32_t domid_vm, int notify_fd);
/** Path of the terminal, malloc. ERROR_INVAL while xenconsoled has not made it yet. */
int libxl_console_get_tty(libxl_ctx *ctx, uint32_t domid, int cons_num, libxl_console_type type,
                          char **path);
int libxl_primary_console_get_tty(libxl_ctx *ctx, uint32_t domid_vm, char **path);

/* ---- devices of a domain ---- */

/** Fills fields left open (devid, backend ...) into the structure. */
int libxl_device_disk_add(libxl_ctx *ctx, uint32_t domid, libxl_device_disk *disk,
                          const libxl_asyncop_how *ao_how);
/** Orderly: the guest lets go first, for up to 10 s. */
int libxl_device_disk_remove(libxl_ctx *ctx, uint32_t domid, libxl_device_disk *disk,
                             const libxl_asyncop_how *ao_how);
/** At once. */
int libxl_device_disk_destroy(libxl_ctx *ctx, uint32_t domid, libxl_device_disk *disk,
                              const libxl_asyncop_how *ao_how);
libxl_device_disk *libxl_device_disk_list(libxl_ctx *ctx, uint32_t domid, int *num);
void libxl_device_disk_list_free(libxl_device_disk *list, int num);
int libxl_device_disk_getinfo(libxl_ctx *ctx, uint32_t domid, const libxl_device_disk *disk,
                              libxl_diskinfo *diskinfo);
int libxl_device_nic_add(libxl_ctx *ctx, uint32_t domid, libxl_device_nic *nic,
                         const libxl_asyncop_how *ao_how);
int libxl_device_nic_remove(libxl_ctx *ctx, uint32_t domid, libxl_device_nic *nic,
                            const libxl_asyncop_how *ao_how);
int libxl_device_nic_destroy(libxl_ctx *ctx, uint32_t domid, libxl_device_nic *nic,
                             const libxl_asyncop_how *ao_how);
libxl_device_nic *libxl_device_nic_list(libxl_ctx *ctx, uint32_t domid, int *num);
void libxl_device_nic_list_free(libxl_device_nic *list, int num);
int libxl_device_nic_getinfo(libxl_ctx *ctx, uint32_t domid, const libxl_device_nic *nic,
                             libxl_nicinfo *nicinfo);

/* ---- the host ---- */

/** Belongs to the context; NULL on failure. */
const libxl_version_info *libxl_get_version_info(libxl_ctx *ctx);
int libxl_get_physinfo(libxl_ctx *ctx, libxl_physinfo *physinfo);
libxl_cputopology *libxl_get_cpu_topology(libxl_ctx *ctx, int *nb_cpu_out);
void libxl_cputopology_list_free(libxl_cputopology *list, int nb_cpu);
libxl_numainfo *libxl_get_numainfo(libxl_ctx *ctx, int *nr);
void libxl_numainfo_list_free(libxl_numainfo *list, int nr);
/** CPUs the hypervisor can address (highest id + 1), or ERROR_*. */
int libxl_get_max_cpus(libxl_ctx *ctx);
int libxl_get_online_cpus(libxl_ctx *ctx);
int libxl_get_max_nodes(libxl_ctx *ctx);
/** Sends keys to the hypervisor as if typed on its console. */
int libxl_send_debug_keys(libxl_ctx *ctx, char *keys);

/** The hypervisor's log, line by line. clear: empty it while reading. */
typedef struct libxl__xen_console_reader libxl_xen_console_reader;
libxl_xen_console_reader *libxl_xen_console_read_start(libxl_ctx *ctx, int clear);
/** 1: *line_r is the next line (the reader's own); 0: end; negative: ERROR_*. */
int libxl_xen_console_read_line(libxl_ctx *ctx, libxl_xen_console_reader *cr, char **line_r);
void libxl_xen_console_read_finish(libxl_ctx *ctx, libxl_xen_console_reader *cr);

/* ---- notes that belong to a domain and die with it ---- */

int libxl_userdata_store(libxl_ctx *ctx, uint32_t domid, const char *userdata_userid,
                         const uint8_t *data, int datalen);
/** *data_r from malloc; no such note: success with *data_r NULL and length 0. */
int libxl_userdata_retrieve(libxl_ctx *ctx, uint32_t domid, const char *userdata_userid,
                            uint8_t **data_r, int *datalen_r);
int libxl_userdata_unlink(libxl_ctx *ctx, uint32_t domid, const char *userdata_userid);

/** Is this a number a guest can have? */
int libxl_domid_valid_guest(uint32_t domid);

#include <libxl_event.h>

#endif
