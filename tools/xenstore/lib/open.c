/* SPDX-License-Identifier: GPL-2.0-only */
/* Opening and closing of handles: where the daemon is, and the descriptor to poll. */
#include "handle.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <unistd.h>

/* So long xs_open() waits for a daemon that died. */
#define PATIENCE_MS 1000
#define PAUSE_MS    20

int xsi_connect_socket(const char *path)
{
    struct sockaddr_un addr = {.sun_family = AF_UNIX};
    int fd;

    if (strlen(path) >= sizeof(addr.sun_path)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    strcpy(addr.sun_path, path);
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    if (connect(fd, (struct sockaddr *)&addr, sizeof(addr))) {
        int err = errno;

        close(fd);
        errno = err;
        return -1;
    }
    return fd;
}

static int open_path(const char *path, bool *is_socket)
{
    struct stat st;

    if (stat(path, &st))
        return -1;
    *is_socket = S_ISSOCK(st.st_mode);
    return *is_socket ? xsi_connect_socket(path) : open(path, O_RDWR | O_CLOEXEC);
}

/*
 * Is the daemon to be found here? In the control domain the kernel's device leads to the same
 * daemon, so that without one it would only wait, for ever perhaps, instead of failing.
 */
static bool in_control_domain(void)
{
    char text[64] = "";
    int fd = open("/proc/xen/capabilities", O_RDONLY | O_CLOEXEC);
    ssize_t got = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);

    if (fd >= 0)
        close(fd);
    return got > 0 && strstr(text, "control_d");
}

/*
 * A socket where nobody listens belongs to a daemon that died; mostly it is being started again at
 * this very moment.
 */
static int open_patiently(const char *path, bool *is_socket)
{
    int fd = open_path(path, is_socket);

    for (int i = 0; fd < 0 && errno == ECONNREFUSED && i < PATIENCE_MS / PAUSE_MS; i++) {
        usleep(PAUSE_MS * 1000);
        fd = open_path(path, is_socket);
    }
    return fd;
}

static int open_any(unsigned long flags, bool *is_socket)
{
    static const char *const devices[] = {"/dev/xen/xenbus", "/proc/xen/xenbus"};
    const char *chosen = getenv("XENSTORED_PATH");
    int fd, err;

    if (chosen)
        return open_path(chosen, is_socket);
    fd = open_patiently(xs_daemon_socket(), is_socket);
    err = errno;
    if (fd >= 0 || flags & XS_OPEN_SOCKETONLY || err != ENOENT || in_control_domain())
        return fd;
    for (size_t i = 0; fd < 0 && i < 2; i++)
        fd = open_path(devices[i], is_socket);
    if (fd < 0)
        errno = err; /* the socket is what people expect to be there */
    return fd;
}

static bool setup_polling(struct xs_handle *h)
{
    struct epoll_event event = {.events = EPOLLIN};

    h->signal_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    h->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    h->poll_fd = epoll_create1(EPOLL_CLOEXEC);
    return h->signal_fd >= 0 && h->timer_fd >= 0 && h->poll_fd >= 0 &&
           !epoll_ctl(h->poll_fd, EPOLL_CTL_ADD, h->timer_fd, &event) &&
           !epoll_ctl(h->poll_fd, EPOLL_CTL_ADD, h->signal_fd, &event) &&
           !epoll_ctl(h->poll_fd, EPOLL_CTL_ADD, h->fd, &event);
}

static void close_if_open(int fd)
{
    if (fd >= 0)
        close(fd);
}

static void destroy(struct xs_handle *h)
{
    int err = errno;

    close_if_open(h->fd);
    close_if_open(h->signal_fd);
    close_if_open(h->timer_fd);
    close_if_open(h->poll_fd);
    while (h->events) {
        struct event *next = h->events->next;

        free(h->events);
        h->events = next;
    }
    while (h->watches) {
        struct kept_watch *next = h->watches->next;

        free(h->watches->path);
        free(h->watches->token);
        free(h->watches);
        h->watches = next;
    }
    while (h->transactions) {
        struct kept_transaction *next = h->transactions->next;

        free(h->transactions);
        h->transactions = next;
    }
    free(h->payload);
    free(h->path);
    pthread_mutex_destroy(&h->send_lock);
    pthread_mutex_destroy(&h->lock);
    pthread_cond_destroy(&h->changed);
    free(h);
    errno = err;
}

struct xs_handle *xs_open(unsigned long flags)
{
    struct xs_handle *h = calloc(1, sizeof(*h));

    if (!h)
        return NULL;
    h->fd = h->poll_fd = h->signal_fd = h->timer_fd = -1;
    h->flags = flags;
    h->events_last = &h->events;
    pthread_mutex_init(&h->send_lock, NULL);
    pthread_mutex_init(&h->lock, NULL);
    pthread_cond_init(&h->changed, NULL);
    h->path = strdup(getenv("XENSTORED_PATH") ? getenv("XENSTORED_PATH") : xs_daemon_socket());
    h->fd = h->path ? open_any(flags, &h->is_socket) : -1;
    if (h->fd < 0 || !setup_polling(h)) {
        destroy(h);
        return NULL;
    }
    return h;
}

void xs_close(struct xs_handle *h)
{
    if (h)
        destroy(h);
}

void xs_daemon_destroy_postfork(struct xs_handle *h)
{
    /* Closing our copies of the descriptors leaves the parent's as they are. */
    xs_close(h);
}

int xsi_event_fd(struct xs_handle *h)
{
    return h->poll_fd;
}

unsigned long xsi_flags(const struct xs_handle *h)
{
    return h->flags;
}
