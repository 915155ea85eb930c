/* SPDX-License-Identifier: GPL-2.0-only */
/* HYPERVISOR_console_io: the control domain's console is the host's; other guests' lines go to the
 * log. */
#include <xen/console.h>
#include <xen/errno.h>
#include <xen/guest_access.h>
#include <xen/lib.h>
#include <xen/sched.h>

#define CONSOLE_CHUNK 128U

/* A guest's debug output, a line at a time, as a rate-limited log message. */
static void log_guest_text(const char *s, unsigned int n)
{
    unsigned int start = 0;

    for (unsigned int i = 0; i <= n; i++) {
        if (i < n && s[i] != '\n')
            continue;
        if (i > start)
            gprintk(XENLOG_INFO, "(d%u) %.*s\n", current->domain->domain_id, (int)(i - start),
                    s + start);
        start = i + 1;
    }
}

static long console_write(unsigned int count, unsigned long buffer)
{
    char buf[CONSOLE_CHUNK + 1];

    while (count) {
        unsigned int n = min(count, CONSOLE_CHUNK);

        if (raw_copy_from_guest(buf, buffer, n))
            return -EFAULT;
        if (is_hardware_domain(current->domain)) {
            console_write_guest(buf, n);
        } else {
            for (unsigned int i = 0; i < n; i++)
                if (buf[i] != '\n' && (buf[i] < ' ' || buf[i] > '~'))
                    buf[i] = '?';
            log_guest_text(buf, n);
        }
        buffer += n;
        count -= n;
        if (count && hypercall_preempt_check()) {
            current->hypercall.arg[1] = count;
            current->hypercall.arg[2] = buffer;
            return -ERESTART;
        }
    }
    return 0;
}

static long console_read(unsigned int count, unsigned long buffer)
{
    char buf[CONSOLE_CHUNK];
    unsigned int n;

    if (!is_hardware_domain(current->domain))
        return 0;
    n = console_read_input(buf, min(count, CONSOLE_CHUNK));
    return raw_copy_to_guest(buffer, buf, n) ? -EFAULT : (long)n;
}

long do_console_io(unsigned int cmd, unsigned int count, unsigned long buffer)
{
    switch (cmd) {
    case CONSOLEIO_write:
        return console_write(count, buffer);
    case CONSOLEIO_read:
        return console_read(count, buffer);
    }
    return -ENOSYS;
}
