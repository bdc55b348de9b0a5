#include "base/base.h"

enum {
    DEPTH_DEFAULT = 128,
    DEPTH_MAX = 1024,   /* bounds the recursion */
    SLOTS_LOCAL = 32,   /* open values that need no memory of their own */
    NAMES_COMPARED = 16 /* names of an object that are compared each with each */
};

static const size_t size_default = (size_t)1 << 30;
/* Positions have 32 bits, and a copy of the text needs some bytes more. */
static const size_t size_limit = UINT32_MAX - 64;

/* A value whose container is still open; name and position only in an object. */
typedef struct slot {
    json_member member;
    uint32_t name_position;
} slot;

/* Strings and numbers are copied one after another into one item of the arena. It has as many bytes
   as the input, which is enough: the quotes of a string, or what must follow a number, pay for the
   terminating NUL, and no escape is shorter than what it stands for. */
typedef struct reader {
    const char *data;
    const char *at;
    const char *end;
    char *text; /* where the next copy goes */
    arena *memory;
    arena scratch; /* slots and tables of names, gone when the reading ends */
    slot *slots;
    size_t slots_count;
    size_t slots_capacity;
    bool slots_are_local;
    uint32_t depth;
    uint32_t depth_max;
    const char *raw_name;
    size_t raw_name_size;
    bool takes_doubles;
    json_fault *fault;
} reader;

static ignis_code read_value(reader *in, json *value);

static ignis_code fail(reader *in, const char *at, const char *message)
{
    in->fault->position = (size_t)(at - in->data);
    in->fault->message = message;
    return IGNIS_E_INVALID;
}

/* The byte at in->at cannot stand there. */
static ignis_code fail_unexpected(reader *in)
{
    return fail(in, in->at, in->at == in->end ? "an unexpected end" : "an unexpected character");
}

static inline void skip_space(reader *in)
{
    while (in->at < in->end) {
        char c = *in->at;
        if (c != ' ' && c != '\n' && c != '\r' && c != '\t') return;
        in->at++;
    }
}

static ignis_code read_string(reader *in, const char **string, size_t *size)
{
    const char *message = NULL;
    char *end = in->text;
    in->at = json_string_read(in->at + 1, in->end, &end, &message);
    if (message != NULL) return fail(in, in->at, message);
    *end = '\0';
    *string = in->text;
    *size = (size_t)(end - in->text);
    in->text = end + 1;
    return IGNIS_OK;
}

/* Takes the input from start to in->at as text. */
static void copy_text(reader *in, const char *start, json *value)
{
    value->count = (size_t)(in->at - start);
    value->as.text = in->text;
    memcpy(in->text, start, value->count);
    in->text[value->count] = '\0';
    in->text += value->count + 1;
}

/* ---- scalars ---- */

static ignis_code read_digits(reader *in)
{
    if (in->at == in->end || !char_is_digit(*in->at)) return fail_unexpected(in);
    while (in->at < in->end && char_is_digit(*in->at))
        in->at++;
    return IGNIS_OK;
}

/* Whether the next byte is one of the two; then it is taken. */
static bool take_either(reader *in, char a, char b)
{
    if (in->at == in->end || (*in->at != a && *in->at != b)) return false;
    in->at++;
    return true;
}

static ignis_code read_number(reader *in, json *value)
{
    const char *start = in->at;
    take_either(in, '-', '-');
    const char *digits = in->at;
    IGNIS_TRY(read_digits(in));
    if (*digits == '0' && in->at - digits > 1) {
        in->at = digits + 1;
        return fail_unexpected(in);
    }
    bool whole = true;
    if (take_either(in, '.', '.')) {
        whole = false;
        IGNIS_TRY(read_digits(in));
    }
    if (take_either(in, 'e', 'E')) {
        whole = false;
        take_either(in, '+', '-');
        IGNIS_TRY(read_digits(in));
    }
    whole = whole && number_integer(start, (size_t)(in->at - start), &value->integer);
    value->kind = whole ? JSON_INTEGER : JSON_NUMBER;
    copy_text(in, start, value);
    return IGNIS_OK;
}

static ignis_code read_literal(reader *in, const char *literal)
{
    for (; *literal != '\0'; literal++, in->at++) {
        if (in->at == in->end || *in->at != *literal) return fail_unexpected(in);
    }
    return IGNIS_OK;
}

static ignis_code read_boolean(reader *in, json *value)
{
    value->kind = JSON_BOOLEAN;
    value->boolean = *in->at == 't';
    return read_literal(in, value->boolean ? "true" : "false");
}

