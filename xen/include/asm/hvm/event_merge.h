/* SPDX-License-Identifier: GPL-2.0-only */
/* What becomes of an exception raised while another event was being delivered. Pure. */
#ifndef ASM_HVM_EVENT_MERGE_H
#define ASM_HVM_EVENT_MERGE_H

#include <xen/types.h>

enum event_merge {
    MERGE_SECOND,       /* the second is delivered; the first comes again when it is retried */
    MERGE_DOUBLE_FAULT, /* #DF takes the place of both */
    MERGE_TRIPLE_FAULT, /* the processor shuts down */
};
/* @first_type: HVM_EVENT_*; vectors of exceptions. AMD APM vol. 2, 8.2.9; Intel SDM vol. 3, table
 * 6-5. */
enum event_merge hvm_merge_events(u8 first_type, u8 first, u8 second);
/* Does the exception push an error code? */
bool hvm_exception_has_error_code(u8 vector);

#endif
