/* text: a bounded, growing buffer. */
#include "base/base.h"

#include <stdarg.h>
#include <stdio.h>

enum { TEXT_FIRST = 128, INTEGER_TEXT_MAX = 20 };

/* The data of an empty text, so that it is never NULL; never written. */
static const char empty[1] = "";

void text_init(text *out, arena *memory, size_t size_max)
{
    *out = (text){.memory = memory, .data = (char *)empty, .size_max = size_max};
}

static bool fail(text *out, ignis_code code)
{
    out->code = code;
    out->capacity = out->size; /* so that every further append comes to text_reserve_slow */
    return false;
}

/* Every buffer has one byte more than its capacity, for text_finish. */
static bool grow(text *out, size_t capacity)
{
    void *old = out->capacity == 0 ? NULL : out->data;
    char *data = arena_grow(out->memory, old, out->capacity + 1, capacity + 1);
    if (!data) return false;
    out->data = data;
    out->capacity = capacity;
    return true;
}

bool text_reserve_slow(text *out, size_t extra)
{
    if (out->code != IGNIS_OK) return false;
    size_t size_max = out->size_max == 0 ? SIZE_MAX / 4 : out->size_max;
    if (size_max > SIZE_MAX / 4) size_max = SIZE_MAX / 4;
    if (extra > size_max - out->size) {
        return fail(out, out->size_max == 0 ? IGNIS_E_MEMORY : IGNIS_E_LIMIT);
    }
    size_t needed = out->size + extra;
    size_t wished = out->capacity == 0 ? TEXT_FIRST - 1 : out->capacity * 2 + 1;
    if (wished < needed) wished = needed;
    if (wished > size_max) wished = size_max;
    if (grow(out, wished)) return true;
    /* Near the limit of the arena what is needed may fit where the double does not. */
    if (out->memory->limited && wished > needed && grow(out, needed)) return true;
    return fail(out, arena_code(out->memory));
}

void text_string(text *out, const char *string)
{
    text_append(out, string, strlen(string));
}

void text_integer(text *out, int64_t value)
{
    char digits[INTEGER_TEXT_MAX];
    size_t start = sizeof digits;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do {
        digits[--start] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest != 0);
    if (value < 0) digits[--start] = '-';
    text_append(out, digits + start, sizeof digits - start);
}

/* Formats into the room there is; the size it takes, or a negative number. */
static int format_into(text *out, const char *format, va_list arguments)
{
    if (out->capacity == 0) return vsnprintf(NULL, 0, format, arguments);
    return vsnprintf(out->data + out->size, out->capacity - out->size + 1, format, arguments);
}

void text_format(text *out, const char *format, ...)
{
    if (out->code != IGNIS_OK) return;
    va_list arguments;
    va_start(arguments, format);
    int size = format_into(out, format, arguments);
    va_end(arguments);
    if (size < 0) {
        fail(out, IGNIS_E_LIMIT);
        return;
    }
    if ((size_t)size > out->capacity - out->size) {
        if (!text_reserve(out, (size_t)size)) return;
        va_start(arguments, format);
        size = format_into(out, format, arguments);
        va_end(arguments);
    }
    out->size += (size_t)size;
}

const char *text_finish(text *out)
{
    if (out->code != IGNIS_OK) return NULL;
    if (out->capacity != 0) out->data[out->size] = '\0';
    return out->data;
}
