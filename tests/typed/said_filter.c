#include "typed/said.h"

#include "model/model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <strings.h>

#include <cmocka.h>

/* ---- names ---- */

static bool is_named(arena *memory, const char *name, const char *member, const char *property)
{
    if (!name) name = names_camel(memory, member);
    assert_non_null(name);
    return strcmp(name, property) == 0;
}

const ignis_column *said_column(arena *memory, const ignis_model *model, const char *property)
{
    for (const ignis_column *column = model->columns.items; column->member; column++)
        if (is_named(memory, column->name, column->member, property)) return column;
    return NULL;
}

const ignis_relation *said_relation(arena *memory, const ignis_model *model, const char *property)
{
    const ignis_relation *relation = model->relations.items;
    for (; relation && relation->member; relation++)
        if (is_named(memory, relation->name, relation->member, property)) return relation;
    return NULL;
}

const char *said_member(said *to, const ignis_model *model, const char *property)
{
    const ignis_column *column = said_column(to->memory, model, property);
    const ignis_relation *relation = said_relation(to->memory, model, property);
    if (column) return column->member;
    if (relation) return relation->member;
    text name;
    text_init(&name, to->memory, 0);
    text_format(&name, "no member %s", property);
    const char *written = text_finish(&name);
    assert_non_null(written);
    return written;
}

/* ---- fields ---- */

/* The members that are true, or without any the exclusion of those that are false. */
static ignis_members fields_object(said *to, const ignis_model *model, const json *given)
{
    const char **names = said_make(to, given->count, sizeof(*names));
    ignis_members made = {.model = model, .items = names};
    bool has_true = false;
    for (size_t i = 0; i < given->count; i++) {
        if (given->as.members[i].value.kind != JSON_BOOLEAN) said_refuse(to, SAID_NOT_BY_SHAPE);
        has_true = has_true || given->as.members[i].value.boolean;
    }
    made.is_exclusion = !has_true;
    for (size_t i = 0; i < given->count; i++) {
        const json_member *member = &given->as.members[i];
        if (member->value.boolean != has_true) to->counts_differ = true;
        if (member->value.boolean == has_true)
            names[made.count++] = said_member(to, model, member->name);
    }
    return made;
}

static ignis_members fields_of(said *to, const ignis_model *model, const json *given)
{
    if (given->kind == JSON_OBJECT) return fields_object(to, model, given);
    const char **names = said_make(to, given->count, sizeof(*names));
    ignis_members made = {.model = model, .items = names, .count = given->count};
    for (size_t i = 0; given->kind == JSON_ARRAY && i < given->count; i++) {
        const json *name = &given->as.items[i];
        if (name->kind == JSON_STRING) names[i] = said_member(to, model, name->as.text);
        if (name->kind != JSON_STRING) said_refuse(to, SAID_NOT_BY_SHAPE);
    }
    if (given->kind != JSON_ARRAY) said_refuse(to, SAID_NOT_BY_SHAPE);
    return made;
}

/* ---- order ---- */

/* The next word behind *at. false: there is none. */
static bool word_next(said *to, const char **at, const char **word)
{
    *at += strspn(*at, " \t\n\r");
    size_t size = strcspn(*at, " \t\n\r");
    *word = arena_copy(to->memory, *at, size);
    assert_non_null(*word);
    *at += size;
    return size > 0;
}

static bool direction_take(ignis_order *made, const char *word)
{
    made->descending = strcasecmp(word, "DESC") == 0;
    return made->descending || strcasecmp(word, "ASC") == 0;
}

/* What follows the property: [ASC|DESC] [NULLS FIRST|LAST]. */
static bool order_words(said *to, ignis_order *made, const char *at)
{
    const char *word;
    if (!word_next(to, &at, &word)) return true;
    if (direction_take(made, word) && !word_next(to, &at, &word)) return true;
    if (strcasecmp(word, "NULLS") != 0 || !word_next(to, &at, &word)) return false;
    bool is_first = strcasecmp(word, "FIRST") == 0;
    made->nulls = is_first ? IGNIS_NULLS_FIRST : IGNIS_NULLS_LAST;
    return (is_first || strcasecmp(word, "LAST") == 0) && !word_next(to, &at, &word);
}

static ignis_order order_of(said *to, const ignis_model *model, const json *given)
{
    ignis_order made = {.model = model, .member = ""};
    const char *name;
    const char *at = given->kind == JSON_STRING ? given->as.text : "";
    if (!word_next(to, &at, &name) || !order_words(to, &made, at)) {
        said_refuse(to, SAID_NOT_BY_SHAPE);
        return made;
    }
    size_t size = strcspn(name, ".[");
    made.member = said_member(to, model, arena_copy(to->memory, name, size));
    if (name[size]) made.path = name[size] == '.' ? name + size + 1 : name + size;
    return made;
}

