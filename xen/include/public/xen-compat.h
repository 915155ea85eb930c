/* SPDX-License-Identifier: MIT */
/*
 * The version of the interface. Upstream's headers can show older versions of themselves; these
 * know only the newest, so the two names are one number.
 */
#ifndef CRATON_PUBLIC_XEN_COMPAT_H
#define CRATON_PUBLIC_XEN_COMPAT_H

#define __XEN_LATEST_INTERFACE_VERSION__ 0x00040e00

#ifndef __XEN_INTERFACE_VERSION__
#define __XEN_INTERFACE_VERSION__ __XEN_LATEST_INTERFACE_VERSION__
#endif

#endif /* CRATON_PUBLIC_XEN_COMPAT_H */
