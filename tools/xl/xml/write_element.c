/* SPDX-License-Identifier: GPL-2.0-only */
/* Small words over libxml2's writer. */
#include "writer.h"
#include <inttypes.h>
#include <stdarg.h>

void xmlw_open_element(xmlTextWriter *w, const char *name)
{
    xmlTextWriterStartElement(w, (const xmlChar *)name);
}

void xmlw_close_element(xmlTextWriter *w)
{
    xmlTextWriterEndElement(w);
}

/* NULL: no such attribute. */
void xmlw_attribute(xmlTextWriter *w, const char *name, const char *value)
{
    if (value)
        xmlTextWriterWriteAttribute(w, (const xmlChar *)name, (const xmlChar *)value);
}

void xmlw_attribute_number(xmlTextWriter *w, const char *name, int64_t value)
{
    xmlTextWriterWriteFormatAttribute(w, (const xmlChar *)name, "%" PRId64, value);
}

void xmlw_text_element(xmlTextWriter *w, const char *name, const char *text)
{
    if (text)
        xmlTextWriterWriteElement(w, (const xmlChar *)name, (const xmlChar *)text);
}

void xmlw_number_element(xmlTextWriter *w, const char *name, int64_t value)
{
    xmlTextWriterWriteFormatElement(w, (const xmlChar *)name, "%" PRId64, value);
}

/* An element with attributes only: name, value, ..., NULL. */
void xmlw_element(xmlTextWriter *w, const char *name, ...)
{
    const char *key;
    va_list al;

    xmlw_open_element(w, name);
    va_start(al, name);
    while ((key = va_arg(al, const char *)) != NULL)
        xmlw_attribute(w, key, va_arg(al, const char *));
    va_end(al);
    xmlw_close_element(w);
}

bool defbool_is_set(libxl_defbool b)
{
    return !libxl_defbool_is_default(b);
}

bool defbool_is_on(libxl_defbool b)
{
    return defbool_is_set(b) && libxl_defbool_val(b);
}
