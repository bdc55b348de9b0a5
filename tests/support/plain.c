#include "support/plain.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PLAIN_ROWS_MAX = 12000, KEY_MAX = 64, PLACE_MAX = 256 };

typedef struct tables {
    const json_t *models;
    const json_t *data;
    json_t *groups; /* "Model.key" -> rows_by_key */
} tables;

const char *plain_text(const plain_row *row, const char *name)
{
    return json_string_value(json_object_get(row, name));
}

int64_t plain_integer(const plain_row *row, const char *name)
{
    return json_integer_value(json_object_get(row, name));
}

bool plain_is_null(const plain_row *row, const char *name)
{
    const json_t *value = json_object_get(row, name);
    return !value || json_is_null(value);
}

static json_t *text_load(const char *data)
{
    json_error_t error;
    json_t *value = json_loads(data, JSON_DECODE_ANY, &error);
    if (!value) fail_msg("position %d: %s", error.position, error.text);
    return value;
}

/* ---- levels ---- */

/* The columns of a model, or fields. A property that the file leaves out is null. */
static json_t *row_read(const tables *all, const plain_level *level, const plain_row *row)
{
    json_t *result = json_object();
    if (level->fields) {
        for (const char *const *field = level->fields; *field; field++) {
            json_t *value = json_object_get(row, *field);
            json_object_set_new(result, *field, value ? json_incref(value) : json_pack("n"));
        }
        return result;
    }
    size_t i;
    json_t *model;
    json_array_foreach(json_object_get(all->models, "models"), i, model)
    {
        if (strcmp(plain_text(model, "name"), level->model) != 0) continue;
        size_t k;
        json_t *column;
        json_array_foreach(json_object_get(model, "columns"), k, column)
        {
            const char *name = plain_text(column, "name");
            json_t *value = json_object_get(row, name);
            json_object_set_new(result, name, value ? json_incref(value) : json_pack("n"));
        }
    }
    return result;
}

static const char *key_text(const json_t *row, const char *name, char key[KEY_MAX])
{
    if (plain_is_null(row, name)) return NULL;
    const char *string = plain_text(row, name);
    if (string)
        snprintf(key, KEY_MAX, "%s", string);
    else
        snprintf(key, KEY_MAX, "%lld", (long long)plain_integer(row, name));
    return key;
}

/* The rows of a level by the text of their key; made once. */
static const json_t *rows_by_key(const tables *all, const plain_level *level)
{
    char name[2 * KEY_MAX];
    snprintf(name, sizeof(name), "%s.%s", level->model, level->theirs);
    json_t *groups = json_object_get(all->groups, name);
    if (groups) return groups;
    groups = json_object();
    json_object_set_new(all->groups, name, groups);
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(all->data, level->model), i, row)
    {
        char buffer[KEY_MAX];
        const char *key = key_text(row, level->theirs, buffer);
        if (!key) continue;
        json_t *group = json_object_get(groups, key);
        if (!group) {
            group = json_array();
            json_object_set_new(groups, key, group);
        }
        json_array_append(group, row);
    }
    return groups;
}

static int rows_order(const void *a, const void *b, void *level)
{
    const plain_row *const *left = a;
    const plain_row *const *right = b;
    return ((const plain_level *)level)->order(*left, *right);
}

static json_t *level_read(const tables *all, const plain_level *level, const json_t *candidates);

static void child_attach(const tables *all, const plain_level *child,
                         const plain_row *const *parents, json_t *results)
{
    const json_t *groups = rows_by_key(all, child);
    size_t i;
    json_t *result;
    json_array_foreach(results, i, result)
    {
        char buffer[KEY_MAX];
        const char *key = key_text(parents[i], child->ours, buffer);
        json_t *rows = level_read(all, child, key ? json_object_get(groups, key) : NULL);
        if (!child->is_one) {
            json_object_set_new(result, child->relation, rows);
            continue;
        }
        json_t *first = json_array_get(rows, 0);
        json_object_set_new(result, child->relation, first ? json_incref(first) : json_pack("n"));
        json_decref(rows);
    }
}

/* The rows of candidates (NULL: none) that the level keeps, with what is included below them. */
static json_t *level_read(const tables *all, const plain_level *level, const json_t *candidates)
{
    json_t *results = json_array();
    size_t count = 0;
    if (json_array_size(candidates) == 0) return results;
    const plain_row *rows[PLAIN_ROWS_MAX];
    size_t i;
    json_t *row;
    json_array_foreach(candidates, i, row)
    {
        if (level->keep && !level->keep(row)) continue;
        assert_true(count < PLAIN_ROWS_MAX);
        rows[count++] = row;
    }
    if (level->order) qsort_r(rows, count, sizeof(rows[0]), rows_order, (void *)(uintptr_t)level);
    size_t start = level->skip < count ? level->skip : count;
    size_t end = count - start < level->limit ? count : start + level->limit;
    for (i = start; i < end; i++)
        json_array_append_new(results, row_read(all, level, rows[i]));
    for (i = 0; i < level->children_count; i++)
        child_attach(all, &level->children[i], rows + start, results);
    return results;
}

char *plain_read(const char *models, const char *data, const plain_level *root)
{
    json_t *models_value = text_load(models);
    json_t *data_value = text_load(data);
    tables all = {.models = models_value, .data = data_value, .groups = json_object()};
    json_t *results = level_read(&all, root, json_object_get(data_value, root->model));
    char *written = json_dumps(results, JSON_COMPACT);
    assert_non_null(written);
    json_decref(results);
    json_decref(all.groups);
    json_decref(data_value);
    json_decref(models_value);
    return written;
}

void plain_free(char *result)
{
    json_free_t release = NULL;
    json_get_alloc_funcs(NULL, &release);
    release(result);
}

/* ---- comparison ---- */

static void difference_fail(const char *place, const json_t *expected, const json_t *got)
{
    char *wanted = expected ? json_dumps(expected, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
    char *came = got ? json_dumps(got, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
    print_error("at %s\n  expected %.300s\n  got      %.300s\n", place, wanted ? wanted : "nothing",
                came ? came : "nothing");
    fail();
}

/* Both are known to differ: goes down to the first place where they do. */
static void difference_find(const char *place, const json_t *expected, const json_t *got)
{
    char next[PLACE_MAX];
    if (json_is_object(expected) && json_is_object(got)) {
        const char *name;
        json_t *value;
        json_object_foreach((json_t *)(uintptr_t)expected, name, value)
        {
            const json_t *other = json_object_get(got, name);
            if (other && json_equal(value, other)) continue;
            snprintf(next, sizeof(next), "%.200s.%.40s", place, name);
            difference_find(next, value, other);
            return;
        }
    }
    if (json_is_array(expected) && json_is_array(got)) {
        size_t i;
        json_t *value;
        json_array_foreach(expected, i, value)
        {
            const json_t *other = json_array_get(got, i);
            if (other && json_equal(value, other)) continue;
            snprintf(next, sizeof(next), "%.200s[%zu]", place, i);
            difference_find(next, value, other);
            return;
        }
    }
    difference_fail(place, expected, got);
}

void plain_assert_equal(const char *expected, const char *got)
{
    json_t *wanted = text_load(expected);
    json_t *came = text_load(got);
    if (!json_equal(wanted, came)) difference_find("", wanted, came);
    json_decref(wanted);
    json_decref(came);
}

size_t plain_count(const char *list)
{
    json_t *value = text_load(list);
    size_t count = json_array_size(value);
    json_decref(value);
    return count;
}
