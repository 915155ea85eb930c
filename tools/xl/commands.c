/* SPDX-License-Identifier: GPL-2.0-only */
/* The commands of xl, in the order in which `xl help` shows them. */
#include "xl.h"
#include <string.h>

const struct xl_command xl_commands[] = {
    {"create", main_create, "create a domain from a configuration file (xl.cfg or JSON)"},
    {"list", main_list, "list domains"},
    {"console", main_console, "attach to a domain's console (^] leaves)"},
    {"destroy", main_destroy, "end a domain at once"},
    {"shutdown", main_shutdown, "ask a domain to power off"},
    {"reboot", main_reboot, "ask a domain to reboot"},
    {"pause", main_pause, "stop a domain's vCPUs"},
    {"unpause", main_unpause, "let a paused domain go on"},
    {"rename", main_rename, "give a domain another name"},
    {"domid", main_domid, "the number of a domain"},
    {"domname", main_domname, "the name of a domain"},
    {"vm-list", main_vm_list, "list virtual machines with their UUIDs"},
    {"uptime", main_uptime, "how long domains have been running"},
    {"top", main_top, "watch what domains use"},
    {"info", main_info, "the host: hypervisor, CPUs, memory"},
    {"dmesg", main_dmesg, "the hypervisor's log"},
    {"debug-keys", main_debug_keys, "send debug keys to the hypervisor"},
    {"vcpu-list", main_vcpu_list, "list vCPUs and where they may run"},
    {"vcpu-set", main_vcpu_set, "set how many vCPUs a domain uses"},
    {"vcpu-pin", main_vcpu_pin, "set which CPUs a vCPU may and should use"},
    {"mem-set", main_mem_set, "set the memory a domain uses"},
    {"mem-max", main_mem_max, "set the memory a domain may use at most"},
    {"sched-credit2", main_sched_credit2, "show or set a domain's weight and cap"},
    {"cpupool-list", main_cpupool_list, "list CPU pools"},
    {"trigger", main_trigger, "send a trigger (nmi, reset ...) to a domain"},
    {"sysrq", main_sysrq, "send a magic SysRq key to a Linux domain"},
    {"block-attach", main_block_attach, "give a domain another disk"},
    {"block-detach", main_block_detach, "take a disk from a domain"},
    {"block-list", main_block_list, "list a domain's disks"},
    {"network-attach", main_network_attach, "give a domain another network card"},
    {"network-detach", main_network_detach, "take a network card from a domain"},
    {"network-list", main_network_list, "list a domain's network cards"},
    {"config-validate", main_config_validate, "check configuration files", true},
    {"config-convert", main_config_convert, "convert xl.cfg, JSON and libvirt XML into each other",
     true},
    {"config-update", main_config_update, "replace the stored configuration that a reboot uses"},
    {"help", main_help, "list commands, or tell about one", true},
    {NULL},
};

int main_help(int argc, char **argv)
{
    if (argc > 1) {
        for (const struct xl_command *c = xl_commands; c->name; c++) {
            if (!strcmp(c->name, argv[1])) {
                char *args[] = {argv[1], (char *)"--help", NULL};

                return c->run(2, args);
            }
        }
        fprintf(stderr, "xl: there is no command '%s'\n", argv[1]);
        return 2;
    }
    puts("Commands (`xl COMMAND --help` tells more):");
    for (const struct xl_command *c = xl_commands; c->name; c++)
        printf("  %-16s %s\n", c->name, c->purpose);
    return 0;
}
