/* SPDX-License-Identifier: GPL-2.0-only */
/* CPUID changes are kept as the texts they were given as; build/cpuid.c understands them. */
#include <libxl.h>
#include <stdlib.h>

#include "build/cpuid.h"
#include "util/mem.h"

int libxl_cpuid_parse_config(libxl_cpuid_policy_list *list, const char *str)
{
    int n = libxl_cpuid_policy_list_length(list);
    char *wrong = cpuid_apply(str, NULL, 0);
    char **grown;

    if (wrong) {
        free(wrong);
        return ERROR_INVAL;
    }
    grown = libxl__realloc(*list, (n + 2) * sizeof(*grown));
    grown[n] = libxl__strdup(str);
    grown[n + 1] = NULL;
    *list = (libxl_cpuid_policy_list)grown;
    return 0;
}
