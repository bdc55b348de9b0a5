/* override: repositories that hide other properties, or have another default filter, than their model;
   on every engine there is. */
#include "support/script.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static const char models[] =
    "{'models': [{'name': 'Account',"
    " 'settings': {'hiddenProperties': ['password'], 'checkWrites': true,"
    "  'defaultFilter': {'where': {'tenant': {'neq': 'gone'}}, 'order': ['id']}},"
    " 'columns': [{'name': 'id', 'type': 'integer', 'primaryKey': true},"
    "  {'name': 'tenant', 'type': 'text', 'notNull': true},"
    "  {'name': 'email', 'type': 'text', 'unique': true},"
    "  {'name': 'password', 'type': 'text'},"
    "  {'name': 'bossId', 'type': 'integer'}],"
    " 'foreignKeys': [{'columns': ['bossId'], 'references': {'model': 'Account', 'columns': "
    "['id']}}],"
    " 'relations': [{'name': 'boss', 'type': 'one', 'model': 'Account'},"
    "  {'name': 'staff', 'type': 'many', 'model': 'Account'},"
    "  {'name': 'notes', 'type': 'many', 'model': 'Note'}]},"
    "{'name': 'Note',"
    " 'columns': [{'name': 'id', 'type': 'integer', 'primaryKey': true},"
    "  {'name': 'accountId', 'type': 'integer'}],"
    " 'foreignKeys': [{'columns': ['accountId'], 'references': {'model': 'Account', 'columns': "
    "['id']}}],"
    " 'relations': [{'name': 'account', 'type': 'one', 'model': 'Account'}]}]}";
static const char rows[] =
    "{'Account': [{'id': 1, 'tenant': 'a', 'email': 'e1', 'password': 'p1'},"
    " {'id': 2, 'tenant': 'a', 'email': 'e2', 'password': 'p2', 'bossId': 1},"
    " {'id': 3, 'tenant': 'b', 'email': 'e3', 'password': 'p3', 'bossId': 1},"
    " {'id': 4, 'tenant': 'gone', 'email': 'e4', 'password': 'p4', 'bossId': 1}],"
    "'Note': [{'id': 1, 'accountId': 2}, {'id': 2, 'accountId': 4}]}";

/* Those of a test, all over one model. */
typedef struct repositories {
    ignis_repository *plain; /* as the model says */
    ignis_repository *team;  /* email hidden, password not; tenant a, the last first */
    ignis_repository *all;   /* nothing hidden, no default filter */
    ignis_repository *quiet; /* email hidden beside password; the model's default filter */
} repositories;

static ignis_repository *opened(engine *self, ignis_repository_class class_)
{
    ignis_repository *repository = NULL;
    class_.struct_size = sizeof(class_);
    class_.model = "Account";
    class_.hidden_json = class_.hidden_json ? script_text(self, class_.hidden_json) : NULL;
    if (class_.default_filter_json)
        class_.default_filter_json = script_text(self, class_.default_filter_json);
    ignis_code code = ignis_repository_open(self->ctx, self->source, &class_, &repository);
    if (code != IGNIS_OK) fail_msg("%s", ignis_context_error(self->ctx)->message);
    return repository;
}

static repositories open_all(engine *self)
{
    return (repositories){
        .plain = opened(self, (ignis_repository_class){.name = "Plain"}),
        .team = opened(self,
                       (ignis_repository_class){.name = "Team",
                                                .hidden_json = "['email']",
                                                .default_filter_json = "{'where': {'tenant': 'a'}, "
                                                                       "'order': ['id DESC']}"}),
        .all = opened(self, (ignis_repository_class){.name = "All",
                                                     .hidden_json = "[]",
                                                     .default_filter_json = "{}"}),
        .quiet = opened(self, (ignis_repository_class){.name = "Quiet",
                                                       .hidden_json = "['email', 'password']"}),
    };
}

/* A call and its result as text; or "!code path", and a part of the message. */
typedef struct said {
    const char *method;
    const char *arguments;
    const char *expected;
    const char *message;
} said;

