/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Configuration files as a tree. A front end (JSON here, xl.cfg text in xl, libvirt XML in xl)
 * makes nodes that know their line; one function turns the tree into a libxl_domain_config and
 * records a fault with file, line, key and problem for everything that is wrong. Nodes and strings
 * live in the tree's arena: libxl_cfg_free() frees all.
 *
 * The tree's vocabulary is xl.cfg's ("name", "memory", "disk" ...: libxl_cfg_keys()) or, if its top
 * has "c_info" or "b_info", libxl's own (types.idl, as `xl list -l` prints). Both may come from
 * text or from JSON.
 */
#ifndef LIBXL_CFG_H
#define LIBXL_CFG_H

#include <libxl.h>

typedef enum libxl_cfg_kind {
    LIBXL_CFG_NULL,
    LIBXL_CFG_BOOL,   /**< b */
    LIBXL_CFG_INT,    /**< i */
    LIBXL_CFG_STRING, /**< s */
    LIBXL_CFG_LIST,   /**< children from first on */
    LIBXL_CFG_MAP,    /**< children from first on, each with its key */
} libxl_cfg_kind;

typedef struct libxl_cfg_node libxl_cfg_node;
struct libxl_cfg_node {
    libxl_cfg_kind kind;
    unsigned int line; /**< from 1; 0: none (command line) */
    const char *key;   /**< NULL in a list and at the top */
    bool b;
    int64_t i;
    const char *s;
    libxl_cfg_node *parent, *first, *last, *next;
};

typedef struct libxl_cfg_fault_info {
    unsigned int line;   /**< 0: none */
    const char *file;    /**< where the node comes from */
    const char *key;     /**< path such as "disk[1].vdev", or "" */
    const char *problem; /**< what is wrong and, where it can be told, what would be right */
} libxl_cfg_fault_info;

typedef struct libxl_cfg libxl_cfg;

/** An empty tree (its top is a map). file is for messages. NULL: out of memory. */
libxl_cfg *libxl_cfg_new(const char *file);
void libxl_cfg_free(libxl_cfg *cfg);
const char *libxl_cfg_file(const libxl_cfg *cfg);
libxl_cfg_node *libxl_cfg_root(libxl_cfg *cfg);

/** Appends a node to a map (key needed) or list (key NULL). A second node of the same key in one
 * map records a fault. Set b, i or s afterwards; s through libxl_cfg_strndup. */
libxl_cfg_node *libxl_cfg_add(libxl_cfg *cfg, libxl_cfg_node *parent, const char *key,
                              libxl_cfg_kind kind, unsigned int line);
libxl_cfg_node *libxl_cfg_add_string(libxl_cfg *cfg, libxl_cfg_node *parent, const char *key,
                                     const char *s, unsigned int line);
libxl_cfg_node *libxl_cfg_add_int(libxl_cfg *cfg, libxl_cfg_node *parent, const char *key,
                                  int64_t i, unsigned int line);
libxl_cfg_node *libxl_cfg_add_bool(libxl_cfg *cfg, libxl_cfg_node *parent, const char *key, bool b,
                                   unsigned int line);
/** The child of that key, or NULL. */
libxl_cfg_node *libxl_cfg_get(const libxl_cfg_node *map, const char *key);
/** Takes a key out of a map (for overrides); nothing happens if it is not there. */
void libxl_cfg_remove(libxl_cfg_node *map, const char *key);
const char *libxl_cfg_strndup(libxl_cfg *cfg, const char *s, size_t len);

/** Records a fault at a node (NULL: at no key), or at a line. */
void libxl_cfg_fault(libxl_cfg *cfg, const libxl_cfg_node *at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void libxl_cfg_fault_at(libxl_cfg *cfg, unsigned int line, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
int libxl_cfg_fault_count(const libxl_cfg *cfg);
const libxl_cfg_fault_info *libxl_cfg_fault_get(const libxl_cfg *cfg, int n);
/** "file:line: key: problem" for each fault, in the order of lines. */
void libxl_cfg_print_faults(const libxl_cfg *cfg, FILE *out);

/** Reads JSON. Never NULL unless out of memory: what is wrong is recorded as faults. */
libxl_cfg *libxl_cfg_parse_json(const char *file, const char *text, size_t len);
/** The tree as JSON, malloc. */
char *libxl_cfg_to_json(const libxl_cfg *cfg);

/** The tree as configuration. d_config must be initialised; 0, or ERROR_INVAL if the tree has any
 * fault (also ones recorded before). Unknown keys are faults. */
int libxl_cfg_to_domain_config(libxl_cfg *cfg, libxl_domain_config *d_config);
/** A configuration as a tree in xl.cfg's vocabulary. What that cannot say is recorded as fault. */
libxl_cfg *libxl_cfg_from_domain_config(const libxl_domain_config *d_config, const char *file);

/** One disk from xl.cfg's short form ("phy:/dev/vg/root,xvda,w" or "format=raw,vdev=xvda,..."), or
 * one network card ("mac=...,bridge=..."): 0 or ERROR_INVAL with the problem in a malloc'd text. */
int libxl_disk_parse(const char *spec, libxl_device_disk *disk, char **problem);
int libxl_nic_parse(const char *spec, libxl_device_nic *nic, char **problem);
/** "0-3,^2,all,nodes:1" to a bitmap, of at least nr_cpus bits; node_cpus may be NULL. */
int libxl_cpulist_parse(libxl_ctx *ctx, const char *spec, int nr_cpus, libxl_bitmap *map,
                        char **problem);

/** The keys of xl.cfg's vocabulary, for help, completion and the schema. Ends with key NULL. */
typedef struct libxl_cfg_key {
    const char *key;
    const char *type; /**< "string", "integer", "MiB", "boolean", "list of ...", or "a|b|c" */
    const char *doc;
} libxl_cfg_key;
const libxl_cfg_key *libxl_cfg_keys(void);

#endif
