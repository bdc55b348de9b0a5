/* Columns by the names that filters give them, and JSON paths: what lies at a path is a column of its
   own, made for the place that names it. */
#include "filter/filter.h"

enum {
    STEPS_MAX = 128, /* as deep as documents are read */
    PATH_SIZE_MAX = 1024
};

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

size_t filter_step_size(const char *rest, size_t size)
{
    size_t i = 0;
    if (size > 0 && char_is_digit(rest[0])) {
        while (i < size && char_is_digit(rest[i]))
            i++;
        return i;
    }
    while (i < size &&
           (is_letter(rest[i]) || (i > 0 && (char_is_digit(rest[i]) || rest[i] == '-'))))
        i++;
    return i;
}

static bool is_null(const char *step, size_t size)
{
    static const char word[] = "null";
    for (size_t i = 0; i < size && size == 4; i++) {
        if ((step[i] | 0x20) != word[i]) return false;
    }
    return size == 4;
}

/* A step of a text[]: the grammar leaves nothing to quote but the word NULL. */
static void step_write(text *out, const char *step, size_t size)
{
    bool is_quoted = is_null(step, size);
    if (out->size > 1) text_char(out, ',');
    if (is_quoted) text_char(out, '"');
    text_append(out, step, size);
    if (is_quoted) text_char(out, '"');
}

/* Writes the steps of rest, one or more of .c and [c]. 0: it is something else. */
static size_t steps_write(text *out, const char *rest, size_t size)
{
    size_t at = 0;
    size_t count = 0;
    while (at < size) {
        bool is_bracket = rest[at] == '[';
        if (!is_bracket && rest[at] != '.') return 0;
        at++;
        size_t step = filter_step_size(rest + at, size - at);
        if (step == 0) return 0;
        step_write(out, rest + at, step);
        at += step;
        count++;
        if (is_bracket && (at == size || rest[at++] != ']')) return 0;
    }
    return count;
}

static ignis_code column_copy(filter_reader *reader, const model_column *column,
                              model_column **copied)
{
    model_column *made = arena_array(reader->memory, 1, sizeof(*made));
    if (!made) return context_fail_memory(reader->ctx, reader->memory);
    *made = *column;
    *copied = made;
    return IGNIS_OK;
}

/* What lies at the path of a document column, as a document. */
static ignis_code place_make(filter_reader *reader, const model_column *base, const char *path,
                             const model_column **place)
{
    model_column *made = NULL;
    IGNIS_TRY(column_copy(reader, base, &made));
    made->base = base;
    made->path = path;
    made->type = (ignis_value_type){.type = IGNIS_TYPE_JSONB};
    if (!filter_place_is_whole(made)) made->not_null = false;
    *place = made;
    return IGNIS_OK;
}

bool filter_place_is_whole(const model_column *place)
{
    return strcmp(place->path, "{}") == 0;
}

ignis_code filter_place_as(filter_reader *reader, const model_column *place, ignis_type type,
                           const model_column **as)
{
    model_column *made = NULL;
    IGNIS_TRY(column_copy(reader, place, &made));
    made->type = (ignis_value_type){.type = type};
    *as = made;
    return IGNIS_OK;
}

static ignis_code path_read(filter_reader *reader, const model_column *base, const char *name,
                            size_t size, const model_column **place)
{
    char quoted[CONTEXT_QUOTE_SIZE];
    const char *rest = name + base->name_size;
    size_t rest_size = size - base->name_size;
    text path;
    context_quote(quoted, name, size);
    if (!model_column_is_document(base)) {
        return context_fail(reader->ctx, IGNIS_E_INVALID,
                            "'%s' is a path into '%s', which holds no JSON", quoted, base->name);
    }
    if (rest_size > PATH_SIZE_MAX) {
        return context_fail(reader->ctx, IGNIS_E_LIMIT, "a JSON path of more than %d bytes",
                            PATH_SIZE_MAX);
    }
    text_init(&path, reader->memory, 0);
    text_char(&path, '{');
    size_t count = steps_write(&path, rest, rest_size);
    text_char(&path, '}');
    if (count == 0) {
        return context_fail(reader->ctx, IGNIS_E_INVALID, "'%s' is no JSON path", quoted);
    }
    if (count > STEPS_MAX) {
        return context_fail(reader->ctx, IGNIS_E_LIMIT, "a JSON path of more than %d steps",
                            STEPS_MAX);
    }
    const char *written = text_finish(&path);
    if (!written) return context_fail_memory(reader->ctx, reader->memory);
    return place_make(reader, base, written, place);
}

ignis_code filter_column_read(filter_reader *reader, const model_entity *entity, const char *name,
                              size_t size, const model_column **column)
{
    bool is_public = !reader->policy->trusted;
    size_t head = 0;
    while (head < size && name[head] != '.' && name[head] != '[')
        head++;
    const model_column *found = model_column_get(entity, name, head);
    bool is_known = found && !(found->hidden && is_public);
    if (is_known && head < size) return path_read(reader, found, name, size, column);
    if (is_known && model_column_is_document(found)) return place_make(reader, found, "{}", column);
    *column = found;
    if (is_known) return IGNIS_OK;
    char quoted[CONTEXT_QUOTE_SIZE];
    context_quote(quoted, name, size);
    if (model_relation_get(entity, name, size)) {
        return context_fail(reader->ctx, IGNIS_E_INVALID,
                            "'%s' is a relation of %s; only properties can be named here", quoted,
                            entity->name);
    }
    context_fail(reader->ctx, IGNIS_E_INVALID, "unknown property '%s' of %s", quoted, entity->name);
    context_hint(reader->ctx, model_column_nearest(entity, name, head, is_public));
    return IGNIS_E_INVALID;
}