static void expect_by(engine *self, const ignis_repository *repository, const ignis_policy *policy,
                      const said *call)
{
    char got[256];
    const char *json_ = NULL;
    ignis_code code = ignis_call_json(self->ctx, repository, policy, call->method,
                                      script_text(self, call->arguments), 0, &json_, NULL);
    const ignis_error *error = ignis_context_error(self->ctx);
    if (code != IGNIS_OK) {
        (void)snprintf(got, sizeof(got), "!%s %s", ignis_code_name(code), error->path);
        json_ = got;
    }
    if (strcmp(json_, script_text(self, call->expected)) != 0 ||
        (call->message && !strstr(error->message, call->message))) {
        fail_msg("%s %s\n  expected %s\n  got      %s\n  %s", call->method, call->arguments,
                 call->expected, json_, error->message);
    }
}

static void expect(engine *self, const ignis_repository *repository, const char *method,
                   const char *arguments, const char *expected)
{
    const said call = {method, arguments, expected, NULL};
    expect_by(self, repository, &ignis_policy_trusted, &call);
}

/* ---- reads -------------------------------------------------------------------------------------------- */

static void reads_are_as_the_repository_says(void **state)
{
    engine *self = *state;
    const repositories of = open_all(self);
    expect(self, of.plain, "find", "{'filter': {'fields': ['id', 'email', 'bossId']}}",
           "[{'id':1,'email':'e1','bossId':null},{'id':2,'email':'e2','bossId':1},"
           "{'id':3,'email':'e3','bossId':1}]");
    expect(self, of.team, "find", "{}",
           "[{'id':2,'tenant':'a','password':'p2','bossId':1},"
           "{'id':1,'tenant':'a','password':'p1','bossId':null}]");
    expect(self, of.all, "find", "{'filter': {'where': {'id': 4}}}",
           "[{'id':4,'tenant':'gone','email':'e4','password':'p4','bossId':1}]");
    expect(self, of.quiet, "find", "{'filter': {'limit': 1}}",
           "[{'id':1,'tenant':'a','bossId':null}]");
    expect(self, of.team, "findOne", "{}", "{'id':2,'tenant':'a','password':'p2','bossId':1}");
    expect(self, of.team, "findById", "{'id': 1}",
           "{'id':1,'tenant':'a','password':'p1','bossId':null}");
    expect(self, of.team, "findById", "{'id': 3}", "null");
    expect(self, of.team, "count", "{}", "{'count':2}");
    expect(self, of.plain, "count", "{}", "{'count':3}");
    expect(self, of.all, "count", "{}", "{'count':4}");
    expect(self, of.team, "existsWith", "{'where': {'id': 3}}", "false");
    expect(self, of.plain, "existsWith", "{'where': {'id': 3}}", "true");
    expect(self, of.team, "find",
           "{'filter': {'limit': 1, 'fields': ['id']}, 'options': {'shouldQueryRange': true}}",
           "{'data':[{'id':2}],'range':{'start':0,'end':0,'total':2}}");
    expect(self, of.team, "find",
           "{'filter': {'fields': ['id']}, 'options': {'shouldSkipDefaultFilter': true}}",
           "[{'id':1},{'id':2},{'id':3},{'id':4}]");
    expect(self, of.team, "find",
           "{'filter': {'where': {'id': 1}}, 'options': {'withHidden': true}}",
           "[{'id':1,'tenant':'a','email':'e1','password':'p1','bossId':null}]");
}

