/* SPDX-License-Identifier: GPL-2.0-only */
/* Two exceptions at once: benign, double fault or shutdown. Pure: tests/unit compiles it as it is.
 */
#include <asm/hvm/event_merge.h>
#include <asm/hvm/hvm.h>
#include <asm/regs.h>

#define V(n) (1U << (n))
#define CONTRIBUTORY                                                                      \
    (V(X86_TRAP_DE) | V(X86_TRAP_TS) | V(X86_TRAP_NP) | V(X86_TRAP_SS) | V(X86_TRAP_GP) | \
     V(X86_TRAP_CP))
#define WITH_ERROR_CODE                                                                   \
    (V(X86_TRAP_DF) | V(X86_TRAP_TS) | V(X86_TRAP_NP) | V(X86_TRAP_SS) | V(X86_TRAP_GP) | \
     V(X86_TRAP_PF) | V(X86_TRAP_AC) | V(X86_TRAP_CP))

static bool contributory(u8 vector)
{
    return vector < 32 && (CONTRIBUTORY & V(vector));
}

enum event_merge hvm_merge_events(u8 first_type, u8 first, u8 second)
{
    bool serious = contributory(second) || second == X86_TRAP_PF;

    if (first_type != HVM_EVENT_EXCEPTION)
        return MERGE_SECOND;
    if (first == X86_TRAP_DF)
        return serious || second == X86_TRAP_DF ? MERGE_TRIPLE_FAULT : MERGE_SECOND;
    if ((contributory(first) && contributory(second)) || (first == X86_TRAP_PF && serious))
        return MERGE_DOUBLE_FAULT;
    return MERGE_SECOND;
}

bool hvm_exception_has_error_code(u8 vector)
{
    return vector < 32 && (WITH_ERROR_CODE & V(vector));
}
