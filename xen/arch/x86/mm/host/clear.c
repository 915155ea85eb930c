/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Zeroing of whole pages, past the caches: what is scrubbed is rarely read soon. 16 bytes a store
 * through %xmm0, whose value may be a guest's and is put back.
 */
#include <xen/mm.h>

void clear_pages(void *va, unsigned long nr)
{
    u8 saved[16];
    char *p = va, *end = p + nr * PAGE_SIZE;

    __asm__ volatile("movups %%xmm0, %[saved]\n\t"
                     "pxor %%xmm0, %%xmm0\n"
                     "1:\n\t"
                     "movntdq %%xmm0, (%[p])\n\t"
                     "movntdq %%xmm0, 16(%[p])\n\t"
                     "movntdq %%xmm0, 32(%[p])\n\t"
                     "movntdq %%xmm0, 48(%[p])\n\t"
                     "movntdq %%xmm0, 64(%[p])\n\t"
                     "movntdq %%xmm0, 80(%[p])\n\t"
                     "movntdq %%xmm0, 96(%[p])\n\t"
                     "movntdq %%xmm0, 112(%[p])\n\t"
                     "movntdq %%xmm0, 128(%[p])\n\t"
                     "movntdq %%xmm0, 144(%[p])\n\t"
                     "movntdq %%xmm0, 160(%[p])\n\t"
                     "movntdq %%xmm0, 176(%[p])\n\t"
                     "movntdq %%xmm0, 192(%[p])\n\t"
                     "movntdq %%xmm0, 208(%[p])\n\t"
                     "movntdq %%xmm0, 224(%[p])\n\t"
                     "movntdq %%xmm0, 240(%[p])\n\t"
                     "add $256, %[p]\n\t"
                     "cmp %[end], %[p]\n\t"
                     "jb 1b\n\t"
                     "sfence\n\t"
                     "movups %[saved], %%xmm0"
                     : [p] "+r"(p), [saved] "=m"(saved)
                     : [end] "r"(end)
                     : "memory", "cc");
}