static void included_rows_are_as_the_model_says(void **state)
{
    engine *self = *state;
    const repositories of = open_all(self);
    expect(self, of.team, "findById", "{'id': 2, 'filter': {'include': ['boss', 'notes']}}",
           "{'id':2,'tenant':'a','password':'p2','bossId':1,"
           "'boss':{'id':1,'tenant':'a','email':'e1','bossId':null},"
           "'notes':[{'id':1,'accountId':2}]}");
    /* tenant b is there, gone is not. */
    expect(self, of.team, "findById",
           "{'id': 1, 'filter': {'fields': ['id'], 'include': ['staff']}}",
           "{'id':1,'staff':[{'id':2,'tenant':'a','email':'e2','bossId':1},"
           "{'id':3,'tenant':'b','email':'e3','bossId':1}]}");
    expect(self, of.all, "findById",
           "{'id': 4, 'filter': {'fields': ['id'], 'include': [{'relation': 'notes', 'scope': "
           "{'include': ['account']}}, {'relation': 'boss', 'scope': {'fields': ['id'], 'include': "
           "[{'relation': 'staff', 'scope': {'limit': 1, 'order': ['id DESC']}}]}}]}}",
           "{'id':4,'notes':[{'id':2,'accountId':4,'account':null}],"
           "'boss':{'id':1,'staff':[{'id':3,'tenant':'b','email':'e3','bossId':1}]}}");
}

static void a_default_filter_may_include(void **state)
{
    engine *self = *state;
    ignis_repository *with =
        opened(self, (ignis_repository_class){
                         .name = "With",
                         .default_filter_json = "{'fields': ['id'], 'limit': 1, 'skip': 1, "
                                                "'order': ['id'], 'include': [{'relation': 'boss', "
                                                "'scope': {'fields': ['email']}}]}"});
    expect(self, with, "find", "{}", "[{'id':2,'boss':{'email':'e1'}}]");
    expect(self, with, "findById", "{'id': 3}", "{'id':3,'boss':{'email':'e1'}}");
    expect(self, with, "count", "{}", "{'count':4}");
}

static void a_default_filter_may_ask_the_context(void **state)
{
    engine *self = *state;
    ignis_repository *own =
        opened(self, (ignis_repository_class){.name = "Own",
                                              .default_filter_json =
                                                  "{'where': {'tenant': {'$context': 'tenant'}}}"});
    const said missing = {"count", "{}", "!invalid $context.tenant", NULL};
    expect_by(self, own, NULL, &missing);
    assert_int_equal(ignis_context_value_set(self->ctx, "tenant", "\"b\""), IGNIS_OK);
    expect(self, own, "count", "{}", "{'count':1}");
    expect(self, own, "create", "{'data': {'id': 9, 'tenant': 'a'}}", "!check data");
    expect(self, own, "create", "{'data': {'id': 9, 'tenant': 'b'}}",
           "{'count':1,'data':{'id':9,'tenant':'b','email':null,'bossId':null}}");
}

/* ---- plans --------------------------------------------------------------------------------------------- */

/* The same filters through each in turn: each time the answers are those of the first time, by the plans
   of the first time. */
static void plans_are_not_mixed(void **state)
{
    engine *self = *state;
    const repositories of = open_all(self);
    const ignis_repository *const each[] = {of.plain, of.team, of.all, of.quiet};
    static const char *const calls[][2] = {
        {"find", "{'filter': {'order': ['bossId']}}"},
        {"find", "{'filter': {'where': {'id': {'gt': 0}}, 'order': ['id']}}"},
        {"findOne", "{'filter': {'include': ['boss'], 'order': ['id DESC']}}"},
        {"findById", "{'id': 3}"},
        {"count", "{'where': {'bossId': 1}}"},
        {"existsWith", "{'where': {'tenant': 'b'}}"},
        {"updateAll",
         "{'where': {'bossId': 1}, 'data': {'bossId': 1}, 'options': {'shouldReturn': false}}"},
        {"updateById", "{'id': 3, 'data': {'bossId': 1}}"},
        {"upsert", "{'data': {'id': 2, 'tenant': 'a', 'bossId': 1}}"},
        {"deleteById", "{'id': 77}"},
    };
    const char *first[ARRAY_COUNT(calls)][ARRAY_COUNT(each)];
    uint64_t made = 0;
    for (size_t round = 0; round < 3; round++) {
        for (size_t i = 0; i < ARRAY_COUNT(calls); i++) {
            for (size_t k = 0; k < ARRAY_COUNT(each); k++) {
                const char *json_;
                assert_int_equal(ignis_call_json(self->ctx, each[k], &ignis_policy_trusted,
                                                 calls[i][0], script_text(self, calls[i][1]), 0,
                                                 &json_, NULL),
                                 IGNIS_OK);
                if (round == 0) first[i][k] = json_;
                assert_string_equal(first[i][k], json_);
            }
        }
        if (round == 1) made = run_cache_made(self->source->run.cache);
    }
    assert_int_equal(run_cache_made(self->source->run.cache), made);
    assert_string_not_equal(first[0][0], first[0][1]);
    assert_string_not_equal(first[0][1], first[0][2]);
    assert_string_not_equal(first[0][0], first[0][3]);
}

