/* SPDX-License-Identifier: GPL-2.0-only */
/* Serial input: to the control domain (VIRQ_CONSOLE), or to the debug keys after Ctrl-A three
 * times. */
#include <xen/console.h>
#include <xen/event.h>
#include <xen/lib.h>
#include <xen/softirq.h>
#include <xen/spinlock.h>
#include "console_priv.h"

#define SWITCH_KEY 0x01 /* Ctrl-A */
#define RX_SIZE    512

static DEFINE_SPINLOCK(rx_lock); /* protects: all below; IRQ-safe, leaf */
static char rx_buf[RX_SIZE];
static unsigned int rx_prod, rx_cons;
static bool keys_mode;
static unsigned int switch_presses;
static char pending_keys[16];
static unsigned int nr_pending_keys;
static bool told_switch;
static struct tasklet rx_tasklet;

/* Outside of the interrupt: keys may take long, and events take locks. */
static void rx_work(void *unused)
{
    char keys[sizeof(pending_keys)];
    unsigned int n;
    bool to_guest, mode, told;

    spin_lock_irq(&rx_lock);
    n = nr_pending_keys;
    memcpy(keys, pending_keys, n);
    nr_pending_keys = 0;
    to_guest = rx_prod != rx_cons;
    mode = keys_mode;
    told = told_switch;
    told_switch = false;
    spin_unlock_irq(&rx_lock);

    if (told)
        printk("*** Serial input to %s (type Ctrl-A three times to switch)\n",
               mode ? "the hypervisor's debug keys ('h' for help)" : "the control domain");
    for (unsigned int i = 0; i < n; i++)
        handle_keypress(keys[i]);
    if (to_guest)
        send_global_virq(VIRQ_CONSOLE);
}

void console_rx(char c)
{
    unsigned long flags;

    spin_lock_irqsave(&rx_lock, flags);
    if (!rx_tasklet.fn)
        tasklet_init(&rx_tasklet, rx_work, NULL);
    if (c == SWITCH_KEY && ++switch_presses == 3) {
        keys_mode = !keys_mode;
        switch_presses = 0;
        told_switch = true;
        if (keys_mode && rx_prod - rx_cons >= 2)
            rx_prod -= 2; /* the first two were not meant for the control domain */
    } else {
        if (c != SWITCH_KEY)
            switch_presses = 0;
        if (!keys_mode && rx_prod - rx_cons < RX_SIZE)
            rx_buf[rx_prod++ % RX_SIZE] = c;
        else if (keys_mode && c != SWITCH_KEY && nr_pending_keys < sizeof(pending_keys))
            pending_keys[nr_pending_keys++] = c;
    }
    spin_unlock_irqrestore(&rx_lock, flags);
    tasklet_schedule(&rx_tasklet);
}

size_t console_read_input(char *buf, size_t n)
{
    unsigned long flags;
    size_t done = 0;

    spin_lock_irqsave(&rx_lock, flags);
    while (done < n && rx_cons != rx_prod)
        buf[done++] = rx_buf[rx_cons++ % RX_SIZE];
    spin_unlock_irqrestore(&rx_lock, flags);
    return done;
}
