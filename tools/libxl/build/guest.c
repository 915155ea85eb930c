/* SPDX-License-Identifier: GPL-2.0-only */
/* Building a PVH guest through the hypervisor: images, memory, boot information. */
#include "build/guest.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xenctrl.h>
#include <xenforeignmemory.h>

#include "build/acpi.h"
#include "build/boot_info.h"
#include "util/mem.h"

#define WINDOW_PAGES      1024
#define ACPI_PAGES(vcpus) ((unsigned int)((acpi_size(vcpus) + 4095) / 4096))

static int problem(struct guest *g, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static int problem(struct guest *g, const char *fmt, ...)
{
    va_list al;

    if (g->problem)
        return -1;
    va_start(al, fmt);
    g->problem = libxl__vsprintf(fmt, al);
    va_end(al);
    return -1;
}

/* ---- the guest's memory through a window ---- */

static void unmap_window(struct guest *g)
{
    if (g->window)
        xenforeignmemory_unmap(xc_interface_fmem_handle(g->xch), g->window, g->window_pages);
    g->window = NULL;
}

/* Frames that exist from gfn on, at most WINDOW_PAGES and want. */
static size_t window_size(const struct guest *g, uint64_t gfn, size_t want)
{
    uint64_t end = g->layout.low_end >> 12;

    if (want > WINDOW_PAGES)
        want = WINDOW_PAGES;
    return gfn < end && end - gfn < want ? end - gfn : want;
}

/* Moves the window to n pages from gfn on. */
static int map_window(struct guest *g, uint64_t gfn, size_t n)
{
    xen_pfn_t *frames = libxl__alloc(n * sizeof(*frames));
    int *errors = libxl__alloc(n * sizeof(*errors)), rc = 0;

    unmap_window(g);
    for (size_t i = 0; i < n; i++)
        frames[i] = gfn + i;
    g->window_gfn = gfn;
    g->window_pages = n;
    g->window = xenforeignmemory_map(xc_interface_fmem_handle(g->xch), g->domid,
                                     PROT_READ | PROT_WRITE, n, frames, errors);
    if (!g->window)
        rc = problem(g, "mapping %zu pages of the guest at 0x%" PRIx64 ": %s", n, gfn << 12,
                     strerror(errno));
    for (size_t i = 0; !rc && i < n; i++)
        if (errors[i])
            rc = problem(g, "mapping the guest's page at 0x%" PRIx64 ": %s", (gfn + i) << 12,
                         strerror(abs(errors[i])));
    if (rc)
        unmap_window(g);
    free(frames);
    free(errors);
    return rc;
}

/* The bytes of the guest at address; *len is cut to what is mapped there. */
static uint8_t *window(struct guest *g, uint64_t address, size_t *len)
{
    uint64_t gfn = address >> 12;
    size_t room;

    if ((!g->window || gfn < g->window_gfn || gfn >= g->window_gfn + g->window_pages) &&
        map_window(g, gfn, window_size(g, gfn, ((address & 4095) + *len + 4095) / 4096)))
        return NULL;
    room = ((g->window_gfn + g->window_pages) << 12) - address;
    if (*len > room)
        *len = room;
    return (uint8_t *)g->window + (address - (g->window_gfn << 12));
}

static int guest_write(struct guest_memory *mem, uint64_t address, const void *data, size_t len)
{
    struct guest *g = (struct guest *)mem;
    const uint8_t *from = data;

    while (len) {
        size_t n = len;
        uint8_t *to = window(g, address, &n);

        if (!to)
            return -1;
        memcpy(to, from, n);
        from += n;
        address += n;
        len -= n;
    }
    return 0;
}

static int guest_zero(struct guest_memory *mem, uint64_t address, size_t len)
{
    struct guest *g = (struct guest *)mem;

    while (len) {
        size_t n = len;
        uint8_t *to = window(g, address, &n);

        if (!to)
            return -1;
        memset(to, 0, n);
        address += n;
        len -= n;
    }
    return 0;
}

/* ---- images ---- */

static int read_file(struct guest *g, struct file *f, const char *what, const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    void *data;

    if (fd < 0)
        return problem(g, "%s %s: %s", what, path, strerror(errno));
    if (fstat(fd, &st) || !S_ISREG(st.st_mode) || !st.st_size) {
        close(fd);
        return problem(g, "%s %s: %s", what, path,
                       S_ISREG(st.st_mode) ? "the file is empty" : "not a plain file");
    }
    data = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    close(fd);
    if (data == MAP_FAILED)
        return problem(g, "%s %s: %s", what, path, strerror(errno));
    f->data = data;
    f->size = st.st_size;
    return 0;
}

static void close_file(struct file *f)
{
    if (f->data)
        munmap((void *)f->data, f->size);
    f->data = NULL;
}

static uint64_t page_up(uint64_t n)
{
    return (n + 4095) & ~UINT64_C(4095);
}

int guest_read_images(struct guest *g, const char *kernel, const char *initrd, uint64_t memkb)
{
    const char *wrong;
    uint64_t need;

    g->mem.write = guest_write;
    g->mem.zero = guest_zero;
    if (!layout_make(&g->layout, memkb, ACPI_PAGES(g->vcpus)))
        return problem(g, "memory of %" PRIu64 " KiB: at least 4 MiB are needed", memkb);
    g->mem.low_end = g->layout.low_end;
    if (read_file(g, &g->kernel_file, "kernel", kernel) ||
        (initrd && read_file(g, &g->initrd_file, "initrd", initrd)))
        return -1;
    wrong = kernel_parse(g->kernel_file.data, g->kernel_file.size, &g->kernel);
    if (wrong)
        return problem(g, "kernel %s: %s", kernel, wrong);
    /* The last page and a bit is for the boot information. */
    need = page_up(g->kernel.end) + page_up(g->initrd_file.size) + 65536;
    if (need > g->layout.low_end)
        return problem(
            g, "kernel and initrd need %" PRIu64 " MiB below 3 GiB, memory is %" PRIu64 " MiB",
            (need >> 20) + 1, memkb >> 10);
    return 0;
}

int guest_load(struct guest *g)
{
    int rc = kernel_load(&g->kernel, &g->mem);

    if (!rc && g->initrd_file.data)
        rc = guest_write(&g->mem, page_up(g->kernel.end), g->initrd_file.data, g->initrd_file.size);
    unmap_window(g);
    return rc;
}

/* ---- memory ---- */

enum { BATCH = 256 };

/* Populates [gfn, gfn + nr) in the largest pages that fit and that the host has. */
static int populate_range(struct guest *g, uint64_t gfn, uint64_t nr)
{
    unsigned int limit = 18;
    uint64_t limited_until = 0; /* smaller pages than usual until this frame */

    while (nr) {
        unsigned int order = layout_extent_order(gfn, nr, gfn < limited_until ? limit : 18);
        xen_pfn_t frames[BATCH];
        int n = 0, done;

        while (n < BATCH && nr >> order > (uint64_t)n &&
               layout_extent_order(gfn + ((uint64_t)n << order), nr - ((uint64_t)n << order),
                                   gfn < limited_until ? limit : 18) == order) {
            frames[n] = gfn + ((uint64_t)n << order);
            n++;
        }
        done = xc_domain_populate_physmap(g->xch, g->domid, n, order, 0, frames);
        if (done < 0)
            done = 0;
        gfn += (uint64_t)done << order;
        nr -= (uint64_t)done << order;
        if (done == n)
            continue;
        if (!order)
            return problem(g,
                           "%" PRIu64 " KiB of %" PRIu64 " KiB of memory are missing: %s; the "
                           "host has no more free",
                           nr << 2, g->layout.pages << 2, strerror(errno ? errno : ENOMEM));
        limit = order == 18 ? 9 : 0;
        limited_until = gfn + (UINT64_C(1) << order);
    }
    return 0;
}

int guest_populate(struct guest *g, bool claim)
{
    uint64_t high = g->layout.high_end - LAYOUT_HIGH_START;
    int rc;

    if (claim && xc_domain_claim_pages(g->xch, g->domid, g->layout.pages)) {
        xc_physinfo_t info = {0};
        int e = errno;

        xc_physinfo(g->xch, &info);
        return problem(g, "claiming %" PRIu64 " MiB: %s; the host has %" PRIu64 " MiB free",
                       g->layout.pages >> 8, strerror(e),
                       (uint64_t)(info.free_pages - info.outstanding_pages) >> 8);
    }
    rc = populate_range(g, 0, g->layout.low_end >> 12);
    if (!rc && high)
        rc = populate_range(g, LAYOUT_HIGH_START >> 12, high >> 12);
    if (claim)
        xc_domain_claim_pages(g->xch, g->domid, 0);
    return rc;
}

/* ---- boot information ---- */

static int populate_pages(struct guest *g, uint64_t gfn, unsigned int n)
{
    xen_pfn_t frames[LAYOUT_ACPI_MAX_PAGES];

    for (unsigned int i = 0; i < n; i++)
        frames[i] = gfn + i;
    if (xc_domain_populate_physmap_exact(g->xch, g->domid, n, 0, 0, frames))
        return problem(g, "populating %u pages at 0x%" PRIx64 ": %s", n, gfn << 12,
                       strerror(errno));
    return 0;
}

static int write_acpi(struct guest *g)
{
    unsigned int pages = ACPI_PAGES(g->vcpus);
    uint8_t *tables;
    int rc;

    if (pages > LAYOUT_ACPI_MAX_PAGES)
        return problem(g, "the ACPI tables of %u vCPUs do not fit", g->vcpus);
    if (populate_pages(g, LAYOUT_ACPI_BASE >> 12, pages))
        return -1;
    tables = libxl__alloc(pages * 4096);
    acpi_make(tables, LAYOUT_ACPI_BASE, g->vcpus);
    rc = guest_write(&g->mem, LAYOUT_ACPI_BASE, tables, pages * 4096);
    free(tables);
    unmap_window(g);
    return rc;
}

static int set_memory_map(struct guest *g)
{
    struct e820entry map[LAYOUT_MAX_REGIONS];

    for (unsigned int i = 0; i < g->layout.nr_regions; i++) {
        map[i].addr = g->layout.map[i].start;
        map[i].size = g->layout.map[i].size;
        map[i].type = g->layout.map[i].type;
    }
    if (xc_domain_set_memory_map(g->xch, g->domid, map, g->layout.nr_regions))
        return problem(g, "setting the memory map: %s", strerror(errno));
    return 0;
}

int guest_write_boot_info(struct guest *g, const char *cmdline)
{
    struct boot_info info = {
        .initrd = page_up(g->kernel.end),
        .initrd_size = g->initrd_file.size,
        .cmdline = cmdline,
        .rsdp = LAYOUT_ACPI_BASE,
        .layout = &g->layout,
    };

    if (boot_info_size(&info) > 65536)
        return problem(g, "the command line is longer than 60 KiB");
    g->start_info = info.initrd + page_up(info.initrd_size);
    if (write_acpi(g) || set_memory_map(g) || boot_info_write(&info, &g->mem, g->start_info))
        return problem(g, "out of memory");
    unmap_window(g);
    return 0;
}

static int set_param(struct guest *g, uint32_t param, uint64_t value, const char *what)
{
    if (xc_hvm_param_set(g->xch, g->domid, param, value))
        return problem(g, "telling the guest its %s (HVM parameter %u): %s", what, param,
                       strerror(errno));
    return 0;
}

/* CPUs without unrestricted guest mode run an unpaged guest on this: 4 MiB pages, one to one. */
static int write_ident_pt(struct guest *g)
{
    size_t len = 4096;
    uint32_t *table = (uint32_t *)window(g, (uint64_t)SPECIAL_IDENT_PT << 12, &len);

    for (uint32_t i = 0; table && i < 1024; i++)
        table[i] = i << 22 | 0xe7; /* present, writable, user, accessed, dirty, 4 MiB */
    return table ? 0 : -1;
}

static int alloc_port(struct guest *g, unsigned int *port, const char *what)
{
    int p = xc_evtchn_alloc_unbound(g->xch, g->domid, 0);

    if (p < 0)
        return problem(g, "event channel for the %s: %s", what, strerror(errno));
    *port = p;
    return 0;
}

int guest_special_pages(struct guest *g, int timer_mode)
{
    const struct {
        uint32_t param;
        uint64_t value;
        const char *what;
    } params[] = {
        {HVM_PARAM_TIMER_MODE, timer_mode, "timer mode"},
        {HVM_PARAM_PAGING_RING_PFN, SPECIAL_PAGING, "paging ring"},
        {HVM_PARAM_MONITOR_RING_PFN, SPECIAL_MONITOR, "monitor ring"},
        {HVM_PARAM_SHARING_RING_PFN, SPECIAL_SHARING, "sharing ring"},
        {HVM_PARAM_STORE_PFN, SPECIAL_XENSTORE, "xenstore page"},
        {HVM_PARAM_CONSOLE_PFN, SPECIAL_CONSOLE, "console page"},
        {HVM_PARAM_IDENT_PT, (uint64_t)SPECIAL_IDENT_PT << 12, "identity page table"},
    };

    if (alloc_port(g, &g->store_port, "xenstore") || alloc_port(g, &g->console_port, "console"))
        return -1;
    /* The pages of I/O request servers are left out: no device model serves a PVH guest. */
    if (populate_pages(g, SPECIAL_FIRST, 3) || populate_pages(g, SPECIAL_XENSTORE, 1) ||
        populate_pages(g, SPECIAL_IDENT_PT, 2))
        return -1;
    if (guest_zero(&g->mem, (uint64_t)SPECIAL_XENSTORE << 12, 4096))
        return -1;
    unmap_window(g);
    if (write_ident_pt(g) || guest_zero(&g->mem, (uint64_t)SPECIAL_CONSOLE << 12, 4096))
        return -1;
    unmap_window(g);
    for (size_t i = 0; i < sizeof(params) / sizeof(params[0]); i++)
        if (set_param(g, params[i].param, params[i].value, params[i].what))
            return -1;
    if (set_param(g, HVM_PARAM_STORE_EVTCHN, g->store_port, "xenstore event channel") ||
        set_param(g, HVM_PARAM_CONSOLE_EVTCHN, g->console_port, "console event channel"))
        return -1;
    if (xc_dom_gnttab_seed(g->xch, g->domid, true, SPECIAL_CONSOLE, SPECIAL_XENSTORE, 0, 0))
        return problem(g, "granting the console and xenstore pages: %s", strerror(errno));
    return 0;
}

int guest_first_vcpu(struct guest *g)
{
    int len = xc_domain_hvm_getcontext(g->xch, g->domid, NULL, 0);
    uint8_t *given, out[2048];
    size_t size;
    int rc = 0;

    if (len <= 0)
        return problem(g, "asking for the size of the domain's state: %s", strerror(errno));
    given = libxl__alloc(len);
    len = xc_domain_hvm_getcontext(g->xch, g->domid, given, len);
    if (len <= 0) {
        rc = problem(g, "asking for the domain's state: %s", strerror(errno));
    } else {
        size = vcpu_context(given, len, g->kernel.entry, g->start_info, out, sizeof(out));
        if (!size)
            rc = problem(g, "the domain's state has no header record");
        else if (xc_domain_hvm_setcontext(g->xch, g->domid, out, size))
            rc = problem(g, "setting the first vCPU's registers: %s", strerror(errno));
    }
    free(given);
    return rc;
}

void guest_dispose(struct guest *g)
{
    unmap_window(g);
    kernel_image_dispose(&g->kernel);
    close_file(&g->kernel_file);
    close_file(&g->initrd_file);
    free(g->problem);
    g->problem = NULL;
}
