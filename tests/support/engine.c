/* engine: a data source in memory to try things on. */
#include "support/engine.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

const char engine_blog[] = IGNIS_JSON({"models": [
    {"name": "User", "columns": [
        {"name": "id", "type": "integer", "primaryKey": true},
        {"name": "name", "type": "text", "notNull": true},
        {"name": "email", "type": "text", "unique": true},
        {"name": "age", "type": "integer"},
        {"name": "score", "type": "numeric", "precision": 10, "scale": 2},
        {"name": "big", "type": "bigint"},
        {"name": "ratio", "type": "double precision"},
        {"name": "isActive", "column": "is_active", "type": "boolean"},
        {"name": "joinedAt", "column": "joined_at", "type": "timestamptz"},
        {"name": "born", "type": "date"},
        {"name": "token", "type": "uuid"},
        {"name": "code", "type": "varchar", "length": 8},
        {"name": "meta", "type": "jsonb"},
        {"name": "tags", "type": "text", "array": true},
        {"name": "secret", "type": "text"},
        {"name": "vault", "type": "jsonb"},
        {"name": "managerId", "column": "manager_id", "type": "integer"}],
     "indexes": [{"columns": ["managerId"]}],
     "relations": [
        {"name": "posts", "type": "many", "model": "Post"},
        {"name": "manager", "type": "one", "model": "User",
         "fields": ["managerId"], "references": ["id"]},
        {"name": "reports", "type": "many", "model": "User", "relationName": "manager"}],
     "settings": {"hiddenProperties": ["secret", "vault"]}},
    {"name": "Post", "columns": [
        {"name": "id", "type": "integer", "primaryKey": true},
        {"name": "title", "type": "text"},
        {"name": "views", "type": "integer"},
        {"name": "authorId", "column": "author_id", "type": "integer"}],
     "indexes": [{"name": "post_author", "columns": ["authorId"]}],
     "relations": [
        {"name": "author", "type": "one", "model": "User",
         "fields": ["authorId"], "references": ["id"]},
        {"name": "comments", "type": "many", "model": "Comment"}]},
    {"name": "Comment", "columns": [
        {"name": "id", "type": "integer", "primaryKey": true},
        {"name": "body", "type": "text"},
        {"name": "postId", "column": "post_id", "type": "integer"}],
     "relations": [
        {"name": "post", "type": "one", "model": "Post",
         "fields": ["postId"], "references": ["id"]}]}]});

const char engine_blog_rows[] = IGNIS_JSON({
    "User": [
        {"id": 1, "name": "Ada", "email": "ada@x", "age": 36, "score": "1.50",
         "big": 9007199254740993, "ratio": 0.5, "isActive": true, "joinedAt": "2024-03-10T10:20:30.123Z",
         "born": "1815-12-10", "token": "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "code": "AA",
         "meta": {"a": 1}, "tags": ["x", "y"], "secret": "s1"},
        {"id": 2, "name": "Bob", "email": "bob@x", "age": 20, "score": "10.00", "big": -1,
         "ratio": -2.25, "isActive": false, "joinedAt": "2024-03-10T10:20:30.123456Z",
         "born": "2000-01-01", "code": "5", "tags": [], "secret": "s2", "managerId": 1},
        {"id": 3, "name": "Cy%d", "age": 20, "isActive": true, "code": "a_b", "managerId": 1},
        {"id": 4, "name": "Δοκιμή"}],
    "Post": [
        {"id": 1, "title": "one", "views": 10, "authorId": 1},
        {"id": 2, "title": "two", "views": 20, "authorId": 1},
        {"id": 3, "title": "three", "views": 30, "authorId": 2},
        {"id": 4, "title": "four", "views": 10, "authorId": null},
        {"id": 5, "title": "five", "views": null, "authorId": 1}],
    "Comment": [
        {"id": 1, "body": "c1", "postId": 1},
        {"id": 2, "body": "c2", "postId": 1},
        {"id": 3, "body": "c3", "postId": 3}]});

ignis_code engine_try(ignis_context *ctx, const char *models, ignis_data_source **source)
{
    ignis_data_source_class class_ = {.struct_size = sizeof(class_), .url = "sqlite::memory:"};
    IGNIS_TRY(ignis_models_from_json(ctx, models, 0, &class_.models, &class_.models_count));
    return ignis_data_source_open(ctx, &class_, source);
}

