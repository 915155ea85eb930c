/* SPDX-License-Identifier: GPL-2.0-only */
/* Walks libvirt's domain XML. Every element is either in the table of elements or warned about. */
#include "reader.h"
#include <ctype.h>
#include <errno.h>
#include <libxml/parser.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void xml_warn(struct reader *r, const char *fmt, ...)
{
    va_list al;

    fprintf(r->warnings, "%s:%u: <%s>: ", r->file, r->line, (const char *)r->node->name);
    va_start(al, fmt);
    vfprintf(r->warnings, fmt, al);
    va_end(al);
    fputc('\n', r->warnings);
}

/* Into the tree's memory, without white space around it. */
static const char *keep(struct reader *r, xmlChar *s)
{
    const char *from = (const char *)s, *kept;
    size_t len;

    if (!s)
        return NULL;
    from += strspn(from, " \t\r\n");
    for (len = strlen(from); len && isspace((unsigned char)from[len - 1]); len--)
        ;
    kept = libxl_cfg_strndup(r->cfg, from, len);
    xmlFree(s);
    return kept;
}

const char *xml_attribute(struct reader *r, const char *name)
{
    return keep(r, xmlGetNoNsProp(r->node, (const xmlChar *)name));
}

bool xml_attribute_is(struct reader *r, const char *name, const char *value)
{
    const char *v = xml_attribute(r, name);

    return v && !strcmp(v, value);
}

const char *xml_text(struct reader *r)
{
    return keep(r, xmlNodeGetContent(r->node)) ?: "";
}

/* Is the word one of those in a text with spaces between? */
static bool has_word(const char *words, const char *word)
{
    size_t len = strlen(word);

    for (const char *w = words; *w; w += strcspn(w, " "), w += strspn(w, " "))
        if (strcspn(w, " ") == len && !strncmp(w, word, len))
            return true;
    return false;
}

static const struct element *find_element(const char *path)
{
    for (const struct element *e = xml_elements; e->path; e++)
        if (!strcmp(e->path, path))
            return e;
    return NULL;
}

static void at(struct reader *r, xmlNode *node)
{
    r->node = node;
    r->line = xmlGetLineNo(node);
}

static void walk(struct reader *r, xmlNode *node, const char *above)
{
    const struct element *e;
    char path[256];

    at(r, node);
    snprintf(path, sizeof(path), "%s%s%s", above, *above ? "/" : "", (const char *)node->name);
    e = node->ns && *above ? NULL : find_element(path);
    if (!e) {
        xml_warn(r, "has no counterpart here and is left out");
        return;
    }
    for (xmlAttr *a = node->properties; a; a = a->next)
        if (!has_word(e->attributes, (const char *)a->name))
            xml_warn(r, "its %s has no counterpart here and is left out", (const char *)a->name);
    if (e->enter)
        e->enter(r);
    for (xmlNode *child = node->children; child; child = child->next)
        if (child->type == XML_ELEMENT_NODE)
            walk(r, child, path);
    at(r, node);
    if (e->leave)
        e->leave(r);
}

static libxl_cfg *read_document(const char *file, xmlDoc *doc, FILE *warnings)
{
    struct reader r = {.file = file, .warnings = warnings};
    xmlNode *top = doc ? xmlDocGetRootElement(doc) : NULL;
    const xmlError *error = xmlGetLastError();

    if (!top) {
        if (error && error->message)
            fprintf(warnings, "%s:%d: %s", file, error->line, error->message);
        else
            fprintf(warnings, "%s: this is no XML\n", file);
        return NULL;
    }
    if (strcmp((const char *)top->name, "domain")) {
        fprintf(warnings, "%s:%ld: <%s> should be libvirt's <domain>\n", file, xmlGetLineNo(top),
                (const char *)top->name);
        return NULL;
    }
    r.cfg = libxl_cfg_new(file);
    r.pins = calloc(MAX_PINS, sizeof(*r.pins));
    if (r.cfg && r.pins) {
        walk(&r, top, "");
        xml_finish(&r);
    }
    free(r.pins);
    return r.cfg;
}

/* No network, no outside entities, libxml2's limits stay on. */
enum {
    PARSE_OPTIONS = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA
};

libxl_cfg *xml_read_text(const char *file, const char *text, size_t len, FILE *warnings)
{
    xmlDoc *doc;
    libxl_cfg *cfg;

    xmlResetLastError();
    doc = len <= INT32_MAX ? xmlReadMemory(text, (int)len, file, NULL, PARSE_OPTIONS) : NULL;
    cfg = read_document(file, doc, warnings);
    xmlFreeDoc(doc);
    return cfg;
}

libxl_cfg *xml_read(const char *file, FILE *warnings)
{
    bool is_stdin = !strcmp(file, "-");
    FILE *f = is_stdin ? stdin : fopen(file, "re");
    char *text = NULL, part[1024];
    size_t len = 0, got;
    FILE *all = open_memstream(&text, &len);
    libxl_cfg *cfg = NULL;

    if (!f || !all) {
        fprintf(warnings, "%s: %s\n", file, strerror(errno));
    } else {
        while ((got = fread(part, 1, sizeof(part), f)) > 0)
            fwrite(part, 1, got, all);
    }
    if (all && !fclose(all) && f) {
        if (ferror(f))
            fprintf(warnings, "%s: cannot be read\n", file);
        else
            cfg = xml_read_text(is_stdin ? "<standard input>" : file, text, len, warnings);
    }
    free(text);
    if (f && !is_stdin)
        fclose(f);
    return cfg;
}
