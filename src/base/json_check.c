#include "base/base.h"

enum { DEPTH_MAX = 1024 };

typedef struct checker {
    const char *at;
    const char *end;
} checker;

static bool value_skip(checker *in, unsigned depth);

static void space_skip(checker *in)
{
    while (in->at < in->end &&
           (*in->at == ' ' || *in->at == '\t' || *in->at == '\n' || *in->at == '\r'))
        in->at++;
}

static bool char_skip(checker *in, char c)
{
    if (in->at == in->end || *in->at != c) return false;
    in->at++;
    return true;
}

static bool word_skip(checker *in, const char *word, size_t size)
{
    if ((size_t)(in->end - in->at) < size || memcmp(in->at, word, size) != 0) return false;
    in->at += size;
    return true;
}

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool escape_skip(checker *in)
{
    in->at++;
    if (in->at == in->end) return false;
    char c = *in->at++;
    if (c != 'u') return c != '\0' && strchr("\"\\/bfnrt", c) != NULL;
    if (in->end - in->at < 4) return false;
    for (int i = 0; i < 4; i++) {
        if (!is_hex(*in->at++)) return false;
    }
    return true;
}

static bool string_skip(checker *in)
{
    if (!char_skip(in, '"')) return false;
    while (in->at < in->end) {
        unsigned char c = (unsigned char)*in->at;
        if (c == '\\') {
            if (!escape_skip(in)) return false;
            continue;
        }
        if (c < ' ') return false;
        in->at++;
        if (c == '"') return true;
    }
    return false;
}

static bool digits_skip(checker *in)
{
    const char *start = in->at;
    while (in->at < in->end && *in->at >= '0' && *in->at <= '9')
        in->at++;
    return in->at > start;
}

static bool number_skip(checker *in)
{
    char_skip(in, '-');
    if (!char_skip(in, '0') && !digits_skip(in)) return false;
    if (char_skip(in, '.') && !digits_skip(in)) return false;
    if (!char_skip(in, 'e') && !char_skip(in, 'E')) return true;
    if (!char_skip(in, '+')) char_skip(in, '-');
    return digits_skip(in);
}

/* Elements or members up to close; the opening bracket is at in. */
static bool container_skip(checker *in, char close, unsigned depth)
{
    if (depth == DEPTH_MAX) return false;
    in->at++;
    space_skip(in);
    if (char_skip(in, close)) return true;
    do {
        space_skip(in);
        if (close == '}') {
            if (!string_skip(in)) return false;
            space_skip(in);
            if (!char_skip(in, ':')) return false;
            space_skip(in);
        }
        if (!value_skip(in, depth + 1)) return false;
        space_skip(in);
    } while (char_skip(in, ','));
    return char_skip(in, close);
}

static bool value_skip(checker *in, unsigned depth)
{
    if (in->at == in->end) return false;
    switch (*in->at) {
    case '{': return container_skip(in, '}', depth);
    case '[': return container_skip(in, ']', depth);
    case '"': return string_skip(in);
    case 't': return word_skip(in, "true", 4);
    case 'f': return word_skip(in, "false", 5);
    case 'n': return word_skip(in, "null", 4);
    default: return number_skip(in);
    }
}

bool json_is_valid(const char *data, size_t size)
{
    checker in = {data, data + size};
    space_skip(&in);
    if (!value_skip(&in, 0)) return false;
    space_skip(&in);
    return in.at == in.end;
}