void engine_open(engine *self, const char *models, const char *rows)
{
    *self = (engine){.ctx = ignis_context_create()};
    assert_non_null(self->ctx);
    ignis_code code = engine_try(self->ctx, models, &self->source);
    if (code == IGNIS_OK) code = ignis_schema_create(self->ctx, self->source);
    if (code == IGNIS_OK && rows) code = ignis_load(self->ctx, self->source, rows, 0, NULL);
    if (code != IGNIS_OK) {
        const ignis_error *error = ignis_context_error(self->ctx);
        fail_msg("%s: %s at %s", ignis_code_name(code), error->message, error->path);
    }
    ignis_context_reset(self->ctx);
}

void engine_close(engine *self)
{
    ignis_data_source_close(self->source);
    ignis_context_free(self->ctx);
    *self = (engine){0};
}

const model_entity *engine_entity(const engine *self, const char *model)
{
    const model_entity *entity = model_entity_get(self->source->run.registry, model, strlen(model));
    if (!entity) fail_msg("no model %s", model);
    return entity;
}

ignis_repository *engine_repository(engine *self, const char *model)
{
    ignis_repository_class class_ = {.struct_size = sizeof(class_), .model = model};
    ignis_repository *repository = NULL;
    assert_int_equal(ignis_repository_open(self->ctx, self->source, &class_, &repository),
                     IGNIS_OK);
    return repository;
}

ignis_code engine_read(engine *self, filter_request request, const char *text_, filter_tree *tree)
{
    const json *value = NULL;
    context_error_clear(self->ctx);
    if (text_ && json_read_context(self->ctx, &self->ctx->results, text_, strlen(text_), NULL,
                                   &value) != IGNIS_OK) {
        fail_msg("%s: %s", text_, self->ctx->error.message);
    }
    bool is_where = request.method == FILTER_COUNT || request.method == FILTER_EXISTS;
    if (text_ && is_where) request.where = value;
    if (text_ && !is_where) request.filter = value;
    if (!request.policy) request.policy = &ignis_policy_trusted;
    return filter_read(self->ctx, &self->ctx->results, &request, tree);
}

filter_tree engine_tree(engine *self, const char *model, const char *filter)
{
    filter_tree tree;
    filter_request request = {.method = FILTER_FIND, .entity = engine_entity(self, model)};
    if (engine_read(self, request, filter, &tree) != IGNIS_OK) {
        fail_msg("%s: %s", filter, self->ctx->error.message);
    }
    return tree;
}

const char *engine_find(engine *self, const char *model, const char *filter)
{
    const char *rows = NULL;
    ignis_code code = ignis_find_json(self->ctx, engine_repository(self, model),
                                      &ignis_policy_trusted, filter, &rows);
    if (code != IGNIS_OK) {
        const ignis_error *error = ignis_context_error(self->ctx);
        fail_msg("%s: %s: %s at %s", filter, ignis_code_name(code), error->message, error->path);
    }
    return rows;
}

void engine_execute(engine *self, const char *sql)
{
    const char *const statements[] = {sql};
    const sql_script script = {.statements = statements, .count = 1};
    if (run_script(self->ctx, &self->source->run, &script) != IGNIS_OK) {
        fail_msg("%s: %s", sql, self->ctx->error.message);
    }
}

void engine_expect_error(const engine *self, ignis_code code, const engine_error *expected,
                         const char *input)
{
    const ignis_error *error = ignis_context_error(self->ctx);
    if (code != expected->code || error->code != expected->code) {
        fail_msg("%s: %s instead of %s: %s at %s", input, ignis_code_name(code),
                 ignis_code_name(expected->code), error->message, error->path);
    }
    if (expected->path && strcmp(error->path, expected->path) != 0) {
        fail_msg("%s: path \"%s\" instead of \"%s\": %s", input, error->path, expected->path,
                 error->message);
    }
    if (expected->hint && strcmp(error->hint, expected->hint) != 0) {
        fail_msg("%s: hint \"%s\" instead of \"%s\"", input, error->hint, expected->hint);
    }
    if (expected->message && !strstr(error->message, expected->message)) {
        fail_msg("%s: message \"%s\" without \"%s\"", input, error->message, expected->message);
    }
    if (strpbrk(error->message, "\n\r")) fail_msg("%s: more than one line", input);
}
