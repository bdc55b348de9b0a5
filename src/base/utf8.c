/* utf8: validity and boundaries of text. */
#include "base/base.h"

/* Eight bytes at once: all ASCII and none NUL. */
static bool is_plain(const unsigned char *bytes)
{
    const uint64_t highs = UINT64_C(0x8080808080808080);
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return ((word | (word - ones)) & highs) == 0;
}

static bool is_tail(unsigned char byte)
{
    return (byte & 0xC0) == 0x80;
}

/* The size of the well-formed sequence at bytes (Unicode, table 3-7), or 0. */
static size_t sequence_size(const unsigned char *bytes, size_t size)
{
    unsigned char lead = bytes[0];
    if (lead < 0x80) return lead != 0 ? 1 : 0;
    if (lead < 0xC2 || lead > 0xF4 || size < 2) return 0;
    unsigned char second_min = 0x80;
    unsigned char second_max = 0xBF;
    if (lead == 0xE0) second_min = 0xA0; /* overlong */
    if (lead == 0xED) second_max = 0x9F; /* surrogates */
    if (lead == 0xF0) second_min = 0x90; /* overlong */
    if (lead == 0xF4) second_max = 0x8F; /* above U+10FFFF */
    if (bytes[1] < second_min || bytes[1] > second_max) return 0;
    if (lead < 0xE0) return 2;
    if (size < 3 || !is_tail(bytes[2])) return 0;
    if (lead < 0xF0) return 3;
    return size >= 4 && is_tail(bytes[3]) ? 4 : 0;
}

bool utf8_is_valid(const char *data, size_t size)
{
    const unsigned char *bytes = (const unsigned char *)data;
    while (size > 0) {
        size_t step = size >= 8 && is_plain(bytes) ? 8 : sequence_size(bytes, size);
        if (step == 0) return false;
        bytes += step;
        size -= step;
    }
    return true;
}

size_t utf8_count(const char *data, size_t size)
{
    size_t count = 0;
    for (size_t i = 0; i < size; i++) {
        if (!is_tail((unsigned char)data[i])) count++;
    }
    return count;
}

size_t utf8_cut(const char *data, size_t size, size_t size_max)
{
    if (size <= size_max) return size;
    size = size_max;
    while (size > 0 && is_tail((unsigned char)data[size])) {
        size--;
    }
    return size;
}

uint32_t utf8_next(const char **data)
{
    const unsigned char *bytes = (const unsigned char *)*data;
    uint32_t lead = bytes[0];
    if (lead < 0x80) {
        *data += 1;
        return lead;
    }
    if (lead < 0xE0) {
        *data += 2;
        return (lead & 0x1F) << 6 | (bytes[1] & 0x3Fu);
    }
    if (lead < 0xF0) {
        *data += 3;
        return (lead & 0x0F) << 12 | (bytes[1] & 0x3Fu) << 6 | (bytes[2] & 0x3Fu);
    }
    *data += 4;
    return (lead & 0x07) << 18 | (bytes[1] & 0x3Fu) << 12 | (bytes[2] & 0x3Fu) << 6 |
           (bytes[3] & 0x3Fu);
}
