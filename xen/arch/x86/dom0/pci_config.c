/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The control domain's way to PCI configuration space, ports 0xcf8 to 0xcff. It gets there, with
 * one thing hidden: message-signalled interrupts. A message goes straight to a host CPU, with a
 * vector and a processor number that only mean something in the domain; the pins of the IOAPICs are
 * routed to it. The memory-mapped window stays direct: Linux uses it for registers from 0x100 on.
 */
#include <xen/dom0.h>
#include <xen/lib.h>
#include <xen/sched.h>
#include <asm/msr.h>
#include "pci_caps.h"

#define CONFIG_ADDRESS 0xcf8
#define CONFIG_DATA    0xcfc
#define CONFIG_ENABLE  (1U << 31)

/* Protects the pair of ports and the address that the domain last wrote. */
static DEFINE_SPINLOCK(config_lock);
static u32 config_address;

static u32 port_in(u16 port, unsigned int size)
{
    return size == 1 ? inb(port) : size == 2 ? inw(port) : inl(port);
}

static void port_out(u16 port, unsigned int size, u32 val)
{
    if (size == 1)
        outb(val, port);
    else if (size == 2)
        outw(val, port);
    else
        outl(val, port);
}

/* @ctx: the function, as its bits of CONFIG_ADDRESS. */
static u8 read_config8(void *ctx, unsigned int reg)
{
    outl(*(u32 *)ctx | (reg & 0xfc), CONFIG_ADDRESS);
    return inb(CONFIG_DATA + (reg & 3));
}

static void data_access(u16 port, unsigned int size, bool write, u32 *val)
{
    u32 function = config_address & ~0xffU;
    outl(config_address, CONFIG_ADDRESS);
    if (write) {
        port_out(port, size, *val);
        return;
    }
    *val = port_in(port, size);
    /* Bits 27:24 are AMD's extended registers, where no capability of the old list is. */
    if ((config_address & CONFIG_ENABLE) && !(config_address & 0x0f000000))
        pci_hide_msi(read_config8, &function, (config_address & 0xfc) + (port & 3), size, val);
}

/* Parts of the address port are other registers of the chipset: 0xcf9 resets the machine. */
static void other_access(u16 port, unsigned int size, bool write, u32 *val)
{
    if (write)
        port_out(port, size, *val);
    else
        *val = port_in(port, size);
}

bool dom0_pci_config_access(u16 port, unsigned int size, bool write, u32 *val)
{
    unsigned long flags;
    if (port < CONFIG_ADDRESS || port + size > CONFIG_DATA + 4)
        return false;
    spin_lock_irqsave(&config_lock, flags);
    if (port >= CONFIG_DATA)
        data_access(port, size, write, val);
    else if (port != CONFIG_ADDRESS || size != 4)
        other_access(port, size, write, val);
    else if (write)
        config_address = *val;
    else
        *val = config_address;
    spin_unlock_irqrestore(&config_lock, flags);
    return true;
}
