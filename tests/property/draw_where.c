#include "property/draw.h"

#include <stdio.h>
#include <string.h>

enum { PLACE_MAX = 160, STEPS_MAX = 3, OPERANDS_MAX = 4 };

/* What a condition is about: a column, or a path and what a row has there. */
typedef struct subject {
    const naive_model *model;
    const naive_column *column;
    size_t index;
    bool is_path;
    const naive_json *sample; /* of some row at the path; NULL: nothing */
    const char *name;
} subject;

static const char *choose(draw *d, const char *const *words, size_t count)
{
    return words[draw_below(&d->random, count)];
}

/* ---- places ---- */

static const naive_value *value_of_some_row(draw *d, const naive_model *model, size_t index)
{
    for (int tries = 0; tries < 3 && model->rows_count > 0; tries++) {
        const naive_row *row = &model->rows[draw_below(&d->random, model->rows_count)];
        if (!row->values[index].is_null) return &row->values[index];
    }
    return NULL;
}

/* A path that most documents have. */
static bool usual_path_draw(draw *d, subject *s, char *out, size_t size)
{
    static const struct {
        const char *text;
        const char *steps[3];
    } paths[] = {{".n", {"n"}},
                 {"[n]", {"n"}},
                 {".a", {"a"}},
                 {".tags", {"tags"}},
                 {".tags", {"tags"}},
                 {".deep.x_1", {"deep", "x_1"}},
                 {"[deep].list", {"deep", "list"}}};
    if (draw_chance(&d->random, 40)) return false;
    size_t chosen = draw_below(&d->random, sizeof(paths) / sizeof(paths[0]));
    (void)snprintf(out + strlen(out), size - strlen(out), "%s", paths[chosen].text);
    for (size_t i = 0; i < 3 && paths[chosen].steps[i]; i++)
        s->sample = naive_get(s->sample, paths[chosen].steps[i]);
    return true;
}

/* Mostly follows the document of some row. */
static void path_draw(draw *d, subject *s, char *out, size_t size)
{
    size_t steps = 1 + draw_below(&d->random, STEPS_MAX);
    for (size_t i = 0; i < steps; i++) {
        char step[24];
        const naive_json *at = s->sample;
        bool follows = at && at->count > 0 && draw_chance(&d->random, 85);
        if (i > 0 && !follows && draw_chance(&d->random, 80)) return;
        size_t index = follows ? draw_below(&d->random, at->count) : 0;
        if (follows && at->kind == NAIVE_OBJECT)
            (void)snprintf(step, sizeof(step), "%s", at->names[index]);
        else if (follows)
            (void)snprintf(step, sizeof(step), "%d", (int)index);
        else
            (void)snprintf(step, sizeof(step), "%s", draw_member(d));
        s->sample = follows ? at->items[index] : at ? naive_get(at, step) : NULL;
        size_t used = strlen(out);
        bool has_brackets = draw_chance(&d->random, 25);
        (void)snprintf(out + used, size - used, has_brackets ? "[%s]" : ".%s", step);
    }
}

static subject subject_draw(draw *d, const naive_model *model)
{
    char name[PLACE_MAX];
    subject s = {.model = model, .index = draw_below(&d->random, model->columns_count)};
    for (size_t i = 0; i < model->columns_count && draw_chance(&d->random, 30); i++)
        if (model->columns[i].type >= NAIVE_TYPE_JSON) s.index = i;
    s.column = &model->columns[s.index];
    (void)snprintf(name, sizeof(name), "%s", s.column->name);
    s.is_path =
        !s.column->is_array && s.column->type >= NAIVE_TYPE_JSON && draw_chance(&d->random, 75);
    if (s.is_path) {
        const naive_value *value = value_of_some_row(d, model, s.index);
        s.sample = value ? value->document : NULL;
        if (!usual_path_draw(d, &s, name, sizeof(name))) path_draw(d, &s, name, sizeof(name));
    }
    s.name = naive_bytes(d->memory, name, strlen(name));
    return s;
}

naive_json *draw_place(draw *d, const naive_model *model)
{
    return naive_text(d->memory, subject_draw(d, model).name);
}

/* ---- operands ---- */

