/* log: what a data source and an application tell of statements, connections, starts and stops. */
#include "app/app.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

typedef struct User User;
struct User {
    IGNIS_ID_NUMBER_MEMBERS;
    const char *name, *password;
};
IGNIS_MODEL_DECLARE(User);
IGNIS_MODEL(User,
            .columns = IGNIS_COLUMNS(IGNIS_ID_NUMBER(User),
                                     IGNIS_COLUMN(User, name, .not_null = true, .unique = true),
                                     IGNIS_COLUMN(User, password, .hidden = true)));
IGNIS_REPOSITORY(UserRepository, User);

/* Entries as lines: "debug UserRepository: statement | SELECT … | [1]". */
typedef struct heard {
    char lines[16384];
    size_t count;
    ignis_log_entry last; /* its texts are gone */
    int64_t slowest_us;
} heard;

static void add(heard *self, const char *text_, size_t size)
{
    size_t used = strlen(self->lines);
    (void)snprintf(self->lines + used, sizeof(self->lines) - used, "%.*s", (int)size, text_);
}

/* Times are left out of the messages: "in 0.120 ms" -> "in T". */
static void hear(void *data, const ignis_log_entry *entry)
{
    heard *self = data;
    const char *time = strstr(entry->message, " ms");
    size_t before = strlen(entry->message);
    if (time) {
        before = (size_t)(time - entry->message);
        while (entry->message[before - 1] != ' ')
            before--;
    }
    assert_int_equal(entry->struct_size, sizeof(*entry));
    add(self, ignis_log_level_name(entry->level), SIZE_MAX >> 33);
    add(self, " ", 1);
    add(self, entry->scope, SIZE_MAX >> 33);
    add(self, ": ", 2);
    add(self, entry->message, before);
    if (time) add(self, "T", 1);
    if (time) add(self, time + 3, SIZE_MAX >> 33);
    if (entry->statement) add(self, " | ", 3);
    if (entry->statement) add(self, entry->statement, entry->statement_size);
    if (entry->values) add(self, " | ", 3);
    if (entry->values) add(self, entry->values, SIZE_MAX >> 33);
    add(self, "\n", 1);
    self->last = *entry;
    if (entry->elapsed_us > self->slowest_us) self->slowest_us = entry->elapsed_us;
    self->count++;
}

typedef struct fixture {
    ignis_context *ctx;
    heard heard;
    ignis_log log;
    ignis_data_source *source;
    UserRepository *users;
} fixture;

/* Opens a data source with a log of this level; the tables are made with nobody listening. */
static void open_source(fixture *self, ignis_log_level level)
{
    self->ctx = ignis_context_create();
    self->log.struct_size = sizeof(self->log);
    self->log.write = hear;
    self->log.data = &self->heard;
    self->log.level = level;
    const ignis_data_source_class class_ = {.struct_size = sizeof(class_),
                                            .name = "Main",
                                            .url = "sqlite::memory:",
                                            .models = IGNIS_MODELS(&User_model),
                                            .log = &self->log};
    assert_int_equal(ignis_data_source_open(self->ctx, &class_, &self->source), IGNIS_OK);
    ignis_context_log_set(self->ctx, IGNIS_LOG_OFF);
    assert_int_equal(ignis_schema_create(self->ctx, self->source), IGNIS_OK);
    assert_int_equal(
        ignis_load(self->ctx, self->source,
                   "{\"User\": [{\"id\": 1, \"name\": \"Ada\", \"password\": \"secret\"}]}", 0,
                   NULL),
        IGNIS_OK);
    ignis_context_log_set(self->ctx, IGNIS_LOG_DEFAULT);
    assert_int_equal(UserRepository_open(self->ctx, self->source, &self->users), IGNIS_OK);
}

static int start(void **state)
{
    static fixture self;
    self = (fixture){0};
    *state = &self;
    return 0;
}

static int end(void **state)
{
    fixture *self = *state;
    ignis_context_free(self->ctx);
    ignis_data_source_close(self->source);
    return 0;
}

static void forget(fixture *self)
{
    self->heard = (heard){0};
}

static void find(fixture *self, const ignis_filter *filter)
{
    User *rows;
    size_t count;
    assert_int_equal(UserRepository_find(self->ctx, self->users, filter, &rows, &count), IGNIS_OK);
    assert_int_equal(count, 1);
}

#define BY_NAME(...) IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_EQ(User, name, "Ada")), __VA_ARGS__)

/* ---- statements --------------------------------------------------------------------------------------- */

