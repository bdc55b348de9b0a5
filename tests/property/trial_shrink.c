#include "property/trial.h"

#include <string.h>

enum { TRIES_MAX = 2500, ROUNDS_MAX = 6 };

typedef struct shrinking {
    naive_memory *memory;
    trial_engine *engine;
    trial_case *call;
    trial_verdict verdict;
    ignis_code code;
    bool is_open; /* the engine has the models and rows of the case */
    size_t tries;
} shrinking;

/* Rows of models and columns that are there. */
static naive_json *rows_tidy(naive_memory *memory, const naive_world *world, const naive_json *rows)
{
    naive_json *tidy = naive_copy(memory, rows);
    for (size_t i = tidy->count; i-- > 0;) {
        const naive_model *model = naive_model_find(world, tidy->names[i]);
        naive_json *list = tidy->items[i];
        if (!model) naive_remove(tidy, i);
        for (size_t k = 0; model && k < list->count; k++) {
            naive_json *row = list->items[k];
            for (size_t m = row->kind == NAIVE_OBJECT ? row->count : 0; m-- > 0;)
                if (!naive_column_find(model, row->names[m], strlen(row->names[m])))
                    naive_remove(row, m);
        }
    }
    return tidy;
}

static bool differs_still(shrinking *s, naive_memory *scratch)
{
    trial_case *call = s->call;
    naive_world *world = naive_alloc(scratch, sizeof(*world));
    if (!naive_models_read(scratch, call->models, world)) return false;
    if (!naive_model_find(world, call->model)) return false;
    naive_json *rows = rows_tidy(scratch, world, call->rows);
    if (!naive_rows_read(scratch, rows, world)) return false;
    naive_answer answer =
        naive_call(scratch, world, &call->policy, call->model, call->method, call->arguments);
    if (answer.is_loose) return false;
    if (!s->is_open && trial_open(s->engine, naive_write(scratch, call->models),
                                  naive_write(scratch, rows)) != IGNIS_OK)
        return false;
    trial_outcome outcome = trial_judge(s->engine, call, &answer);
    return outcome.verdict == s->verdict && outcome.code == s->code;
}

static bool try_it(shrinking *s)
{
    naive_memory scratch = {0};
    if (s->tries++ > TRIES_MAX) return false;
    bool differs = differs_still(s, &scratch);
    naive_free(&scratch);
    return differs;
}

/* What a change may replace in a value. */
typedef struct saved {
    naive_json value;
    naive_json **items;
    const char **names;
} saved;

static saved save(shrinking *s, const naive_json *json)
{
    saved made = {.value = *json};
    made.items = naive_alloc(s->memory, (json->count + 1) * sizeof(*made.items));
    made.names = naive_alloc(s->memory, (json->count + 1) * sizeof(*made.names));
    for (size_t i = 0; i < json->count; i++) {
        made.items[i] = json->items[i];
        made.names[i] = json->names[i];
    }
    return made;
}

static void restore(naive_json *json, const saved *from)
{
    *json = from->value;
    for (size_t i = 0; i < json->count; i++) {
        json->items[i] = from->items[i];
        json->names[i] = from->names[i];
    }
}

/* Takes parts of a list or an object away, half of them first. */
static bool parts_remove(shrinking *s, naive_json *json)
{
    bool is_smaller = false;
    for (size_t size = json->count > 3 ? json->count / 2 : 1; size > 0; size /= 2) {
        for (size_t at = json->count; at-- > 0;) {
            if (at + size > json->count) continue;
            saved before = save(s, json);
            for (size_t i = 0; i < size; i++)
                naive_remove(json, at);
            if (try_it(s))
                is_smaller = true;
            else
                restore(json, &before);
        }
    }
    return is_smaller;
}

/* Puts a part of a part in the part's place. */
static bool parts_lift(shrinking *s, naive_json *json, size_t index)
{
    naive_json *part = json->items[index];
    for (size_t i = 0; i < part->count; i++) {
        json->items[index] = part->items[i];
        if (try_it(s)) return true;
    }
    json->items[index] = part;
    return false;
}

static bool tree_shrink(shrinking *s, naive_json *json)
{
    bool is_smaller = parts_remove(s, json);
    for (size_t i = 0; i < json->count; i++) {
        while (parts_lift(s, json, i))
            is_smaller = true;
        if (tree_shrink(s, json->items[i])) is_smaller = true;
    }
    return is_smaller;
}

void trial_shrink(naive_memory *memory, trial_engine *engine, trial_case *call,
                  const trial_outcome *outcome)
{
    shrinking s = {.memory = memory,
                   .engine = engine,
                   .call = call,
                   .verdict = outcome->verdict,
                   .code = outcome->code};
    bool is_smaller = true;
    for (int round = 0; is_smaller && round < ROUNDS_MAX; round++) {
        s.is_open = false;
        if (!try_it(&s)) break;
        s.is_open = true;
        is_smaller = tree_shrink(&s, call->arguments);
        s.is_open = false;
        if (tree_shrink(&s, call->rows)) is_smaller = true;
        if (tree_shrink(&s, call->models)) is_smaller = true;
    }
    naive_world *world = naive_alloc(memory, sizeof(*world));
    if (naive_models_read(memory, call->models, world))
        call->rows = rows_tidy(memory, world, call->rows);
}
