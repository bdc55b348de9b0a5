/* Hostile texts at every place of a filter: each is a value that finds what equals it, or refused with
   its place; never does a byte of it become text of a statement. */
#include "driver/driver.h"
#include "support/fixture.h"
#include "support/parsed.h"
#include "support/server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define J IGNIS_JSON

static const char models[] = J({
    "models" : [
        {
            "name" : "Note",
            "columns" : [
                {"name" : "id", "type" : "integer", "primaryKey" : true, "notNull" : true},
                {"name" : "name", "type" : "text"}, {"name" : "label", "type" : "varchar"},
                {"name" : "age", "type" : "integer"}, {"name" : "big", "type" : "bigint"},
                {"name" : "cost", "type" : "numeric"},
                {"name" : "weight", "type" : "double precision"},
                {"name" : "active", "type" : "boolean"}, {"name" : "at", "type" : "timestamptz"},
                {"name" : "day", "type" : "date"}, {"name" : "ref", "type" : "uuid"},
                {"name" : "tags", "type" : "text", "array" : true},
                {"name" : "counts", "type" : "integer", "array" : true},
                {"name" : "doc", "type" : "jsonb"}, {"name" : "secret", "type" : "text"},
                {"name" : "parentId", "type" : "integer"}
            ],
            "relations" : [
                {
                    "name" : "parent",
                    "type" : "one",
                    "model" : "Note",
                    "fields" : ["parentId"],
                    "references" : ["id"]
                },
                {"name" : "children", "type" : "many", "model" : "Note"}
            ],
            "settings" : {"hiddenProperties" : ["secret"]}
        },
        {
            "name" : "Word",
            "columns" : [ {"name" : "id", "type" : "text", "primaryKey" : true, "notNull" : true} ]
        }
    ]
});

/* In each text, and in no name of the models or word of a statement. */
#define MARK   "zqx"
#define NUMBER "7390241"

/* As they stand between the quotes of JSON. The row with the number i + 1 has the text i. */
static const char *const texts[] = {
    MARK "' OR '1'='1",
    MARK "\\\"; DROP TABLE \\\"Note\\\"; --",
    MARK "') UNION SELECT secret FROM \\\"Note\\\" --",
    MARK "/**/OR/**/1=1",
    MARK "$1",
    MARK "?1 ?2 :a @b",
    MARK "\\\\' OR 1=1 --",
    MARK "%s%n%p",
    MARK "\\n;\\r\\nCOMMIT;\\t",
    MARK "]::text[] OR true OR tags = ARRAY['x'",
    MARK "{a,b,\\\"c\\\"}",
    MARK "$$ $tag$ ",
    MARK "\\u0001\\u001f\\u007f\\u2028\\ufeff",
    MARK "\\u02bc\\u2019\\uff07 \\ud83d\\ude00",
    MARK "__proto__ constructor",
    MARK "\\u0027\\u003b\\u002d\\u002d",
};

enum { TEXTS_COUNT = sizeof(texts) / sizeof(texts[0]), CALLS_MIN = 2000 };

typedef struct opened {
    arena memory;
    ignis_context *ctx;
    ignis_driver driver;
    ignis_data_source *source;
    size_t tried; /* calls */
    size_t statements;
} opened;

/* The recording driver keeps its records in the database, which a data source does not show. NULL: what
   is sent is not seen. */
static ignis_database *recorded;

static size_t sent_count(void)
{
    return recorded ? recording_count(recorded) : 0;
}

static ignis_code recorded_open(ignis_context *ctx, const ignis_driver_settings *settings,
                                ignis_database **database)
{
    IGNIS_TRY(recording_driver.open(ctx, settings, database));
    recorded = *database;
    return IGNIS_OK;
}