/* ---- writes ------------------------------------------------------------------------------------------- */

static void writes_touch_what_the_repository_is_of(void **state)
{
    engine *self = *state;
    const repositories of = open_all(self);
    expect(self, of.team, "updateAll", "{'where': {'bossId': 1}, 'data': {'email': 'new'}}",
           "{'count':1,'data':[{'id':2,'tenant':'a','password':'p2','bossId':1}]}");
    expect(self, of.team, "updateById", "{'id': 3, 'data': {'email': 'x'}}",
           "{'count':0,'data':null}");
    expect(self, of.team, "deleteById", "{'id': 3}", "{'count':0,'data':null}");
    expect(self, of.team, "deleteAll", "{'where': {'id': {'in': [3, 4]}}}",
           "{'count':0,'data':[]}");
    expect(self, of.all, "updateById", "{'id': 4, 'data': {'password': 'q'}}",
           "{'count':1,'data':{'id':4,'tenant':'gone','email':'e4','password':'q','bossId':1}}");
    expect(self, of.quiet, "updateById", "{'id': 3, 'data': {'password': 'q'}}",
           "{'count':1,'data':{'id':3,'tenant':'b','bossId':1}}");
    expect(self, of.team, "create", "{'data': {'id': 5, 'tenant': 'a', 'email': 'e5'}}",
           "{'count':1,'data':{'id':5,'tenant':'a','password':null,'bossId':null}}");
    expect(self, of.team, "createAll",
           "{'data': [{'id': 6, 'tenant': 'a', 'password': 's'}], 'options': {'shouldReturn': "
           "true}}",
           "{'count':1,'data':[{'id':6,'tenant':'a','password':'s','bossId':null}]}");
    expect(self, of.team, "deleteAll", "{'where': {'id': {'gte': 5}}}",
           "{'count':2,'data':[{'id':5,'tenant':'a','password':null,'bossId':null},"
           "{'id':6,'tenant':'a','password':'s','bossId':null}]}");
}

static void checked_writes_stay_within_the_repository(void **state)
{
    engine *self = *state;
    const repositories of = open_all(self);
    expect(self, of.team, "create", "{'data': {'id': 7, 'tenant': 'b'}}", "!check data");
    expect(self, of.plain, "create", "{'data': {'id': 7, 'tenant': 'gone'}}", "!check data");
    expect(self, of.plain, "create", "{'data': {'id': 7, 'tenant': 'b'}}",
           "{'count':1,'data':{'id':7,'tenant':'b','email':null,'bossId':null}}");
    expect(
        self, of.all, "create", "{'data': {'id': 8, 'tenant': 'gone'}}",
        "{'count':1,'data':{'id':8,'tenant':'gone','email':null,'password':null,'bossId':null}}");
    expect(self, of.team, "updateById", "{'id': 2, 'data': {'tenant': 'b'}}", "!check ");
    expect(self, of.plain, "updateById", "{'id': 2, 'data': {'tenant': 'b'}}",
           "{'count':1,'data':{'id':2,'tenant':'b','email':'e2','bossId':1}}");
}

