/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * xsbench SECONDS: xenstore operations per second on one connection, by the wire protocol over the
 * daemon's socket, so that any xenstored can be measured: writes, reads and directory listings
 * below /tool/xsbench, then a transaction of one read and one write. Prints `NAME RATE` lines.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <xen/io/xs_wire.h>

static int fd;
static char answer[4096];

static void all(ssize_t (*io)(int, void *, size_t), void *buffer, size_t size)
{
    for (char *p = buffer; size;) {
        ssize_t n = io(fd, p, size);
        if (n <= 0) {
            perror("xsbench: connection");
            exit(1);
        }
        p += n;
        size -= (size_t)n;
    }
}

static ssize_t put(int file, void *buffer, size_t size)
{
    return write(file, buffer, size);
}

/* One request and its answer; exits when the daemon refuses. */
static void request(uint32_t type, uint32_t tx, const void *payload, size_t size)
{
    struct xsd_sockmsg header = {.type = type, .tx_id = tx, .len = (uint32_t)size};
    char message[256];

    memcpy(message, &header, sizeof(header));
    memcpy(message + sizeof(header), payload, size);
    all(put, message, sizeof(header) + size);
    do {
        all(read, &header, sizeof(header));
        if (header.len >= sizeof(answer))
            exit(1);
        all(read, answer, header.len);
        answer[header.len] = 0;
    } while (header.type == XS_WATCH_EVENT);
    if (header.type == XS_ERROR) {
        fprintf(stderr, "xsbench: request %u: %s\n", type, answer);
        exit(1);
    }
}

static void path_request(uint32_t type, uint32_t tx, int n, const char *value)
{
    char payload[128];
    int size = snprintf(payload, sizeof(payload), "/tool/xsbench/%d", n) + 1;

    if (value)
        size += snprintf(payload + size, sizeof(payload) - (size_t)size, "%s", value);
    request(type, tx, payload, (size_t)size);
}

static void do_write(int n)
{
    path_request(XS_WRITE, 0, n % 100, "0123456789abcdef");
}

static void do_read(int n)
{
    path_request(XS_READ, 0, n % 100, NULL);
}

static void do_directory(int n)
{
    (void)n;
    request(XS_DIRECTORY, 0, "/tool", 6);
}

static void do_transaction(int n)
{
    uint32_t tx;

    request(XS_TRANSACTION_START, 0, "", 1);
    tx = (uint32_t)strtoul(answer, NULL, 10);
    path_request(XS_READ, tx, n % 100, NULL);
    path_request(XS_WRITE, tx, n % 100, "fedcba9876543210");
    request(XS_TRANSACTION_END, tx, "T", 2);
}

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*run)(int n);
    } rows[] = {{"write", do_write},
                {"read", do_read},
                {"directory", do_directory},
                {"transaction", do_transaction}};
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "/run/xenstored/socket"};
    double seconds = argc > 1 ? atof(argv[1]) : 1;

    fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (connect(fd, (struct sockaddr *)&address, sizeof(address))) {
        perror("xsbench: /run/xenstored/socket");
        return 1;
    }
    for (int n = 0; n < 100; n++)
        do_write(n);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        double start = now();
        int n = 0;

        do
            rows[i].run(n++);
        while (now() - start < seconds);
        printf("%s %.0f\n", rows[i].name, n / (now() - start));
    }
    request(XS_RM, 0, "/tool/xsbench", 14);
    return 0;
}