/* A row for each text, and one beside them that has none. */
static const char *rows_write(arena *memory)
{
    text out;
    text_init(&out, memory, 0);
    text_string(&out, "{\"Note\":[");
    for (size_t i = 0; i < TEXTS_COUNT; i++)
        text_format(&out,
                    "{\"id\":%zu,\"name\":\"%s\",\"label\":\"%s\",\"age\":%zu,\"tags\":[\"%s\"],"
                    "\"doc\":{\"a\":\"%s\",\"l\":[\"%s\"],\"o\":{\"%s\":1}},\"secret\":\"s\"},",
                    i + 1, texts[i], texts[i], i, texts[i], texts[i], texts[i], texts[i]);
    text_format(&out, "{\"id\":%d}],\"Word\":[", TEXTS_COUNT + 1);
    for (size_t i = 0; i < TEXTS_COUNT; i++)
        text_format(&out, "%s{\"id\":\"%s\"}", i > 0 ? "," : "", texts[i]);
    text_string(&out, "]}");
    return text_finish(&out);
}

static int notes_open_at(void **state, const char *url, bool is_recorded)
{
    static opened all;
    all = (opened){.ctx = ignis_context_create(), .driver = recording_driver};
    all.driver.open = recorded_open;
    recorded = NULL;
    fixture_class class_ = {.models_text = models,
                            .data_text = rows_write(&all.memory),
                            .url = url,
                            .driver = is_recorded ? &all.driver : NULL};
    if (!all.ctx || !class_.data_text) return -1;
    if (fixture_open(all.ctx, &class_, &all.source) != IGNIS_OK) {
        print_error("%s\n", ignis_context_error(all.ctx)->message);
        return -1;
    }
    *state = &all;
    return 0;
}

static int notes_open(void **state)
{
    return notes_open_at(state, "recording:sqlite::memory:", true);
}

static int server_notes_open(void **state)
{
    return notes_open_at(state, server_url(), false);
}

static int notes_close(void **state)
{
    opened *all = *state;
    if (!all) return 0;
    print_message("%zu hostile calls, %zu statements of theirs\n", all->tried, all->statements);
    assert_true(all->tried >= CALLS_MIN);
    ignis_data_source_close(all->source);
    ignis_context_free(all->ctx);
    arena_free(&all->memory);
    return 0;
}

/* ---- calls -------------------------------------------------------------------------------------- */

typedef struct call {
    const char *model;
    const char *method;
    const ignis_policy *policy;
    const char *arguments; /* of ignis_call_json */
} call;

/* One line, and not the whole of a long text. */
static bool is_clear(const ignis_error *error)
{
    return error->message[0] != '\0' && strlen(error->message) < 400 &&
           !strpbrk(error->message, "\n\r\t\001\037") && !strpbrk(error->path, "\n\r\t\001\037") &&
           !strstr(error->message, "SELECT \"") && !strstr(error->message, "syntax error");
}

/* What the call would send to either engine; nothing of what is refused. */
static void statements_check(opened *all, const call *asked)
{
    static const char *const foreign[] = {MARK, NUMBER, NULL};
    arena memory = {0};
    json_fault fault;
    parsed_call parsed = {.source = all->source,
                          .model = asked->model,
                          .method = asked->method,
                          .policy = asked->policy,
                          .foreign = foreign};
    const char *problem = NULL;
    if (json_read(&memory, asked->arguments, strlen(asked->arguments), NULL, &parsed.arguments,
                  &fault) == IGNIS_OK &&
        parsed.arguments->kind == JSON_OBJECT)
        problem = parsed_check(all->ctx, &memory, &parsed, &all->statements);
    if (problem) fail_msg("%s: %s", asked->arguments, problem);
    arena_free(&memory);
}

/* The code of a call; its statements are checked and forgotten. */
static ignis_code call_make(opened *all, const call *asked, const char **result)
{
    ignis_repository_class class_ = {.struct_size = sizeof(class_), .model = asked->model};
    ignis_repository *repository = NULL;
    all->tried++;
    statements_check(all, asked);
    if (recorded) recording_clear(recorded);
    IGNIS_TRY(ignis_repository_open(all->ctx, all->source, &class_, &repository));
    ignis_code code = ignis_call_json(all->ctx, repository, asked->policy, asked->method,
                                      asked->arguments, strlen(asked->arguments), result, NULL);
    for (size_t i = 0; i < sent_count(); i++) {
        const char *sql = recording_at(recorded, i)->sql;
        if (strstr(sql, MARK) || strstr(sql, NUMBER))
            fail_msg("%s is in the statement %s", asked->arguments, sql);
    }
    if (code != IGNIS_OK && sent_count() > 0 && code != IGNIS_E_INVALID)
        fail_msg("%s reached the database: %s", asked->arguments,
                 ignis_context_error(all->ctx)->message);
    if (code != IGNIS_OK && !is_clear(ignis_context_error(all->ctx)))
        fail_msg("%s: %s", asked->arguments, ignis_context_error(all->ctx)->message);
    return code;
}