static naive_json *path_operand(draw *d, const subject *s)
{
    const naive_json *sample = s->sample;
    if (draw_chance(&d->random, 20))
        return naive_number(d->memory, choose(d, (const char *const[]){"1", "2.5", "10", "-3"}, 4));
    if (!sample || sample->kind == NAIVE_NULL || draw_chance(&d->random, 30)) {
        naive_json *made = draw_document(d, draw_chance(&d->random, 10) ? 2 : 0);
        return made->kind == NAIVE_NULL ? naive_integer(d->memory, 1) : made;
    }
    naive_json *made = naive_copy(d->memory, sample);
    if (!draw_chance(&d->random, 30)) return made;
    if (made->kind == NAIVE_NUMBER)
        return naive_text(d->memory, naive_decimal_plain(d->memory, made->text));
    if (made->kind == NAIVE_TEXT && naive_decimal_read(made->text, made->size) &&
        !strchr("+.", *made->text))
        return naive_number(d->memory, made->text);
    return made->kind >= NAIVE_LIST ? naive_text(d->memory, naive_document_print(d->memory, made))
                                    : made;
}

static naive_json *element_operand(draw *d, const subject *s)
{
    naive_column element = naive_element(s->column);
    const naive_value *value = value_of_some_row(d, s->model, s->index);
    naive_json *made = NULL;
    if (!s->column->is_array && value && draw_chance(&d->random, 75))
        made = naive_value_show(d->memory, s->column, value);
    if (s->column->is_array && value && value->count > 0 && draw_chance(&d->random, 75))
        made = naive_value_show(d->memory, &element,
                                &value->items[draw_below(&d->random, value->count)]);
    if (!made || made->kind == NAIVE_NULL) made = draw_value(d, &element);
    if (draw_chance(&d->random, 2)) return draw_odd(d, &element);
    return draw_chance(&d->random, 15) ? draw_disguise(d, &element, made) : made;
}

static naive_json *operand_draw(draw *d, const subject *s)
{
    if (s->is_path) return path_operand(d, s);
    if (!s->column->is_array) return element_operand(d, s);
    const naive_value *value = value_of_some_row(d, s->model, s->index);
    if (value && draw_chance(&d->random, 75)) return naive_value_show(d->memory, s->column, value);
    return draw_value(d, s->column);
}

static naive_json *list_draw(draw *d, const subject *s, size_t count, size_t null_percent,
                             naive_json *(*one)(draw *, const subject *))
{
    naive_json *list = naive_make(d->memory, NAIVE_LIST);
    for (size_t i = 0; i < count; i++)
        naive_add(d->memory, list,
                  draw_chance(&d->random, null_percent) ? naive_make(d->memory, NAIVE_NULL)
                                                        : one(d, s));
    return list;
}

/* ---- patterns ---- */

/* A text that some row has in the place. */
static const char *sample_text(draw *d, const subject *s)
{
    const naive_value *value = s->is_path ? NULL : value_of_some_row(d, s->model, s->index);
    if (value) return value->text;
    if (s->is_path && s->sample && s->sample->kind <= NAIVE_BOOLEAN)
        return s->sample->kind == NAIVE_TEXT ? s->sample->text : naive_write(d->memory, s->sample);
    return "ab";
}

static size_t point_size(const char *at)
{
    unsigned char c = (unsigned char)*at;
    return c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
}

/* Repeats within one expression: many make a match so long that SQLite's bound of steps refuses it. */
enum { REPEATS_MAX = 3 };

typedef struct pattern {
    char text[256];
    size_t size;
    size_t repeats;
} pattern;

static void put(pattern *p, const char *text, size_t size)
{
    if (p->size + size >= sizeof(p->text)) return;
    memcpy(p->text + p->size, text, size);
    p->size += size;
    p->text[p->size] = 0;
}

static void like_put(draw *d, pattern *p, const char *at, size_t size)
{
    if (draw_chance(&d->random, 10)) {
        put(p, "_", 1);
    } else if (draw_chance(&d->random, 10)) {
        put(p, "%", 1);
    } else {
        bool is_special = strchr("%_\\", *at) != NULL;
        if (is_special && draw_chance(&d->random, 70)) put(p, "\\", 1);
        put(p, at, size);
    }
}

