/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The 16550 UART (National PC16550D data sheet): com1=BAUD[,8n1[,PORT[,IRQ]]] and
 * console=com1|com2|none. Output polls, and fills the 16-byte FIFO at once; input comes by
 * interrupt.
 */
#include <xen/console.h>
#include <xen/errno.h>
#include <xen/irq.h>
#include <xen/lib.h>
#include <xen/param.h>
#include <asm/irqflags.h>
#include <asm/msr.h>
#include "console_priv.h"

enum { RBR_THR = 0, IER = 1, IIR_FCR = 2, LCR = 3, MCR = 4, LSR = 5, SCR = 7 };
#define LSR_DR    0x01
#define LSR_THRE  0x20
#define FIFO_SIZE 16

struct uart {
    bool configured;
    u32 baud; /* 0: as firmware left it */
    u8 lcr;
    u16 port;
    u8 irq;
};
static struct uart uarts[2] = {
    {.lcr = 3, .port = 0x3f8, .irq = 4},
    {.lcr = 3, .port = 0x2f8, .irq = 3},
};
static struct uart *uart; /* the console's; NULL: none */
static char opt_console[16] = "com1";
string_param("console", opt_console);

/* 8n1 and the like: the line control register, or -1. */
static int parse_frame(const char *s)
{
    static const char parities[] = "noems"; /* none, odd, even, mark, space */
    const char *parity = s[1] ? strchr(parities, s[1]) : NULL;

    if (s[0] < '5' || s[0] > '8' || !parity || (s[2] != '1' && s[2] != '2'))
        return -1;
    return (s[0] - '5') | (s[2] == '2' ? 4 : 0) |
           (parity == parities ? 0 : ((2 * (parity - parities) - 1) << 3));
}

static int parse_com(struct uart *u, const char *s)
{
    const char *end;
    int lcr;

    if (!strncmp(s, "auto", 4)) {
        u->baud = 0;
        end = s + 4;
    } else {
        u->baud = simple_strtoul(s, &end, 10);
        if (end == s || !u->baud || 115200 % u->baud)
            return -EINVAL;
    }
    u->configured = true;
    if (*end == ',') {
        s = end + 1;
        lcr = parse_frame(s);
        if (lcr < 0)
            return -EINVAL;
        u->lcr = lcr;
        end = s + 3;
    }
    if (*end == ',') {
        u->port = simple_strtoul(end + 1, &end, 0);
        if (*end == ',')
            u->irq = simple_strtoul(end + 1, &end, 0);
    }
    return *end ? -EINVAL : 0;
}

static int __init parse_com1(const char *s)
{
    return parse_com(&uarts[0], s);
}
custom_param("com1", parse_com1);

static int __init parse_com2(const char *s)
{
    return parse_com(&uarts[1], s);
}
custom_param("com2", parse_com2);

void __init ns16550_init(void)
{
    struct uart *u = !strncmp(opt_console, "com1", 4)   ? &uarts[0]
                     : !strncmp(opt_console, "com2", 4) ? &uarts[1]
                                                        : NULL;

    if (!u || !u->configured)
        return;
    outb(0x5a, u->port + SCR);
    if (inb(u->port + SCR) != 0x5a)
        return; /* nobody there */
    outb(0, u->port + IER);
    if (u->baud) {
        u32 divisor = 115200 / u->baud;

        outb(u->lcr | 0x80, u->port + LCR);
        outb(divisor, u->port + RBR_THR);
        outb(divisor >> 8, u->port + IER);
        outb(u->lcr, u->port + LCR);
    }
    outb(0x07, u->port + IIR_FCR); /* FIFOs on and empty; interrupt at one byte */
    outb(0x0b, u->port + MCR);     /* DTR, RTS, and OUT2 that lets interrupts out */
    uart = u;
}

bool console_owns_port(u16 port)
{
    return uart && port >= uart->port && port < uart->port + 8;
}

void ns16550_write(const char *s, size_t n)
{
    unsigned int room = 0;
    bool cr = false;

    if (!uart)
        return;
    while (n) {
        if (!room) {
            /* A port that never gets ready must not hang the machine. */
            for (unsigned int i = 0; i < 1000000 && !(inb(uart->port + LSR) & LSR_THRE); i++)
                cpu_relax();
            room = FIFO_SIZE;
        }
        if (*s == '\n' && !cr) {
            outb('\r', uart->port + RBR_THR);
            cr = true;
        } else {
            outb(*s++, uart->port + RBR_THR);
            cr = false;
            n--;
        }
        room--;
    }
}

int ns16550_getc(void)
{
    return uart && (inb(uart->port + LSR) & LSR_DR) ? inb(uart->port + RBR_THR) : -1;
}

void ns16550_rx(void (*fn)(char c))
{
    int c;

    for (unsigned int i = 0; i < 64 && (c = ns16550_getc()) >= 0; i++)
        fn(c);
}

static void ns16550_interrupt(void *unused)
{
    ns16550_rx(console_rx);
}

void __init ns16550_init_irq(void)
{
    int rc;

    if (!uart)
        return;
    rc = request_host_gsi(isa_irq_to_gsi(uart->irq), false, false, ns16550_interrupt, NULL);
    if (rc) {
        printk(XENLOG_WARNING "Console: no interrupt for IRQ %u (%d): no input\n", uart->irq, rc);
        return;
    }
    outb(1, uart->port + IER);
    ns16550_rx(console_rx);
}
