/* SPDX-License-Identifier: GPL-2.0-only */
/* What we say of ourselves. The interface is Xen 4.17's; the name is our own. */
#ifndef XEN_VERSION_H
#define XEN_VERSION_H

#define XEN_MAJOR 4
#define XEN_MINOR 17
#ifndef CRATON_VERSION
#define CRATON_VERSION "0.1.0"
#endif
#define XEN_EXTRAVERSION ".7-craton"
#define XEN_CHANGESET    "craton-" CRATON_VERSION
#define XEN_COMPILER     __VERSION__
/* Reproducible builds: no date of compilation. */
#define XEN_BUILD_DATE "craton " CRATON_VERSION

#endif