static void regexp_put(draw *d, pattern *p, const char *at, size_t size)
{
    size_t form = draw_below(&d->random, 12);
    bool repeats = form == 1 || form == 4 || form == 5;
    if (repeats && p->repeats++ >= REPEATS_MAX) form = 11;
    bool is_special = strchr(".[]()*+?^$\\{}|", *at) != NULL;
    if (form == 0) {
        put(p, ".", 1);
    } else if (form == 1) {
        put(p, ".*", 2);
    } else if (form == 2 && !is_special && *at != '-') {
        put(p, "[0", 2);
        put(p, at, size);
        put(p, "]", 1);
    } else if (form == 3 && !is_special) {
        put(p, "(", 1);
        put(p, at, size);
        put(p, "|xy)", 4);
    } else {
        if (is_special) put(p, "\\", 1);
        put(p, at, size);
        if (form == 4) put(p, "+", 1);
        if (form == 5) put(p, "*", 1);
        if (form == 6) put(p, "?", 1);
    }
}

static naive_json *pattern_draw(draw *d, const subject *s, bool is_regexp)
{
    static const char *const wilds[] = {"%", "_", "", "%%", "a\\", "%\\", "\\\\"};
    static const char *const expressions[] = {"^$", "^", "b$", "a.b", "\\d", ".", "^[^a]"};
    const char *text = sample_text(d, s);
    pattern p = {.size = 0};
    if (draw_chance(&d->random, 12))
        return naive_text(d->memory, choose(d, is_regexp ? expressions : wilds, 7));
    bool is_open = draw_chance(&d->random, 50);
    if (is_regexp && !is_open) put(&p, "^", 1);
    if (!is_regexp && is_open) put(&p, "%", 1);
    for (size_t i = 0; *text; text += i) {
        i = point_size(text);
        if (draw_chance(&d->random, *text == '\n' ? 60 : is_open ? 15 : 0)) continue;
        if (is_regexp)
            regexp_put(d, &p, text, i);
        else
            like_put(d, &p, text, i);
        if (draw_chance(&d->random, 10)) break;
    }
    if (draw_chance(&d->random, 50)) put(&p, is_regexp ? "$" : "%", 1);
    return naive_text(d->memory, p.text);
}

/* A, ä and я as capitals, and the other way. */
static naive_json *case_swap(draw *d, naive_json *json)
{
    char *text = naive_bytes(d->memory, json->text, json->size);
    for (size_t i = 0; i < json->size; i++)
        if ((text[i] >= 'a' && text[i] <= 'z') || (text[i] >= 'A' && text[i] <= 'Z'))
            if (i == 0 || text[i - 1] != '\\') text[i] = (char)(text[i] ^ 0x20);
    return naive_text(d->memory, text);
}

static naive_json *part_draw(draw *d, const subject *s, bool at_start)
{
    const char *text = sample_text(d, s);
    size_t size = strlen(text);
    size_t cut = size > 0 ? draw_below(&d->random, size + 1) : 0;
    while (cut < size && ((unsigned char)text[cut] & 0xC0) == 0x80)
        cut++;
    return at_start ? naive_text_sized(d->memory, text, cut) : naive_text(d->memory, text + cut);
}

static naive_json *text_operation(draw *d, const subject *s, const char **name)
{
    static const char *const names[] = {"like",   "nlike",    "notLike",    "ilike",
                                        "nilike", "notILike", "ilike",      "like",
                                        "regexp", "iregexp",  "startsWith", "endsWith"};
    size_t index = draw_below(&d->random, 12);
    *name = names[index];
    if (draw_chance(&d->random, 3)) return naive_make(d->memory, NAIVE_NULL);
    if (draw_chance(&d->random, 3)) return naive_integer(d->memory, 1);
    if (index >= 10) return part_draw(d, s, index == 10);
    naive_json *made = pattern_draw(d, s, index >= 8);
    bool is_folded = strchr(*name, 'i') == *name || strstr(*name, "ILike") || index == 4;
    return is_folded && draw_chance(&d->random, 50) ? case_swap(d, made) : made;
}

/* ---- conditions ---- */

