/* SPDX-License-Identifier: GPL-2.0-only */
/* The xenstore commands but ls. */
#include "cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* In JSON, results are one object with a member for each path. */
static void json_member(const struct context *c, int i)
{
    fputs(i ? "," : "{", c->out);
    print_json_string(c->out, c->args[i], strlen(c->args[i]));
    fputc(':', c->out);
}

static void json_end(const struct context *c)
{
    if (c->opt->json)
        fputs("}\n", c->out);
}

int command_read(struct context *c)
{
    for (int i = 0; i < c->count; i++) {
        unsigned int len;
        char *value = xs_read(c->xs, c->t, c->args[i], &len);

        if (!value)
            return failed(NULL, c->args[i]);
        if (c->opt->json) {
            json_member(c, i);
            print_json_string(c->out, value, len);
        } else {
            if (c->opt->prefix)
                fprintf(c->out, "%s: ", c->args[i]);
            if (c->opt->raw) {
                fwrite(value, 1, len, c->out);
            } else {
                print_value(c->out, value, len);
                fputc('\n', c->out);
            }
        }
        free(value);
    }
    json_end(c);
    return 0;
}

int command_write(struct context *c)
{
    if (c->count % 2) {
        fprintf(stderr, "%s: %s: a key without a value\n", program, c->args[c->count - 1]);
        return -1;
    }
    for (int i = 0; i < c->count; i += 2) {
        char *value = strdup(c->args[i + 1]);
        size_t len = !value ? 0 : c->opt->raw ? strlen(value) : unescape(value);
        bool ok = value && xs_write(c->xs, c->t, c->args[i], value, (unsigned int)len);

        free(value);
        if (!ok)
            return failed("cannot write", c->args[i]);
    }
    return 0;
}

static void list_one(const struct context *c, int i, char **names, unsigned int num)
{
    const char *path = c->args[i];

    if (c->opt->json) {
        json_member(c, i);
        fputc('[', c->out);
    }
    for (unsigned int n = 0; n < num; n++) {
        if (c->opt->json) {
            if (n)
                fputc(',', c->out);
            print_json_string(c->out, names[n], strlen(names[n]));
            continue;
        }
        if (c->opt->prefix)
            fprintf(c->out, "%s/", strcmp(path, "/") ? path : "");
        fprintf(c->out, "%s\n", names[n]);
    }
    if (c->opt->json)
        fputc(']', c->out);
}

int command_list(struct context *c)
{
    for (int i = 0; i < c->count; i++) {
        unsigned int num;
        char **names = xs_directory(c->xs, c->t, c->args[i], &num);

        if (!names)
            return failed("cannot list", c->args[i]);
        list_one(c, i, names, num);
        free(names);
    }
    json_end(c);
    return 0;
}

/* Removes parents that have neither children nor value. */
static int tidy_up(const struct context *c, char *path)
{
    char *slash;

    while ((slash = strrchr(path, '/')) && slash != path) {
        unsigned int num = 0, len = 0;
        char **names, *value;

        *slash = '\0';
        names = xs_directory(c->xs, c->t, path, &num);
        value = xs_read(c->xs, c->t, path, &len);
        free(names);
        free(value);
        if (!names || !value)
            return failed(NULL, path);
        if (num || len)
            return 0;
        if (!xs_rm(c->xs, c->t, path))
            return failed("cannot remove", path);
    }
    return 0;
}

int command_rm(struct context *c)
{
    for (int i = 0; i < c->count; i++) {
        char *path;
        int status = 0;

        if (!xs_rm(c->xs, c->t, c->args[i]))
            return failed("cannot remove", c->args[i]);
        if (!c->opt->tidy)
            continue;
        path = strdup(c->args[i]);
        if (path)
            status = tidy_up(c, path);
        free(path);
        if (status)
            return status;
    }
    return 0;
}

int command_exists(struct context *c)
{
    int status = 0;

    for (int i = 0; i < c->count; i++) {
        char *value = xs_read(c->xs, c->t, c->args[i], NULL);
        int err = errno;

        if (!value && err != ENOENT)
            return failed(NULL, c->args[i]);
        if (c->opt->json) {
            json_member(c, i);
            fputs(value ? "true" : "false", c->out);
        }
        if (!value) {
            if (c->opt->prefix)
                fprintf(c->out, "%s: does not exist\n", c->args[i]);
            status = 1;
        }
        free(value);
    }
    json_end(c);
    return status;
}

/* -- chmod -- */

