/* SPDX-License-Identifier: GPL-2.0-only */
/* The unix socket's clients: non-blocking streams of messages, driven by epoll. */
#include "socket.h"
#include "log.h"
#include "record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#define MESSAGE_MAX (sizeof(struct xsd_sockmsg) + XENSTORE_PAYLOAD_MAX)
/* Input per wake-up: several small requests of a client that sends ahead. */
#define INPUT_SIZE    (4 * MESSAGE_MAX)
#define IOV_MAX_COUNT 32

struct client {
    struct conn conn; /* first: store->dirty leads here */
    int fd, epoll_fd;
    bool closed;    /* by its peer */
    bool wants_out; /* EPOLLOUT is armed */
    size_t have;
    char in[INPUT_SIZE + 1];
};

int socket_listen(const char *path)
{
    struct sockaddr_un addr = {.sun_family = AF_UNIX};
    int fd;

    if (strlen(path) >= sizeof(addr.sun_path)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    strcpy(addr.sun_path, path);
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    unlink(path);
    if (bind(fd, (struct sockaddr *)&addr, sizeof(addr)) || chmod(path, 0600) || listen(fd, 128)) {
        int err = errno;

        close(fd);
        errno = err;
        return -1;
    }
    return fd;
}

bool socket_accept(struct store *s, int listener, int epoll_fd)
{
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN};
    struct client *client;

    if (fd < 0)
        return false;
    client = xzalloc(sizeof(*client));
    /* Only root may connect: whoever does acts for the control domain. */
    conn_init(s, &client->conn, 0, true);
    client->fd = fd;
    client->epoll_fd = epoll_fd;
    event.data.ptr = client;
    if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event)) {
        log_line("cannot serve another client: %s", strerror(errno));
        conn_close(s, &client->conn);
        close(fd);
        free(client);
    }
    return true;
}

static void client_close(struct store *s, struct client *client)
{
    conn_close(s, &client->conn);
    close(client->fd);
    free(client);
}

/* Puts the client where sockets_flush() finds it. */
static void mark(struct store *s, struct client *client)
{
    if (list_empty(&client->conn.dirty))
        list_add_tail(&client->conn.dirty, &s->dirty);
}

/* Handles all complete requests in the input buffer. */
static void handle_input(struct store *s, struct client *client)
{
    size_t pos = 0;

    while (client->have - pos >= sizeof(struct xsd_sockmsg)) {
        struct xsd_sockmsg header;
        char *payload = client->in + pos + sizeof(header);
        char after;

        memcpy(&header, client->in + pos, sizeof(header));
        if (header.len > XENSTORE_PAYLOAD_MAX) {
            log_line("connection %llu: message of %u bytes is longer than allowed: closed",
                     (unsigned long long)client->conn.serial, header.len);
            client->conn.broken = true;
            return;
        }
        if (client->have - pos - sizeof(header) < header.len)
            break;
        after = payload[header.len];
        payload[header.len] = '\0';
        store_request(s, &client->conn, &header, payload);
        payload[header.len] = after;
        record_commit(s);
        pos += sizeof(header) + header.len;
    }
    memmove(client->in, client->in + pos, client->have - pos);
    client->have -= pos;
}

void socket_ready(struct store *s, void *ptr, uint32_t events)
{
    struct client *client = ptr;
    ssize_t got;

    mark(s, client);
    if (!(events & (EPOLLIN | EPOLLHUP | EPOLLERR)) || client->closed)
        return;
    got = read(client->fd, client->in + client->have, INPUT_SIZE - client->have);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (got <= 0) {
        client->closed = true;
        return;
    }
    client->have += (size_t)got;
    handle_input(s, client);
}

/* Writes as much as the socket takes; false on a broken connection. */
static bool client_write(struct client *client)
{
    while (client->conn.out) {
        struct iovec iov[IOV_MAX_COUNT];
        struct msghdr msg = {.msg_iov = iov};
        ssize_t sent;

        for (struct message *m = client->conn.out; m && msg.msg_iovlen < IOV_MAX_COUNT; m = m->next)
            iov[msg.msg_iovlen++] =
                (struct iovec){.iov_base = m->bytes + m->sent, .iov_len = m->len - m->sent};
        sent = sendmsg(client->fd, &msg, MSG_NOSIGNAL);
        if (sent < 0)
            return errno == EAGAIN || errno == EINTR;
        conn_sent(&client->conn, (size_t)sent);
    }
    return true;
}

static void arm(struct client *client)
{
    bool want = client->conn.out;
    struct epoll_event event = {.events = EPOLLIN | (want ? EPOLLOUT : 0), .data.ptr = client};

    if (want == client->wants_out)
        return;
    client->wants_out = want;
    epoll_ctl(client->epoll_fd, EPOLL_CTL_MOD, client->fd, &event);
}

void sockets_flush(struct store *s)
{
    list_for_each_entry_safe (c, tmp, &s->dirty, struct conn, dirty) {
        struct client *client = (struct client *)c;

        if (c->domain)
            continue;
        list_del(&c->dirty);
        if (!client_write(client) || client->closed || c->broken)
            client_close(s, client);
        else
            arm(client);
    }
}