static naive_json *set_operation(draw *d, const subject *s, const char **name)
{
    static const char *const names[] = {"contains", "containedBy", "overlaps"};
    size_t count = draw_below(&d->random, OPERANDS_MAX + 1);
    *name = choose(d, names, 3);
    if (!s->is_path) {
        if (draw_chance(&d->random, 20)) return element_operand(d, s);
        return list_draw(d, s, count, 3, element_operand);
    }
    naive_json *list = naive_make(d->memory, NAIVE_LIST);
    const naive_json *sample = s->sample && s->sample->kind == NAIVE_LIST ? s->sample : NULL;
    for (size_t i = 0; i < count; i++) {
        bool follows = sample && sample->count > 0 && draw_chance(&d->random, 80);
        const naive_json *item =
            follows ? sample->items[draw_below(&d->random, sample->count)] : draw_document(d, 0);
        if (item->kind > NAIVE_BOOLEAN || item->kind == NAIVE_NULL) continue;
        naive_add(d->memory, list, naive_copy(d->memory, item));
    }
    return list->count == 1 && draw_chance(&d->random, 30) ? list->items[0] : list;
}

static naive_json *operation_draw(draw *d, const subject *s, const char **name)
{
    static const char *const singles[] = {"eq",  "is", "ne",  "neq", "isn", "gt",
                                          "gte", "lt", "lte", "gte", "lte", "ne"};
    static const char *const lists[] = {"in", "inq", "nin", "notIn"};
    static const char *const presences[] = {"isNull", "isNotNull", "exists", "notExists"};
    bool is_textual =
        s->is_path || (!s->column->is_array && (s->column->type == NAIVE_TYPE_TEXT ||
                                                s->column->type == NAIVE_TYPE_VARCHAR));
    bool is_set = s->is_path
                      ? (s->sample && s->sample->kind == NAIVE_LIST) || draw_chance(&d->random, 20)
                      : s->column->is_array;
    size_t kind = draw_below(&d->random, 100);
    if (is_set && kind < 50) return set_operation(d, s, name);
    if (is_textual && kind >= 55) return text_operation(d, s, name);
    if (kind < 20) {
        *name = choose(d, lists, 4);
        if (draw_chance(&d->random, 7)) return operand_draw(d, s);
        return list_draw(d, s, draw_below(&d->random, OPERANDS_MAX + 1), 8, operand_draw);
    }
    if (kind < 28) {
        *name = draw_chance(&d->random, 60) ? "between" : "notBetween";
        return list_draw(d, s, 2, 4, operand_draw);
    }
    if (kind < 40) {
        *name = choose(d, presences, 4);
        return naive_boolean(d->memory, draw_chance(&d->random, 70));
    }
    *name = choose(d, singles, 12);
    return draw_chance(&d->random, 6) ? naive_make(d->memory, NAIVE_NULL) : operand_draw(d, s);
}

static naive_json *leaf_draw(draw *d, const subject *s)
{
    size_t form = draw_below(&d->random, 100);
    bool is_document = s->is_path || s->column->type >= NAIVE_TYPE_JSON;
    if (form < 15) {
        naive_json *made = operand_draw(d, s);
        if (made->kind != NAIVE_OBJECT || is_document) return made;
    }
    if (form < 20) return naive_make(d->memory, NAIVE_NULL);
    if (form < 26 && !s->column->is_array)
        return list_draw(d, s, draw_below(&d->random, OPERANDS_MAX), 8, operand_draw);
    naive_json *object = naive_make(d->memory, NAIVE_OBJECT);
    for (size_t i = form < 90 ? 1 : 2; i > 0; i--) {
        const char *name;
        naive_json *operand = operation_draw(d, s, &name);
        naive_set(d->memory, object, name, operand);
    }
    return object;
}

