/* SPDX-License-Identifier: GPL-2.0-only */
/* printk: one line prefix, into the log ring and onto the serial line. */
#include <xen/console.h>
#include <xen/event.h>
#include <xen/lib.h>
#include <xen/mm.h>
#include <xen/param.h>
#include <xen/softirq.h>
#include <xen/spinlock.h>
#include <xen/time.h>
#include "console_priv.h"

static u64 conring_size = 32768;
size_param("conring_size", conring_size);

static char early_ring_buf[16384];
static struct log_ring ring = {early_ring_buf, sizeof(early_ring_buf), 0, 0};
static DEFINE_SPINLOCK_ORDER(console_lock, LOCK_CONSOLE); /* protects: ring, line state, the wire */
static bool at_line_start = true;
static bool sync_mode; /* panic: take no lock */

/* The control domain is told that the log grew, at most once a second. */
static struct tasklet con_ring_tasklet;
static struct timer con_ring_timer;
static bool con_ring_ready;

static void con_ring_notify(void *unused)
{
    send_global_virq(VIRQ_CON_RING);
}

static void con_ring_changed(void *unused)
{
    if (!timer_is_active(&con_ring_timer))
        set_timer(&con_ring_timer, NOW() + SECONDS(1));
}

static void emit(const char *s, size_t n)
{
    log_ring_put(&ring, s, n);
    ns16550_write(s, n);
}

void vprintk(const char *fmt, va_list ap)
{
    static char buf[1024];
    const char *p = buf;
    unsigned long flags = 0;
    bool guest, locked = !sync_mode;

    if (!loglevel_wants(&fmt, &guest))
        return;
    if (locked)
        spin_lock_irqsave(&console_lock, flags);
    vsnprintf(buf, sizeof(buf), fmt, ap);
    while (*p) {
        const char *nl = strchr(p, '\n');
        size_t n = nl ? (size_t)(nl - p) + 1 : strlen(p);

        if (at_line_start)
            emit("(XEN) ", 6);
        emit(p, n);
        at_line_start = nl != NULL;
        p += n;
    }
    if (locked)
        spin_unlock_irqrestore(&console_lock, flags);
    if (con_ring_ready && locked)
        tasklet_schedule(&con_ring_tasklet);
}

void printk(const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    vprintk(fmt, ap);
    va_end(ap);
}

void console_write_guest(const char *s, size_t n)
{
    unsigned long flags;

    spin_lock_irqsave(&console_lock, flags);
    ns16550_write(s, n);
    spin_unlock_irqrestore(&console_lock, flags);
}

size_t console_ring_read(char *buf, size_t n, u32 *index, bool incremental, bool clear)
{
    unsigned long flags;
    size_t done;

    spin_lock_irqsave(&console_lock, flags);
    done = log_ring_read(&ring, buf, n, index, incremental, clear);
    spin_unlock_irqrestore(&console_lock, flags);
    return done;
}

void console_start_sync(void)
{
    sync_mode = true;
}

void __init console_init(void)
{
    char chunk[64];
    u32 index = 0;
    size_t n;

    ns16550_init();
    /* What was said before there was a wire. */
    while ((n = log_ring_read(&ring, chunk, sizeof(chunk), &index, true, false)))
        ns16550_write(chunk, n);
}

void __init console_init_late(void)
{
    u32 size = 16384, index = 0;
    unsigned long flags;
    char *buf;

    while (size < conring_size && size < MB(16))
        size <<= 1;
    buf = _xmalloc(size, 16);
    if (buf) {
        spin_lock_irqsave(&console_lock, flags);
        index = log_ring_read(&ring, buf, size, &index, false, false);
        ring = (struct log_ring){buf, size, index, 0};
        spin_unlock_irqrestore(&console_lock, flags);
    } else {
        printk(XENLOG_WARNING "Console: no memory for a ring of %u bytes\n", size);
    }
    tasklet_init(&con_ring_tasklet, con_ring_changed, NULL);
    init_timer(&con_ring_timer, con_ring_notify, NULL, 0);
    con_ring_ready = true;
    ns16550_init_irq();
}