static void debug_tells_every_statement_without_values(void **state)
{
    fixture *self = *state;
    open_source(self, IGNIS_LOG_DEBUG);
    assert_non_null(strstr(self->heard.lines, "info Main: connected to sqlite::memory:\n"));
    assert_non_null(strstr(self->heard.lines, "debug Main: a connection was made\n"));
    assert_null(strstr(self->heard.lines, "CREATE"));
    forget(self);
    find(self, BY_NAME(.skip = IGNIS_SKIP(0)));
    assert_int_equal(self->heard.count, 1);
    const char *begin = "debug UserRepository: statement in T | SELECT ";
    assert_memory_equal(self->heard.lines, begin, strlen(begin));
    assert_null(strstr(self->heard.lines, "Ada"));
    assert_int_equal(self->heard.last.rows_count, 1);
    assert_int_equal(self->heard.last.code, IGNIS_OK);
    assert_true(self->heard.last.elapsed_us >= 0);
}

static void values_come_where_they_are_asked_for(void **state)
{
    fixture *self = *state;
    self->log.with_values = true;
    open_source(self, IGNIS_LOG_DEBUG);
    forget(self);
    find(self, BY_NAME(.skip = IGNIS_SKIP(0)));
    assert_int_equal(self->heard.count, 1);
    assert_non_null(strstr(self->heard.lines, " | [\"Ada\""));
}

static void info_tells_no_statement(void **state)
{
    fixture *self = *state;
    open_source(self, IGNIS_LOG_DEFAULT);
    assert_string_equal(self->heard.lines, "info Main: connected to sqlite::memory:\n");
    forget(self);
    find(self, NULL);
    assert_int_equal(self->heard.count, 0);
}

static void a_slow_statement_is_a_warning_even_where_statements_are_not_told(void **state)
{
    static const char slow[] =
        "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 2000000) "
        "SELECT max(n) FROM c";
    fixture *self = *state;
    self->log.slow_ms = 1;
    open_source(self, IGNIS_LOG_WARN);
    forget(self);
    find(self, NULL);
    run_source *run = &self->source->run;
    const char *const statements[] = {slow};
    const sql_script script = {.statements = statements, .count = 1};
    assert_int_equal(run_script(self->ctx, run, &script), IGNIS_OK);
    const char *line = strstr(self->heard.lines, "warn Main: slow statement in T | WITH");
    assert_non_null(line);
    forget(self);
    ignis_context_log_set(self->ctx, IGNIS_LOG_OFF);
    assert_int_equal(run_script(self->ctx, run, &script), IGNIS_OK);
    assert_int_equal(self->heard.count, 0);
}

static void a_statement_that_fails_is_an_error_without_what_it_failed_of(void **state)
{
    fixture *self = *state;
    const char *made;
    open_source(self, IGNIS_LOG_ERROR);
    forget(self);
    assert_int_equal(ignis_create_json(self->ctx, UserRepository_base(self->users),
                                       "{\"name\": \"Ada\"}", &made),
                     IGNIS_E_UNIQUE);
    assert_int_equal(self->heard.count, 1);
    const char *begin = "error UserRepository: statement failed after T: unique | INSERT INTO";
    assert_memory_equal(self->heard.lines, begin, strlen(begin));
    assert_null(strstr(self->heard.lines, "Ada"));
    assert_int_equal(self->heard.last.code, IGNIS_E_UNIQUE);
    /* What never reached the database is the caller's alone. */
    assert_int_equal(
        ignis_create_json(self->ctx, UserRepository_base(self->users), "{\"n\": 1}", &made),
        IGNIS_E_INVALID);
    assert_int_equal(self->heard.count, 1);
}

static void a_transaction_is_told_in_the_scope_of_its_data_source(void **state)
{
    fixture *self = *state;
    ignis_context *tx;
    int64_t count;
    open_source(self, IGNIS_LOG_DEBUG);
    forget(self);
    assert_int_equal(ignis_begin(self->ctx, self->source, IGNIS_SERIALIZABLE, &tx), IGNIS_OK);
    assert_int_equal(UserRepository_count(tx, self->users, NULL, &count), IGNIS_OK);
    assert_int_equal(ignis_commit(tx), IGNIS_OK);
    assert_int_equal(self->heard.count, 3);
    assert_non_null(strstr(self->heard.lines, "debug Main: statement in T | BEGIN\n"));
    assert_non_null(strstr(self->heard.lines, "debug UserRepository: statement in T | SELECT"));
    assert_non_null(strstr(self->heard.lines, "debug Main: statement in T | COMMIT\n"));
}

