/* uuid: made (RFC 9562) and read as PostgreSQL reads it. */
#include "base/base.h"

#include <time.h>

enum { UUID_SIZE = 16, COUNTER_MAX = 0xFFF, COUNTER_SEED_MAX = 0x7FF };

static void uuid_write(const uint8_t bytes[UUID_SIZE], char out[UUID_TEXT_SIZE + 1])
{
    static const char digits[] = "0123456789abcdef";
    char *at = out;
    for (size_t i = 0; i < UUID_SIZE; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10) *at++ = '-';
        *at++ = digits[bytes[i] >> 4];
        *at++ = digits[bytes[i] & 15];
    }
    *at = '\0';
}

static void version_set(uint8_t bytes[UUID_SIZE], unsigned version)
{
    bytes[6] = (uint8_t)((bytes[6] & 0x0F) | version << 4);
    bytes[8] = (uint8_t)((bytes[8] & 0x3F) | 0x80);
}

bool uuid_v4(random_pool *pool, char out[UUID_TEXT_SIZE + 1])
{
    uint8_t bytes[UUID_SIZE];
    if (!random_take(pool, bytes, sizeof bytes)) return false;
    version_set(bytes, 4);
    uuid_write(bytes, out);
    return true;
}

static uint64_t unix_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* The counter of RFC 9562, 6.2, method 1: 12 bits after the time, seeded with its highest bit 0.
   Where it is exhausted, or the clock went back, the time of the last UUID goes on. The 62 bits
   after it are random each time, so that threads and forked processes do not meet. */
bool uuid_v7(random_pool *pool, char out[UUID_TEXT_SIZE + 1])
{
    static _Thread_local uint64_t last_ms;
    static _Thread_local unsigned counter;

    uint8_t bytes[UUID_SIZE];
    if (!random_take(pool, bytes, sizeof bytes)) return false;
    unsigned seed = ((unsigned)bytes[6] << 8 | bytes[7]) & COUNTER_SEED_MAX;
    uint64_t now_ms = unix_ms();
    if (now_ms > last_ms) {
        last_ms = now_ms;
        counter = seed;
    } else if (counter < COUNTER_MAX) {
        counter++;
    } else {
        last_ms++;
        counter = seed;
    }
    for (unsigned i = 0; i < 6; i++) {
        bytes[i] = (uint8_t)(last_ms >> (40 - 8 * i) & 0xFF);
    }
    bytes[6] = (uint8_t)(counter >> 8);
    bytes[7] = (uint8_t)(counter & 0xFF);
    version_set(bytes, 7);
    uuid_write(bytes, out);
    return true;
}

/* The value of a hexadecimal digit; 16: none. */
static unsigned digit_of(char c)
{
    if (c >= '0' && c <= '9') return (unsigned)(c - '0');
    if (c >= 'a' && c <= 'f') return (unsigned)(c - 'a') + 10;
    if (c >= 'A' && c <= 'F') return (unsigned)(c - 'A') + 10;
    return 16;
}

bool uuid_read(const char *data, size_t size, char out[UUID_TEXT_SIZE + 1])
{
    if (size >= 2 && data[0] == '{' && data[size - 1] == '}') {
        data++;
        size -= 2;
    }
    uint8_t bytes[UUID_SIZE];
    size_t at = 0;
    for (size_t i = 0; i < UUID_SIZE; i++) {
        if (i > 0 && i % 2 == 0 && at < size && data[at] == '-') at++;
        if (size - at < 2) return false;
        unsigned high = digit_of(data[at]);
        unsigned low = digit_of(data[at + 1]);
        if (high > 15 || low > 15) return false;
        bytes[i] = (uint8_t)(high << 4 | low);
        at += 2;
    }
    if (at != size) return false;
    uuid_write(bytes, out);
    return true;
}
