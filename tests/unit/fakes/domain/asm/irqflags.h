/* SPDX-License-Identifier: GPL-2.0-only */
/* Host tests: there are no interrupts. Whoever waits for another CPU lets it go on. */
#ifndef ASM_IRQFLAGS_H
#define ASM_IRQFLAGS_H

#include <xen/types.h>

void fake_relax(void);

static inline unsigned long local_save_flags(void)
{
    return 0;
}
static inline void local_irq_disable(void)
{
}
static inline void local_irq_enable(void)
{
}
static inline unsigned long local_irq_save(void)
{
    return 0;
}
static inline void local_irq_restore(unsigned long f)
{
}
static inline bool local_irq_is_enabled(void)
{
    return true;
}
static inline void cpu_relax(void)
{
    fake_relax();
}

#endif
