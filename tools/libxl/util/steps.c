/* SPDX-License-Identifier: GPL-2.0-only */
/* Operations as lists of steps; see steps.h. */
#include "util/steps.h"

#include <errno.h>
#include <stdlib.h>

#include "util/message.h"
#include "util/mem.h"

int step_fail(void *arg, int rc, const char *fmt, ...)
{
    struct operation *op = arg;
    va_list al;

    if (op->cause)
        return rc;
    va_start(al, fmt);
    op->cause = libxl__vsprintf(fmt, al);
    va_end(al);
    return rc;
}

int step_fail_errno(void *arg, int rc, const char *fmt, ...)
{
    struct operation *op = arg;
    int e = errno;
    va_list al;
    char *text;

    if (op->cause)
        return rc;
    va_start(al, fmt);
    text = libxl__vsprintf(fmt, al);
    va_end(al);
    op->cause = libxl__sprintf("%s: %s", text, strerror(e));
    free(text);
    return rc;
}

static void append(char **text, const char *before, const char *more)
{
    char *longer = libxl__sprintf("%s%s%s", *text, before, more);

    free(*text);
    *text = longer;
}

/* Undoes steps[0..failed) in reverse; returns what to say about it. */
static char *undo(const struct step *steps, int failed, void *op)
{
    char *done = libxl__strdup(""), *left = libxl__strdup("");

    for (int i = failed; i--;) {
        if (!steps[i].undo)
            continue;
        if (steps[i].undo(op))
            append(&left, *left ? ", " : "; could not be undone: ", steps[i].name);
        else if (steps[i].undone)
            append(&done, *done ? ", " : "; undone: ", steps[i].undone);
    }
    if (!*done && !*left)
        append(&done, "; ", "nothing to undo");
    append(&done, "", left);
    free(left);
    return done;
}

int steps_run(const struct step *steps, void *arg)
{
    struct operation *op = arg;
    char *undone;
    int i, rc = 0;

    op->cause = NULL;
    for (i = 0; steps[i].name; i++) {
        if (op->begin)
            op->begin(op, &steps[i]);
        rc = steps[i].run(op);
        if (rc)
            break;
    }
    if (!rc) {
        if (op->begin)
            op->begin(op, NULL);
        return 0;
    }
    undone = undo(steps, i, op);
    LOG(op->ctx, ERROR, "cannot %s: step %d, %s: %s%s", op->what, i + 1, steps[i].name,
        op->cause ? op->cause : "no cause given", undone);
    free(undone);
    free(op->cause);
    op->cause = NULL;
    return rc;
}