static void upserts_stay_within_the_repository(void **state)
{
    engine *self = *state;
    const repositories of = open_all(self);
    expect(self, of.team, "upsert", "{'data': {'id': 2, 'tenant': 'a', 'password': 'n'}}",
           "{'count':1,'data':{'id':2,'tenant':'a','password':'n','bossId':1}}");
    expect(self, of.team, "upsert", "{'data': {'id': 3, 'tenant': 'a'}}", "!unique data.id");
    expect(self, of.plain, "upsert", "{'data': {'id': 3, 'tenant': 'b', 'email': 'n'}}",
           "{'count':1,'data':{'id':3,'tenant':'b','email':'n','bossId':1}}");
    expect(self, of.all, "upsert",
           "{'data': {'id': 40, 'email': 'e4', 'tenant': 'gone'}, 'options': {'onConflict': "
           "'Account_email_key'}}",
           "{'count':1,'data':{'id':4,'tenant':'gone','email':'e4','password':'p4','bossId':1}}");
}

/* What is violated is told alike through every repository of the model. */
static void violations_are_told_in_the_models_words(void **state)
{
    static const said calls[] = {
        {"create", "{'data': {'id': 9, 'tenant': 'a', 'bossId': 99}}", "!foreign_key data.bossId",
         "points at a row that is not there"},
        {"create", "{'data': {'id': 9, 'tenant': 'a', 'email': 'e1'}}", "!unique data.email",
         "another Account has the same email"},
        {"create", "{'data': {'id': 1, 'tenant': 'a'}}", "!unique data.id",
         "another Account has the same id"},
        {"updateById", "{'id': 2, 'data': {'bossId': 99}}", "!foreign_key data.bossId",
         "points at a row that is not there"},
        {"updateById", "{'id': 2, 'data': {'tenant': null}}", "!not_null data.tenant", NULL},
        {"deleteById", "{'id': 2}", "!foreign_key ",
         "a foreign key of Note points at this Account"},
    };
    engine *self = *state;
    const repositories of = open_all(self);
    const ignis_repository *const each[] = {of.plain, of.team, of.all, of.quiet};
    for (size_t i = 0; i < ARRAY_COUNT(calls); i++) {
        for (size_t k = 0; k < ARRAY_COUNT(each); k++)
            expect_by(self, each[k], &ignis_policy_trusted, &calls[i]);
    }
    /* A row of its own table holds this one. */
    char plain[512];
    const char *json_;
    for (size_t k = 0; k < ARRAY_COUNT(each); k++) {
        assert_int_equal(ignis_delete_by_id_json(self->ctx, each[k], NULL, "1", &json_),
                         IGNIS_E_FOREIGN_KEY);
        const ignis_error *error = ignis_context_error(self->ctx);
        if (k == 0) (void)snprintf(plain, sizeof(plain), "%s|%s", error->message, error->path);
        char got[512];
        (void)snprintf(got, sizeof(got), "%s|%s", error->message, error->path);
        assert_string_equal(got, plain);
    }
}

/* ---- trust --------------------------------------------------------------------------------------------- */

