#include "support/proxy.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

enum { TUNNELS_MAX = 64, BUFFER_SIZE = 65536, URL_MAX = 1024, HOST_MAX = 256, PORT_MAX = 16 };

/* What one side said and the other has not got yet. */
typedef struct stream {
    char *data; /* BUFFER_SIZE bytes */
    size_t from;
    size_t to;
    bool is_over; /* the speaker has closed */
    bool is_told; /* the listener knows */
} stream;

/* A connection: sockets[direction] speaks in that direction. */
typedef struct tunnel {
    bool is_open;
    bool server_spoke_last;
    int sockets[2];
    stream streams[2];
} tunnel;

/* What is to happen in a direction. */
typedef struct plan {
    bool is_set;
    uint64_t bytes_left;
    proxy_failure failure;
} plan;

struct proxy {
    char url[URL_MAX];
    struct sockaddr_storage target;
    socklen_t target_size;
    int listener;
    int wake;
    pthread_t thread;
    pthread_mutex_t mutex; /* of all below; held by the thread but in poll */
    pthread_cond_t applied;
    uint64_t commands_given;
    uint64_t commands_applied;
    bool is_stopping;
    bool is_refusing;
    plan plans[2];
    tunnel tunnels[TUNNELS_MAX];
    proxy_counts counts;
};

static _Noreturn void end(const char *what)
{
    fprintf(stderr, "proxy: %s: %s\n", what, strerror(errno));
    abort();
}

/* ---- tunnels ------------------------------------------------------------------------------------- */