/* pattern with each @ replaced by value. */
static const char *filled(arena *memory, const char *pattern, const char *value)
{
    text out;
    text_init(&out, memory, 0);
    for (; *pattern; pattern++) {
        if (*pattern == '@') {
            text_string(&out, value);
        } else {
            text_char(&out, *pattern);
        }
    }
    const char *made = text_finish(&out);
    assert_non_null(made);
    return made;
}

static void tables_are_whole(opened *all)
{
    const call asked = {"Note", "count", &ignis_policy_trusted, "{}"};
    const char *result = NULL;
    char expected[64];
    assert_true(snprintf(expected, sizeof(expected), "{\"count\":%d}", TEXTS_COUNT + 1) > 0);
    assert_int_equal(call_make(all, &asked, &result), IGNIS_OK);
    assert_string_equal(result, expected);
}

/* ---- texts as values ---------------------------------------------------------------------------- */

typedef enum found { ITSELF, OTHERS, NONE, ANY } found;

typedef struct value_case {
    const char *where; /* @ is the text */
    found found;       /* of the rows that have a text */
} value_case;

static const value_case value_cases[] = {
    {"{\"name\":\"@\"}", ITSELF},
    {"{\"label\":{\"eq\":\"@\"}}", ITSELF},
    {"{\"name\":{\"ne\":\"@\"}}", OTHERS},
    {"{\"name\":[\"@\"]}", ITSELF},
    {"{\"name\":{\"in\":[\"a\",\"@\",null]}}", ITSELF},
    {"{\"name\":{\"nin\":[\"@\",\"b\"]}}", OTHERS},
    {"{\"name\":{\"between\":[\"@\",\"@\"]}}", ITSELF},
    {"{\"name\":{\"notBetween\":[\"@\",\"@\"]}}", OTHERS},
    {"{\"name\":{\"gte\":\"@\",\"lte\":\"@\"}}", ITSELF},
    {"{\"name\":{\"gt\":\"@\",\"lt\":\"@\"}}", NONE},
    {"{\"not\":{\"name\":\"@\"}}", OTHERS},
    {"{\"or\":[{\"name\":\"@\"},{\"or\":[]}]}", ITSELF},
    {"{\"and\":[{\"name\":\"@\"},{\"label\":\"@\"}]}", ITSELF},
    {"{\"name\":{\"startsWith\":\"@\",\"endsWith\":\"@\"}}", ITSELF},
    {"{\"name\":{\"like\":\"@\"}}", ANY},
    {"{\"name\":{\"nilike\":\"%@%\"}}", ANY},
    {"{\"tags\":[\"@\"]}", ITSELF},
    {"{\"tags\":{\"contains\":[\"@\"]}}", ITSELF},
    {"{\"tags\":{\"containedBy\":[\"@\",\"a\"]}}", ITSELF},
    {"{\"tags\":{\"overlaps\":\"@\"}}", ITSELF},
    {"{\"tags\":{\"in\":[[\"@\"],[]]}}", ITSELF},
    {"{\"doc.a\":\"@\"}", ITSELF},
    {"{\"doc[a]\":{\"in\":[\"@\"]}}", ITSELF},
    {"{\"doc.l\":{\"contains\":[\"@\"]}}", ITSELF},
    {"{\"doc.l[0]\":{\"startsWith\":\"@\"}}", ITSELF},
    {"{\"doc.l\":{\"eq\":[\"@\"]}}", ITSELF},
    {"{\"doc.o\":{\"@\":1}}", ITSELF},
    {"{\"doc\":{\"@\":1}}", NONE},
    {"{\"doc\":{\"eq\":\"@\"}}", NONE},
    {"{\"doc\":[{\"a\":\"@\"}]}", NONE},
};

