/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Xenstore paths: what is a legal one, and how relative ones become absolute.
 * Pure string functions without state.
 */
#ifndef XENSTORED_PATH_H
#define XENSTORED_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Length limits of the protocol, without the terminating NUL (xs_wire.h). */
#define PATH_ABS_MAX 3072
#define PATH_REL_MAX 2048
/* A buffer of this size holds every path, absolute or special. */
#define PATH_BUF (PATH_ABS_MAX + 64)

/* True for an absolute path made of legal characters, without doubled or trailing slashes. */
bool path_valid(const char *path);

/* True for "@name" or "@name/more": events that the daemon invents. */
bool path_is_special(const char *path);

/*
 * Writes the absolute form of @path as seen by domain @domid into @out (PATH_BUF bytes). A path
 * without leading slash is relative to /local/domain/DOMID. False if the result is not legal.
 */
bool path_canonical(char *out, uint32_t domid, const char *path);

/* Length of "/local/domain/DOMID/", which is what a relative watch hides from its events. */
size_t path_home_len(uint32_t domid);

/* True if @child is @parent or lies below it (both absolute and legal). */
bool path_below(const char *parent, const char *child);

/* Cuts the last component off; "/a" becomes "/". False if @path is "/" already. */
bool path_to_parent(char *path);

/* Number of components: 0 for "/", 2 for "/a/b". */
unsigned int path_depth(const char *path);

/*
 * Walks components: *pos starts at the path itself; returns the next component and its length,
 * or NULL at the end.
 */
const char *path_next(const char **pos, size_t *len);

#endif
