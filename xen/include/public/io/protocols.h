/* SPDX-License-Identifier: MIT */
/* Names by which front ends tell their ABI to back ends. */
#ifndef CRATON_PUBLIC_IO_PROTOCOLS_H
#define CRATON_PUBLIC_IO_PROTOCOLS_H

#define XEN_IO_PROTO_ABI_X86_32 "x86_32-abi"
#define XEN_IO_PROTO_ABI_X86_64 "x86_64-abi"
#define XEN_IO_PROTO_ABI_ARM    "arm-abi"
#if defined(__i386__)
#define XEN_IO_PROTO_ABI_NATIVE XEN_IO_PROTO_ABI_X86_32
#else
#define XEN_IO_PROTO_ABI_NATIVE XEN_IO_PROTO_ABI_X86_64
#endif

#endif /* CRATON_PUBLIC_IO_PROTOCOLS_H */
