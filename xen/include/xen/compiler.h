/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Included before every file of the hypervisor by the build. The image is linked once and never
 * relocated or interposed: hidden visibility lets the compiler address everything, externs too,
 * relative to RIP, which the image's place (outside of the top 2 GiB) needs.
 */
#pragma GCC visibility push(hidden)
