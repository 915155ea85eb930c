/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Translation between the structures of 32-bit callers and native ones: a table of fields for each,
 * taken from the two structure definitions by the compiler, and one loop for all.
 */
#include <xen/compat.h>

#define FIELD(name, f)                                                            \
    {                                                                             \
        offsetof(struct name, f), offsetof(struct compat_##name, f),              \
            sizeof(((struct name *)0)->f), sizeof(((struct compat_##name *)0)->f) \
    }

#define LAYOUT(name, ...)                                                 \
    static const struct compat_field name##_fields[] = {__VA_ARGS__};     \
    const struct compat_layout COMPAT_LAYOUT(name) = {                    \
        sizeof(struct name), sizeof(struct compat_##name),                \
        sizeof(name##_fields) / sizeof(name##_fields[0]), name##_fields}; \
    _Static_assert(sizeof(struct compat_##name) <= COMPAT_MAX_SIZE, "buffer for " #name)

/* clang-format off */
#define MC(i) FIELD(multicall_entry, args[i])
LAYOUT(multicall_entry, FIELD(multicall_entry, op), FIELD(multicall_entry, result),
       MC(0), MC(1), MC(2), MC(3), MC(4), MC(5));

#define MR(f) FIELD(xen_memory_reservation, f)
LAYOUT(xen_memory_reservation, MR(extent_start), MR(nr_extents), MR(extent_order), MR(mem_flags),
       MR(domid));

#define AP(f) FIELD(xen_add_to_physmap, f)
LAYOUT(xen_add_to_physmap, AP(domid), AP(size), AP(space), AP(idx), AP(gpfn));

#define AB(f) FIELD(xen_add_to_physmap_batch, f)
LAYOUT(xen_add_to_physmap_batch, AB(domid), AB(space), AB(size), AB(u), AB(idxs), AB(gpfns),
       AB(errs));

#define RP(f) FIELD(xen_remove_from_physmap, f)
LAYOUT(xen_remove_from_physmap, RP(domid), RP(gpfn));

#define MM(f) FIELD(xen_memory_map, f)
LAYOUT(xen_memory_map, MM(nr_entries), MM(buffer));

#define FM(f) FIELD(xen_foreign_memory_map, f)
LAYOUT(xen_foreign_memory_map, FM(domid), FM(map.nr_entries), FM(map.buffer));

#define PT(f) FIELD(xen_pod_target, f)
LAYOUT(xen_pod_target, PT(target_pages), PT(tot_pages), PT(pod_cache_pages), PT(pod_entries),
       PT(domid));

#define RM(f) FIELD(xen_reserved_device_memory, f)
LAYOUT(xen_reserved_device_memory, RM(start_pfn), RM(nr_pages));

#define RDM(f) FIELD(xen_reserved_device_memory_map, f)
LAYOUT(xen_reserved_device_memory_map, RDM(flags), RDM(nr_entries), RDM(buffer), RDM(dev));

#define AR(f) FIELD(xen_mem_acquire_resource, f)
LAYOUT(xen_mem_acquire_resource, AR(domid), AR(type), AR(id), AR(nr_frames), AR(pad), AR(frame),
       AR(frame_list));

#define VN(f) FIELD(xen_vnuma_topology_info, f)
LAYOUT(xen_vnuma_topology_info, VN(domid), VN(pad), VN(nr_vnodes), VN(nr_vcpus),
       VN(nr_vmemranges), VN(vdistance.h), VN(vcpu_to_vnode.h), VN(vmemrange.h));

#define ST(f) FIELD(gnttab_setup_table, f)
LAYOUT(gnttab_setup_table, ST(dom), ST(nr_frames), ST(status), ST(frame_list));

#define TR(f) FIELD(gnttab_transfer, f)
LAYOUT(gnttab_transfer, TR(mfn), TR(domid), TR(ref), TR(status));

/* A frame number and a grant reference share their place: whichever it is, it has 32 bits. */
#define CP(f) FIELD(gnttab_copy, f)
LAYOUT(gnttab_copy, CP(source.u.gmfn), CP(source.domid), CP(source.offset), CP(dest.u.gmfn),
       CP(dest.domid), CP(dest.offset), CP(len), CP(flags), CP(status));

#define SF(f) FIELD(gnttab_get_status_frames, f)
LAYOUT(gnttab_get_status_frames, SF(nr_frames), SF(dom), SF(status), SF(frame_list));

#define RS(f) FIELD(vcpu_runstate_info, f)
LAYOUT(vcpu_runstate_info, RS(state), RS(state_entry_time), RS(time));

/* The caller sets the handle, the upper half of the union is garbage. */
#define RA(f) FIELD(vcpu_register_runstate_memory_area, f)
LAYOUT(vcpu_register_runstate_memory_area, RA(addr.h));

#define TA(f) FIELD(vcpu_register_time_memory_area, f)
LAYOUT(vcpu_register_time_memory_area, TA(addr.h));

#define SS(f) FIELD(vcpu_set_singleshot_timer, f)
LAYOUT(vcpu_set_singleshot_timer, SS(timeout_abs_ns), SS(flags));

#define SP(f) FIELD(sched_poll, f)
LAYOUT(sched_poll, SP(ports), SP(nr_ports), SP(timeout));

#define MP(f) FIELD(physdev_map_pirq, f)
LAYOUT(physdev_map_pirq, MP(domid), MP(type), MP(index), MP(pirq), MP(bus), MP(devfn),
       MP(entry_nr), MP(table_base));

#define PE(f) FIELD(physdev_pirq_eoi_gmfn, f)
LAYOUT(physdev_pirq_eoi_gmfn, PE(gmfn));

#define PA(f) FIELD(physdev_apic, f)
LAYOUT(physdev_apic, PA(apic_physbase), PA(reg), PA(value));

#define PP(f) FIELD(xen_platform_parameters, f)
LAYOUT(xen_platform_parameters, PP(virt_start));

#define DB(f) FIELD(xen_dm_op_buf, f)
LAYOUT(xen_dm_op_buf, DB(h), DB(size));
/* clang-format on */

static void fill(uint8_t *to, uint8_t value, size_t n)
{
    while (n--)
        *to++ = value;
}

static void copy(uint8_t *to, const uint8_t *from, size_t n)
{
    while (n--)
        *to++ = *from++;
}

void compat_widen(const struct compat_layout *l, void *native, const void *compat)
{
    fill(native, 0, l->native_size);
    for (unsigned int i = 0; i < l->nr_fields; i++) {
        const struct compat_field *f = &l->fields[i];

        /* Little endian: the low half comes first. */
        copy((uint8_t *)native + f->native, (const uint8_t *)compat + f->compat, f->compat_size);
    }
}

bool compat_narrow(const struct compat_layout *l, void *compat, const void *native)
{
    bool fits = true;

    fill(compat, 0, l->compat_size);
    for (unsigned int i = 0; i < l->nr_fields; i++) {
        const struct compat_field *f = &l->fields[i];
        const uint8_t *from = (const uint8_t *)native + f->native;

        copy((uint8_t *)compat + f->compat, from, f->compat_size);
        for (unsigned int k = f->compat_size; k < f->native_size; k++)
            fits &= !from[k];
    }
    return fits;
}
