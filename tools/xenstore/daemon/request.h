/* SPDX-License-Identifier: GPL-2.0-only */
/* Names of requests, for statistics and traces. Requests themselves enter by store_request(). */
#ifndef XENSTORED_REQUEST_H
#define XENSTORED_REQUEST_H

#include "store.h"

/* "READ" for XS_READ; "UNKNOWN" for what is no request. */
const char *request_name(uint32_t type);

#endif