/* Whatever is called, and whether it is done or fails: no value of the caller's is told. */
static void no_value_is_told_unless_it_is_asked_for(void **state)
{
    static const struct {
        const char *method;
        const char *arguments;
        ignis_code code;
    } calls[] = {
        {"find",
         "{\"filter\": {\"where\": {\"password\": \"marker\", \"name\": {\"in\": "
         "[\"marker\", \"b\"]}}}}",
         IGNIS_OK},
        {"findOne", "{\"filter\": {\"where\": {\"name\": {\"like\": \"%marker%\"}}}}", IGNIS_OK},
        {"count", "{\"where\": {\"name\": {\"endsWith\": \"marker\"}}}", IGNIS_OK},
        {"existsWith", "{\"where\": {\"name\": {\"startsWith\": \"marker\"}}}", IGNIS_OK},
        {"create", "{\"data\": {\"name\": \"marker\", \"password\": \"marker\"}}", IGNIS_OK},
        {"create", "{\"data\": {\"name\": \"marker\", \"password\": \"marker\"}}", IGNIS_E_UNIQUE},
        {"upsert",
         "{\"data\": {\"name\": \"marker\", \"password\": \"marker\"}, \"options\": "
         "{\"onConflict\": \"User_name_key\"}}",
         IGNIS_OK},
        {"updateAll",
         "{\"where\": {\"name\": \"marker\"}, \"data\": {\"password\": "
         "\"marker\"}}",
         IGNIS_OK},
        {"updateById", "{\"id\": 1, \"data\": {\"name\": \"marker\"}}", IGNIS_E_UNIQUE},
        {"deleteAll", "{\"where\": {\"password\": \"marker\"}}", IGNIS_OK},
        {"deleteById", "{\"id\": \"marker\"}", IGNIS_E_INVALID},
    };
    fixture *self = *state;
    const char *json_;
    open_source(self, IGNIS_LOG_DEBUG);
    for (int with_values = 0; with_values < 2; with_values++) {
        self->source->log.to.with_values = with_values == 1;
        forget(self);
        for (size_t i = 0; i < ARRAY_COUNT(calls); i++) {
            assert_int_equal(ignis_call_json(self->ctx, UserRepository_base(self->users),
                                             &ignis_policy_trusted, calls[i].method,
                                             calls[i].arguments, 0, &json_, NULL),
                             calls[i].code);
        }
        const ignis_parameter marker[] = {ignis_parameter_text("marker")};
        const ignis_sql sql = {.struct_size = sizeof(sql),
                               .text = "SELECT ?1 AS a",
                               .parameters = marker,
                               .parameters_count = 1};
        assert_int_equal(ignis_query(self->ctx, self->source, &sql, &json_), IGNIS_OK);
        assert_true(self->heard.count >= ARRAY_COUNT(calls) - 1);
        assert_non_null(strstr(self->heard.lines, "error UserRepository: statement failed"));
        assert_int_equal(strstr(self->heard.lines, "marker") != NULL, with_values == 1);
    }
}

static void a_slow_statement_is_told_once_with_its_time(void **state)
{
    static const char slow[] =
        "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 2000000) "
        "SELECT max(n) AS n FROM c";
    fixture *self = *state;
    const char *json_;
    const ignis_sql sql = {.struct_size = sizeof(sql), .text = slow};
    self->log.slow_ms = 1;
    open_source(self, IGNIS_LOG_DEBUG);
    forget(self);
    assert_int_equal(
        ignis_repository_query(self->ctx, UserRepository_base(self->users), &sql, &json_),
        IGNIS_OK);
    assert_string_equal(json_, "[{\"n\":2000000}]");
    const char *first = strstr(self->heard.lines, "WITH RECURSIVE");
    assert_non_null(first);
    assert_null(strstr(first + 1, "WITH RECURSIVE"));
    assert_non_null(
        strstr(self->heard.lines, "warn UserRepository: slow statement in T | WITH RECURSIVE"));
    assert_true(self->heard.slowest_us >= 1000);
}

/* ---- the level of a call ------------------------------------------------------------------------------- */