static void tunnel_end(proxy *self, tunnel *tunnel_, proxy_failure how)
{
    const struct linger reset = {.l_onoff = 1, .l_linger = 0};
    for (int i = 0; i < 2; i++) {
        if (how == PROXY_RESET) {
            (void)setsockopt(tunnel_->sockets[i], SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
        }
        close(tunnel_->sockets[i]);
        free(tunnel_->streams[i].data);
    }
    *tunnel_ = (tunnel){0};
    self->counts.open--;
}

static void tunnels_end(proxy *self, proxy_failure how)
{
    for (size_t i = 0; i < TUNNELS_MAX; i++) {
        if (self->tunnels[i].is_open) tunnel_end(self, &self->tunnels[i], how);
    }
}

static int target_connect(const proxy *self)
{
    int on = 1;
    int found = socket(self->target.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (found < 0) end("socket");
    if (connect(found, (const struct sockaddr *)&self->target, self->target_size) != 0) {
        close(found);
        return -1;
    }
    (void)setsockopt(found, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    return found;
}

static tunnel *tunnel_free(proxy *self)
{
    for (size_t i = 0; i < TUNNELS_MAX; i++) {
        if (!self->tunnels[i].is_open) return &self->tunnels[i];
    }
    return NULL;
}

static void tunnel_accept(proxy *self)
{
    int on = 1;
    int client = accept4(self->listener, NULL, NULL, SOCK_CLOEXEC);
    if (client < 0) return;
    tunnel *made = tunnel_free(self);
    int target = made && !self->is_refusing ? target_connect(self) : -1;
    if (target < 0) {
        close(client);
        return;
    }
    (void)setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    *made = (tunnel){.is_open = true, .server_spoke_last = true, .sockets = {client, target}};
    for (int i = 0; i < 2; i++) {
        made->streams[i].data = malloc(BUFFER_SIZE);
        if (!made->streams[i].data) end("malloc");
    }
    self->counts.connections++;
    self->counts.open++;
}

/* ---- streams ----------------------------------------------------------------------------------- */

/* The bytes that may still go in a direction. */
static size_t plan_allows(const plan *plan_, size_t size)
{
    return plan_->is_set && plan_->bytes_left < size ? (size_t)plan_->bytes_left : size;
}

/* Ends the connections where a plan has run out; holding needs nothing to be done. */
static void plans_execute(proxy *self)
{
    for (int i = 0; i < 2; i++) {
        plan *due = &self->plans[i];
        if (!due->is_set || due->bytes_left > 0 || due->failure == PROXY_HOLD) continue;
        due->is_set = false;
        tunnels_end(self, due->failure);
    }
}

static void stream_read(proxy *self, tunnel *tunnel_, int direction)
{
    stream *read_to = &tunnel_->streams[direction];
    ssize_t size = recv(tunnel_->sockets[direction], read_to->data, BUFFER_SIZE, MSG_DONTWAIT);
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (size < 0) {
        tunnel_end(self, tunnel_, PROXY_RESET);
        return;
    }
    read_to->from = 0;
    read_to->to = (size_t)size;
    read_to->is_over = size == 0;
    self->counts.bytes[direction] += (uint64_t)size;
    if (direction == PROXY_TO_SERVER && size > 0 && tunnel_->server_spoke_last)
        self->counts.turns++;
    if (size > 0) tunnel_->server_spoke_last = direction == PROXY_TO_CLIENT;
}

static void stream_write(proxy *self, tunnel *tunnel_, int direction)
{
    stream *written = &tunnel_->streams[direction];
    size_t allowed = plan_allows(&self->plans[direction], written->to - written->from);
    if (allowed == 0) return;
    ssize_t size = send(tunnel_->sockets[1 - direction], written->data + written->from, allowed,
                        MSG_DONTWAIT | MSG_NOSIGNAL);
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (size < 0) {
        tunnel_end(self, tunnel_, PROXY_RESET);
        return;
    }
    written->from += (size_t)size;
    if (self->plans[direction].is_set) self->plans[direction].bytes_left -= (uint64_t)size;
}

static bool stream_is_held(const proxy *self, int direction)
{
    const plan *held = &self->plans[direction];
    return held->is_set && held->bytes_left == 0;
}

/* One direction as far as it goes now. */
static void stream_pump(proxy *self, tunnel *tunnel_, int direction)
{
    stream *pumped = &tunnel_->streams[direction];
    if (stream_is_held(self, direction)) return;
    if (pumped->from == pumped->to && !pumped->is_over) stream_read(self, tunnel_, direction);
    if (tunnel_->is_open && pumped->from < pumped->to) stream_write(self, tunnel_, direction);
    if (tunnel_->is_open && pumped->is_over && !pumped->is_told && pumped->from == pumped->to) {
        (void)shutdown(tunnel_->sockets[1 - direction], SHUT_WR);
        pumped->is_told = true;
    }
}

static void tunnel_pump(proxy *self, tunnel *tunnel_)
{
    for (int i = 0; i < 2 && tunnel_->is_open; i++) {
        stream_pump(self, tunnel_, i);
        plans_execute(self);
    }
    if (tunnel_->is_open && tunnel_->streams[0].is_told && tunnel_->streams[1].is_told) {
        tunnel_end(self, tunnel_, PROXY_CLOSE);
    }
}

/* ---- the thread -------------------------------------------------------------------------------- */

/* What the sockets of a tunnel are polled for. -1: a socket that nothing is wanted of, so that one that
   was closed while it is held does not keep poll awake. */
static void tunnel_polled(const proxy *self, const tunnel *tunnel_, struct pollfd polled[2])
{
    polled[0] = (struct pollfd){.fd = tunnel_->sockets[0]};
    polled[1] = (struct pollfd){.fd = tunnel_->sockets[1]};
    for (int i = 0; i < 2; i++) {
        const stream *looked = &tunnel_->streams[i];
        if (stream_is_held(self, i)) continue;
        if (looked->from < looked->to) {
            polled[1 - i].events |= POLLOUT;
        } else if (!looked->is_over) {
            polled[i].events |= POLLIN;
        }
    }
    for (int i = 0; i < 2; i++) {
        if (polled[i].events == 0) polled[i].fd = -1;
    }
}

static void *forward(void *data)
{
    proxy *self = data;
    struct pollfd polled[2 + 2 * TUNNELS_MAX];
    pthread_mutex_lock(&self->mutex);
    while (!self->is_stopping) {
        nfds_t count = 2;
        polled[0] = (struct pollfd){.fd = self->listener, .events = POLLIN};
        polled[1] = (struct pollfd){.fd = self->wake, .events = POLLIN};
        for (size_t i = 0; i < TUNNELS_MAX; i++) {
            if (!self->tunnels[i].is_open) continue;
            tunnel_polled(self, &self->tunnels[i], polled + count);
            count += 2;
        }
        pthread_mutex_unlock(&self->mutex);
        if (poll(polled, count, -1) < 0 && errno != EINTR) end("poll");
        pthread_mutex_lock(&self->mutex);
        eventfd_t ignored;
        if (polled[1].revents) (void)eventfd_read(self->wake, &ignored);
        plans_execute(self);
        for (size_t i = 0; i < TUNNELS_MAX; i++) {
            if (self->tunnels[i].is_open) tunnel_pump(self, &self->tunnels[i]);
        }
        if (polled[0].revents) tunnel_accept(self);
        self->commands_applied = self->commands_given;
        pthread_cond_broadcast(&self->applied);
    }
    tunnels_end(self, PROXY_CLOSE);
    pthread_mutex_unlock(&self->mutex);
    return NULL;
}

/* ---- starting and stopping --------------------------------------------------------------------- */

/* scheme://[user@]host[:port]rest */
typedef struct url_parts {
    size_t head_size; /* up to the host */
    char host[HOST_MAX];
    char port[PORT_MAX];
    const char *rest;
} url_parts;

static void url_split(const char *url, url_parts *parts)
{
    const char *authority = strstr(url, "://");
    if (!authority) end("no URL");
    authority += 3;
    const char *rest = authority + strcspn(authority, "/?");
    for (const char *at = rest; at > authority; at--) {
        if (at[-1] != '@') continue;
        authority = at;
        break;
    }
    const char *colon = memchr(authority, ':', (size_t)(rest - authority));
    size_t host_size = (size_t)((colon ? colon : rest) - authority);
    size_t port_size = colon ? (size_t)(rest - colon - 1) : 0;
    if (host_size == 0 || host_size >= HOST_MAX || port_size >= PORT_MAX) end("no host in the URL");
    memcpy(parts->host, authority, host_size);
    parts->host[host_size] = '\0';
    memcpy(parts->port, colon && port_size ? colon + 1 : "5432", port_size ? port_size : 4);
    parts->port[port_size ? port_size : 4] = '\0';
    parts->head_size = (size_t)(authority - url);
    parts->rest = rest;
}

static void target_resolve(proxy *self, const url_parts *parts)
{
    const struct addrinfo wanted = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    if (getaddrinfo(parts->host, parts->port, &wanted, &found) != 0) end("no such host");
    memcpy(&self->target, found->ai_addr, found->ai_addrlen);
    self->target_size = found->ai_addrlen;
    freeaddrinfo(found);
}

/* Returns the port. */
static unsigned int listener_open(proxy *self)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    self->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (self->listener < 0 || bind(self->listener, (const struct sockaddr *)&address, size) != 0 ||
        listen(self->listener, SOMAXCONN) != 0 ||
        getsockname(self->listener, (struct sockaddr *)&address, &size) != 0) {
        end("no port");
    }
    return ntohs(address.sin_port);
}

proxy *proxy_start(const char *url)
{
    url_parts parts;
    proxy *self = calloc(1, sizeof(*self));
    if (!self) end("calloc");
    url_split(url, &parts);
    target_resolve(self, &parts);
    int size = snprintf(self->url, URL_MAX, "%.*s127.0.0.1:%u%s", (int)parts.head_size, url,
                        listener_open(self), parts.rest);
    if (size < 0 || size >= URL_MAX) end("the URL is too long");
    self->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (self->wake < 0 || pthread_mutex_init(&self->mutex, NULL) != 0 ||
        pthread_cond_init(&self->applied, NULL) != 0 ||
        pthread_create(&self->thread, NULL, forward, self) != 0) {
        end("no thread");
    }
    return self;
}

void proxy_stop(proxy *self)
{
    if (!self) return;
    pthread_mutex_lock(&self->mutex);
    self->is_stopping = true;
    pthread_mutex_unlock(&self->mutex);
    (void)eventfd_write(self->wake, 1);
    (void)pthread_join(self->thread, NULL);
    close(self->listener);
    close(self->wake);
    pthread_cond_destroy(&self->applied);
    pthread_mutex_destroy(&self->mutex);
    free(self);
}

/* ---- commands ---------------------------------------------------------------------------------- */

const char *proxy_url(const proxy *self)
{
    return self->url;
}

proxy_counts proxy_count(proxy *self)
{
    pthread_mutex_lock(&self->mutex);
    proxy_counts counts = self->counts;
    pthread_mutex_unlock(&self->mutex);
    return counts;
}

/* Locked: waits until the thread has seen what was changed; unlocks. */
static void command_finish(proxy *self)
{
    uint64_t command = ++self->commands_given;
    (void)eventfd_write(self->wake, 1);
    while (self->commands_applied < command)
        (void)pthread_cond_wait(&self->applied, &self->mutex);
    pthread_mutex_unlock(&self->mutex);
}

void proxy_fail(proxy *self, proxy_direction direction, uint64_t bytes, proxy_failure failure)
{
    pthread_mutex_lock(&self->mutex);
    self->plans[direction] = (plan){.is_set = true, .bytes_left = bytes, .failure = failure};
    command_finish(self);
}

void proxy_refuse(proxy *self)
{
    pthread_mutex_lock(&self->mutex);
    self->is_refusing = true;
    command_finish(self);
}

void proxy_resume(proxy *self)
{
    pthread_mutex_lock(&self->mutex);
    self->is_refusing = false;
    self->plans[PROXY_TO_SERVER] = self->plans[PROXY_TO_CLIENT] = (plan){0};
    command_finish(self);
}