static void value_check(opened *all, const value_case *row, size_t number)
{
    char counted[64];
    char itself[64];
    arena memory = {0};
    const char *where = filled(&memory, row->where, texts[number]);
    size_t count = row->found == ITSELF ? 1 : row->found == OTHERS ? TEXTS_COUNT - 1 : 0;
    assert_true(snprintf(counted, sizeof(counted), "{\"count\":%zu}", count) > 0);
    assert_true(snprintf(itself, sizeof(itself), "[{\"id\":%zu}]", number + 1) > 0);
    const call calls[] = {
        {"Note", "count", &ignis_policy_trusted, filled(&memory, "{\"where\":@}", where)},
        {"Note", "find", NULL,
         filled(&memory, "{\"filter\":{\"where\":@,\"fields\":[\"id\"],\"limit\":2}}", where)}};
    const char *const expected[] = {row->found == ANY ? NULL : counted,
                                    row->found == ITSELF ? itself : NULL};
    for (size_t i = 0; i < ARRAY_COUNT(calls); i++) {
        const char *result = "";
        bool is_taken = call_make(all, &calls[i], &result) == IGNIS_OK;
        if (!is_taken || (expected[i] && strcmp(result, expected[i]) != 0))
            fail_msg("%s: %s%s", calls[i].arguments, result,
                     ignis_context_error(all->ctx)->message);
    }
    arena_free(&memory);
}

static void a_hostile_text_is_a_value(void **state)
{
    opened *all = *state;
    for (size_t i = 0; i < ARRAY_COUNT(value_cases); i++) {
        for (size_t k = 0; k < TEXTS_COUNT; k++)
            value_check(all, &value_cases[i], k);
        ignis_context_reset(all->ctx);
    }
    tables_are_whole(all);
}

static void a_hostile_text_is_an_id(void **state)
{
    opened *all = *state;
    for (size_t i = 0; i < TEXTS_COUNT; i++) {
        const char *result = NULL;
        const call asked = {"Word", "findById", NULL,
                            filled(&all->ctx->results, "{\"id\":\"@\"}", texts[i])};
        assert_int_equal(call_make(all, &asked, &result), IGNIS_OK);
        assert_non_null(strstr(result, MARK));
    }
    ignis_context_reset(all->ctx);
}

/* A pattern may be none of the engine's: told with its place, by the engine itself. */
static void a_hostile_pattern_is_a_value(void **state)
{
    opened *all = *state;
    for (size_t i = 0; i < TEXTS_COUNT; i++) {
        const char *result = NULL;
        const call asked = {
            "Note", "count", &ignis_policy_trusted,
            filled(&all->ctx->results, "{\"where\":{\"name\":{\"regexp\":\"@\"}}}", texts[i])};
        ignis_code code = call_make(all, &asked, &result);
        if (code == IGNIS_E_UNSUPPORTED) return; /* a build without regular expressions */
        if (code == IGNIS_OK) continue;
        assert_int_equal(code, IGNIS_E_INVALID);
        assert_string_equal(ignis_context_error(all->ctx)->path, "where.name.regexp");
    }
    ignis_context_reset(all->ctx);
}

/* ---- texts where names belong, or values of other types ----------------------------------------- */

