/* SPDX-License-Identifier: GPL-2.0-only */
/* Helpers for users of libxl: names and numbers of domains and pools, bitmaps, files. */
#ifndef LIBXL_UTILS_H
#define LIBXL_UTILS_H

#include <libxl.h>

/* ---- names ---- */

/** ERROR_DOMAIN_NOTFOUND if nobody bears the name. */
int libxl_name_to_domid(libxl_ctx *ctx, const char *name, uint32_t *domid);
/** A number or a name. A number is not checked for existence. */
int libxl_domain_qualifier_to_domid(libxl_ctx *ctx, const char *name, uint32_t *domid);
/** malloc; NULL if the domain has no name (or does not exist). */
char *libxl_domid_to_name(libxl_ctx *ctx, uint32_t domid);
int libxl_name_to_cpupoolid(libxl_ctx *ctx, const char *name, uint32_t *poolid);
/** malloc */
char *libxl_cpupoolid_to_name(libxl_ctx *ctx, uint32_t poolid);
int libxl_cpupoolid_is_valid(libxl_ctx *ctx, uint32_t poolid);

/* ---- devices by name ---- */

/** "xvda", "hdb", "sdc2", "d3p1" to the number of the block device; -1 if it is no such name. */
int libxl_device_disk_vdev_to_devid(const char *vdev);
/** The disk of that name; ERROR_NOTFOUND. */
int libxl_vdev_to_device_disk(libxl_ctx *ctx, uint32_t domid, const char *vdev,
                              libxl_device_disk *disk);
int libxl_mac_to_device_nic(libxl_ctx *ctx, uint32_t domid, const char *mac, libxl_device_nic *nic);
int libxl_devid_to_device_nic(libxl_ctx *ctx, uint32_t domid, int devid, libxl_device_nic *nic);

/* ---- files ---- */

/** Whole file to malloc; 0 or errno. An empty file gives NULL and 0. */
int libxl_read_file_contents(libxl_ctx *ctx, const char *filename, void **data_r, int *datalen_r);
/** 0 or errno; EPROTO if the file ends early. */
int libxl_read_exactly(libxl_ctx *ctx, int fd, void *data, ssize_t sz, const char *filename,
                       const char *what);
int libxl_write_exactly(libxl_ctx *ctx, int fd, const void *data, ssize_t sz, const char *filename,
                        const char *what);
int libxl_pipe(libxl_ctx *ctx, int pipes[2]);
int libxl_fd_set_cloexec(libxl_ctx *ctx, int fd, int cloexec);
int libxl_fd_set_nonblock(libxl_ctx *ctx, int fd, int nonblock);
/** Opens a fresh log NAME.log below the log folder, after moving older ones aside. */
int libxl_create_logfile(libxl_ctx *ctx, const char *name, char **full_name);
void libxl_report_child_exitstatus(libxl_ctx *ctx, xentoollog_level level, const char *what,
                                   pid_t pid, int status);
const char *libxl_basename(const char *name); /**< malloc */
void libxl_string_copy(libxl_ctx *ctx, char **dst, char *const *src);

/* ---- bitmaps ---- */

int libxl_bitmap_alloc(libxl_ctx *ctx, libxl_bitmap *bitmap, int n_bits);
void libxl_bitmap_copy_alloc(libxl_ctx *ctx, libxl_bitmap *dptr, const libxl_bitmap *sptr);
/** Copies what fits; the rest of the destination becomes 0. */
void libxl_bitmap_copy(libxl_ctx *ctx, libxl_bitmap *dptr, const libxl_bitmap *sptr);
int libxl_bitmap_is_full(const libxl_bitmap *bitmap);
int libxl_bitmap_is_empty(const libxl_bitmap *bitmap);
int libxl_bitmap_test(const libxl_bitmap *bitmap, int bit);
void libxl_bitmap_set(libxl_bitmap *bitmap, int bit);
void libxl_bitmap_reset(libxl_bitmap *bitmap, int bit);
int libxl_bitmap_count_set(const libxl_bitmap *bitmap);
int libxl_bitmap_or(libxl_ctx *ctx, libxl_bitmap *or_map, const libxl_bitmap *map1,
                    const libxl_bitmap *map2);
int libxl_bitmap_and(libxl_ctx *ctx, libxl_bitmap *and_map, const libxl_bitmap *map1,
                     const libxl_bitmap *map2);
/** malloc */
char *libxl_bitmap_to_hex_string(libxl_ctx *ctx, const libxl_bitmap *bitmap);
/** nr_bits 0: all. Missing bits count as 0. */
int libxl_bitmap_equal(const libxl_bitmap *ba, const libxl_bitmap *bb, int nr_bits);
void libxl_bitmap_set_any(libxl_bitmap *bitmap);
void libxl_bitmap_set_none(libxl_bitmap *bitmap);
static inline int libxl_bitmap_cpu_valid(const libxl_bitmap *bitmap, int bit)
{
    return bit >= 0 && (uint32_t)bit < bitmap->size * 8;
}
#define libxl_for_each_bit(var, map) for (var = 0; var < (int)(map).size * 8; var++)
#define libxl_for_each_set_bit(v, m)        \
    for (v = 0; v < (int)(m).size * 8; v++) \
        if (libxl_bitmap_test(&(m), v))
/** max 0: as many as the host has. */
int libxl_cpu_bitmap_alloc(libxl_ctx *ctx, libxl_bitmap *cpumap, int max_cpus);
int libxl_node_bitmap_alloc(libxl_ctx *ctx, libxl_bitmap *nodemap, int max_nodes);
int libxl_nodemap_to_cpumap(libxl_ctx *ctx, const libxl_bitmap *nodemap, libxl_bitmap *cpumap);
int libxl_node_to_cpumap(libxl_ctx *ctx, int node, libxl_bitmap *cpumap);
int libxl_cpumap_to_nodemap(libxl_ctx *ctx, const libxl_bitmap *cpumap, libxl_bitmap *nodemap);

#define LIBXL_FILLZERO(object) (memset(&(object), 0, sizeof((object))))

#endif
