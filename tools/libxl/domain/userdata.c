/* SPDX-License-Identifier: GPL-2.0-only */
/* Notes that belong to a domain: files named by its number and UUID, so that a later domain of the
 * same number does not see them. Written to a temporary file and renamed, so that a note is whole.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "domain/internal.h"
#include "util/mem.h"

#ifndef XEN_LIB_DIR
#define XEN_LIB_DIR "/var/lib/xen"
#endif
#ifndef XEN_LOG_DIR
#define XEN_LOG_DIR "/var/log/xen"
#endif

static char *note_path(libxl_ctx *ctx, uint32_t domid, const char *name, const char *suffix)
{
    libxl_uuid uuid;

    if (!libxl__domid_uuid(ctx, domid, &uuid)) {
        LOG(ctx, ERROR, "there is no domain %u", domid);
        return NULL;
    }
    return libxl__sprintf("%s/userdata-d.%u." LIBXL_UUID_FMT ".%s%s", XEN_LIB_DIR, domid,
                          LIBXL_UUID_BYTES(uuid), name, suffix);
}

static void make_folder(const char *path)
{
    char *copy = libxl__strdup(path);

    for (char *p = copy + 1; *p; p++) {
        if (*p != '/')
            continue;
        *p = 0;
        mkdir(copy, 0755);
        *p = '/';
    }
    mkdir(copy, 0755);
    free(copy);
}

int libxl_userdata_store(libxl_ctx *ctx, uint32_t domid, const char *userdata_userid,
                         const uint8_t *data, int datalen)
{
    char *path = note_path(ctx, domid, userdata_userid, "");
    char *fresh = note_path(ctx, domid, userdata_userid, ".new");
    int rc = ERROR_FAIL, fd;

    if (!path || !fresh) {
        rc = ERROR_DOMAIN_NOTFOUND;
        goto out;
    }
    make_folder(XEN_LIB_DIR);
    fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0) {
        LOGE(ctx, ERROR, "cannot create %s", fresh);
        goto out;
    }
    if (!libxl_write_exactly(ctx, fd, data, datalen, fresh, "note"))
        rc = 0;
    if (close(fd) && !rc) {
        LOGE(ctx, ERROR, "cannot write %s", fresh);
        rc = ERROR_FAIL;
    }
    if (!rc && rename(fresh, path)) {
        LOGE(ctx, ERROR, "cannot rename %s", fresh);
        rc = ERROR_FAIL;
    }
    if (rc)
        unlink(fresh);
out:
    free(path);
    free(fresh);
    return rc;
}

int libxl_userdata_retrieve(libxl_ctx *ctx, uint32_t domid, const char *userdata_userid,
                            uint8_t **data_r, int *datalen_r)
{
    char *path = note_path(ctx, domid, userdata_userid, "");
    void *data = NULL;
    int len = 0, e;

    if (!path)
        return ERROR_DOMAIN_NOTFOUND;
    e = libxl_read_file_contents(ctx, path, &data, &len);
    free(path);
    if (e && e != ENOENT)
        return ERROR_FAIL;
    *data_r = data;
    *datalen_r = len;
    return 0;
}

int libxl_userdata_unlink(libxl_ctx *ctx, uint32_t domid, const char *userdata_userid)
{
    char *path = note_path(ctx, domid, userdata_userid, "");
    int rc = 0;

    if (!path)
        return ERROR_DOMAIN_NOTFOUND;
    if (unlink(path) && errno != ENOENT) {
        LOGE(ctx, ERROR, "cannot remove %s", path);
        rc = ERROR_FAIL;
    }
    free(path);
    return rc;
}

void libxl__userdata_remove_all(libxl_ctx *ctx, uint32_t domid)
{
    char *prefix = libxl__sprintf("userdata-d.%u.", domid);
    DIR *dir = opendir(XEN_LIB_DIR);
    struct dirent *entry;

    while (dir && (entry = readdir(dir)))
        if (!strncmp(entry->d_name, prefix, strlen(prefix)))
            unlinkat(dirfd(dir), entry->d_name, 0);
    if (dir)
        closedir(dir);
    free(prefix);
}

int libxl_retrieve_domain_configuration(libxl_ctx *ctx, uint32_t domid,
                                        libxl_domain_config *d_config,
                                        const libxl_asyncop_how *ao_how)
{
    uint8_t *data = NULL;
    int len, rc = libxl_userdata_retrieve(ctx, domid, "libxl-json", &data, &len);
    char *text;

    if (rc)
        return rc;
    if (!data)
        return ERROR_JSON_CONFIG_EMPTY;
    text = libxl__strndup((char *)data, len);
    rc = libxl_domain_config_from_json(ctx, d_config, text);
    free(text);
    free(data);
    return rc;
}

/* ---- files ---- */

