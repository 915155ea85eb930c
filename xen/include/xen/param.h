/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Command-line options. Each is declared beside what it sets; cmdline_parse() finds them in the
 * section .init.setup. An unknown or wrong one is logged and skipped.
 */
#ifndef XEN_PARAM_H
#define XEN_PARAM_H

#include <xen/types.h>

enum param_type { PARAM_BOOL, PARAM_UINT, PARAM_SIZE, PARAM_STRING, PARAM_CUSTOM };
struct kernel_param {
    const char *name;
    enum param_type type;
    void *var; /* bool, unsigned int, u64, char[len] or int (*)(const char *) */
    unsigned int len;
} __aligned(32);

#define PARAM_(nm, t, v, l)                                             \
    static const struct kernel_param param_##v __section(".init.setup") \
        __attribute__((used)) = {nm, t, &v, l}
#define boolean_param(name, var) \
    PARAM_(name, PARAM_BOOL, var, 0) /* name, no-name, name=on|off|1|0 */
#define integer_param(name, var) PARAM_(name, PARAM_UINT, var, 0)
#define size_param(name, var)    PARAM_(name, PARAM_SIZE, var, 0)
#define string_param(name, var)  PARAM_(name, PARAM_STRING, var, sizeof(var))
/* int fn(const char *value): 0 or -EINVAL. */
#define custom_param(name, fn)                                           \
    static const struct kernel_param param_##fn __section(".init.setup") \
        __attribute__((used)) = {name, PARAM_CUSTOM, (void *)(uintptr_t)&fn, 0}

void cmdline_parse(const char *cmdline);
extern char saved_cmdline[1024];

#endif