static ignis_orders orders_of(said *to, const ignis_model *model, const json *given)
{
    ignis_order *items = said_make(to, given->count, sizeof(*items));
    if (given->kind != JSON_ARRAY) {
        said_refuse(to, SAID_NOT_BY_SHAPE);
        return IGNIS_NO_ORDER;
    }
    for (size_t i = 0; i < given->count; i++)
        items[i] = order_of(to, model, &given->as.items[i]);
    return IGNIS_ORDER_OF(items, given->count);
}

/* ---- include ---- */

static ignis_inclusion inclusion_of(said *to, const ignis_model *model, const json *given)
{
    const json *name = given->kind == JSON_OBJECT ? json_get(given, "relation") : given;
    const json *scope = given->kind == JSON_OBJECT ? json_get(given, "scope") : NULL;
    const json *skip =
        given->kind == JSON_OBJECT ? json_get(given, "shouldSkipDefaultFilter") : NULL;
    size_t known = 1 + (size_t)(scope != NULL) + (size_t)(skip != NULL);
    ignis_inclusion made = {.model = model};
    if (!name || name->kind != JSON_STRING ||
        (given->kind == JSON_OBJECT && given->count != known) ||
        (skip && skip->kind != JSON_BOOLEAN)) {
        said_refuse(to, SAID_NOT_BY_SHAPE);
        return made;
    }
    const ignis_relation *relation = said_relation(to->memory, model, name->as.text);
    made.member = said_member(to, model, name->as.text);
    if (!relation || (!scope && !skip)) return made;
    ignis_options *options = said_make(to, 1, sizeof(*options));
    *options = (ignis_options){.struct_size = sizeof(*options),
                               .skip_default_filter = skip && skip->boolean};
    made.scope = said_filter(to, relation->target, scope, options);
    return made;
}

static ignis_inclusions include_of(said *to, const ignis_model *model, const json *given)
{
    ignis_inclusion *items = said_make(to, given->count, sizeof(*items));
    if (given->kind != JSON_ARRAY) {
        said_refuse(to, SAID_NOT_BY_SHAPE);
        return IGNIS_NO_INCLUDE;
    }
    for (size_t i = 0; i < given->count; i++)
        items[i] = inclusion_of(to, model, &given->as.items[i]);
    return IGNIS_INCLUDE_OF(items, given->count);
}

/* ---- filters ---- */

static ignis_bound bound_of(said *to, const json *given)
{
    int64_t value = 0;
    if (given->kind == JSON_INTEGER) return IGNIS_LIMIT(given->integer);
    if (given->kind != JSON_STRING || !number_integer(given->as.text, given->count, &value))
        said_refuse(to, SAID_NOT_BY_SHAPE);
    return IGNIS_LIMIT(value);
}

static void part_take(said *to, const ignis_model *model, const json_member *part,
                      ignis_filter *made)
{
    const char *name = part->name;
    const json *value = &part->value;
    if (value->kind == JSON_NULL) return;
    if (strcmp(name, "where") == 0) {
        made->where = said_where(to, model, value);
    } else if (strcmp(name, "fields") == 0) {
        made->fields = fields_of(to, model, value);
    } else if (strcmp(name, "order") == 0) {
        made->order = orders_of(to, model, value);
    } else if (strcmp(name, "limit") == 0) {
        made->limit = bound_of(to, value);
    } else if (strcmp(name, "skip") == 0) {
        made->skip = bound_of(to, value);
    } else if (strcmp(name, "offset") == 0) {
        if (!made->skip.is_set) made->skip = bound_of(to, value);
    } else if (strcmp(name, "include") == 0) {
        made->include = include_of(to, model, value);
    } else {
        said_refuse(to, SAID_NOT_BY_SHAPE);
    }
}

/* C has one word for skip and offset: what is wrong with an offset beside a skip cannot be said. */
static bool is_wrong_beside_skip(const json *given)
{
    const json *offset = json_get(given, "offset");
    bool is_right = !offset || offset->kind == JSON_NULL ||
                    (offset->kind == JSON_INTEGER && offset->integer >= 0);
    return json_get(given, "skip") && !is_right;
}

const ignis_filter *said_filter(said *to, const ignis_model *model, const json *given,
                                const ignis_options *options)
{
    ignis_filter *made = said_make(to, 1, sizeof(*made));
    *made = (ignis_filter){.struct_size = sizeof(*made), .options = options};
    if (!given || given->kind == JSON_NULL) return made;
    if (given->kind != JSON_OBJECT) said_refuse(to, SAID_NOT_BY_SHAPE);
    if (is_wrong_beside_skip(given)) said_refuse(to, SAID_NOT_BY_SHAPE);
    for (size_t i = 0; given->kind == JSON_OBJECT && i < given->count; i++)
        part_take(to, model, &given->as.members[i], made);
    return made;
}