int libxl_read_file_contents(libxl_ctx *ctx, const char *filename, void **data_r, int *datalen_r)
{
    int fd = open(filename, O_RDONLY | O_CLOEXEC), e = 0;
    char *data = NULL;
    size_t used = 0, room = 0;
    ssize_t n;

    if (fd < 0) {
        e = errno;
        if (e != ENOENT)
            LOGE(ctx, ERROR, "cannot open %s", filename);
        return e;
    }
    do {
        if (room - used < 4096)
            data = libxl__realloc(data, room = room ? room * 2 : 8192);
        n = read(fd, data + used, room - used);
        if (n > 0)
            used += n;
    } while (n > 0 && used < 1u << 30);
    if (n) {
        e = n < 0 ? errno : EFBIG;
        LOG(ctx, ERROR, "cannot read %s: %s", filename, strerror(e));
        free(data);
    } else {
        if (!used) {
            free(data);
            data = NULL;
        }
        if (data_r)
            *data_r = data;
        else
            free(data);
        if (datalen_r)
            *datalen_r = used;
    }
    close(fd);
    return e;
}

static int exactly(libxl_ctx *ctx, int fd, char *data, ssize_t sz, const char *filename,
                   const char *what, bool writing)
{
    while (sz > 0) {
        ssize_t n = writing ? write(fd, data, sz) : read(fd, data, sz);
        int e = n < 0 ? errno : EPROTO;

        if (n < 0 && e == EINTR)
            continue;
        if (n <= 0) {
            LOG(ctx, ERROR, "cannot %s %s%s%s: %s", writing ? "write" : "read", what ? what : "",
                what ? " of " : "", filename ? filename : "a file",
                n ? strerror(e) : "it ends too early");
            return e;
        }
        data += n;
        sz -= n;
    }
    return 0;
}

int libxl_read_exactly(libxl_ctx *ctx, int fd, void *data, ssize_t sz, const char *filename,
                       const char *what)
{
    return exactly(ctx, fd, data, sz, filename, what, false);
}

int libxl_write_exactly(libxl_ctx *ctx, int fd, const void *data, ssize_t sz, const char *filename,
                        const char *what)
{
    return exactly(ctx, fd, (char *)data, sz, filename, what, true);
}

int libxl_pipe(libxl_ctx *ctx, int pipes[2])
{
    if (pipe(pipes)) {
        LOGE(ctx, ERROR, "cannot make a pipe");
        return -1;
    }
    return 0;
}

int libxl_fd_set_cloexec(libxl_ctx *ctx, int fd, int cloexec)
{
    return fcntl(fd, F_SETFD, cloexec ? FD_CLOEXEC : 0) ? ERROR_FAIL : 0;
}

int libxl_fd_set_nonblock(libxl_ctx *ctx, int fd, int nonblock)
{
    int flags = fcntl(fd, F_GETFL);

    if (flags == -1)
        return ERROR_FAIL;
    flags = nonblock ? flags | O_NONBLOCK : flags & ~O_NONBLOCK;
    return fcntl(fd, F_SETFL, flags) ? ERROR_FAIL : 0;
}

int libxl_create_logfile(libxl_ctx *ctx, const char *name, char **full_name)
{
    char *path = libxl__sprintf("%s/%s.log", XEN_LOG_DIR, name);

    make_folder(XEN_LOG_DIR);
    for (int i = 9; i >= 0; i--) {
        char *from = i ? libxl__sprintf("%s.%d", path, i) : libxl__strdup(path);
        char *to = libxl__sprintf("%s.%d", path, i + 1);

        if (rename(from, to) && errno != ENOENT)
            LOGE(ctx, WARN, "cannot move %s aside", from);
        free(from);
        free(to);
    }
    *full_name = path;
    return 0;
}

void libxl_report_child_exitstatus(libxl_ctx *ctx, xentoollog_level level, const char *what,
                                   pid_t pid, int status)
{
    if (WIFEXITED(status))
        libxl__log(ctx, level, -1, "%s [%d] ended with status %d", what, (int)pid,
                   WEXITSTATUS(status));
    else if (WIFSIGNALED(status))
        libxl__log(ctx, level, -1, "%s [%d] was ended by signal %d (%s)", what, (int)pid,
                   WTERMSIG(status), strsignal(WTERMSIG(status)));
    else
        libxl__log(ctx, level, -1, "%s [%d] has wait status 0x%x", what, (int)pid, status);
}

const char *libxl_basename(const char *name)
{
    const char *slash = strrchr(name, '/');

    return libxl__strdup(slash ? slash + 1 : name);
}
