#include "property/draw.h"
#include "property/trial.h"

#include <stdio.h>
#include <string.h>

enum { DEPTH_MAX = 3, WHERE_DEPTH = 2, TRIES_MAX = 30 };

static const naive_json *order_term(draw *d, const naive_model *model)
{
    static const char *const forms[] = {"%s",
                                        "%s ASC",
                                        "%s DESC",
                                        "%s desc",
                                        " %s  Asc ",
                                        "%s DESC",
                                        "%s desc",
                                        "%s NULLS FIRST",
                                        "%s desc nulls last",
                                        "%s ASC NULLS FIRST",
                                        "%s\tDESC NULLS FIRST"};
    char text[256];
    const char *name = draw_place(d, model)->text;
    const char *form = forms[draw_below(&d->random, 11)];
    const char *at = strstr(form, "%s");
    (void)snprintf(text, sizeof(text), "%.*s%.160s%s", (int)(at - form), form, name, at + 2);
    return naive_text(d->memory, text);
}

static naive_json *order_draw(draw *d, const naive_model *model)
{
    naive_json *list = naive_make(d->memory, NAIVE_LIST);
    for (size_t i = 1 + draw_below(&d->random, 3); i > 0; i--)
        naive_add(d->memory, list, naive_copy(d->memory, order_term(d, model)));
    return list;
}

static naive_json *fields_draw(draw *d, const naive_model *model)
{
    size_t form = draw_below(&d->random, 10);
    naive_json *made = naive_make(d->memory, form < 5 ? NAIVE_LIST : NAIVE_OBJECT);
    for (size_t i = 0; i < model->columns_count && draw_below(&d->random, 30) > 0; i++) {
        const char *name = model->columns[i].name;
        if (!draw_chance(&d->random, 40)) continue;
        if (made->kind == NAIVE_LIST)
            naive_add(d->memory, made, naive_text(d->memory, name));
        else
            naive_set(d->memory, made, name,
                      naive_boolean(d->memory, form == 9 ? draw_chance(&d->random, 50) : form < 7));
    }
    return made;
}

static naive_json *number_draw(draw *d, bool is_limit)
{
    static const char *const limits[] = {"1", "1",  "2",     "3",    "5",
                                         "0", "10", "\"2\"", "1000", "9223372036854775807"};
    static const char *const skips[] = {"1", "1", "0", "2", "3", "\"1\"", "100", "5", "2", "1"};
    return naive_parse(d->memory, (is_limit ? limits : skips)[draw_below(&d->random, 10)]);
}

static void counts_draw(draw *d, const naive_model *model, naive_json *filter)
{
    bool has_limit = draw_chance(&d->random, 30);
    bool has_skip = draw_chance(&d->random, 15);
    if (has_limit) naive_set(d->memory, filter, "limit", number_draw(d, true));
    if (has_skip)
        naive_set(d->memory, filter, draw_chance(&d->random, 60) ? "skip" : "offset",
                  number_draw(d, false));
    if (has_skip && draw_chance(&d->random, 5))
        naive_set(d->memory, filter, "offset", number_draw(d, false));
    if ((has_limit || has_skip || model->limit_max >= 0) && !draw_chance(&d->random, 10))
        naive_set(d->memory, filter, "order", order_draw(d, model));
}

static void hostile_set(draw *d, naive_json *filter)
{
    static const struct {
        const char *name;
        const char *json;
    } parts[] = {{"limit", "-1"},
                 {"limit", "1.5"},
                 {"skip", "\"x\""},
                 {"limit", "true"},
                 {"offset", "9223372036854775808"},
                 {"where", "[]"},
                 {"where", "5"},
                 {"fields", "[\"nope\"]"},
                 {"fields", "{\"id\":1}"},
                 {"fields", "\"id\""},
                 {"order", "\"id\""},
                 {"order", "[\"id SIDEWAYS\"]"},
                 {"order", "[\"\"]"},
                 {"order", "[\"nope\"]"},
                 {"order", "[\"id NULLS\"]"},
                 {"order", "[\"id ASC; DROP TABLE x\"]"},
                 {"order", "[1]"},
                 {"include", "[\"nope\"]"},
                 {"include", "\"one1\""},
                 {"include", "[{\"relation\":\"one1\",\"other\":1}]"},
                 {"include", "[5]"},
                 {"unknown", "1"},
                 {"where", "null"},
                 {"order", "[]"},
                 {"include", "[]"},
                 {"fields", "{}"}};
    size_t chosen = draw_below(&d->random, sizeof(parts) / sizeof(parts[0]));
    naive_set(d->memory, filter, parts[chosen].name, naive_parse(d->memory, parts[chosen].json));
}

