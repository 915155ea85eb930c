/* SPDX-License-Identifier: GPL-2.0-only */
/* The journal file. */
#include "journal.h"
#include "log.h"
#include "util.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#define MAGIC        "craton-xenstore1"
#define GROW         (256u << 10)
#define COMPACT_MIN  (2u << 20) /* not worth it below */
#define COMPACT_RATE 4          /* times the size of the last snapshot */

struct file_header {
    char magic[16];
    char boot_id[40];
    char reserved[8];
};
_Static_assert(sizeof(struct file_header) == 64, "journal header");

struct record_header {
    uint32_t len, crc;
    uint64_t seq;
};

struct journal {
    char *path, *path_new;
    int fd;
    char *map;
    size_t used, mapped, base; /* base: size after the last compaction */
    uint64_t seq;
    bool incomplete; /* a record is missing: only a compaction helps */
    struct file_header header;
    struct journal_stats stats;
};

static uint32_t checksum(uint64_t seq, const void *data, size_t len)
{
    uLong crc = crc32(0, (const Bytef *)&seq, sizeof(seq));

    return (uint32_t)crc32(crc, data, (uInt)len);
}

static size_t padded(size_t len)
{
    return (len + 7) & ~(size_t)7;
}

/* Makes sure that @need bytes can be written to the mapping without running out of space. */
static bool reserve(struct journal *j, size_t need)
{
    size_t size = j->mapped;
    void *map;

    if (j->used + need + sizeof(struct record_header) <= size)
        return true;
    while (size < j->used + need + sizeof(struct record_header))
        size += GROW;
    /* Allocated now, or a full file system would kill us at the first touch. */
    errno = posix_fallocate(j->fd, 0, (off_t)size);
    if (errno)
        return false;
    map = j->map ? mremap(j->map, j->mapped, size, MREMAP_MAYMOVE)
                 : mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, j->fd, 0);
    if (map == MAP_FAILED)
        return false;
    j->map = map;
    j->mapped = size;
    return true;
}

static void put_record(struct journal *j, const void *data, size_t len)
{
    struct record_header h = {.len = (uint32_t)len, .seq = j->seq + 1};
    char *at = j->map + j->used;

    h.crc = checksum(h.seq, data, len);
    memcpy(at + sizeof(h), data, len);
    memcpy(at + 4, (char *)&h + 4, sizeof(h) - 4);
    /* The length last: until it is there, the journal ends before this record. */
    __atomic_store_n((uint32_t *)at, h.len, __ATOMIC_RELEASE);
    j->seq++;
    j->used += sizeof(h) + padded(len);
    j->stats.records++;
    j->stats.bytes += len;
}

/* Reads all good records of the mapping; leaves j->used at their end. */
static void replay_all(struct journal *j, size_t size, journal_replay replay, void *arg,
                       uint64_t *recovered, bool *lost)
{
    struct record_header h;

    j->used = sizeof(struct file_header);
    while (size - j->used >= sizeof(h)) {
        const char *data = j->map + j->used + sizeof(h);

        memcpy(&h, j->map + j->used, sizeof(h));
        if (!h.len)
            break;
        *lost = true;
        if (padded(h.len) > size - j->used - sizeof(h) || (*recovered && h.seq != j->seq + 1) ||
            h.crc != checksum(h.seq, data, h.len) || !replay(arg, data, h.len))
            break;
        *lost = false;
        j->seq = h.seq;
        ++*recovered;
        j->used += sizeof(h) + padded(h.len);
    }
    j->base = j->used;
}

static bool start_empty(struct journal *j)
{
    j->used = 0;
    if (ftruncate(j->fd, 0) || !reserve(j, sizeof(j->header)))
        return false;
    memcpy(j->map, &j->header, sizeof(j->header));
    j->used = j->base = sizeof(j->header);
    return true;
}

