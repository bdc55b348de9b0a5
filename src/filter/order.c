#include "filter/filter.h"

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f';
}

typedef struct word {
    const char *text;
    size_t size;
} word;

static bool word_is(word w, const char *upper)
{
    if (strlen(upper) != w.size) return false;
    for (size_t i = 0; i < w.size; i++) {
        char c = w.text[i];
        if (c >= 'a' && c <= 'z') c = (char)(c - 'a' + 'A');
        if (c != upper[i]) return false;
    }
    return true;
}

/* The words of one element, at most four and one more that tells of too many. */
static size_t words_split(const json *element, word words[5])
{
    const char *at = element->as.text;
    const char *end = at + element->count;
    size_t count = 0;
    while (count < 5) {
        while (at < end && is_space(*at))
            at++;
        if (at == end) break;
        words[count].text = at;
        while (at < end && !is_space(*at))
            at++;
        words[count].size = (size_t)(at - words[count].text);
        count++;
    }
    return count;
}

static ignis_code order_fail(filter_reader *reader, const json *element)
{
    char quoted[CONTEXT_QUOTE_SIZE];
    return context_fail(reader->ctx, IGNIS_E_INVALID,
                        "invalid order '%s': expected \"property [ASC|DESC] [NULLS FIRST|LAST]\"",
                        context_quote(quoted, element->as.text, element->count));
}

static ignis_code element_read(filter_reader *reader, const model_entity *entity,
                               const json *element, filter_order *order)
{
    if (element->kind != JSON_STRING) {
        return context_fail(reader->ctx, IGNIS_E_INVALID, "an order is text, not %s",
                            json_kind_name(element));
    }
    word words[5];
    size_t count = words_split(element, words);
    if (count == 0 || count > 4) return order_fail(reader, element);
    size_t at = 1;
    if (at < count && (word_is(words[at], "ASC") || word_is(words[at], "DESC"))) {
        order->descending = word_is(words[at], "DESC");
        at++;
    }
    if (at < count) {
        if (count - at != 2 || !word_is(words[at], "NULLS")) return order_fail(reader, element);
        if (word_is(words[at + 1], "FIRST")) {
            order->nulls = FILTER_NULLS_FIRST;
        } else if (word_is(words[at + 1], "LAST")) {
            order->nulls = FILTER_NULLS_LAST;
        } else {
            return order_fail(reader, element);
        }
    }
    return filter_column_read(reader, entity, words[0].text, words[0].size, &order->column);
}

ignis_code filter_order_read(filter_reader *reader, const model_entity *entity, const json *value,
                             const filter_order **order, size_t *order_count)
{
    if (value->kind != JSON_ARRAY) {
        context_fail(reader->ctx, IGNIS_E_INVALID, "order is a list, not %s",
                     json_kind_name(value));
        return context_path(reader->ctx, "order");
    }
    if (filter_list_check(reader, value->count) != IGNIS_OK) {
        return context_path(reader->ctx, "order");
    }
    filter_order *made = arena_array(reader->memory, value->count, sizeof(*made));
    if (!made) return context_fail_memory(reader->ctx, reader->memory);
    for (size_t i = 0; i < value->count; i++) {
        if (element_read(reader, entity, &value->as.items[i], &made[i]) != IGNIS_OK) {
            return context_path(reader->ctx, "order[%zu]", i);
        }
    }
    *order = made;
    *order_count = value->count;
    return IGNIS_OK;
}
