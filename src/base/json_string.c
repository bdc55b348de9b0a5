#include "base/base.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Copies the bytes before the next quote, backslash, control character or byte above 0x7f, and
   returns where that is. There is room for all that is left of the input. */
static const char *copy_plain(const char *at, const char *end, char **out_end)
{
    char *out = *out_end;
#ifdef __SSE2__
    const __m128i space = _mm_set1_epi8(' ');
    const __m128i quote = _mm_set1_epi8('"');
    const __m128i backslash = _mm_set1_epi8('\\');
    while (end - at >= 16) {
        __m128i chunk = _mm_loadu_si128((const __m128i *)(const void *)at);
        /* Signed: bytes above 0x7f are below the space, too. */
        __m128i special = _mm_cmplt_epi8(chunk, space);
        special = _mm_or_si128(special, _mm_cmpeq_epi8(chunk, quote));
        special = _mm_or_si128(special, _mm_cmpeq_epi8(chunk, backslash));
        unsigned mask = (unsigned)_mm_movemask_epi8(special);
        _mm_storeu_si128((__m128i *)(void *)out, chunk);
        if (mask != 0) {
            int plain = __builtin_ctz(mask);
            *out_end = out + plain;
            return at + plain;
        }
        at += 16;
        out += 16;
    }
#endif
    while (at < end) {
        unsigned char c = (unsigned char)*at;
        if (c < ' ' || c > 0x7f || c == '"' || c == '\\') break;
        *out++ = *at++;
    }
    *out_end = out;
    return at;
}

static bool read_hex(const char *at, const char *end, uint32_t *unit)
{
    if (end - at < 4) return false;
    uint32_t value = 0;
    for (int i = 0; i < 4; i++) {
        char c = at[i];
        uint32_t digit;
        if (c >= '0' && c <= '9') {
            digit = (uint32_t)(c - '0');
        } else if (c >= 'a' && c <= 'f') {
            digit = (uint32_t)(c - 'a') + 10;
        } else if (c >= 'A' && c <= 'F') {
            digit = (uint32_t)(c - 'A') + 10;
        } else {
            return false;
        }
        value = value << 4 | digit;
    }
    *unit = value;
    return true;
}

static char *write_utf8(char *out, uint32_t point)
{
    if (point < 0x80) {
        *out++ = (char)point;
    } else if (point < 0x800) {
        *out++ = (char)(0xc0 | point >> 6);
        *out++ = (char)(0x80 | (point & 0x3f));
    } else if (point < 0x10000) {
        *out++ = (char)(0xe0 | point >> 12);
        *out++ = (char)(0x80 | (point >> 6 & 0x3f));
        *out++ = (char)(0x80 | (point & 0x3f));
    } else {
        *out++ = (char)(0xf0 | point >> 18);
        *out++ = (char)(0x80 | (point >> 12 & 0x3f));
        *out++ = (char)(0x80 | (point >> 6 & 0x3f));
        *out++ = (char)(0x80 | (point & 0x3f));
    }
    return out;
}

/* start is at the backslash of "\\u". Returns the place after it, or start with a message. */
static const char *read_unicode(const char *start, const char *end, char **out,
                                const char **message)
{
    uint32_t point;
    if (!read_hex(start + 2, end, &point)) {
        *message = "an invalid escape";
        return start;
    }
    const char *at = start + 6;
    if (point >= 0xd800 && point <= 0xdfff) {
        uint32_t low = 0;
        bool paired = point <= 0xdbff && end - at >= 6 && at[0] == '\\' && at[1] == 'u' &&
                      read_hex(at + 2, end, &low) && low >= 0xdc00 && low <= 0xdfff;
        if (!paired) {
            *message = "a lone surrogate";
            return start;
        }
        point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
        at += 6;
    }
    if (point == 0) {
        *message = "a NUL character";
        return start;
    }
    *out = write_utf8(*out, point);
    return at;
}

static const char *read_escape(const char *start, const char *end, char **out, const char **message)
{
    if (end - start < 2) {
        *message = "an unexpected end";
        return end;
    }
    char c;
    switch (start[1]) {
    case '"':
    case '\\':
    case '/': c = start[1]; break;
    case 'b': c = '\b'; break;
    case 'f': c = '\f'; break;
    case 'n': c = '\n'; break;
    case 'r': c = '\r'; break;
    case 't': c = '\t'; break;
    case 'u': return read_unicode(start, end, out, message);
    default: *message = "an invalid escape"; return start;
    }
    *(*out)++ = c;
    return start + 2;
}

/* Bytes of the well-formed sequence at bytes (Unicode, table 3-7), which starts above 0x7f.
   0: there is none. */
static size_t sequence_size(const char *bytes, size_t left)
{
    const unsigned char *s = (const unsigned char *)bytes;
    if (s[0] < 0xc2 || s[0] > 0xf4) return 0;
    size_t size = s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
    if (left < size) return 0;
    unsigned char least = s[0] == 0xe0 ? 0xa0 : s[0] == 0xf0 ? 0x90 : 0x80;
    unsigned char most = s[0] == 0xed ? 0x9f : s[0] == 0xf4 ? 0x8f : 0xbf;
    if (s[1] < least || s[1] > most) return 0;
    for (size_t i = 2; i < size; i++) {
        if ((s[i] & 0xc0) != 0x80) return 0;
    }
    return size;
}

static const char *copy_sequences(const char *at, const char *end, char **out, const char **message)
{
    while (at < end && (unsigned char)*at > 0x7f) {
        size_t size = sequence_size(at, (size_t)(end - at));
        if (size == 0) {
            *message = "invalid UTF-8";
            break;
        }
        memcpy(*out, at, size);
        *out += size;
        at += size;
    }
    return at;
}

const char *json_string_read(const char *at, const char *end, char **out, const char **message)
{
    *message = NULL;
    while (*message == NULL) {
        at = copy_plain(at, end, out);
        if (at == end) {
            *message = "an unexpected end";
        } else if (*at == '"') {
            return at + 1;
        } else if (*at == '\\') {
            at = read_escape(at, end, out, message);
        } else if ((unsigned char)*at > 0x7f) {
            at = copy_sequences(at, end, out, message);
        } else {
            *message = *at == '\0' ? "a NUL character" : "a control character";
        }
    }
    return at;
}
