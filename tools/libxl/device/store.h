/* SPDX-License-Identifier: GPL-2.0-only */
/* Xenstore by formatted paths, with failures logged, and transactions that are tried again. */
#ifndef LIBXL_DEVICE_STORE_H
#define LIBXL_DEVICE_STORE_H

#include <libxl.h>
#include <stdint.h>
#include <xenstore.h>

/* A transaction, or outside of one. Errors stick: after the first failure the rest does nothing,
 * so that a list of writes needs one check at its end. */
struct store {
    libxl_ctx *ctx;
    struct xs_handle *xsh;
    xs_transaction_t t;
    int error;         /* errno of the first failure, 0: none */
    char *failed_path; /* where, malloc */
};

/* Permissions of a new node: owner and, if not the same, one reader. */
struct store_perm {
    uint32_t owner, reader;
};

#define STORE_FMT(n) __attribute__((format(printf, n, n + 1)))

/* Without a transaction. 0, or ERROR_FAIL (logged) if xenstore cannot be reached. */
int store_open(struct store *s, libxl_ctx *ctx);
/* Frees what the structure holds. */
void store_close(struct store *s);

/* Runs body in a transaction, again as long as another one interfered; body does its writes and
 * returns 0, or ERROR_* to abort. Returns body's error, or ERROR_FAIL with *why (malloc, may be
 * NULL) the cause. */
int store_transaction(libxl_ctx *ctx, int (*body)(struct store *s, void *arg), void *arg,
                      char **why);

/* malloc, NULL if there is no such node. Only failures other than that stick. */
char *store_read(struct store *s, const char *fmt, ...) STORE_FMT(2);
/* Reads a decimal number; -1 if there is none. */
int64_t store_read_number(struct store *s, const char *fmt, ...) STORE_FMT(2);
bool store_exists(struct store *s, const char *fmt, ...) STORE_FMT(2);
/* Names of the children, *num of them, in one block for free(). NULL: no such node (*num 0). */
char **store_list(struct store *s, unsigned int *num, const char *fmt, ...) STORE_FMT(3);
void store_write(struct store *s, const char *value, const char *fmt, ...) STORE_FMT(3);
void store_write_number(struct store *s, uint64_t value, const char *fmt, ...) STORE_FMT(3);
/* Makes a folder with permissions that its children inherit. */
void store_mkdir(struct store *s, struct store_perm perm, const char *fmt, ...) STORE_FMT(3);
void store_set_perm(struct store *s, struct store_perm perm, const char *fmt, ...) STORE_FMT(3);
/* A node that is not there is fine. */
void store_rm(struct store *s, const char *fmt, ...) STORE_FMT(2);
/* Removes a node, and its parents up to (excluding) the folder above as they become empty. */
void store_rm_tidy(struct store *s, const char *above, const char *fmt, ...) STORE_FMT(3);

#endif