static void includes_draw(draw *d, const naive_world *world, const naive_model *model,
                          naive_json *filter, size_t depth)
{
    naive_json *list = naive_make(d->memory, NAIVE_LIST);
    for (size_t i = 0; i < model->relations_count; i++) {
        const naive_relation *relation = &model->relations[i];
        if (!draw_chance(&d->random, depth == 0 ? 35 : 25)) continue;
        if (draw_chance(&d->random, 30)) {
            naive_add(d->memory, list, naive_text(d->memory, relation->name));
            continue;
        }
        naive_json *item = naive_make(d->memory, NAIVE_OBJECT);
        naive_set(d->memory, item, "relation", naive_text(d->memory, relation->name));
        naive_set(d->memory, item, "scope",
                  draw_filter(d, world, &world->models[relation->model], depth + 1));
        if (draw_chance(&d->random, 15))
            naive_set(d->memory, item, "shouldSkipDefaultFilter", naive_boolean(d->memory, true));
        naive_add(d->memory, list, item);
    }
    if (list->count > 0 && draw_chance(&d->random, 1))
        naive_add(d->memory, list, naive_copy(d->memory, list->items[0]));
    if (list->count > 0) naive_set(d->memory, filter, "include", list);
}

naive_json *draw_filter(draw *d, const naive_world *world, const naive_model *model, size_t depth)
{
    naive_json *filter = naive_make(d->memory, NAIVE_OBJECT);
    bool is_hostile = draw_chance(&d->random, depth == 0 ? 4 : 1);
    if (draw_chance(&d->random, depth == 0 ? 80 : 40))
        naive_set(d->memory, filter, "where", draw_where(d, model, WHERE_DEPTH, is_hostile));
    if (draw_chance(&d->random, 20)) naive_set(d->memory, filter, "fields", fields_draw(d, model));
    if (draw_chance(&d->random, 40)) naive_set(d->memory, filter, "order", order_draw(d, model));
    counts_draw(d, model, filter);
    if (depth < DEPTH_MAX) includes_draw(d, world, model, filter, depth);
    if (is_hostile && draw_chance(&d->random, 50)) hostile_set(d, filter);
    return filter;
}

/* What a default filter says is written in statements. */
static bool has_mark(draw *d, const naive_json *where)
{
    const char *written = naive_write(d->memory, where);
    return strstr(written, TRIAL_MARK) || strstr(written, TRIAL_NUMBER);
}

/* A condition with a value of the context, which rarely is missing. */
static void context_add(draw *d, const naive_model *model, naive_json *where)
{
    static const char *const singles[] = {"eq", "ne", "gt", "gte", "lt", "lte", "ne", "gte"};
    static const char *const lists[] = {"in", "nin"};
    static const char *const sets[] = {"contains", "overlaps", "containedBy"};
    const naive_column *column = &model->columns[draw_below(&d->random, model->columns_count)];
    char name[32];
    if (column->type >= NAIVE_TYPE_JSON) return;
    size_t form = draw_below(&d->random, 100);
    bool is_list = column->is_array || form < 30;
    (void)snprintf(name, sizeof(name), "%s%s", naive_type_names[column->type], is_list ? "s" : "");
    if (draw_chance(&d->random, 6)) (void)snprintf(name, sizeof(name), "null");
    if (draw_chance(&d->random, 4)) (void)snprintf(name, sizeof(name), "missing");
    naive_json *given = naive_make(d->memory, NAIVE_OBJECT);
    naive_set(d->memory, given, "$context", naive_text(d->memory, name));
    naive_json *operation = naive_make(d->memory, NAIVE_OBJECT);
    const char *op = column->is_array ? sets[draw_below(&d->random, 3)]
                     : is_list        ? lists[draw_below(&d->random, 2)]
                                      : singles[draw_below(&d->random, 8)];
    naive_set(d->memory, operation, op, given);
    naive_set(d->memory, where, column->name, !is_list && form < 50 ? given : operation);
}

