/* SPDX-License-Identifier: GPL-2.0-only */
/* HYPERVISOR_xen_version: who we are, and what the caller's domain has. */
#include <xen/compat_guest.h>
#include <xen/errno.h>
#include <xen/guest_access.h>
#include <xen/lib.h>
#include <xen/param.h>
#include <xen/sched.h>
#include <xen/version.h>
#include <public/features.h>
#include <public/version.h>

/* Copies a string into a fixed-size buffer of the interface; the rest is zero. */
static long copy_string(unsigned long arg, const char *s, size_t size)
{
    char buf[1024] = {0};

    ASSERT(size <= sizeof(buf));
    strlcpy(buf, s, size);
    return raw_copy_to_guest(arg, buf, size) ? -EFAULT : 0;
}

static long get_compile_info(unsigned long arg)
{
    struct xen_compile_info info = {{0}};

    strlcpy(info.compiler, XEN_COMPILER, sizeof(info.compiler));
    strlcpy(info.compile_by, "craton", sizeof(info.compile_by));
    strlcpy(info.compile_domain, "", sizeof(info.compile_domain));
    strlcpy(info.compile_date, XEN_BUILD_DATE, sizeof(info.compile_date));
    return raw_copy_to_guest(arg, &info, sizeof(info)) ? -EFAULT : 0;
}

static long get_platform_parameters(unsigned long arg)
{
    /* Where a PV guest would find the hypervisor; hardware-virtualised ones ignore it. */
    struct xen_platform_parameters p = {.virt_start =
                                            hypercall_compat() ? 0xf5800000 : 0xffff800000000000};

    return guest_struct_out(arg, &p, xen_platform_parameters) ? 0 : -EFAULT;
}

static long get_features(unsigned long arg)
{
    struct xen_feature_info fi;
    bool hwdom = is_hardware_domain(current->domain);

    if (raw_copy_from_guest(&fi, arg, sizeof(fi)))
        return -EFAULT;
    if (fi.submap_idx)
        return -EINVAL;
    fi.submap = BIT(XENFEAT_writable_page_tables) | BIT(XENFEAT_auto_translated_physmap) |
                BIT(XENFEAT_hvm_callback_vector) | BIT(XENFEAT_hvm_safe_pvclock) |
                BIT(XENFEAT_memory_op_vnode_supported) | (hwdom ? BIT(XENFEAT_dom0) : 0) |
                (current->domain->arch.direct_mapped ? BIT(XENFEAT_direct_mapped)
                                                     : BIT(XENFEAT_not_direct_mapped));
    return raw_copy_to_guest(arg, &fi, sizeof(fi)) ? -EFAULT : 0;
}

/* The linker's ELF note (type 3): header, "GNU", then the id. */
extern const u32 __note_build_id_start[], __note_build_id_end[];

static long get_build_id(unsigned long arg)
{
    const u32 *note = __note_build_id_start;
    u32 len, size = note[1];

    if (__note_build_id_end - note < 4 || note[0] != 4)
        return -ENODATA;
    if (!arg)
        return size;
    if (raw_copy_from_guest(&len, arg, sizeof(len)))
        return -EFAULT;
    if (!len)
        return -EINVAL;
    if (len < size)
        return -ENOBUFS;
    if (raw_copy_to_guest(arg + sizeof(len), note + 4, size))
        return -EFAULT;
    return size;
}

long do_xen_version(unsigned int cmd, unsigned long arg)
{
    bool privileged = is_control_domain(current->domain);

    switch (cmd) {
    case XENVER_version:
        return (XEN_MAJOR << 16) | XEN_MINOR;
    case XENVER_extraversion:
        return copy_string(arg, XEN_EXTRAVERSION, sizeof(xen_extraversion_t));
    case XENVER_compile_info:
        return get_compile_info(arg);
    case XENVER_capabilities:
        return copy_string(arg, "hvm-3.0-x86_32 hvm-3.0-x86_32p hvm-3.0-x86_64",
                           sizeof(xen_capabilities_info_t));
    case XENVER_changeset:
        return copy_string(arg, privileged ? XEN_CHANGESET : "<denied>",
                           sizeof(xen_changeset_info_t));
    case XENVER_platform_parameters:
        return get_platform_parameters(arg);
    case XENVER_get_features:
        return get_features(arg);
    case XENVER_pagesize:
        return PAGE_SIZE;
    case XENVER_guest_handle:
        return raw_copy_to_guest(arg, current->domain->handle, sizeof(current->domain->handle))
                   ? -EFAULT
                   : 0;
    case XENVER_commandline:
        return copy_string(arg, privileged ? saved_cmdline : "<denied>", sizeof(xen_commandline_t));
    case XENVER_build_id:
        return get_build_id(arg);
    }
    return -ENOSYS;
}