static void a_call_says_at_which_level_it_is_told(void **state)
{
    static const struct {
        ignis_log_level source;
        ignis_log_level context;
        ignis_log_level call;
        const char *told; /* NULL: nothing */
    } cases[] = {
        {IGNIS_LOG_INFO, IGNIS_LOG_DEFAULT, IGNIS_LOG_DEFAULT, NULL},
        {IGNIS_LOG_INFO, IGNIS_LOG_DEFAULT, IGNIS_LOG_INFO, "info "},
        {IGNIS_LOG_INFO, IGNIS_LOG_INFO, IGNIS_LOG_DEFAULT, "info "},
        {IGNIS_LOG_INFO, IGNIS_LOG_INFO, IGNIS_LOG_OFF, NULL},
        {IGNIS_LOG_INFO, IGNIS_LOG_OFF, IGNIS_LOG_WARN, "warn "},
        {IGNIS_LOG_DEBUG, IGNIS_LOG_DEFAULT, IGNIS_LOG_DEFAULT, "debug "},
        {IGNIS_LOG_DEBUG, IGNIS_LOG_OFF, IGNIS_LOG_DEFAULT, NULL},
        {IGNIS_LOG_DEBUG, IGNIS_LOG_DEFAULT, IGNIS_LOG_OFF, NULL},
        {IGNIS_LOG_ERROR, IGNIS_LOG_DEFAULT, IGNIS_LOG_INFO, NULL},
        {IGNIS_LOG_OFF, IGNIS_LOG_INFO, IGNIS_LOG_INFO, NULL},
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        fixture *self = *state;
        *self = (fixture){0};
        open_source(self, cases[i].source);
        forget(self);
        ignis_context_log_set(self->ctx, cases[i].context);
        find(self, BY_NAME(.options = IGNIS_OPTIONS(.log = cases[i].call)));
        if (cases[i].told) {
            assert_int_equal(self->heard.count, 1);
            assert_memory_equal(self->heard.lines, cases[i].told, strlen(cases[i].told));
        } else {
            assert_int_equal(self->heard.count, 0);
        }
        /* It was for that call alone. */
        forget(self);
        ignis_context_log_set(self->ctx, IGNIS_LOG_DEFAULT);
        find(self, NULL);
        assert_int_equal(self->heard.count, cases[i].source == IGNIS_LOG_DEBUG);
        if (i + 1 < ARRAY_COUNT(cases)) end(state);
    }
}

/* ---- connections, applications ------------------------------------------------------------------------- */

/* The option of JSON calls: every method takes it, but not from outside. */
static void a_json_call_says_at_which_level_it_is_told(void **state)
{
    static const struct {
        const char *method;
        const char *arguments;
        const char *told; /* NULL: nothing */
    } cases[] = {
        {"find", "{\"options\": {\"log\": \"info\"}}", "info UserRepository: "},
        {"count", "{\"options\": {\"log\": \"warn\"}}", "warn UserRepository: "},
        {"existsWith", "{\"options\": {\"log\": \"debug\"}}", NULL},
        {"create", "{\"data\": {\"name\": \"Bo\"}, \"options\": {\"log\": \"info\"}}",
         "info UserRepository: "},
        {"updateById",
         "{\"id\": 1, \"data\": {\"name\": \"Di\"}, \"options\": {\"log\": "
         "\"info\"}}",
         "info UserRepository: "},
        {"deleteById", "{\"id\": 1, \"options\": {\"log\": \"info\"}}", "info UserRepository: "},
        {"create", "{\"data\": {\"name\": \"Cy\"}, \"options\": {\"log\": \"off\"}}", NULL},
        {"find", "{\"options\": {\"log\": null}}", NULL},
    };
    fixture *self = *state;
    const ignis_repository *users;
    const char *json_;
    open_source(self, IGNIS_LOG_INFO);
    users = UserRepository_base(self->users);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        forget(self);
        assert_int_equal(ignis_call_json(self->ctx, users, &ignis_policy_trusted, cases[i].method,
                                         cases[i].arguments, 0, &json_, NULL),
                         IGNIS_OK);
        assert_int_equal(self->heard.count > 0, cases[i].told != NULL);
        if (cases[i].told)
            assert_memory_equal(self->heard.lines, cases[i].told, strlen(cases[i].told));
        /* It was for that call alone. */
        size_t told = self->heard.count;
        assert_int_equal(ignis_find_json(self->ctx, users, NULL, NULL, &json_), IGNIS_OK);
        assert_int_equal(self->heard.count, told);
    }
    static const struct {
        const ignis_policy *policy;
        const char *arguments;
        const char *message;
        const char *hint;
    } wrong[] = {
        {&ignis_policy_trusted, "{\"options\": {\"log\": \"debgu\"}}",
         "unknown level 'debgu' of log", "debug"},
        {&ignis_policy_trusted, "{\"options\": {\"log\": true}}", "log is a name, not a boolean",
         ""},
        {NULL, "{\"options\": {\"log\": \"off\"}}", "a public call cannot say how it is logged",
         ""},
    };
    for (size_t i = 0; i < ARRAY_COUNT(wrong); i++) {
        assert_int_equal(ignis_call_json(self->ctx, users, wrong[i].policy, "find",
                                         wrong[i].arguments, 0, &json_, NULL),
                         IGNIS_E_INVALID);
        const ignis_error *error = ignis_context_error(self->ctx);
        assert_string_equal(error->message, wrong[i].message);
        assert_string_equal(error->hint, wrong[i].hint);
        assert_string_equal(error->path, "options.log");
    }
}