/* ---- raw values ---- */

static ignis_code skip_raw_string(reader *in)
{
    for (in->at++; in->at < in->end; in->at++) {
        if (*in->at == '"') {
            in->at++;
            return IGNIS_OK;
        }
        if (*in->at == '\\' && in->at + 1 < in->end) in->at++;
    }
    return fail_unexpected(in);
}

static ignis_code skip_raw_scalar(reader *in)
{
    const char *start = in->at;
    while (in->at < in->end && memchr("\",:[]{} \n\r\t", *in->at, 11) == NULL)
        in->at++;
    return in->at == start ? fail_unexpected(in) : IGNIS_OK;
}

/* A container ends where the brackets outside of strings balance, of whatever kind they are. */
static ignis_code skip_raw(reader *in)
{
    size_t open = 0;
    do {
        if (in->at == in->end) return fail_unexpected(in);
        char c = *in->at;
        bool opens = c == '[' || c == '{';
        if (c == '"') {
            IGNIS_TRY(skip_raw_string(in));
        } else if (opens || open > 0) {
            in->at++;
            open += opens;
            open -= c == ']' || c == '}';
        } else {
            return skip_raw_scalar(in);
        }
    } while (open > 0);
    return IGNIS_OK;
}

static ignis_code read_raw(reader *in, json *value)
{
    const char *start = in->at;
    *value = (json){.kind = JSON_RAW, .position = (uint32_t)(start - in->data)};
    IGNIS_TRY(skip_raw(in));
    copy_text(in, start, value);
    value->raw_size = (uint32_t)value->count;
    return IGNIS_OK;
}

/* ---- containers ---- */

/* Whoever reports it asks the arena of the tree. */
static ignis_code refuse_scratch(reader *in)
{
    in->memory->limited = in->scratch.limited;
    return arena_code(&in->scratch);
}

static ignis_code grow_slots(reader *in)
{
    size_t capacity = in->slots_capacity * 2;
    if (capacity > SIZE_MAX / sizeof(slot)) return IGNIS_E_MEMORY;
    slot *old = in->slots_are_local ? NULL : in->slots;
    slot *slots = arena_grow(&in->scratch, old, old == NULL ? 0 : in->slots_count * sizeof(slot),
                             capacity * sizeof(slot));
    if (slots == NULL) return refuse_scratch(in);
    if (in->slots_are_local) memcpy(slots, in->slots, in->slots_count * sizeof(slot));
    in->slots_are_local = false;
    in->slots = slots;
    in->slots_capacity = capacity;
    return IGNIS_OK;
}

static inline ignis_code push(reader *in, const slot *item)
{
    if (in->slots_count == in->slots_capacity) IGNIS_TRY(grow_slots(in));
    in->slots[in->slots_count++] = *item;
    return IGNIS_OK;
}

/* Takes the opening bracket; *more tells whether an element follows. */
static ignis_code enter(reader *in, char close, bool *more)
{
    if (in->depth == in->depth_max) {
        fail(in, in->at, "nested too deeply");
        return IGNIS_E_LIMIT;
    }
    in->depth++;
    in->at++;
    skip_space(in);
    *more = !take_either(in, close, close);
    return IGNIS_OK;
}

/* Takes a comma or the closing bracket after an element. */
static ignis_code next(reader *in, char close, bool *more)
{
    skip_space(in);
    if (take_either(in, ',', ',')) {
        skip_space(in);
        *more = true;
        return IGNIS_OK;
    }
    if (!take_either(in, close, close)) return fail_unexpected(in);
    *more = false;
    return IGNIS_OK;
}

static ignis_code read_array(reader *in, json *value)
{
    size_t base = in->slots_count;
    bool more;
    IGNIS_TRY(enter(in, ']', &more));
    while (more) {
        slot item;
        IGNIS_TRY(read_value(in, &item.member.value));
        item.member.name = NULL;
        item.member.name_size = 0;
        item.name_position = 0;
        IGNIS_TRY(push(in, &item));
        IGNIS_TRY(next(in, ']', &more));
    }
    in->depth--;

    size_t count = in->slots_count - base;
    json *items = arena_array(in->memory, count, sizeof(json));
    if (items == NULL) return arena_code(in->memory);
    for (size_t i = 0; i < count; i++)
        items[i] = in->slots[base + i].member.value;
    in->slots_count = base;
    value->kind = JSON_ARRAY;
    value->count = count;
    value->as.items = items;
    return IGNIS_OK;
}

static bool names_equal(const json_member *a, const json_member *b)
{
    return a->name_size == b->name_size && memcmp(a->name, b->name, a->name_size) == 0;
}

