/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernels that somebody gives to libxl: ELF and bzImage, with every packing. Whatever is accepted
 * must lie where it says. */
#include <stdlib.h>

#include "build/kernel.h"

static int touch(struct guest_memory *mem, uint64_t address, const void *data, size_t len)
{
    const volatile uint8_t *p = data;

    for (size_t i = 0; i < len; i += 512)
        (void)p[i];
    if (len)
        (void)p[len - 1];
    return address > mem->low_end || len > mem->low_end - address ? abort(), -1 : 0;
}

static int zero(struct guest_memory *mem, uint64_t address, size_t len)
{
    return address > mem->low_end || len > mem->low_end - address ? abort(), -1 : 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct guest_memory mem = {UINT64_C(1) << 32, touch, zero};
    struct kernel_image image;

    if (kernel_parse(data, size, &image))
        return 0;
    if (image.entry < image.start || image.entry >= image.end)
        abort();
    kernel_load(&image, &mem);
    kernel_image_dispose(&image);
    return 0;
}