/* @ is the text. Each is refused, with a path that begins so. */
static const char *const refused[][2] = {
    {"{\"@\":1}", "@"},
    {"{\"where\":{\"@\":1}}", "where."},
    {"{\"where\":{\"@\":{\"eq\":1}}}", "where."},
    {"{\"where\":{\"and\":[{\"@\":null}]}}", "where.and[0]."},
    {"{\"where\":{\"not\":{\"@\":1}}}", "where.not."},
    {"{\"where\":{\"name\":{\"@\":1}}}", "where.name."},
    {"{\"where\":{\"name\":{\"eq\":\"a\",\"@\":1}}}", "where.name."},
    {"{\"where\":{\"name.@\":1}}", "where."},
    {"{\"where\":{\"doc.@\":1}}", "where."},
    {"{\"where\":{\"doc[@]\":1}}", "where."},
    {"{\"where\":{\"doc.a[0]@\":1}}", "where."},
    {"{\"where\":{\"doc.a\":{\"eq\":1,\"@\":1}}}", "where.doc.a"},
    {"{\"where\":{\"age\":\"@\"}}", "where.age"},
    {"{\"where\":{\"big\":{\"gt\":\"@\"}}}", "where.big.gt"},
    {"{\"where\":{\"cost\":[\"1\",\"@\"]}}", "where.cost[1]"},
    {"{\"where\":{\"weight\":{\"between\":[1,\"@\"]}}}", "where.weight.between[1]"},
    {"{\"where\":{\"active\":\"@\"}}", "where.active"},
    {"{\"where\":{\"at\":{\"lt\":\"@\"}}}", "where.at.lt"},
    {"{\"where\":{\"day\":\"@\"}}", "where.day"},
    {"{\"where\":{\"ref\":\"@\"}}", "where.ref"},
    {"{\"where\":{\"counts\":{\"contains\":[1,\"@\"]}}}", "where.counts.contains[1]"},
    {"{\"where\":{\"counts\":{\"in\":[[1],[\"@\"]]}}}", "where.counts.in[1][0]"},
    {"{\"where\":\"@\"}", "where"},
    {"{\"where\":{\"or\":\"@\"}}", "where.or"},
    {"{\"where\":{\"or\":[\"@\"]}}", "where.or[0]"},
    {"{\"order\":\"@\"}", "order"},
    {"{\"order\":[\"@\"]}", "order[0]"},
    {"{\"order\":[\"id @\"]}", "order[0]"},
    {"{\"order\":[\"id ASC @\"]}", "order[0]"},
    {"{\"order\":[\"id\",\"name DESC NULLS @\"]}", "order[1]"},
    {"{\"order\":[\"doc.@\"]}", "order[0]"},
    {"{\"fields\":\"@\"}", "fields"},
    {"{\"fields\":[\"id\",\"@\"]}", "fields[1]"},
    {"{\"fields\":{\"@\":true}}", "fields."},
    {"{\"fields\":{\"@\":false}}", "fields."},
    {"{\"limit\":\"@\"}", "limit"},
    {"{\"skip\":\"@\"}", "skip"},
    {"{\"offset\":\"@\"}", "offset"},
    {"{\"include\":\"@\"}", "include"},
    {"{\"include\":[\"@\"]}", "include[0]"},
    {"{\"include\":[{\"relation\":\"@\"}]}", "include[0]"},
    {"{\"include\":[{\"relation\":\"parent\",\"@\":1}]}", "include[0]."},
    {"{\"include\":[{\"relation\":\"parent\",\"scope\":{\"@\":1}}]}", "include[0].scope."},
    {"{\"include\":[{\"relation\":\"children\",\"scope\":{\"order\":[\"@\"]}}]}",
     "include[0].scope.order[0]"},
    {"{\"include\":[{\"relation\":\"children\",\"scope\":{\"include\":[\"@\"]}}]}",
     "include[0].scope.include[0]"},
    {"{\"include\":[{\"relation\":\"children\",\"shouldSkipDefaultFilter\":\"@\"}]}",
     "include[0].shouldSkipDefaultFilter"},
};

static void refusal_check(opened *all, const char *const row[2], const char *given)
{
    const char *result = NULL;
    arena memory = {0};
    const call asked = {"Note", "find", &ignis_policy_trusted,
                        filled(&memory, "{\"filter\":@}", filled(&memory, row[0], given))};
    ignis_code code = call_make(all, &asked, &result);
    const ignis_error *error = ignis_context_error(all->ctx);
    const char *path = row[1][0] == '@' ? MARK : row[1];
    if (code != IGNIS_E_INVALID || strncmp(error->path, path, strlen(path)) != 0)
        fail_msg("%s: %s at %s, expected %s: %s", asked.arguments, ignis_code_name(code),
                 error->path, path, error->message);
    assert_int_equal(sent_count(), 0);
    arena_free(&memory);
}

static void a_hostile_text_is_no_name(void **state)
{
    opened *all = *state;
    for (size_t i = 0; i < ARRAY_COUNT(refused); i++) {
        for (size_t k = 0; k < TEXTS_COUNT; k++)
            refusal_check(all, refused[i], texts[k]);
        ignis_context_reset(all->ctx);
    }
    tables_are_whole(all);
}

