/* What NAME_of gives of what is not registered or not started, and what else was not set: every call says
   so. */
#include "ignis.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

typedef struct Note {
    IGNIS_ID_NUMBER_MEMBERS;
    const char *text;
} Note;
IGNIS_MODEL(Note, .columns = IGNIS_COLUMNS(IGNIS_ID_NUMBER(Note), IGNIS_COLUMN(Note, text)));
IGNIS_DATA_SOURCE_DECLARE(Notebook);
IGNIS_DATA_SOURCE(Notebook, .url = "sqlite::memory:", .models = IGNIS_MODELS(&Note_model));
IGNIS_REPOSITORY_OVER(NoteRepository, Note, Notebook);
IGNIS_QUERY(Note);

static const char no_repository[] =
    "the repository is NULL: not registered, or the application is not started";
static const char no_source[] =
    "the data source is NULL: not registered, or the application is not started";

static void expect(const ignis_context *ctx, ignis_code code, ignis_code expected,
                   const char *message)
{
    assert_string_equal(ignis_context_error(ctx)->message, message);
    assert_int_equal(code, expected);
    assert_int_equal(ignis_context_error(ctx)->code, expected);
}

static void a_repository_that_is_missing_is_told_by_every_call(void **state)
{
    ignis_context *ctx = ignis_context_create();
    const ignis_sql *one = IGNIS_SQL(.text = "SELECT 1 AS one");
    const ignis_values *values = IGNIS_VALUES(IGNIS_SET(Note, text, "tea"));
    const ignis_members members = IGNIS_FIELDS(Note, text);
    const Note given = {.text = "tea"};
    const ignis_model *model;
    Note *rows;
    const char *json;
    size_t count;
    int64_t total;
    bool exists;
    (void)state;
    const ignis_code codes[] = {NoteRepository_find(ctx, NULL, NULL, &rows, &count),
                                NoteRepository_find_by_id(ctx, NULL, 1, NULL, &rows),
                                NoteRepository_count(ctx, NULL, NULL, &total),
                                NoteRepository_explain(ctx, NULL, NULL, &json),
                                NoteRepository_create(ctx, NULL, values, NULL),
                                NoteRepository_create_row(ctx, NULL, &given, members, NULL),
                                NoteRepository_upsert(ctx, NULL, values, NULL),
                                NoteRepository_upsert_rows(ctx, NULL, &given, 1, members, NULL),
                                NoteRepository_update_by_id(ctx, NULL, 1, values, NULL),
                                NoteRepository_update_all(ctx, NULL, NULL, values, NULL, NULL),
                                NoteRepository_delete_by_id(ctx, NULL, 1, NULL),
                                NoteRepository_delete_all(ctx, NULL, NULL, NULL, NULL),
                                ignis_find_json(ctx, NULL, NULL, NULL, &json),
                                ignis_exists_json(ctx, NULL, NULL, NULL, &exists),
                                ignis_filter_explain(ctx, NULL, NULL, NULL, &json),
                                ignis_create_json(ctx, NULL, "{}", &json),
                                ignis_call_json(ctx, NULL, NULL, "find", NULL, 0, &json, NULL),
                                ignis_repository_model(ctx, NULL, &model),
                                ignis_repository_query(ctx, NULL, one, &json),
                                ignis_repository_execute(ctx, NULL, one, NULL)};
    for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++)
        assert_int_equal(codes[i], IGNIS_E_NOT_FOUND);
    expect(ctx, codes[0], IGNIS_E_NOT_FOUND, no_repository);
    ignis_context_free(ctx);
}

static ignis_code change_nothing(ignis_context *tx, void *data)
{
    (void)tx;
    (void)data;
    return IGNIS_OK;
}

static void a_data_source_that_is_missing_is_told_by_every_call(void **state)
{
    ignis_context *ctx = ignis_context_create();
    const ignis_sql *one = IGNIS_SQL(.text = "SELECT 1 AS one");
    ignis_relation_definitions definitions;
    NoteRepository *notes;
    ignis_context *tx;
    const char *text;
    Note *rows;
    size_t count;
    (void)state;
    const ignis_code codes[] = {
        NoteRepository_open(ctx, NULL, &notes),
        ignis_data_source_connection_string(ctx, NULL, IGNIS_PASSWORD_MASKED, &text),
        ignis_data_source_ping(ctx, NULL, 1),
        ignis_data_source_connect(ctx, NULL, 1),
        ignis_schema_sql(ctx, NULL, IGNIS_DIALECT_SQLITE, &text),
        ignis_schema_create(ctx, NULL),
        ignis_schema_create_missing(ctx, NULL),
        ignis_load(ctx, NULL, "{}", 0, NULL),
        ignis_begin(ctx, NULL, IGNIS_READ_COMMITTED, &tx),
        ignis_transaction_run(ctx, NULL, NULL, change_nothing, NULL),
        ignis_relations_list(ctx, NULL, NULL, &definitions),
        ignis_relations_to_json(ctx, NULL, NULL, &text),
        ignis_relations_to_text(ctx, NULL, NULL, &text),
        ignis_query(ctx, NULL, one, &text),
        Note_query(ctx, NULL, one, &rows, &count),
        ignis_execute(ctx, NULL, one, NULL)};
    for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++)
        assert_int_equal(codes[i], IGNIS_E_NOT_FOUND);
    expect(ctx, codes[0], IGNIS_E_NOT_FOUND, no_source);
    ignis_context_free(ctx);
}

static void what_else_is_missing_is_told(void **state)
{
    ignis_context *ctx = ignis_context_create();
    ignis_data_source *source = NULL;
    NoteRepository *notes = NULL;
    ignis_repository *repository = NULL;
    const char *json;
    (void)state;
    assert_int_equal(ignis_data_source_open(ctx, &Notebook_class, &source), IGNIS_OK);
    assert_int_equal(NoteRepository_open(ctx, source, &notes), IGNIS_OK);
    expect(ctx, ignis_execute(ctx, source, NULL, NULL), IGNIS_E_INVALID,
           "the statement is missing");
    expect(ctx, ignis_call_json(ctx, NoteRepository_base(notes), NULL, NULL, NULL, 0, &json, NULL),
           IGNIS_E_UNSUPPORTED, "no such method: ''");
    const ignis_repository_class no_size = {.model = "Note"};
    expect(ctx, ignis_repository_open(ctx, source, &no_size, &repository), IGNIS_E_INVALID,
           "struct_size of the repository's class is not set");
    ignis_data_source_close(source);
    ignis_context_free(ctx);
}

static void no_key_is_bound_to_nothing(void **state)
{
    const ignis_app_class class_ = {.struct_size = sizeof(class_)};
    ignis_context *ctx = ignis_context_create();
    ignis_app *app = NULL;
    void *object;
    (void)state;
    assert_null(NoteRepository_of(NULL));
    assert_int_equal(ignis_app_create(ctx, &class_, &app), IGNIS_OK);
    assert_null(NoteRepository_of(app));
    assert_int_equal(ignis_app_start(ctx, app), IGNIS_OK);
    assert_null(ignis_app_get(app, NULL));
    expect(ctx, ignis_app_resolve(ctx, app, NULL, &object), IGNIS_E_NOT_FOUND,
           "nothing is registered under \"\"");
    ignis_app_free(app);
    ignis_context_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_repository_that_is_missing_is_told_by_every_call),
        cmocka_unit_test(a_data_source_that_is_missing_is_told_by_every_call),
        cmocka_unit_test(what_else_is_missing_is_told),
        cmocka_unit_test(no_key_is_bound_to_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
