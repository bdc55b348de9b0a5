/* proxy: a TCP server between a client and a server that counts, and fails on demand. For tests. */
#ifndef PROXY_H
#define PROXY_H

#include <stddef.h>
#include <stdint.h>

typedef struct proxy proxy;

typedef enum proxy_direction { PROXY_TO_SERVER, PROXY_TO_CLIENT } proxy_direction;

typedef enum proxy_failure {
    PROXY_HOLD,  /* nothing is forwarded any more in that direction */
    PROXY_CLOSE, /* both ends are closed */
    PROXY_RESET  /* both ends are reset */
} proxy_failure;

typedef struct proxy_counts {
    uint64_t connections; /* since the start */
    size_t open;          /* now */
    uint64_t bytes[2];    /* read, by direction */
    uint64_t turns;       /* times that a client spoke after its server or first: round trips */
} proxy_counts;

/* Listens on a free port of 127.0.0.1 and forwards to the host and port of a URL, in a thread. Ends
   the program on errors. */
proxy *proxy_start(const char *url);
/* Closes everything. NULL does nothing. */
void proxy_stop(proxy *self);
/* The URL with the proxy's host and port. */
const char *proxy_url(const proxy *self);
proxy_counts proxy_count(proxy *self);
/* Forwards so many more bytes in a direction, of all connections together, then fails: HOLD until
   proxy_resume, CLOSE and RESET for the connections of that moment. 0 bytes: it has failed on
   return. */
void proxy_fail(proxy *self, proxy_direction direction, uint64_t bytes, proxy_failure failure);
/* New connections are closed at once, until proxy_resume. */
void proxy_refuse(proxy *self);
/* Forwards everything again. */
void proxy_resume(proxy *self);

#endif
