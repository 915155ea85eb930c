/* SPDX-License-Identifier: GPL-2.0-only */
/* Writing libvirt's XML: elements and attributes (write_element.c), and the devices' part
 * (write_devices.c). */
#ifndef XL_XML_WRITER_H
#define XL_XML_WRITER_H

#include "xml.h"
#include <libxml/xmlwriter.h>
#include <stdbool.h>

/* Where a text is NULL nothing is written. xmlw_element: an element of attributes only, as
 * name, value, ..., NULL. */
void xmlw_open_element(xmlTextWriter *w, const char *name);
void xmlw_close_element(xmlTextWriter *w);
void xmlw_attribute(xmlTextWriter *w, const char *name, const char *value);
void xmlw_attribute_number(xmlTextWriter *w, const char *name, int64_t value);
void xmlw_text_element(xmlTextWriter *w, const char *name, const char *text);
void xmlw_number_element(xmlTextWriter *w, const char *name, int64_t value);
void xmlw_element(xmlTextWriter *w, const char *name, ...);
bool defbool_is_set(libxl_defbool b);
bool defbool_is_on(libxl_defbool b);

/* <devices> of the configuration. */
void xml_write_devices(xmlTextWriter *w, const libxl_domain_config *c);

#endif