static void a_public_filter_cannot_name_what_the_repository_hides(void **state)
{
    engine *self = *state;
    const repositories of = open_all(self);
    static const said email[] = {
        {"find", "{'filter': {'where': {'email': 'e1'}}}", "!invalid where.email",
         "unknown property 'email'"},
        {"find", "{'filter': {'order': ['email']}}", "!invalid order[0]", NULL},
        {"find", "{'filter': {'fields': ['email']}}", "!invalid fields[0]", NULL},
        {"count", "{'where': {'email': 'e1'}}", "!invalid where.email", NULL},
        {"updateAll", "{'where': {'email': 'e1'}, 'data': {'bossId': 1}}", "!invalid where.email",
         NULL},
    };
    static const said named = {
        "find", "{'filter': {'where': {'password': 'p1'}, 'fields': ['id']}}", "[{'id':1}]", NULL};
    static const said refused = {"find", "{'filter': {'where': {'password': 'p1'}}}",
                                 "!invalid where.password", NULL};
    for (size_t i = 0; i < ARRAY_COUNT(email); i++) {
        expect_by(self, of.team, NULL, &email[i]);
        expect_by(self, of.quiet, NULL, &email[i]);
    }
    expect_by(self, of.team, NULL, &named);
    expect_by(self, of.plain, NULL, &refused);
    expect_by(self, of.quiet, NULL, &refused);
    static const said conflict = {"upsert",
                                  "{'data': {'id': 2, 'tenant': 'a', 'email': 'e2'}, 'options': "
                                  "{'onConflict': 'Account_email_key'}}",
                                  "!invalid options.onConflict",
                                  "Account has no unique 'Account_email_key'"};
    expect_by(self, of.quiet, NULL, &conflict);
    assert_string_equal(ignis_context_error(self->ctx)->hint, "");
    expect(self, of.quiet, "upsert", script_text(self, conflict.arguments),
           "{'count':1,'data':{'id':2,'tenant':'a','bossId':1}}");
    /* In a scope it is the model that says. */
    static const said scope = {
        "findById",
        "{'id': 2, 'filter': {'fields': ['id'], 'include': [{'relation': 'boss', "
        "'scope': {'where': {'email': 'e1'}, 'fields': ['email']}}]}}",
        "{'id':2,'boss':{'email':'e1'}}", NULL};
    expect_by(self, of.team, NULL, &scope);
    /* Program code may. */
    expect(self, of.team, "count", "{'where': {'email': 'e1'}}", "{'count':1}");
}

/* ---- mistakes ------------------------------------------------------------------------------------------ */

static void mistakes_are_told_when_it_is_opened(void **state)
{
    static const struct {
        const char *hidden;
        const char *filter;
        const char *path;
        const char *message;
        const char *hint;
    } cases[] = {
        {"['pasword']", NULL, "hidden[0]", "[Odd] unknown property 'pasword' of Account",
         "password"},
        {"['email', 3]", NULL, "hidden[1]", "[Odd] a hidden property is a name, not a number", ""},
        {"'email'", NULL, "hidden", "[Odd] hidden properties are a list of names, not a string",
         ""},
        {"[", NULL, "hidden", "[Odd] ", ""},
        {NULL, "{'where': {'tenent': 'a'}}", "defaultFilter.where.tenent",
         "[Odd] unknown property 'tenent' of Account", "tenant"},
        {NULL, "{'where': {'id': 'x'}}", "defaultFilter.where.id",
         "[Odd] expected an integer, got \"x\"", ""},
        {NULL, "{'include': ['bos']}", "defaultFilter.include[0]",
         "[Odd] [FilterBuilder][toInclude] Relation NOT FOUND | relation: 'bos'", "boss"},
        {NULL, "[]", "defaultFilter", "[Odd] a filter is an object, not a list", ""},
        {NULL, "{'wher': {}}", "defaultFilter.wher", "[Odd] unknown key 'wher' of a filter",
         "where"},
        {NULL, "{", "defaultFilter", "[Odd] ", ""},
    };
    engine *self = *state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        ignis_repository *repository = NULL;
        const ignis_repository_class class_ = {
            .struct_size = sizeof(class_),
            .name = "Odd",
            .model = "Account",
            .hidden_json = cases[i].hidden ? script_text(self, cases[i].hidden) : NULL,
            .default_filter_json = cases[i].filter ? script_text(self, cases[i].filter) : NULL};
        const engine_error expected = {IGNIS_E_INVALID, cases[i].path, cases[i].hint,
                                       cases[i].message};
        engine_expect_error(self,
                            ignis_repository_open(self->ctx, self->source, &class_, &repository),
                            &expected, cases[i].message);
        assert_null(repository);
        const char *message = ignis_context_error(self->ctx)->message;
        assert_memory_equal(message, "[Odd] ", 6);
        assert_null(strchr(message, '\n'));
    }
}

