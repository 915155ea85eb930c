/* SPDX-License-Identifier: GPL-2.0-only */
/* libvirt's domain XML and configuration trees in xl.cfg's vocabulary (libxl_cfg.h). */
#ifndef XL_XML_H
#define XL_XML_H

#include <libxl_cfg.h>
#include <stdio.h>

/* Reads a file ("-": standard input). Whatever of it has no counterpart is named on warnings with
 * its line. NULL with a message there: it is no domain XML. Faults of values are in the tree. */
libxl_cfg *xml_read(const char *file, FILE *warnings);
/* The same from memory; file is for messages. */
libxl_cfg *xml_read_text(const char *file, const char *text, size_t len, FILE *warnings);
/* A configuration as XML, malloc; NULL: out of memory. What XML cannot say is named on warnings. */
char *xml_write(const libxl_domain_config *d_config, const char *file, FILE *warnings);

#endif
