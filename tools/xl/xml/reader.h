/* SPDX-License-Identifier: GPL-2.0-only */
/* Reading libvirt's XML: the walk over the document (read.c), and what each element means
 * (elements.c). */
#ifndef XL_XML_READER_H
#define XL_XML_READER_H

#include "xml.h"
#include <libxml/tree.h>
#include <stdbool.h>

enum { MAX_PINS = 4096 };

struct reader {
    const char *file;
    FILE *warnings;
    libxl_cfg *cfg;
    xmlNode *node; /* the element at hand */
    unsigned int line;
    /* What can be said only at the end of the domain, because several elements take part. */
    long long memory_kib, current_kib;
    unsigned int memory_line;
    long vcpus, current_vcpus;
    const char *cpuset;
    const char **pins; /* [MAX_PINS] by vCPU */
    unsigned int pins_line;
    char boot[8];
    /* The device being read. */
    struct {
        char spec[2048]; /* "key=value,..." */
        const char *target, *backend_type;
        bool cdrom, readonly;
        long long bandwidth_kib;
        unsigned int pci[4];
    } dev;
};

/* Meaning of one element. Paths are those of libvirt's documentation, below "domain". */
struct element {
    const char *path;
    const char *attributes;          /* known ones, with a space between */
    void (*enter)(struct reader *r); /* NULL: nothing to do */
    void (*leave)(struct reader *r); /* after its children */
};
extern const struct element xml_elements[]; /* ends with path NULL */

/* "file:line: <element>: message" */
void xml_warn(struct reader *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The attribute's value or NULL; the element's text without white space around it. They live as
 * long as the tree. */
const char *xml_attribute(struct reader *r, const char *name);
const char *xml_text(struct reader *r);
bool xml_attribute_is(struct reader *r, const char *name, const char *value);
/* Into the tree's top, at the element's line. */
void xml_put(struct reader *r, const char *key, const char *value);
void xml_put_int(struct reader *r, const char *key, long long value);
void xml_put_in_list(struct reader *r, const char *key, const char *value);
/* A whole number from 0 to max, or a fault and -1. */
long long xml_number(struct reader *r, const char *text, long long max);
/* Warns about a value without counterpart; NULL: nothing to warn about. */
void xml_left_out(struct reader *r, const char *what);

/* devices.c: rows of the table about devices. */
void device_disk_begin(struct reader *r);
void device_disk_driver(struct reader *r);
void device_disk_source(struct reader *r);
void device_disk_target(struct reader *r);
void device_disk_readonly(struct reader *r);
void device_backend_domain(struct reader *r);
void device_disk_end(struct reader *r);
void device_interface_begin(struct reader *r);
void device_interface_part(struct reader *r);
void device_interface_model(struct reader *r);
void device_interface_outbound(struct reader *r);
void device_interface_end(struct reader *r);
void device_serial(struct reader *r);
void device_console(struct reader *r);
void device_graphics(struct reader *r);
void device_video_model(struct reader *r);
void device_host_device(struct reader *r);
void device_host_device_address(struct reader *r);

/* What the end of the document settles. */
void xml_finish(struct reader *r);

#endif
