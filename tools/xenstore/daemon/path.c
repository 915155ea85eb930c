/* SPDX-License-Identifier: GPL-2.0-only */
/* Xenstore paths: validation and conversion between relative and absolute form. */
#include "path.h"

#include <stdio.h>
#include <string.h>

static bool path_char(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '/' || c == '_' || c == '@';
}

bool path_valid(const char *path)
{
    size_t len = strlen(path);

    if (path[0] != '/' || len > PATH_ABS_MAX)
        return false;
    if (len == 1)
        return true;
    if (path[len - 1] == '/')
        return false;
    for (size_t i = 0; i < len; i++)
        if (!path_char((unsigned char)path[i]) || (path[i] == '/' && path[i + 1] == '/'))
            return false;
    return true;
}

bool path_is_special(const char *path)
{
    return path[0] == '@';
}

bool path_canonical(char *out, uint32_t domid, const char *path)
{
    size_t len = strlen(path);

    if (path[0] == '/') {
        if (len > PATH_ABS_MAX)
            return false;
        memcpy(out, path, len + 1);
    } else {
        if (len == 0 || len > PATH_REL_MAX || path_is_special(path))
            return false;
        snprintf(out, PATH_BUF, "/local/domain/%u/%s", domid, path);
    }
    return path_valid(out);
}

size_t path_home_len(uint32_t domid)
{
    char home[40];

    return (size_t)snprintf(home, sizeof(home), "/local/domain/%u/", domid);
}

bool path_below(const char *parent, const char *child)
{
    size_t len = strlen(parent);

    if (len == 1)
        return true;
    return strncmp(parent, child, len) == 0 && (child[len] == '\0' || child[len] == '/');
}

bool path_to_parent(char *path)
{
    char *slash = strrchr(path, '/');

    if (path[1] == '\0')
        return false;
    slash[slash == path ? 1 : 0] = '\0';
    return true;
}

unsigned int path_depth(const char *path)
{
    unsigned int depth = 0;

    for (const char *c = path; *c; c++)
        if (*c == '/' && c[1])
            depth++;
    return depth;
}

const char *path_next(const char **pos, size_t *len)
{
    const char *start = *pos;

    while (*start == '/')
        start++;
    if (!*start)
        return NULL;
    *len = strcspn(start, "/");
    *pos = start + *len;
    return start;
}