/* A class of a program that was compiled before these members is as long as it was. */
static void an_older_class_says_nothing_of_them(void **state)
{
    engine *self = *state;
    ignis_repository *repository = NULL;
    const ignis_repository_class class_ = {.struct_size = offsetof(ignis_repository_class, hidden),
                                           .model = "Account",
                                           .hidden_json = "no JSON",
                                           .default_filter_json = "none either"};
    assert_int_equal(ignis_repository_open(self->ctx, self->source, &class_, &repository),
                     IGNIS_OK);
    expect(self, repository, "count", "{}", "{'count':3}");
}

/* What has no memory is refused whole, whichever allocation it is. */
static void a_lack_of_memory_is_told(void **state)
{
    engine *self = *state;
    const char *hidden = script_text(self, "['email']");
    const char *filter = script_text(self, "{'where': {'tenant': 'a'}, 'include': ['boss']}");
    ignis_code code = IGNIS_E_MEMORY;
    for (uint64_t n = 1; code != IGNIS_OK; n++) {
        ignis_repository *repository = NULL;
        ignis_relation_definitions relations;
        const ignis_model *model;
        const char *told;
        const ignis_repository_class class_ = {.struct_size = sizeof(class_),
                                               .model = "Account",
                                               .hidden_json = hidden,
                                               .default_filter_json = filter};
        assert_true(n < 10000);
        arena_fault_at(n);
        code = ignis_repository_open(self->ctx, self->source, &class_, &repository);
        if (code == IGNIS_OK) code = ignis_repository_model(self->ctx, repository, &model);
        if (code == IGNIS_OK)
            code = ignis_relations_list(self->ctx, self->source, NULL, &relations);
        if (code == IGNIS_OK) code = ignis_relations_to_json(self->ctx, self->source, NULL, &told);
        if (code == IGNIS_OK) code = ignis_relations_to_text(self->ctx, self->source, NULL, &told);
        arena_fault_at(0);
        if (code != IGNIS_OK) assert_int_equal(code, IGNIS_E_MEMORY);
    }
}

/* The model that is not registered is told before what is said of it. */
static void an_unregistered_model_is_a_mismatch_at_every_call(void **state)
{
    engine *self = *state;
    ignis_repository *repository = NULL;
    const char *json_;
    const ignis_repository_class class_ = {.struct_size = sizeof(class_),
                                           .name = "UserRepository",
                                           .model = "User",
                                           .hidden_json = "[\"x\"]"};
    assert_int_equal(ignis_repository_open(self->ctx, self->source, &class_, &repository),
                     IGNIS_OK);
    assert_int_equal(ignis_find_json(self->ctx, repository, NULL, NULL, &json_), IGNIS_E_INVALID);
    assert_string_equal(ignis_context_error(self->ctx)->message,
                        "[UserRepository] Schema key mismatch | Entity name 'User' not found in "
                        "connector.query | Available keys: [Account, Note] | Ensure the model's "
                        "TABLE_NAME matches the schema registration key");
}

int main(void)
{
    static const script_test tests[] = {
        SCRIPT_TEST(reads_are_as_the_repository_says),
        SCRIPT_TEST(included_rows_are_as_the_model_says),
        SCRIPT_TEST(a_default_filter_may_include),
        SCRIPT_TEST(a_default_filter_may_ask_the_context),
        SCRIPT_TEST(plans_are_not_mixed),
        SCRIPT_TEST(writes_touch_what_the_repository_is_of),
        SCRIPT_TEST(checked_writes_stay_within_the_repository),
        SCRIPT_TEST(upserts_stay_within_the_repository),
        SCRIPT_TEST(violations_are_told_in_the_models_words),
        SCRIPT_TEST(a_public_filter_cannot_name_what_the_repository_hides),
        SCRIPT_TEST(mistakes_are_told_when_it_is_opened),
        SCRIPT_TEST(an_older_class_says_nothing_of_them),
        SCRIPT_TEST(a_lack_of_memory_is_told),
        SCRIPT_TEST(an_unregistered_model_is_a_mismatch_at_every_call),
    };
    return script_main(models, rows, tests, ARRAY_COUNT(tests));
}
