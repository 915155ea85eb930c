/* SPDX-License-Identifier: GPL-2.0-only */
/* Debug keys: a table of handlers, from the serial line (after Ctrl-A three times) or `xl
 * debug-keys`. */
#include <xen/console.h>
#include <xen/lib.h>
#include <xen/shutdown.h>
#include <xen/time.h>

static struct {
    keyhandler_fn_t *fn;
    const char *desc;
} keys[128];

void register_keyhandler(unsigned char key, keyhandler_fn_t *fn, const char *desc)
{
    ASSERT(key < ARRAY_SIZE(keys) && !keys[key].fn);
    keys[key].fn = fn;
    keys[key].desc = desc;
}

void handle_keypress(unsigned char key)
{
    if (key >= ARRAY_SIZE(keys) || !keys[key].fn) {
        printk("No debug key '%c'; 'h' lists them\n", key >= ' ' && key < 127 ? key : '?');
        return;
    }
    keys[key].fn(key);
}

static void key_help(unsigned char key)
{
    printk("Debug keys:\n");
    for (unsigned int i = 0; i < ARRAY_SIZE(keys); i++)
        if (keys[i].fn)
            printk("  '%c': %s\n", i, keys[i].desc);
}

static void key_reboot(unsigned char key)
{
    printk("Debug key '%c': reboot\n", key);
    machine_restart(0);
}

static void key_poweroff(unsigned char key)
{
    printk("Debug key '%c': power off\n", key);
    machine_poweroff();
}

void keyhandlers_init(void)
{
    register_keyhandler('h', key_help, "this list");
    register_keyhandler('R', key_reboot, "reboot at once");
    register_keyhandler('P', key_poweroff, "power off at once");
    register_keyhandler('a', timers_dump, "timers");
}