static void an_application_tells_its_life_and_its_data_sources_inherit_the_log(void **state)
{
    static const ignis_data_source_class source = {
        .struct_size = sizeof(source), .name = "Main", .url = "sqlite::memory:"};
    static const ignis_data_source_class wrong = {
        .struct_size = sizeof(wrong), .name = "Wrong", .url = "mysql:x"};
    fixture *self = *state;
    self->ctx = ignis_context_create();
    const ignis_log log = {.struct_size = sizeof(log), .write = hear, .data = &self->heard};
    const ignis_app_class class_ = {.struct_size = sizeof(class_), .name = "Shop", .log = &log};
    ignis_app *app;
    assert_int_equal(ignis_app_create(self->ctx, &class_, &app), IGNIS_OK);
    assert_int_equal(ignis_app_data_source(self->ctx, app, &source), IGNIS_OK);
    assert_int_equal(ignis_app_start(self->ctx, app), IGNIS_OK);
    ignis_app_log(app, IGNIS_LOG_INFO, NULL, "open for business");
    ignis_app_log(app, IGNIS_LOG_WARN, "services.Till", "short of change");
    ignis_app_log(app, IGNIS_LOG_DEBUG, NULL, "not told");
    ignis_data_source_disconnect(self->ctx, ignis_app_get(app, "datasources.Main"));
    ignis_app_stop(app);
    assert_int_equal(ignis_app_data_source(self->ctx, app, &wrong), IGNIS_OK);
    assert_int_equal(ignis_app_start(self->ctx, app), IGNIS_E_INVALID);
    ignis_app_free(app);
    assert_string_equal(self->heard.lines,
                        "info Main: connected to sqlite::memory:\n"
                        "info Shop: started\n"
                        "info Shop: open for business\n"
                        "warn services.Till: short of change\n"
                        "info Main: disconnected\n"
                        "info Shop: stopped\n"
                        "info Main: connected to sqlite::memory:\n"
                        "error Shop: not started: datasources.Wrong: unknown scheme \"mysql:\", "
                        "neither postgresql: nor sqlite:; a file whose name begins so is "
                        "sqlite:./NAME\n");
}

static void printed_entries_are_lines_of_the_standard_error(void **state)
{
    (void)state;
    static const ignis_log_entry entries[] = {
        {.level = IGNIS_LOG_WARN,
         .scope = "Main",
         .message = "slow statement in 2.000 ms",
         .statement = "SELECT 1;",
         .statement_size = 8,
         .values = "[1]"},
        {.level = IGNIS_LOG_DEBUG, .scope = "App", .message = "started"},
    };
    char printed[256] = "";
    int pipes[2];
    int kept = dup(STDERR_FILENO);
    assert_int_equal(pipe(pipes), 0);
    assert_true(dup2(pipes[1], STDERR_FILENO) >= 0);
    for (size_t i = 0; i < ARRAY_COUNT(entries); i++) {
        ignis_log_print(NULL, &entries[i]);
    }
    assert_true(dup2(kept, STDERR_FILENO) >= 0);
    close(pipes[1]);
    assert_true(read(pipes[0], printed, sizeof(printed) - 1) > 0);
    close(pipes[0]);
    close(kept);
    assert_string_equal(printed, "warn  Main: slow statement in 2.000 ms: SELECT 1 [1]\n"
                                 "debug App: started\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(debug_tells_every_statement_without_values),
        TEST(values_come_where_they_are_asked_for),
        TEST(info_tells_no_statement),
        TEST(a_slow_statement_is_a_warning_even_where_statements_are_not_told),
        TEST(a_statement_that_fails_is_an_error_without_what_it_failed_of),
        TEST(a_transaction_is_told_in_the_scope_of_its_data_source),
        TEST(no_value_is_told_unless_it_is_asked_for),
        TEST(a_slow_statement_is_told_once_with_its_time),
        TEST(a_call_says_at_which_level_it_is_told),
        TEST(a_json_call_says_at_which_level_it_is_told),
        TEST(an_application_tells_its_life_and_its_data_sources_inherit_the_log),
        cmocka_unit_test(printed_entries_are_lines_of_the_standard_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
