/* random: bytes of the system's, some ahead. */
#include "base/base.h"

#include <errno.h>
#include <sys/random.h>

enum { POOL_FIRST = 16 }; /* what a single UUID takes */

/* Twice as many bytes as the last time. */
static bool pool_fill(random_pool *pool)
{
    size_t size = pool->size > 0 ? 2 * pool->size : POOL_FIRST;
    if (size > sizeof(pool->bytes)) size = sizeof(pool->bytes);
    ssize_t got;
    do {
        got = getrandom(pool->bytes, size, 0); /* up to 256 bytes come whole */
    } while (got < 0 && errno == EINTR);
    if (got != (ssize_t)size) return false;
    pool->size = size;
    pool->at = 0;
    return true;
}

bool random_take(random_pool *pool, uint8_t *bytes, size_t size)
{
    while (size > 0) {
        if (pool->at == pool->size && !pool_fill(pool)) return false;
        size_t some = pool->size - pool->at;
        if (some > size) some = size;
        memcpy(bytes, pool->bytes + pool->at, some);
        pool->at += some;
        bytes += some;
        size -= some;
    }
    return true;
}
