/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A QEMU TCG plugin that tells what a hypervisor costs: how many instructions the hypervisor
 * itself executes, how many VMRUNs, and how many instructions there were in all. Both hypervisors
 * that are compared are linked inside 0xffff82d000000000-0xffff82dfffffffff, where no Linux ever
 * executes, so the address tells whose an instruction is. A marker, `nopl 0x4d4bNNNN(%rax,%rax,1)`
 * executed by any program in any guest, writes one line with all counters to the output file.
 *
 *   qemu-system-x86_64 -smp 1 -plugin file=plugin.so,out=counters.txt ...
 *
 * Plugin API version 1 (QEMU 7.2). Debian ships no qemu-plugin.h, so what is used is declared
 * here, after QEMU's documentation of the API. Inline counters are exact only with one CPU.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

typedef uint64_t plugin_id;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
enum inline_op { INLINE_ADD_U64 };
enum callback_flags { CALLBACK_NO_REGS };

size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t index);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);
void qemu_plugin_register_vcpu_tb_trans_cb(plugin_id id,
                                           void (*cb)(plugin_id id, struct qemu_plugin_tb *tb));
void qemu_plugin_register_vcpu_tb_exec_inline(struct qemu_plugin_tb *tb, enum inline_op op,
                                              void *ptr, uint64_t imm);
void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn *insn, enum inline_op op,
                                                void *ptr, uint64_t imm);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
                                            void (*cb)(unsigned int vcpu, void *userdata),
                                            enum callback_flags flags, void *userdata);
void qemu_plugin_register_atexit_cb(plugin_id id, void (*cb)(plugin_id id, void *userdata),
                                    void *userdata);

#define EXPORT __attribute__((visibility("default")))
EXPORT extern int qemu_plugin_version;
EXPORT int qemu_plugin_install(plugin_id id, const void *info, int argc, char **argv);

int qemu_plugin_version = 1;

#define HYPERVISOR_FIRST UINT64_C(0xffff82d000000000)
#define HYPERVISOR_LAST  UINT64_C(0xffff82dfffffffff)

static struct {
    uint64_t hypervisor; /* instructions at hypervisor addresses */
    uint64_t all;        /* instructions anywhere */
    uint64_t vmruns;
} counters;
static FILE *output;

static void report(uint32_t marker)
{
    fprintf(output, "%#x %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", marker, counters.hypervisor,
            counters.vmruns, counters.all);
    fflush(output);
}

static void marker_executed(unsigned int vcpu, void *userdata)
{
    (void)vcpu;
    report((uint32_t)(uintptr_t)userdata);
}

static void translate_insn(struct qemu_plugin_insn *insn, bool hypervisor)
{
    static const uint8_t vmrun[] = {0x0f, 0x01, 0xd8};
    static const uint8_t nopl[] = {0x0f, 0x1f, 0x84, 0x00};
    const uint8_t *bytes = qemu_plugin_insn_data(insn);
    size_t size = qemu_plugin_insn_size(insn);

    if (hypervisor && size == sizeof(vmrun) && !memcmp(bytes, vmrun, size))
        qemu_plugin_register_vcpu_insn_exec_inline(insn, INLINE_ADD_U64, &counters.vmruns, 1);
    if (size == 8 && !memcmp(bytes, nopl, sizeof(nopl)) && bytes[6] == 0x4b && bytes[7] == 0x4d)
        qemu_plugin_register_vcpu_insn_exec_cb(insn, marker_executed, CALLBACK_NO_REGS,
                                               (void *)(uintptr_t)(bytes[4] | bytes[5] << 8));
}

static void translate(plugin_id id, struct qemu_plugin_tb *tb)
{
    uint64_t address = qemu_plugin_tb_vaddr(tb);
    size_t n = qemu_plugin_tb_n_insns(tb);
    bool hypervisor = address >= HYPERVISOR_FIRST && address <= HYPERVISOR_LAST;

    (void)id;
    qemu_plugin_register_vcpu_tb_exec_inline(tb, INLINE_ADD_U64, &counters.all, n);
    if (hypervisor)
        qemu_plugin_register_vcpu_tb_exec_inline(tb, INLINE_ADD_U64, &counters.hypervisor, n);
    for (size_t i = 0; i < n; i++)
        translate_insn(qemu_plugin_tb_get_insn(tb, i), hypervisor);
}

static void at_exit(plugin_id id, void *userdata)
{
    (void)id;
    (void)userdata;
    report(0xffff);
    fclose(output);
}

int qemu_plugin_install(plugin_id id, const void *info, int argc, char **argv)
{
    (void)info;
    for (int i = 0; i < argc; i++)
        if (!strncmp(argv[i], "out=", 4))
            output = fopen(argv[i] + 4, "w");
    if (!output) {
        fprintf(stderr, "plugin: give out=FILE\n");
        return -1;
    }
    qemu_plugin_register_vcpu_tb_trans_cb(id, translate);
    qemu_plugin_register_atexit_cb(id, at_exit, NULL);
    return 0;
}
