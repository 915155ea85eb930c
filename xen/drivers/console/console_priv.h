/* SPDX-License-Identifier: GPL-2.0-only */
/* Between the parts of the console. */
#ifndef CONSOLE_PRIV_H
#define CONSOLE_PRIV_H

#include <xen/types.h>

/* ring.c: the newest @size bytes of the log; indices count all bytes ever written. */
struct log_ring {
    char *buf;
    u32 size; /* a power of two */
    u32 prod, cons;
};
void log_ring_put(struct log_ring *r, const char *s, size_t n);
size_t log_ring_read(struct log_ring *r, char *buf, size_t n, u32 *index, bool incremental,
                     bool clear);

/* loglevel.c: strips the level marks; false: not to be printed. */
bool loglevel_wants(const char **msg, bool *guest);

/* ns16550.c; without a port all do nothing. */
void ns16550_init(void);
void ns16550_write(const char *s, size_t n); /* \n becomes \r\n */
int ns16550_getc(void);                      /* -1: nothing there */
void ns16550_init_irq(void);                 /* receive interrupts from now on */
void ns16550_rx(void (*fn)(char c));         /* drains the receiver */

/* input.c */
void console_rx(char c);

#endif