static ignis_code fail_duplicate(reader *in, const slot *item)
{
    return fail(in, in->data + item->name_position, "a duplicate key");
}

/* Seeded with an address, so that names which collide cannot be prepared. */
static uint64_t name_hash(const json_member *member, uint64_t seed)
{
    __extension__ typedef unsigned __int128 product;
    uint64_t hash = seed ^ member->name_size;
    for (size_t at = 0; at < member->name_size; at += 8) {
        size_t left = member->name_size - at;
        uint64_t word = 0;
        memcpy(&word, member->name + at, left < 8 ? left : 8);
        product mixed = (product)(hash ^ word) * (0x9e3779b97f4a7c15u ^ seed);
        hash = (uint64_t)(mixed >> 64) ^ (uint64_t)mixed;
    }
    return hash;
}

/* Refuses the second of two equal names among many. */
static ignis_code check_many_names(reader *in, const slot *slots, size_t count)
{
    size_t capacity = 64;
    while (capacity < count * 2)
        capacity *= 2;
    ignis_mark mark = arena_mark(&in->scratch);
    uint32_t *table = arena_array(&in->scratch, capacity, sizeof(uint32_t));
    if (table == NULL) return refuse_scratch(in);
    uint64_t seed =
        ((uint64_t)(uintptr_t)in ^ (uint64_t)(uintptr_t)table << 20) * 0xd6e8feb86659fd93u;
    for (size_t i = 0; i < count; i++) {
        size_t place = (size_t)name_hash(&slots[i].member, seed) & (capacity - 1);
        for (; table[place] != 0; place = (place + 1) & (capacity - 1)) {
            const slot *other = &slots[table[place] - 1];
            if (names_equal(&other->member, &slots[i].member)) return fail_duplicate(in, &slots[i]);
        }
        table[place] = (uint32_t)i + 1;
    }
    arena_release(&in->scratch, mark);
    return IGNIS_OK;
}

static ignis_code check_names(reader *in, const slot *slots, size_t count)
{
    if (count > NAMES_COMPARED) return check_many_names(in, slots, count);
    for (size_t i = 1; i < count; i++) {
        for (size_t j = 0; j < i; j++) {
            if (names_equal(&slots[j].member, &slots[i].member)) {
                return fail_duplicate(in, &slots[i]);
            }
        }
    }
    return IGNIS_OK;
}

static bool is_raw(const reader *in, const json_member *member)
{
    return in->raw_name != NULL && member->name_size == in->raw_name_size &&
           memcmp(member->name, in->raw_name, in->raw_name_size) == 0;
}

static ignis_code read_member(reader *in)
{
    slot item;
    if (in->at == in->end || *in->at != '"') return fail_unexpected(in);
    item.name_position = (uint32_t)(in->at - in->data);
    IGNIS_TRY(read_string(in, &item.member.name, &item.member.name_size));
    skip_space(in);
    if (!take_either(in, ':', ':')) return fail_unexpected(in);
    skip_space(in);
    IGNIS_TRY(is_raw(in, &item.member) ? read_raw(in, &item.member.value)
                                       : read_value(in, &item.member.value));
    return push(in, &item);
}

static ignis_code read_object(reader *in, json *value)
{
    size_t base = in->slots_count;
    bool more;
    IGNIS_TRY(enter(in, '}', &more));
    while (more) {
        IGNIS_TRY(read_member(in));
        IGNIS_TRY(next(in, '}', &more));
    }
    in->depth--;

    size_t count = in->slots_count - base;
    const slot *slots = in->slots + base;
    if (!in->takes_doubles) IGNIS_TRY(check_names(in, slots, count));
    json_member *members = arena_array(in->memory, count, sizeof(json_member));
    if (members == NULL) return arena_code(in->memory);
    for (size_t i = 0; i < count; i++)
        members[i] = slots[i].member;
    in->slots_count = base;
    value->kind = JSON_OBJECT;
    value->count = count;
    value->as.members = members;
    return IGNIS_OK;
}

static ignis_code read_value(reader *in, json *value)
{
    if (in->at == in->end) return fail_unexpected(in);
    const char *start = in->at;
    *value = (json){.position = (uint32_t)(start - in->data)};
    ignis_code code;
    switch (*start) {
    case '{': code = read_object(in, value); break;
    case '[': code = read_array(in, value); break;
    case '"':
        value->kind = JSON_STRING;
        code = read_string(in, &value->as.text, &value->count);
        break;
    case 't':
    case 'f': code = read_boolean(in, value); break;
    case 'n': code = read_literal(in, "null"); break;
    default:
        if (*start != '-' && !char_is_digit(*start)) return fail_unexpected(in);
        code = read_number(in, value);
    }
    value->raw_size = (uint32_t)(in->at - start);
    return code;
}