/* The steps of a path are the one thing of a caller's that a statement says, so that an index can be
   on the same expression: letters, digits, _ and - between quotes, and no other byte. */
static void a_path_is_written_in_letters_and_digits(void **state)
{
    opened *all = *state;
    for (int c = 0x20; c < 0x7f; c++) {
        const char *result = NULL;
        char path[16];
        bool is_step = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '_' || c == '-' || c == '.';
        assert_true(snprintf(path, sizeof(path), "\\u%04xb", (unsigned)c) > 0);
        const call asked = {
            "Note", "count", NULL,
            filled(&all->ctx->results, "{\"where\":{\"doc.a@\":{\"isNull\":true}}}", path)};
        ignis_code code = call_make(all, &asked, &result);
        if (code != (is_step ? IGNIS_OK : IGNIS_E_INVALID))
            fail_msg("%s: %s", asked.arguments, ignis_code_name(code));
        if (!is_step) assert_int_equal(sent_count(), 0);
    }
    ignis_context_reset(all->ctx);
}

/* ---- texts that are none ------------------------------------------------------------------------ */

static const char *const no_texts[] = {"a\\u0000b", "\\u0000",      "\\ud800",
                                       "\\udfff",   "\\ud83dx",     "a\xff",
                                       "\xc0\xaf",  "\xed\xa0\x80", "\xf4\x90\x80\x80",
                                       "\xe2\x82",  "\x01",         "\n",
                                       "\\x",       "\\u12",        "\\"};

static const char *const no_text_places[] = {
    "{\"filter\":{\"where\":{\"name\":\"@\"}}}",
    "{\"filter\":{\"where\":{\"@\":1}}}",
    "{\"filter\":{\"where\":{\"name\":{\"in\":[\"a\",\"@\"]}}}}",
    "{\"filter\":{\"where\":{\"tags\":{\"contains\":[\"@\"]}}}}",
    "{\"filter\":{\"where\":{\"doc\":{\"a\":{\"b\":[\"@\"]}}}}}",
    "{\"filter\":{\"where\":{\"doc.@\":1}}}",
    "{\"filter\":{\"order\":[\"@\"]}}",
    "{\"filter\":{\"fields\":[\"@\"]}}",
    "{\"filter\":{\"include\":[\"@\"]}}",
    "{\"filter\":{\"limit\":\"@\"}}",
    "{\"@\":1}",
};

/* NUL, halves of a character, bytes that are no UTF-8, and what JSON does not allow. */
static void what_is_no_text_is_refused_everywhere(void **state)
{
    opened *all = *state;
    for (size_t i = 0; i < ARRAY_COUNT(no_text_places); i++) {
        for (size_t k = 0; k < ARRAY_COUNT(no_texts); k++) {
            const char *result = NULL;
            const call asked = {"Note", "find", &ignis_policy_trusted,
                                filled(&all->ctx->results, no_text_places[i], no_texts[k])};
            if (call_make(all, &asked, &result) != IGNIS_E_INVALID)
                fail_msg("%s with text %zu is taken", no_text_places[i], k);
            assert_int_equal(sent_count(), 0);
        }
        ignis_context_reset(all->ctx);
    }
}

/* ---- wrong types -------------------------------------------------------------------------------- */

static const char *const types[] = {"null",
                                    "true",
                                    "false",
                                    "7390241",
                                    "-7390241",
                                    "7390241.5",
                                    "1e400",
                                    "73902417390241739024173902417390241",
                                    "\"zqx\"",
                                    "\"\"",
                                    "[]",
                                    "{}",
                                    "[[]]",
                                    "[{}]",
                                    "[null]",
                                    "{\"zqx\":1}",
                                    "{\"eq\":{\"eq\":1}}",
                                    "[[[\"zqx\"]]]",
                                    "[7390241,\"zqx\",null,[],{}]"};

