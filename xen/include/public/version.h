/* SPDX-License-Identifier: MIT */
/* xen_version: what hypervisor this is and what it offers. */
#ifndef CRATON_PUBLIC_VERSION_H
#define CRATON_PUBLIC_VERSION_H

#include "xen.h"
#include "features.h"

/* Returns major << 16 | minor. No argument. */
#define XENVER_version 0

/* What follows major.minor in the full version, a string. */
#define XENVER_extraversion 1
typedef char xen_extraversion_t[16];

#define XEN_EXTRAVERSION_LEN (sizeof(xen_extraversion_t))

/* Who compiled the hypervisor, with what and when. "<denied>" for callers without the right. */
#define XENVER_compile_info 2

struct xen_compile_info {
    char compiler[64];
    char compile_by[16];
    char compile_domain[32];
    char compile_date[32];
};
typedef struct xen_compile_info xen_compile_info_t;

/* Space separated kinds of guests, such as "hvm-3.0-x86_64". */
#define XENVER_capabilities 3
typedef char xen_capabilities_info_t[1024];

#define XEN_CAPABILITIES_INFO_LEN (sizeof(xen_capabilities_info_t))

/* Source revision. */
#define XENVER_changeset 4
typedef char xen_changeset_info_t[64];

#define XEN_CHANGESET_INFO_LEN (sizeof(xen_changeset_info_t))

/* Where the hypervisor begins in a PV guest's address space; 0 where that means nothing. */
#define XENVER_platform_parameters 5

struct xen_platform_parameters {
    xen_ulong_t virt_start;
};
typedef struct xen_platform_parameters xen_platform_parameters_t;

/* XENFEAT_* bits, 32 at a time. */
#define XENVER_get_features 6

struct xen_feature_info {
    unsigned int submap_idx; /* IN */
    uint32_t submap;         /* OUT */
};
typedef struct xen_feature_info xen_feature_info_t;

/* Returns the page size in bytes. No argument. */
#define XENVER_pagesize 7

/* The UUID that the toolstack gave this domain (xen_domain_handle_t). */
#define XENVER_guest_handle 8

/* The hypervisor's own command line. */
#define XENVER_commandline 9
typedef char xen_commandline_t[1024];

/*
 * The linker's build id. Returns its length; a null argument only asks for that. -ENOBUFS if it
 * does not fit.
 */
#define XENVER_build_id 10

struct xen_build_id {
    uint32_t len; /* IN: bytes in buf */
    unsigned char buf[XEN_FLEX_ARRAY_DIM];
};
typedef struct xen_build_id xen_build_id_t;

/* Sizes are part of the interface. */
_Static_assert(sizeof(struct xen_compile_info) == 144, "xen_compile_info");
_Static_assert(sizeof(struct xen_feature_info) == 8, "xen_feature_info");
_Static_assert(sizeof(struct xen_build_id) == 4, "xen_build_id");
#ifndef __i386__
_Static_assert(sizeof(struct xen_platform_parameters) == 8, "xen_platform_parameters");
#endif

#endif /* CRATON_PUBLIC_VERSION_H */
