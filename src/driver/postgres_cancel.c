#include "driver/postgres.h"

#ifdef IGNIS_HAVE_POSTGRES

#include <libpq-fe.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

struct postgres_canceller {
    arena *memory; /* owns this struct */
    PGcancel *handle;
    atomic_uint references;
};

postgres_canceller *postgres_canceller_create(PGconn *handle)
{
    arena *memory = arena_create();
    postgres_canceller *self = memory ? arena_array(memory, 1, sizeof(*self)) : NULL;
    PGcancel *cancel = self ? PQgetCancel(handle) : NULL;
    if (!cancel) {
        if (memory) arena_destroy(memory);
        return NULL;
    }
    self->memory = memory;
    self->handle = cancel;
    atomic_init(&self->references, 1);
    return self;
}

void postgres_canceller_release(postgres_canceller *self)
{
    if (!self || atomic_fetch_sub(&self->references, 1) > 1) return;
    PQfreeCancel(self->handle);
    arena_destroy(self->memory);
}

static void *cancel_run(void *data)
{
    postgres_canceller *self = data;
    char reason[256];
    /* Where the request does not arrive, the deadline ends the call. */
    (void)PQcancel(self->handle, reason, sizeof(reason));
    postgres_canceller_release(self);
    return NULL;
}

/* The thread takes no signal that is meant for the program. */
static bool thread_start(postgres_canceller *self)
{
    pthread_t thread;
    pthread_attr_t attributes;
    sigset_t all, before;
    if (pthread_attr_init(&attributes) != 0) return false;
    (void)pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    bool is_started = pthread_create(&thread, &attributes, cancel_run, self) == 0;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return is_started;
}

void postgres_canceller_send(postgres_canceller *self)
{
    atomic_fetch_add(&self->references, 1);
    if (!thread_start(self)) postgres_canceller_release(self);
}

#endif
