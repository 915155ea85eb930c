/* SPDX-License-Identifier: GPL-2.0-only */
/* What every xl command shares. A command is one row in commands.c and one function in cmd/. */
#ifndef XL_H
#define XL_H

#include <libxl.h>
#include <libxl_json.h>
#include <libxl_utils.h>
#include <util/cmdline.h>
#include <util/json_out.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>

struct xl_command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *purpose; /* a line of `xl help` */
    bool no_hypervisor;  /* works without one (files only) */
};
extern const struct xl_command xl_commands[]; /* ends with name NULL */

extern libxl_ctx *ctx; /* open while a command runs */
extern xentoollog_logger_stdiostream *logger;
extern bool opt_dryrun, opt_force;

/* A domain by name or number; ends the program with a message when there is none. */
uint32_t find_domain(const char *name);
/* malloc; the number as text when it has no name. */
char *domain_name(uint32_t domid);
/* "512", "512M", "2G", "1024k": KiB. Without a unit: MiB. Ends the command when it is no size. */
uint64_t parse_memory(const struct cmd *cmd, const char *s);
/* Prints a message and exits 1. */
void die(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn));
/* Ends a command's --json output; 0, or 1 when standard output failed. */
int finish_json(struct json_out *j);
/* The same for a yajl generator (libxl's own types). */
int finish_yajl(yajl_gen g);
/* Opens (or closes and opens again, after a fork) the library. */
void open_context(void);
/* Nanoseconds as seconds with one decimal, as xl shows CPU time. */
double seconds_of(uint64_t ns);
/* 0-3,5 */
void print_bitmap(const libxl_bitmap *map, int max, FILE *out);
char *bitmap_text(const libxl_bitmap *map, int max); /* malloc; "all" when full */

/* create.c: what the monitor needs to create a successor. */
struct create_options {
    bool paused, console, quiet, dryrun, monitor, debug, autoconnect_vnc;
    const char *defconfig;
    char **overrides;
    int nr_overrides;
};
/* Creates from a configuration: domid or negative. */
int create_domain(libxl_domain_config *d_config, const struct create_options *o, uint32_t *domid);
/* monitor.c: watches the domain and acts on its end; returns the exit status of the process. */
int monitor_domain(uint32_t domid, libxl_domain_config *d_config, const struct create_options *o);
/* Detaches from the terminal; the parent returns true with the child's pid known to be running. */
bool daemonise(const char *name);

#define XL_COMMANDS(X)                                                                          \
    X(create)                                                                                   \
    X(list)                                                                                     \
    X(info)                                                                                     \
    X(dmesg) X(console) X(destroy) X(shutdown) X(reboot) X(pause) X(unpause) X(rename) X(domid) \
        X(domname) X(uptime) X(vcpu_list) X(vcpu_set) X(vcpu_pin) X(mem_set) X(mem_max)         \
            X(debug_keys) X(vm_list) X(top) X(config_validate) X(config_convert) X(help)        \
                X(config_update) X(sched_credit2) X(trigger) X(sysrq) X(cpupool_list)           \
                    X(block_attach) X(block_detach) X(block_list) X(network_attach)             \
                        X(network_detach) X(network_list)
#define XL_DECLARE(name) int main_##name(int argc, char **argv);
XL_COMMANDS(XL_DECLARE)

#endif