static int chmod_one(const struct context *c, const char *path, struct xs_permissions *perms,
                     unsigned int num)
{
    if (!xs_set_permissions(c->xs, c->t, path, perms, num))
        return failed("cannot set permissions", path);
    return 0;
}

static int chmod_below(const struct context *c, const char *path, struct xs_permissions *perms,
                       unsigned int num)
{
    unsigned int count;
    char **names = xs_directory(c->xs, c->t, path, &count);
    int status = 0;

    if (!names)
        return failed("cannot list", path);
    for (unsigned int i = 0; i < count && !status; i++) {
        char *child;

        if (asprintf(&child, "%s/%s", strcmp(path, "/") ? path : "", names[i]) < 0)
            abort();
        status = chmod_one(c, child, perms, num);
        if (!status)
            status = chmod_below(c, child, perms, num);
        free(child);
    }
    free(names);
    return status;
}

static int chmod_upwards(const struct context *c, const char *path, struct xs_permissions *perms,
                         unsigned int num)
{
    char *parent = strdup(path), *slash;
    int status = 0;

    while (parent && !status && (slash = strrchr(parent, '/')) && slash != parent) {
        *slash = '\0';
        status = chmod_one(c, parent, perms, num);
    }
    free(parent);
    return status;
}

int command_chmod(struct context *c)
{
    unsigned int num = (unsigned int)c->count - 1;
    struct xs_permissions *perms = calloc(num ? num : 1, sizeof(*perms));
    const char *path = c->args[0];
    int status = -1;

    if (!perms || !num) {
        fprintf(stderr, "%s: %s: no permissions given\n", program, path);
        goto out;
    }
    for (unsigned int i = 0; i < num; i++)
        if (!xs_strings_to_perms(&perms[i], 1, c->args[i + 1])) {
            fprintf(stderr, "%s: %s: not a permission (one of n r w b, then a domain id: r5)\n",
                    program, c->args[i + 1]);
            goto out;
        }
    status = chmod_one(c, path, perms, num);
    if (!status && c->opt->recursive)
        status = chmod_below(c, path, perms, num);
    if (!status && c->opt->upwards)
        status = chmod_upwards(c, path, perms, num);
out:
    free(perms);
    return status;
}

/* -- watch -- */

int command_watch(struct context *c)
{
    for (int i = 0; i < c->count; i++) {
        bool ok = c->opt->depth < 0
                      ? xs_watch(c->xs, c->args[i], c->args[i])
                      : xs_watch_depth(c->xs, c->args[i], c->args[i], (unsigned int)c->opt->depth);

        if (!ok)
            return failed("cannot watch", c->args[i]);
    }
    for (long n = c->opt->count; n; n -= n > 0) {
        char **event = xs_read_watch(c->xs, NULL);

        if (!event)
            return failed("waiting for events", NULL);
        if (c->opt->json) {
            fputs("{\"path\":", c->out);
            print_json_string(c->out, event[XS_WATCH_PATH], strlen(event[XS_WATCH_PATH]));
            fputs(",\"watch\":", c->out);
            print_json_string(c->out, event[XS_WATCH_TOKEN], strlen(event[XS_WATCH_TOKEN]));
            fputs("}\n", c->out);
        } else {
            fprintf(c->out, "%s\n", event[XS_WATCH_PATH]);
        }
        fflush(c->out);
        free(event);
    }
    return 0;
}

/* -- control -- */

int command_control(struct context *c)
{
    char *data = NULL, *answer;
    size_t len = 0;
    FILE *args = open_memstream(&data, &len);

    if (!args)
        return failed(NULL, NULL);
    for (int i = 1; i < c->count; i++)
        fwrite(c->args[i], 1, strlen(c->args[i]) + 1, args);
    fclose(args);
    answer = xs_control_command(c->xs, c->args[0], data, (unsigned int)len);
    free(data);
    if (!answer)
        return errno == EINVAL ? (fprintf(stderr, "%s: %s: not a valid command (try \"help\")\n",
                                          program, c->args[0]),
                                  -1)
                               : failed("control command", c->args[0]);
    len = strlen(answer);
    if (c->opt->json && answer[0] != '{') {
        fputs("{\"answer\":", c->out);
        print_json_string(c->out, answer, len);
        fputs("}\n", c->out);
    } else {
        fprintf(c->out, "%s%s", answer, len && answer[len - 1] == '\n' ? "" : "\n");
    }
    free(answer);
    return 0;
}
