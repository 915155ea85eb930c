/* SPDX-License-Identifier: GPL-2.0-only */
/* UUIDs of domains. Included by libxl.h. */
#ifndef LIBXL_UUID_H
#define LIBXL_UUID_H

typedef struct {
    unsigned char uuid[16]; /**< big endian, as RFC 4122 writes it */
} libxl_uuid;

#define LIBXL_UUID_FMT                                                 \
    "%02hhx%02hhx%02hhx%02hhx-%02hhx%02hhx-%02hhx%02hhx-%02hhx%02hhx-" \
    "%02hhx%02hhx%02hhx%02hhx%02hhx%02hhx"
#define LIBXL_UUID_FMTLEN ((2 * 16) + 4)
#define LIBXL__UUID_BYTES(u)                                                                 \
    (u)[0], (u)[1], (u)[2], (u)[3], (u)[4], (u)[5], (u)[6], (u)[7], (u)[8], (u)[9], (u)[10], \
        (u)[11], (u)[12], (u)[13], (u)[14], (u)[15]
#define LIBXL_UUID_BYTES(arg) LIBXL__UUID_BYTES((arg).uuid)

int libxl_uuid_is_nil(const libxl_uuid *uuid);
void libxl_uuid_generate(libxl_uuid *uuid);
/** 0, or -1 if the text is no UUID. */
int libxl_uuid_from_string(libxl_uuid *uuid, const char *in);
void libxl_uuid_copy(libxl_ctx *ctx_opt, libxl_uuid *dst, const libxl_uuid *src);
void libxl_uuid_clear(libxl_uuid *uuid);
int libxl_uuid_compare(const libxl_uuid *uuid1, const libxl_uuid *uuid2);
const uint8_t *libxl_uuid_bytearray_const(const libxl_uuid *uuid);
uint8_t *libxl_uuid_bytearray(libxl_uuid *uuid);

#endif