naive_json *draw_default_filter(draw *d, const naive_world *world, const naive_model *model)
{
    naive_json *filter = naive_make(d->memory, NAIVE_OBJECT);
    for (int tries = 0; tries < TRIES_MAX; tries++) {
        naive_json *where = draw_where(d, model, 1, false);
        if (!naive_where_read(d->memory, model, where)) continue;
        if (draw_chance(&d->random, 40)) context_add(d, model, where);
        const naive_json *filled = naive_context_fill(d->memory, where);
        const naive_condition *condition =
            filled ? naive_where_read(d->memory, model, filled) : NULL;
        size_t kept = 0;
        for (size_t i = 0; condition && i < model->rows_count; i++)
            kept += naive_where_test(d->memory, condition, &model->rows[i]) == NAIVE_YES;
        if (filled && (!condition || kept * 3 < model->rows_count)) continue;
        if (has_mark(d, where)) continue;
        naive_set(d->memory, filter, "where", where);
        break;
    }
    if (draw_chance(&d->random, 40)) naive_set(d->memory, filter, "order", order_draw(d, model));
    if (draw_chance(&d->random, 20)) {
        naive_set(d->memory, filter, "order", order_draw(d, model));
        naive_set(d->memory, filter, "limit", number_draw(d, true));
    }
    if (draw_chance(&d->random, 10)) naive_set(d->memory, filter, "skip", number_draw(d, false));
    if (draw_chance(&d->random, 15)) {
        naive_json *fields = naive_make(d->memory, NAIVE_LIST);
        for (size_t i = 0; i < model->columns_count; i++)
            if (i == 0 || draw_chance(&d->random, 50))
                naive_add(d->memory, fields, naive_text(d->memory, model->columns[i].name));
        naive_set(d->memory, filter, "fields", fields);
    }
    for (size_t i = 0; i < model->relations_count && draw_chance(&d->random, 20); i++) {
        const naive_relation *relation = &model->relations[i];
        if (&world->models[relation->model] <= model) continue;
        naive_json *list = naive_make(d->memory, NAIVE_LIST);
        naive_add(d->memory, list, naive_text(d->memory, relation->name));
        naive_set(d->memory, filter, "include", list);
        break;
    }
    return filter;
}

/* ---- calls ---- */

static naive_json *id_draw(draw *d, const naive_model *model)
{
    naive_json *object = naive_make(d->memory, NAIVE_OBJECT);
    size_t chosen = model->rows_count > 0 ? draw_below(&d->random, model->rows_count) : 0;
    for (size_t i = 0; i < model->columns_count; i++) {
        const naive_column *column = &model->columns[i];
        if (!column->is_key) continue;
        bool is_known = model->rows_count > 0 && draw_chance(&d->random, 90);
        naive_json *value =
            is_known ? naive_value_show(d->memory, column, &model->rows[chosen].values[i])
                     : draw_value(d, column);
        if (draw_chance(&d->random, 15)) value = draw_disguise(d, column, value);
        naive_set(d->memory, object, column->name, value);
    }
    return object->count == 1 ? object->items[0] : object;
}

static void option_draw(draw *d, naive_json *options, const char *name, size_t percent)
{
    if (draw_chance(&d->random, percent))
        naive_set(d->memory, options, name, naive_boolean(d->memory, true));
}

/* The outside's policy, or one with bounds that many filters exceed. */
static naive_policy policy_draw(draw *d)
{
    if (draw_chance(&d->random, 80)) return naive_trusted;
    if (draw_chance(&d->random, 50)) return naive_public;
    return (naive_policy){.name = "bounded",
                          .is_public = draw_chance(&d->random, 60),
                          .allows_regexp = draw_chance(&d->random, 50),
                          .include_depth_max = 1 + draw_below(&d->random, 3),
                          .includes_max = draw_below(&d->random, 5),
                          .where_depth_max = draw_below(&d->random, 4),
                          .conditions_max = draw_below(&d->random, 7),
                          .list_max = draw_chance(&d->random, 30) ? 4 : 0,
                          .limit_max = (int64_t)draw_below(&d->random, 4)};
}

draw_call draw_call_of(draw *d, const naive_world *world)
{
    static const char *const methods[] = {"findOne", "findById", "count", "existsWith"};
    const naive_model *model = &world->models[draw_below(&d->random, world->models_count)];
    for (int i = 0; i < 3 && model->rows_count < 2; i++)
        model = &world->models[draw_below(&d->random, world->models_count)];
    size_t method = draw_below(&d->random, 20);
    draw_call call = {.policy = policy_draw(d),
                      .model = model->name,
                      .method = method < 4 ? methods[method] : "find"};
    naive_json *arguments = naive_make(d->memory, NAIVE_OBJECT);
    naive_json *options = naive_make(d->memory, NAIVE_OBJECT);
    naive_json *filter = draw_filter(d, world, model, 0);
    option_draw(d, options, "shouldSkipDefaultFilter", 15);
    if (method >= 4) option_draw(d, options, "shouldQueryRange", 10);
    if (!naive_get(filter, "include")) option_draw(d, options, "withHidden", method >= 4 ? 8 : 0);
    if (method == 2 || method == 3) {
        naive_json *where = naive_get(filter, "where");
        if (where) naive_set(d->memory, arguments, "where", where);
    } else {
        naive_set(d->memory, arguments, "filter", filter);
    }
    if (method == 1) naive_set(d->memory, arguments, "id", id_draw(d, model));
    if (options->count > 0) naive_set(d->memory, arguments, "options", options);
    call.arguments = arguments;
    return call;
}
