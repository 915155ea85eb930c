/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Operations as lists of steps, each with its undo. Steps run in order; when one fails, those
 * before it are undone in reverse and the message says which step failed, why, and what was undone.
 */
#ifndef LIBXL_UTIL_STEPS_H
#define LIBXL_UTIL_STEPS_H

#include <libxl.h>

struct step {
    const char *name; /* "populate memory": completes "could not ..." */
    /* 0 or ERROR_*; tells the cause by step_fail(). Undoes its own part when it fails. */
    int (*run)(void *op);
    int (*undo)(void *op); /* 0, or anything else if it could not; may be NULL */
    const char *undone;    /* "memory freed": for the message; NULL says nothing */
};

/* Embedded at the start of an operation's own structure. */
struct operation {
    libxl_ctx *ctx;
    const char *what; /* "create domain web1" */
    char *cause;      /* of the failure; malloc */
    /* Called before each step and, with NULL, at the end of a success. May be NULL. */
    void (*begin)(void *op, const struct step *step);
};

/* Sets the cause of a failure (the first one stays) and returns rc. */
int step_fail(void *op, int rc, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* As step_fail, with errno's text appended. */
int step_fail_errno(void *op, int rc, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* Runs steps until one with a NULL name. */
int steps_run(const struct step *steps, void *op);

#endif