static bool load(struct journal *j, journal_replay replay, void *arg, uint64_t *recovered,
                 bool *lost)
{
    struct stat st;

    if (fstat(j->fd, &st))
        return false;
    if ((size_t)st.st_size < sizeof(j->header) + sizeof(struct record_header))
        return start_empty(j);
    j->mapped = (size_t)st.st_size;
    j->map = mmap(NULL, j->mapped, PROT_READ | PROT_WRITE, MAP_SHARED, j->fd, 0);
    if (j->map == MAP_FAILED) {
        j->map = NULL;
        return false;
    }
    if (memcmp(j->map, &j->header, sizeof(j->header))) {
        munmap(j->map, j->mapped);
        j->map = NULL;
        j->mapped = 0;
        return start_empty(j);
    }
    replay_all(j, j->mapped, replay, arg, recovered, lost);
    /* Nothing of a torn record may be taken for a part of a later one. */
    if (j->used < j->mapped)
        memset(j->map + j->used, 0, j->mapped - j->used);
    return true;
}

static char *join_path(const char *dir, const char *name)
{
    struct buf b = {0};

    buf_printf(&b, "%s/%s", dir, name);
    return b.data;
}

struct journal *journal_open(const char *dir, const char *boot_id, journal_replay replay, void *arg,
                             uint64_t *recovered, bool *lost)
{
    struct journal *j = xzalloc(sizeof(*j));

    *recovered = 0;
    *lost = false;
    j->path = join_path(dir, "state");
    j->path_new = join_path(dir, "state.new");
    memcpy(j->header.magic, MAGIC, sizeof(j->header.magic));
    snprintf(j->header.boot_id, sizeof(j->header.boot_id), "%s", boot_id);
    unlink(j->path_new);
    j->fd = open(j->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (j->fd < 0 || !load(j, replay, arg, recovered, lost)) {
        int err = errno;

        journal_close(j);
        errno = err;
        return NULL;
    }
    return j;
}

void journal_close(struct journal *j)
{
    if (!j)
        return;
    if (j->map)
        munmap(j->map, j->mapped);
    if (j->fd >= 0)
        close(j->fd);
    free(j->path);
    free(j->path_new);
    free(j);
}

bool journal_append(struct journal *j, const void *data, size_t len)
{
    if (!j->incomplete && reserve(j, padded(len) + sizeof(struct record_header))) {
        put_record(j, data, len);
        return true;
    }
    if (!j->incomplete)
        log_line("%s: cannot record: %s; a restart would lose changes until this is repaired",
                 j->path, strerror(errno));
    j->incomplete = true;
    j->stats.failures++;
    return false;
}

bool journal_wants_compaction(const struct journal *j)
{
    /* After a failure, try again from time to time. */
    if (j->incomplete)
        return j->stats.failures % 256 == 1;
    return j->used > COMPACT_MIN && j->used > COMPACT_RATE * j->base;
}

bool journal_compact(struct journal *j, const void *data, size_t len)
{
    struct journal fresh = {.header = j->header, .seq = j->seq, .path = j->path};

    fresh.fd = open(j->path_new, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fresh.fd < 0)
        return false;
    if (!start_empty(&fresh) || !reserve(&fresh, padded(len) + sizeof(struct record_header))) {
        if (fresh.map)
            munmap(fresh.map, fresh.mapped);
        close(fresh.fd);
        unlink(j->path_new);
        return false;
    }
    put_record(&fresh, data, len);
    if (rename(j->path_new, j->path)) {
        munmap(fresh.map, fresh.mapped);
        close(fresh.fd);
        return false;
    }
    if (j->incomplete)
        log_line("%s: complete again", j->path);
    munmap(j->map, j->mapped);
    close(j->fd);
    j->fd = fresh.fd;
    j->map = fresh.map;
    j->used = j->base = fresh.used;
    j->mapped = fresh.mapped;
    j->seq = fresh.seq;
    j->incomplete = false;
    j->stats.compactions++;
    return true;
}

const struct journal_stats *journal_stats(const struct journal *j)
{
    struct journal *writable = (struct journal *)j;

    writable->stats.used = j->used;
    writable->stats.mapped = j->mapped;
    return &j->stats;
}