/* ---- the whole text ---- */

static ignis_code read_text(reader *in, json *value)
{
    size_t size = (size_t)(in->end - in->data);
    if (size >= 3 && memcmp(in->data, "\xef\xbb\xbf", 3) == 0) {
        return fail(in, in->data, "a byte order mark");
    }
    skip_space(in);
    if (in->at == in->end) return fail(in, in->at, "an empty text");
    /* A number at the very end has nothing after it that pays for its NUL. */
    in->text = arena_alloc(in->memory, size + 1);
    if (in->text == NULL) return arena_code(in->memory);
    IGNIS_TRY(read_value(in, value));
    skip_space(in);
    return in->at == in->end ? IGNIS_OK : fail(in, in->at, "trailing text");
}

/* What the arena may still ask of the system is the bound of the scratch, too. */
static size_t scratch_max(const arena *memory)
{
    if (memory->total_max == 0) return 0;
    return memory->total < memory->total_max ? memory->total_max - memory->total : 1;
}

ignis_code json_read(arena *memory, const char *data, size_t size, const json_options *options,
                     const json **value, json_fault *fault)
{
    json_options bounds = {0};
    if (options != NULL) bounds = *options;
    if (bounds.depth_max == 0) bounds.depth_max = DEPTH_DEFAULT;
    if (bounds.depth_max > DEPTH_MAX) bounds.depth_max = DEPTH_MAX;
    if (bounds.size_max == 0) bounds.size_max = size_default;
    if (bounds.size_max > size_limit) bounds.size_max = size_limit;
    if (size > bounds.size_max) {
        *fault = (json_fault){.position = bounds.size_max, .message = "too long"};
        return IGNIS_E_LIMIT;
    }
    if (size == 0) data = "";

    slot slots[SLOTS_LOCAL];
    reader in = {.data = data,
                 .at = data,
                 .end = data + size,
                 .memory = memory,
                 .scratch = {.total_max = scratch_max(memory)},
                 .slots = slots,
                 .slots_capacity = SLOTS_LOCAL,
                 .slots_are_local = true,
                 .depth_max = bounds.depth_max,
                 .raw_name = bounds.raw_name,
                 .raw_name_size = bounds.raw_name == NULL ? 0 : strlen(bounds.raw_name),
                 .takes_doubles = bounds.takes_doubles,
                 .fault = fault};
    ignis_mark mark = arena_mark(memory);
    json *root = arena_alloc(memory, sizeof(json));
    ignis_code code = root == NULL ? arena_code(memory) : read_text(&in, root);
    arena_free(&in.scratch);
    if (code == IGNIS_OK) {
        *value = root;
    } else {
        arena_release(memory, mark);
    }
    return code;
}

ignis_code json_read_context(ignis_context *ctx, arena *memory, const char *data, size_t size,
                             const json_options *options, const json **value)
{
    json_fault fault = {0};
    ignis_code code = json_read(memory, data, size, options, value, &fault);
    if (code == IGNIS_OK) return code;
    /* Memory has no message. */
    if (fault.message == NULL) return context_fail_memory(ctx, memory);
    const char *format =
        code == IGNIS_E_LIMIT ? "JSON text is %s at byte %zu" : "invalid JSON text: %s at byte %zu";
    context_fail(ctx, code, format, fault.message, fault.position);
    context_position(ctx, fault.position);
    return code;
}

const json *json_get(const json *object, const char *name)
{
    if (object->kind != JSON_OBJECT) return NULL;
    size_t size = strlen(name);
    for (size_t i = 0; i < object->count; i++) {
        const json_member *member = &object->as.members[i];
        if (member->name_size == size && memcmp(member->name, name, size) == 0) {
            return &member->value;
        }
    }
    return NULL;
}

const char *json_kind_name(const json *value)
{
    switch (value->kind) {
    case JSON_NULL: return "null";
    case JSON_BOOLEAN: return "a boolean";
    case JSON_INTEGER:
    case JSON_NUMBER: return "a number";
    case JSON_STRING: return "a string";
    case JSON_ARRAY: return "a list";
    case JSON_OBJECT: return "an object";
    case JSON_BYTES: return "bytes";
    case JSON_DATE: return "a date";
    case JSON_TIME: return "a timestamp";
    case JSON_RAW: break;
    }
    return "a value";
}
