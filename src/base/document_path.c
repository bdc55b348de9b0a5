/* What lies at a JSON path of a document. */
#include "base/base.h"

#include <limits.h>

/* ---- steps ---- */

/* The step at *at, which moves to the comma or bracket behind it. Quotes around a step are not part
   of it. false: none is there. */
static bool step_read(const char **at, const char *end, document_span *step)
{
    bool is_quoted = *at < end && **at == '"';
    if (is_quoted) *at += 1;
    step->data = *at;
    while (*at < end && **at != ',' && **at != '}' && **at != '"')
        *at += 1;
    step->size = (size_t)(*at - step->data);
    if (is_quoted && (*at == end || *(*at)++ != '"')) return false;
    return step->size > 0 && *at < end && (**at == ',' || **at == '}');
}

/* false: no index that an array can have. */
static bool index_read(document_span step, size_t *index)
{
    *index = 0;
    for (size_t i = 0; i < step.size; i++) {
        if (!char_is_digit(step.data[i])) return false;
        *index = *index * 10 + (size_t)(step.data[i] - '0');
        if (*index > INT_MAX) return false;
    }
    return true;
}

/* ---- parts ---- */

/* Keys are written without escapes where steps can be equal to them. */
static bool member_find(document_span object, document_span key, document_span *found)
{
    const char *end = object.data + object.size;
    const char *at = object.data + 1;
    while (*at == '"') {
        const char *name = at + 1;
        at = document_value_end(at, end);
        size_t name_size = (size_t)(at - 1 - name);
        found->data = at + 2;
        at = document_value_end(found->data, end);
        found->size = (size_t)(at - found->data);
        if (name_size == key.size && memcmp(name, key.data, key.size) == 0) return true;
        if (*at != ',') return false;
        at += 2;
    }
    return false;
}

static bool item_find(document_span array, size_t index, document_span *found)
{
    const char *end = array.data + array.size;
    const char *at = array.data + 1;
    while (*at != ']') {
        found->data = at;
        at = document_value_end(at, end);
        found->size = (size_t)(at - found->data);
        if (index-- == 0) return true;
        if (*at != ',') return false;
        at += 2;
    }
    return false;
}

static bool step_take(document_span step, document_span *value)
{
    size_t index;
    const document_span from = *value;
    switch (*from.data) {
    case '{': return member_find(from, step, value);
    case '[': return index_read(step, &index) && item_find(from, index, value);
    default: return false;
    }
}

bool document_find(document_span document, document_span path, document_span *found)
{
    const char *at = path.data;
    const char *end = path.data + path.size;
    if (path.size < 2 || *at != '{') return false;
    *found = document;
    if (path.size == 2) return path.data[1] == '}';
    while (at < end && *at != '}') {
        document_span step;
        at++;
        if (!step_read(&at, end, &step) || !step_take(step, found)) return false;
    }
    return at + 1 == end;
}

/* ---- values ---- */

bool document_text(text *out, document_span value)
{
    if (*value.data == 'n') return false;
    if (*value.data != '"') {
        text_append(out, value.data, value.size);
        return true;
    }
    const char *message = NULL;
    if (!text_reserve(out, value.size)) return true;
    char *end = out->data + out->size;
    json_string_read(value.data + 1, value.data + value.size, &end, &message);
    if (message) return false;
    out->size = (size_t)(end - out->data);
    return true;
}

static size_t digits_size(const char *data, size_t size)
{
    size_t count = 0;
    while (count < size && char_is_digit(data[count]))
        count++;
    return count;
}

static bool is_number(const char *data, size_t size)
{
    size_t at = size > 0 && data[0] == '-' ? 1 : 0;
    size_t digits = digits_size(data + at, size - at);
    at += digits;
    if (digits == 0 || at == size) return digits > 0;
    digits = digits_size(data + at + 1, size - at - 1);
    return data[at] == '.' && digits > 0 && at + 1 + digits == size;
}

bool document_number(text *out, document_span value)
{
    text given;
    text_init(&given, out->memory, 0);
    if (*value.data == '[' || *value.data == '{' || !document_text(&given, value)) return false;
    if (given.code != IGNIS_OK) {
        out->code = given.code;
        return true;
    }
    bool is_read = given.size < DOCUMENT_NUMBER_SIZE_MAX && is_number(given.data, given.size);
    if (!is_read) return false;
    ignis_code code = number_numeric(out, given.data, given.size, 0, 0);
    return code == IGNIS_OK || code == out->code;
}
