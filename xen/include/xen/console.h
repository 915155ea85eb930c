/* SPDX-License-Identifier: GPL-2.0-only */
/* The host's console: 16550 output and input, and the log ring that `xl dmesg` reads. */
#ifndef XEN_CONSOLE_H
#define XEN_CONSOLE_H

#include <xen/types.h>

void console_init(void); /* com1=, console= */
/* Raw characters of the control domain (CONSOLEIO_write): to the wire, and not into the ring. */
void console_write_guest(const char *s, size_t n);
/* Input for the domain that has it (three Ctrl-A switch between control domain and hypervisor
 * keys). */
size_t console_read_input(char *buf, size_t n);
/* XEN_SYSCTL_readconsole. Copies from @*index on; returns count, moves *index; @clear empties. */
size_t console_ring_read(char *buf, size_t n, u32 *index, bool incremental, bool clear);
/* Ports of the UART that the hypervisor uses: no domain gets them. */
bool console_owns_port(u16 port);
void console_init_late(void);  /* heap, timers and interrupts work: the real ring, input */
void console_start_sync(void); /* in panic: no locks, poll the wire */
/* Debug keys: common/keyhandler. */
void handle_keypress(unsigned char key);
typedef void keyhandler_fn_t(unsigned char key);
void register_keyhandler(unsigned char key, keyhandler_fn_t *fn, const char *desc);
void keyhandlers_init(void);
void domain_keys_init(void);

#endif
