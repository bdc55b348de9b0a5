/* items: a small data source for tests of transactions, on SQLite and on PostgreSQL. */
#ifndef ITEMS_H
#define ITEMS_H

#include "support/engine.h"
#include "support/server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define J IGNIS_JSON

static const char items_models[] = J({
    "models" : [ {
        "name" : "Item",
        "columns" : [
            {"name" : "id", "type" : "integer", "primaryKey" : true},
            {"name" : "name", "type" : "text", "notNull" : true, "unique" : true},
            {"name" : "parentId", "column" : "parent_id", "type" : "integer"}
        ],
        "indexes" : [ {"columns" : ["parentId"]} ],
        "relations" : [
            {
                "name" : "parent",
                "type" : "one",
                "model" : "Item",
                "fields" : ["parentId"],
                "references" : ["id"]
            },
            {"name" : "children", "type" : "many", "model" : "Item"}
        ]
    } ]
});
static const char items_rows[] =
    J({"Item" : [ {"id" : 1, "name" : "one"}, {"id" : 2, "name" : "two", "parentId" : 1} ]});

typedef struct items_source {
    ignis_context *ctx;
    ignis_data_source *source;
    ignis_repository *items;
} items_source;

static inline void items_fill(items_source *self, const char *url)
{
    static const ignis_repository_class items = {.struct_size = sizeof(items), .model = "Item"};
    ignis_data_source_class class_ = {.struct_size = sizeof(class_), .url = url};
    self->ctx = ignis_context_create();
    assert_int_equal(
        ignis_models_from_json(self->ctx, items_models, 0, &class_.models, &class_.models_count),
        IGNIS_OK);
    assert_int_equal(ignis_data_source_open(self->ctx, &class_, &self->source), IGNIS_OK);
    assert_int_equal(ignis_schema_create(self->ctx, self->source), IGNIS_OK);
    assert_int_equal(ignis_load(self->ctx, self->source, items_rows, 0, NULL), IGNIS_OK);
    assert_int_equal(ignis_repository_open(self->ctx, self->source, &items, &self->items),
                     IGNIS_OK);
}

static inline int open_sqlite(void **state)
{
    static items_source self;
    items_fill(&self, "sqlite::memory:");
    *state = &self;
    return 0;
}

static inline int open_server(void **state)
{
    static items_source self;
    server_execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
    items_fill(&self, server_url());
    *state = &self;
    return 0;
}

static inline int close_source(void **state)
{
    items_source *self = *state;
    ignis_context_free(self->ctx);
    ignis_data_source_close(self->source);
    return 0;
}

static inline const char *items_find(items_source *self, ignis_context *ctx, const char *filter)
{
    const char *json_ = NULL;
    ignis_code code = ignis_find_json(ctx, self->items, &ignis_policy_trusted, filter, &json_);
    if (code != IGNIS_OK) fail_msg("%s", ignis_context_error(ctx)->message);
    return json_;
}

static inline int64_t items_count(items_source *self, ignis_context *ctx)
{
    int64_t number = -1;
    assert_int_equal(ignis_count_json(ctx, self->items, NULL, NULL, &number), IGNIS_OK);
    return number;
}

#endif
