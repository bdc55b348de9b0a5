/* base64: RFC 4648, section 4. */
#include "base/base.h"

static const char alphabet[64] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void write_group(char *out, uint32_t bits)
{
    out[0] = alphabet[bits >> 18];
    out[1] = alphabet[bits >> 12 & 63];
    out[2] = alphabet[bits >> 6 & 63];
    out[3] = alphabet[bits & 63];
}

void base64_write(text *out, const void *data, size_t size)
{
    const uint8_t *bytes = data;
    /* No object is larger than PTRDIFF_MAX, and four thirds of that are a size. */
    if (size == 0 || !text_reserve(out, (size + 2) / 3 * 4)) return;
    char *to = out->data + out->size;
    out->size += (size + 2) / 3 * 4;
    for (; size >= 3; size -= 3, bytes += 3, to += 4) {
        write_group(to, (uint32_t)bytes[0] << 16 | (uint32_t)bytes[1] << 8 | bytes[2]);
    }
    if (size == 0) return;
    uint32_t second = size == 2 ? bytes[1] : 0;
    write_group(to, (uint32_t)bytes[0] << 16 | second << 8);
    to[3] = '=';
    if (size == 1) to[2] = '=';
}

/* The six bits of a character; 64: not of the alphabet. */
static uint32_t bits_of(char c)
{
    if (c >= 'A' && c <= 'Z') return (uint32_t)(c - 'A');
    if (c >= 'a' && c <= 'z') return (uint32_t)(c - 'a') + 26;
    if (c >= '0' && c <= '9') return (uint32_t)(c - '0') + 52;
    if (c == '+') return 62;
    if (c == '/') return 63;
    return 64;
}

/* Reads count characters of a group, count from 2 to 4, as the upper of 24 bits. */
static bool read_group(const char *data, size_t count, uint32_t *bits)
{
    *bits = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t six = bits_of(data[i]);
        if (six > 63) return false;
        *bits |= six << (18 - 6 * i);
    }
    return true;
}

bool base64_read(const char *data, size_t size, uint8_t *out, size_t *out_size)
{
    *out_size = 0;
    if (size % 4 != 0) return false;
    uint8_t *to = out;
    for (size_t left = size; left > 0; left -= 4, data += 4) {
        size_t count = 4;
        if (left == 4 && data[3] == '=') count = data[2] == '=' ? 2 : 3;
        uint32_t bits;
        if (!read_group(data, count, &bits)) return false;
        /* Bits that no byte holds must be zero, so that bytes have one text only. */
        if ((bits & (count == 2 ? 0xFFFFu : count == 3 ? 0xFFu : 0)) != 0) return false;
        *to++ = (uint8_t)(bits >> 16);
        if (count > 2) *to++ = (uint8_t)(bits >> 8 & 0xFF);
        if (count > 3) *to++ = (uint8_t)(bits & 0xFF);
    }
    *out_size = (size_t)(to - out);
    return true;
}
