/* SPDX-License-Identifier: GPL-2.0-only */
/* Transport over the unix socket: clients of the control domain. */
#ifndef XENSTORED_SOCKET_H
#define XENSTORED_SOCKET_H

#include "store.h"

/* Listens at @path (replacing what is there); the descriptor, or -1 with errno. */
int socket_listen(const char *path);

/* Takes a new client from the listener and registers it with @epoll_fd; false if there was none. */
bool socket_accept(struct store *s, int listener, int epoll_fd);

/* A registered client's descriptor is ready for @events (EPOLL*). @client is epoll's data pointer.
 */
void socket_ready(struct store *s, void *client, uint32_t events);

/* Writes what is queued for socket clients, and closes those that broke. */
void sockets_flush(struct store *s);

#endif