static const char *const type_places[] = {
    "@",
    "{\"filter\":@}",
    "{\"options\":@}",
    "{\"filter\":{\"where\":@}}",
    "{\"filter\":{\"where\":{\"and\":@}}}",
    "{\"filter\":{\"where\":{\"or\":[@]}}}",
    "{\"filter\":{\"where\":{\"not\":@}}}",
    "{\"filter\":{\"where\":{\"name\":@}}}",
    "{\"filter\":{\"where\":{\"age\":@}}}",
    "{\"filter\":{\"where\":{\"big\":{\"in\":@}}}}",
    "{\"filter\":{\"where\":{\"cost\":{\"between\":@}}}}",
    "{\"filter\":{\"where\":{\"weight\":{\"nin\":[@]}}}}",
    "{\"filter\":{\"where\":{\"active\":@}}}",
    "{\"filter\":{\"where\":{\"at\":@}}}",
    "{\"filter\":{\"where\":{\"tags\":@}}}",
    "{\"filter\":{\"where\":{\"tags\":{\"contains\":@}}}}",
    "{\"filter\":{\"where\":{\"counts\":{\"in\":@}}}}",
    "{\"filter\":{\"where\":{\"doc\":@}}}",
    "{\"filter\":{\"where\":{\"doc\":{\"eq\":@}}}}",
    "{\"filter\":{\"where\":{\"doc.a\":@}}}",
    "{\"filter\":{\"where\":{\"doc.l\":{\"overlaps\":@}}}}",
    "{\"filter\":{\"where\":{\"name\":{\"like\":@}}}}",
    "{\"filter\":{\"where\":{\"name\":{\"isNull\":@}}}}",
    "{\"filter\":{\"order\":@}}",
    "{\"filter\":{\"order\":[@]}}",
    "{\"filter\":{\"fields\":@}}",
    "{\"filter\":{\"fields\":[@]}}",
    "{\"filter\":{\"fields\":{\"id\":@}}}",
    "{\"filter\":{\"limit\":@}}",
    "{\"filter\":{\"skip\":@}}",
    "{\"filter\":{\"include\":@}}",
    "{\"filter\":{\"include\":[@]}}",
    "{\"filter\":{\"include\":[{\"relation\":@}]}}",
    "{\"filter\":{\"include\":[{\"relation\":\"parent\",\"scope\":@}]}}",
    "{\"filter\":{\"include\":[{\"relation\":\"parent\",\"shouldSkipDefaultFilter\":@}]}}",
    "{\"options\":{\"shouldQueryRange\":@}}",
};

/* Every type of JSON at every place, by either policy. */
static void every_type_is_taken_or_refused(void **state)
{
    opened *all = *state;
    const ignis_policy *const policies[] = {NULL, &ignis_policy_trusted};
    size_t taken = 0;
    size_t told = 0;
    for (size_t i = 0; i < 2 * ARRAY_COUNT(type_places); i++) {
        for (size_t k = 0; k < ARRAY_COUNT(types); k++) {
            const char *result = NULL;
            const call asked = {"Note", "find", policies[i % 2],
                                filled(&all->ctx->results, type_places[i / 2], types[k])};
            ignis_code code = call_make(all, &asked, &result);
            if (code != IGNIS_OK && code != IGNIS_E_INVALID)
                fail_msg("%s: %s", asked.arguments, ignis_context_error(all->ctx)->message);
            if (code == IGNIS_OK) taken++;
            if (code == IGNIS_E_INVALID) told++;
        }
        ignis_context_reset(all->ctx);
    }
    assert_true(taken > 0);
    assert_true(told > taken);
    tables_are_whole(all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hostile_text_is_a_value),
        cmocka_unit_test(a_hostile_text_is_an_id),
        cmocka_unit_test(a_hostile_pattern_is_a_value),
        cmocka_unit_test(a_hostile_text_is_no_name),
        cmocka_unit_test(a_path_is_written_in_letters_and_digits),
        cmocka_unit_test(what_is_no_text_is_refused_everywhere),
        cmocka_unit_test(every_type_is_taken_or_refused),
    };
    int failed = cmocka_run_group_tests_name("SQLite", tests, notes_open, notes_close);
    const char *url = getenv("IGNIS_TEST_POSTGRES_URL");
    if (url && *url) {
        failed += cmocka_run_group_tests_name("PostgreSQL", tests, server_notes_open, notes_close);
    } else {
        print_message("skipped: no server in IGNIS_TEST_POSTGRES_URL\n");
    }
    parsed_end();
    return failed;
}