static void hostile_set(draw *d, naive_json *where, const subject *s)
{
    static const char *const conditions[] = {"{\"foo\":1}",
                                             "{\"eq\":1,\"$gt\":2}",
                                             "{\"between\":[1]}",
                                             "{\"between\":5}",
                                             "{\"isNull\":1}",
                                             "{\"exists\":null}",
                                             "{\"like\":{}}",
                                             "{\"in\":[[[1]]]}",
                                             "{\"gt\":\"x'--\"}",
                                             "{\"contains\":{}}",
                                             "{\"regexp\":\"(\"}",
                                             "{\"like\":[\"a\"]}",
                                             "{\"eq\":\"a\\u0000\"}",
                                             "{\"gt\":1e400}",
                                             "{\"lt\":\"NaN\"}",
                                             "\"Infinity\"",
                                             "{\"startsWith\":5}",
                                             "{\"overlaps\":[[1]]}",
                                             "{\"contains\":null}",
                                             "{\"overlaps\":[null]}",
                                             "{\"in\":{\"a\":1}}",
                                             "{\"in\":[[1],[2]]}",
                                             "{\"between\":[[1],[2]]}",
                                             "{\"gt\":[\"a\"]}",
                                             "{\"eq\":[]}",
                                             "{\"containedBy\":[null]}",
                                             "{\"gt\":{\"a\":1}}",
                                             "{\"ne\":[1]}",
                                             "{\"contains\":[null,1]}",
                                             "{\"nin\":{}}",
                                             "{\"lt\":[]}",
                                             "{\"contains\":[1,{}]}",
                                             "99999999999999999999999",
                                             "\"2024-02-30\"",
                                             "{\"gte\":\"2024-13-01T00:00:00Z\"}"};
    static const char *const properties[] = {
        "nope", "", "id; DROP TABLE x", "id\"", "id.x", "id[0]", "ID ", "one1", "many1", "$where"};
    static const char *const groups[] = {"{\"or\":5}",    "{\"not\":[]}", "{\"and\":[5]}",
                                         "{\"or\":[[]]}", "{\"not\":{}}", "{\"or\":[{}]}"};
    static const char *const tails[] = {".", "[", "[]", "..a", ".a'b", ".1x", "[-1]", ".a b"};
    char name[PLACE_MAX];
    size_t form = draw_below(&d->random, 7);
    if (form == 6) {
        naive_json *group = naive_parse(d->memory, choose(d, groups, 6));
        naive_set(d->memory, where, group->names[0], group->items[0]);
    } else if (form == 0) {
        naive_set(d->memory, where, choose(d, properties, 10), naive_integer(d->memory, 1));
    } else if (form == 1) {
        (void)snprintf(name, sizeof(name), "%.100s%s", s->name, choose(d, tails, 8));
        naive_set(d->memory, where, name, naive_integer(d->memory, 1));
    } else if (s->column && s->column->type == NAIVE_TYPE_OTHER) {
        /* Only the server knows which texts are of its type. */
        naive_set(d->memory, where, s->name, draw_odd(d, s->column));
    } else {
        naive_set(d->memory, where, s->name,
                  naive_parse(d->memory,
                              choose(d, conditions, sizeof(conditions) / sizeof(conditions[0]))));
    }
}

static naive_json *group_draw(draw *d, const naive_model *model, size_t depth, bool is_hostile,
                              const char *name)
{
    bool is_not = strcmp(name, "not") == 0;
    if (is_not || draw_chance(&d->random, 10)) return draw_where(d, model, depth - 1, is_hostile);
    naive_json *list = naive_make(d->memory, NAIVE_LIST);
    size_t count = draw_chance(&d->random, 8) ? 0 : 1 + draw_below(&d->random, 3);
    for (size_t i = 0; i < count; i++)
        naive_add(d->memory, list, draw_where(d, model, depth - 1, is_hostile));
    return list;
}

naive_json *draw_where(draw *d, const naive_model *model, size_t depth, bool is_hostile)
{
    static const char *const groups[] = {"or", "or", "not", "not", "and"};
    naive_json *where = naive_make(d->memory, NAIVE_OBJECT);
    size_t count = draw_chance(&d->random, 80) ? 1 : draw_below(&d->random, 3);
    for (size_t i = 0; i < count; i++) {
        if (depth > 0 && draw_chance(&d->random, 40)) {
            const char *name = choose(d, groups, 5);
            naive_set(d->memory, where, name, group_draw(d, model, depth, is_hostile, name));
            continue;
        }
        subject s = subject_draw(d, model);
        if (is_hostile && draw_chance(&d->random, 40))
            hostile_set(d, where, &s);
        else
            naive_set(d->memory, where, s.name, leaf_draw(d, &s));
    }
    return where;
}
