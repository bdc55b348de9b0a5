/* Typed repositories: those that say other things than their model, what one is over, relations without
   keys, and the definitions of relations. */
#include "app/app.h"
#include "support/engine.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

typedef struct Member Member;
typedef struct Letter Letter;
struct Member {
    IGNIS_ID_NUMBER_MEMBERS;
    const char *team, *name, *password;
    ignis_timestamp joined;
    ignis_maybe_int32 chief_id;
    Member *chief;
    Member *others;
    size_t others_count;
    Letter *letters;
    size_t letters_count;
};
struct Letter {
    IGNIS_ID_NUMBER_MEMBERS;
    int32_t member_id;
    const char *subject;
    Member *member;
};
IGNIS_MODEL_DECLARE(Member);
IGNIS_MODEL_DECLARE(Letter);
IGNIS_MODEL(Member,
            .columns =
                IGNIS_COLUMNS(IGNIS_ID_NUMBER(Member), IGNIS_COLUMN(Member, team, .not_null = true),
                              IGNIS_COLUMN(Member, name, .not_null = true, .unique = true),
                              IGNIS_COLUMN(Member, password, .hidden = true),
                              IGNIS_COLUMN(Member, joined, .not_null = true),
                              IGNIS_COLUMN(Member, chief_id)),
            .relations = IGNIS_RELATIONS(IGNIS_ONE(Member, chief, Member, chief_id, id),
                                         IGNIS_MANY(Member, others, Member),
                                         IGNIS_MANY(Member, letters, Letter)),
            .default_filter = IGNIS_JSON({"order": ["id"]}));
IGNIS_MODEL(Letter,
            .columns = IGNIS_COLUMNS(IGNIS_ID_NUMBER(Letter),
                                     IGNIS_COLUMN(Letter, member_id, .not_null = true),
                                     IGNIS_COLUMN(Letter, subject)),
            .indexes = IGNIS_CONSTRAINTS(IGNIS_INDEX("Letter_member", Letter, member_id)),
            .foreign_keys = IGNIS_CONSTRAINTS(
                IGNIS_FOREIGN_KEY("Letter_of", Letter, member_id, Member, id)),
            .relations = IGNIS_RELATIONS(IGNIS_ONE(Letter, member, Member)));
IGNIS_REPOSITORY(MemberRepository, Member);
IGNIS_REPOSITORY(LetterRepository, Letter);
IGNIS_REPOSITORY(RedRepository, Member);
IGNIS_REPOSITORY(OpenRepository, Member);
IGNIS_REPOSITORY_READABLE(MemberReader, Member);
IGNIS_DATA_SOURCE_DECLARE(Club);
IGNIS_DATA_SOURCE(Club, .url = "sqlite::memory:");
IGNIS_REPOSITORY_CLASS(MemberRepository, Member, Club);
IGNIS_REPOSITORY_CLASS(RedRepository, Member, Club, .hidden = IGNIS_HIDDEN(Member, name, joined),
                       .default_filter_json = IGNIS_JSON({"where" : {"team" : "red"}}));
IGNIS_REPOSITORY_CLASS(OpenRepository, Member, Club, .hidden = IGNIS_NOTHING_HIDDEN);

static const char rows[] = IGNIS_JSON({
    "Member" : [
        {"id" : 1, "team" : "red", "name" : "Ada", "password" : "p1", "joined" : "2024-01-01"},
        {
            "id" : 2,
            "team" : "red",
            "name" : "Bo",
            "password" : "p2",
            "joined" : "2024-02-01",
            "chiefId" : 1
        },
        {
            "id" : 3,
            "team" : "blue",
            "name" : "Cy",
            "password" : "p3",
            "joined" : "2024-03-01",
            "chiefId" : 1
        }
    ],
    "Letter" : [ {"id" : 1, "memberId" : 1, "subject" : "hello"} ]
});

typedef struct club {
    ignis_context *ctx;
    ignis_data_source *source;
} club;

static void ok(const club *self, ignis_code code)
{
    if (code != IGNIS_OK) fail_msg("%s", ignis_context_error(self->ctx)->message);
}

static int club_open(void **state)
{
    static club self;
    const ignis_data_source_class class_ = {.struct_size = sizeof(class_),
                                            .name = "Club",
                                            .url = "sqlite::memory:",
                                            .models = IGNIS_MODELS(&Member_model, &Letter_model)};
    self = (club){.ctx = ignis_context_create()};
    *state = &self;
    ok(&self, ignis_data_source_open(self.ctx, &class_, &self.source));
    ok(&self, ignis_schema_create(self.ctx, self.source));
    ok(&self, ignis_load(self.ctx, self.source, rows, 0, NULL));
    return 0;
}

static int club_close(void **state)
{
    club *self = *state;
    ignis_data_source_close(self->source);
    ignis_context_free(self->ctx);
    return 0;
}

/* ---- what a repository says in place of its model ----------------------------------------------------- */

static void rows_have_what_the_repository_shows(void **state)
{
    const club *self = *state;
    MemberRepository *members;
    RedRepository *red;
    Member *found;
    size_t count;
    const ignis_filter *with_chief =
        IGNIS_FILTER(.include = IGNIS_INCLUDE(IGNIS_WITH(Member, chief)));
    ok(self, MemberRepository_open(self->ctx, self->source, &members));
    ok(self, RedRepository_open_with(self->ctx, self->source, &RedRepository_class, &red));
    ok(self, MemberRepository_find(self->ctx, members, NULL, &found, &count));
    assert_int_equal(count, 3);
    assert_string_equal(found[0].name, "Ada");
    assert_null(found[0].password);
    ok(self, RedRepository_find(self->ctx, red, with_chief, &found, &count));
    assert_int_equal(count, 2);
    assert_null(found[1].name);
    assert_int_equal(found[1].joined.microseconds, 0);
    assert_string_equal(found[1].password, "p2");
    assert_string_equal(found[1].chief->name, "Ada");
    assert_null(found[1].chief->password);
    /* Its own writes give rows of the same form. */
    Member *changed;
    ok(self, RedRepository_update_by_id(self->ctx, red, 2,
                                        IGNIS_VALUES(IGNIS_SET(Member, name, "Di")), &changed));
    assert_null(changed->name);
    assert_string_equal(changed->password, "p2");
    ok(self, RedRepository_update_by_id(self->ctx, red, 3,
                                        IGNIS_VALUES(IGNIS_SET(Member, name, "E")), &changed));
    assert_null(changed);
    ok(self, RedRepository_delete_all(self->ctx, red,
                                      IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_GT(Member, id, 1))),
                                      &found, &count));
    assert_int_equal(count, 1);
    assert_null(found[0].name);
    /* With hidden members only for whom asks. */
    ok(self, RedRepository_find(self->ctx, red,
                                IGNIS_FILTER(.options = IGNIS_OPTIONS(.with_hidden = true)), &found,
                                &count));
    assert_string_equal(found[0].name, "Ada");
}

/* All of the filter is gone when it is used: its values are of times, lists and paths too. */
static void open_with_a_filter_of_c(const club *self, MemberRepository **members)
{
    const ignis_timestamp since = ignis_timestamp_from_unix(1706745600, 0); /* 2024-02-01 */
    char team[] = "re?";
    team[2] = 'd';
    const ignis_repository_class with = {
        .name = "Late",
        .hidden = IGNIS_NOTHING_HIDDEN,
        .default_filter =
            IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_GTE(Member, joined, since),
                                              IGNIS_IN(Member, team, "x", team)),
                         .order = IGNIS_ORDER(IGNIS_DESC(Member, name)), .limit = IGNIS_LIMIT(5),
                         .include = IGNIS_INCLUDE(IGNIS_WITH(
                             Member, chief, IGNIS_SCOPE(.fields = IGNIS_FIELDS(Member, name)))))};
    ok(self, MemberRepository_open_with(self->ctx, self->source, &with, members));
    team[0] = '?';
}

static void a_default_filter_of_c_is_kept(void **state)
{
    const club *self = *state;
    MemberRepository *members;
    Member *found;
    size_t count;
    open_with_a_filter_of_c(self, &members);
    ignis_context_reset(self->ctx);
    ok(self, MemberRepository_find(self->ctx, members, NULL, &found, &count));
    assert_int_equal(count, 1);
    assert_int_equal(found->id, 2);
    assert_string_equal(found->password, "p2");
    assert_string_equal(found->chief->name, "Ada");
    assert_int_equal(found->chief->id, 0);
    assert_string_equal(ignis_repository_name(MemberRepository_base(members)), "Late");
}

static void mistakes_in_c_are_told_when_it_is_opened(void **state)
{
    static const char *const unknown[] = {"nam"};
    static const char *const named[] = {"name"};
    static const char *const relation[] = {"chief"};
    const struct {
        ignis_repository_class with;
        const char *path;
        const char *message;
    } cases[] = {
        {{.hidden = {&Member_model, unknown, 1, false}},
         "hidden[0]",
         "[MemberRepository] the member 'nam' of Member is no column"},
        {{.hidden = {&Member_model, relation, 1, false}},
         "hidden[0]",
         "[MemberRepository] the member 'chief' of Member is no column"},
        {{.hidden = IGNIS_HIDDEN(Letter, subject)},
         "hidden[0]",
         "[MemberRepository] the member 'subject' is of Letter, but the rows are of Member"},
        {{.hidden = {&Member_model, named, 1, true}},
         "hidden",
         "[MemberRepository] hidden members are named, not excluded"},
        {{.hidden = IGNIS_HIDDEN(Member, name), .hidden_json = "[]"},
         "",
         "[MemberRepository] hidden and hidden_json are both given"},
        {{.default_filter = IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_EQ(Letter, subject, "a")))},
         "defaultFilter.where",
         "[MemberRepository] the member 'subject' is of Letter, but the rows are of Member"},
        {{.default_filter = IGNIS_FILTER(.limit = IGNIS_LIMIT(-1))},
         "defaultFilter.limit",
         "[MemberRepository] limit is an integer from 0 to 9223372036854775807, not -1"},
        {{.default_filter = IGNIS_FILTER(.options = IGNIS_OPTIONS(.with_hidden = true))},
         "defaultFilter.options",
         "[MemberRepository] a default filter has no options"},
        {{.default_filter = &(const ignis_filter){0}},
         "defaultFilter",
         "[MemberRepository] the filter lacks its struct_size"},
        {{.default_filter = IGNIS_FILTER(.limit = IGNIS_LIMIT(1)), .default_filter_json = "{}"},
         "defaultFilter",
         "[MemberRepository] default_filter and default_filter_json are both given"},
    };
    const club *self = *state;
    const engine seen = {.ctx = self->ctx};
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        MemberRepository *members = NULL;
        const engine_error expected = {IGNIS_E_INVALID, cases[i].path, "", cases[i].message};
        engine_expect_error(
            &seen, MemberRepository_open_with(self->ctx, self->source, &cases[i].with, &members),
            &expected, cases[i].message);
        assert_null(members);
    }
}

static ignis_code club_register(ignis_context *ctx, ignis_app *app)
{
    IGNIS_TRY(ignis_app_data_source(ctx, app, &Club_class));
    IGNIS_TRY(ignis_app_repository(ctx, app, &MemberRepository_class));
    IGNIS_TRY(ignis_app_repository(ctx, app, &RedRepository_class));
    IGNIS_TRY(ignis_app_repository(ctx, app, &OpenRepository_class));
    return ignis_app_repository(
        ctx, app,
        &(ignis_repository_class){.struct_size = sizeof(ignis_repository_class),
                                  .typed = &Letter_model});
}

static void an_application_has_several_repositories_of_a_model(void **state)
{
    const club *self = *state;
    const ignis_app_class class_ = {.struct_size = sizeof(class_), .pre_configure = club_register};
    ignis_app *app;
    Member *found;
    size_t count;
    ok(self, ignis_app_create(self->ctx, &class_, &app));
    ok(self, ignis_app_start(self->ctx, app));
    ok(self, ignis_schema_create(self->ctx, Club_of(app)));
    ok(self, ignis_load(self->ctx, Club_of(app), rows, 0, NULL));
    ok(self, MemberRepository_find(self->ctx, MemberRepository_of(app), NULL, &found, &count));
    assert_int_equal(count, 3);
    assert_null(found[0].password);
    ok(self, RedRepository_find(self->ctx, RedRepository_of(app), NULL, &found, &count));
    assert_int_equal(count, 2);
    assert_string_equal(found[0].password, "p1");
    assert_null(found[0].name);
    ok(self, OpenRepository_find(self->ctx, OpenRepository_of(app), NULL, &found, &count));
    assert_int_equal(count, 3);
    assert_string_equal(found[0].password, "p1");
    assert_string_equal(found[0].name, "Ada");
    ignis_app_free(app);
}

/* ---- what a repository is over ------------------------------------------------------------------------- */

static void a_repository_tells_what_it_is_over(void **state)
{
    const club *self = *state;
    MemberRepository *members;
    MemberReader *reader;
    ok(self, MemberRepository_open(self->ctx, self->source, &members));
    ok(self, MemberReader_open(self->ctx, self->source, &reader));
    assert_ptr_equal(MemberRepository_model(), &Member_model);
    assert_ptr_equal(MemberRepository_data_source(members), self->source);
    assert_ptr_equal(ignis_repository_data_source(MemberReader_base(reader)), self->source);
    assert_string_equal(ignis_repository_name(MemberRepository_base(members)), "MemberRepository");
    assert_false(ignis_repository_is_readable(MemberRepository_base(members)));
    assert_true(ignis_repository_is_readable(MemberReader_base(reader)));
    /* One that writes elsewhere may be opened to read. */
    MemberRepository *reading;
    const ignis_repository_class with = {.readable = true};
    ok(self, MemberRepository_open_with(self->ctx, self->source, &with, &reading));
    assert_int_equal(MemberRepository_delete_by_id(self->ctx, reading, 1, NULL),
                     IGNIS_E_UNSUPPORTED);
}

static void a_repository_reaches_its_database(void **state)
{
    const club *self = *state;
    MemberRepository *members;
    const char *json_;
    int64_t changed = 0;
    ok(self, MemberRepository_open(self->ctx, self->source, &members));
    const ignis_parameter one[] = {ignis_parameter_integer(1)};
    const ignis_sql rename = {.struct_size = sizeof(rename),
                              .text = "UPDATE \"Member\" SET name = 'X' WHERE id = ?1",
                              .parameters = one,
                              .parameters_count = 1};
    const ignis_sql read = {.struct_size = sizeof(read),
                            .text = "SELECT name FROM \"Member\" WHERE id = ?1",
                            .parameters = one,
                            .parameters_count = 1};
    ok(self,
       ignis_repository_execute(self->ctx, MemberRepository_base(members), &rename, &changed));
    assert_int_equal(changed, 1);
    ok(self, ignis_repository_query(self->ctx, MemberRepository_base(members), &read, &json_));
    assert_string_equal(json_, "[{\"name\":\"X\"}]");
}

static void the_model_of_a_repository_shows_what_it_says(void **state)
{
    const club *self = *state;
    MemberRepository *members;
    RedRepository *red;
    const ignis_model *model;
    ok(self, MemberRepository_open(self->ctx, self->source, &members));
    ok(self, RedRepository_open_with(self->ctx, self->source, &RedRepository_class, &red));
    ok(self, ignis_repository_model(self->ctx, MemberRepository_base(members), &model));
    assert_string_equal(model->name, "Member");
    assert_int_equal(model->columns.count, 6);
    assert_string_equal(model->columns.items[5].name, "chiefId");
    assert_string_equal(model->columns.items[5].column, "chief_id");
    assert_int_equal(model->hidden_properties.count, 1);
    assert_string_equal(model->hidden_properties.items[0], "password");
    assert_string_equal(model->default_filter, "{\"order\":[\"id\"]}");
    ok(self, ignis_repository_model(self->ctx, RedRepository_base(red), &model));
    assert_int_equal(model->hidden_properties.count, 2);
    assert_string_equal(model->hidden_properties.items[0], "name");
    assert_true(model->columns.items[2].hidden);
    assert_false(model->columns.items[3].hidden);
    assert_string_equal(model->default_filter, "{\"where\":{\"team\":\"red\"}}");
}

/* ---- relations ----------------------------------------------------------------------------------------- */

static void relations_without_keys_are_found(void **state)
{
    const club *self = *state;
    MemberRepository *members;
    Member *found;
    ok(self, MemberRepository_open(self->ctx, self->source, &members));
    ok(self, MemberRepository_find_by_id(
                 self->ctx, members, 1,
                 IGNIS_FILTER(.include = IGNIS_INCLUDE(
                                  IGNIS_WITH(Member, others),
                                  IGNIS_WITH(Member, letters,
                                             IGNIS_SCOPE(.include = IGNIS_INCLUDE(
                                                             IGNIS_WITH(Letter, member)))))),
                 &found));
    assert_int_equal(found->others_count, 2);
    assert_int_equal(found->letters_count, 1);
    assert_string_equal(found->letters[0].member->name, "Ada");
}

static void relations_are_listed_as_they_are_resolved(void **state)
{
    const club *self = *state;
    ignis_relation_definitions all;
    const char *told;
    ok(self, ignis_relations_to_text(self->ctx, self->source, NULL, &told));
    assert_string_equal(
        told,
        "Member.chief: one Member by chiefId = id, inverse others, primary key\n"
        "Member.others: many Member by id = chiefId, inverse chief, no index\n"
        "Member.letters: many Letter by id = memberId, inverse member, foreign key Letter_of, "
        "index Letter_member\n"
        "Letter.member: one Member by memberId = id, inverse letters, foreign key Letter_of, "
        "primary key\n");
    ok(self, ignis_relations_to_json(self->ctx, self->source, "Letter", &told));
    assert_string_equal(told,
                        "[{\"source\":\"Letter\",\"name\":\"member\",\"type\":\"one\",\"model\":"
                        "\"Member\",\"fields\":[\"memberId\"],\"references\":[\"id\"],\"inverse\":"
                        "\"letters\",\"foreignKey\":\"Letter_of\",\"index\":\"primary key\","
                        "\"isUnique\":true}]");
    ok(self, ignis_relations_list(self->ctx, self->source, "Member", &all));
    assert_int_equal(all.count, 3);
    assert_int_equal(all.item_size, sizeof(ignis_relation_definition));
    assert_string_equal(all.items[2].model, "Member");
    assert_string_equal(all.items[2].name, "letters");
    assert_int_equal(all.items[2].kind, IGNIS_RELATION_MANY);
    assert_string_equal(all.items[2].target, "Letter");
    assert_string_equal(all.items[2].fields.items[0], "id");
    assert_string_equal(all.items[2].references.items[0], "memberId");
    assert_null(all.items[1].foreign_key);
    assert_null(all.items[1].index);
    assert_false(all.items[1].is_unique);
    const engine seen = {.ctx = self->ctx};
    const engine_error unknown = {IGNIS_E_INVALID, "", "Letter", "unknown model 'Leter'"};
    engine_expect_error(&seen, ignis_relations_list(self->ctx, self->source, "Leter", &all),
                        &unknown, "Leter");
}

int main(void)
{
#define CLUB_TEST(f) cmocka_unit_test_setup_teardown(f, club_open, club_close)
    const struct CMUnitTest tests[] = {
        CLUB_TEST(rows_have_what_the_repository_shows),
        CLUB_TEST(a_default_filter_of_c_is_kept),
        CLUB_TEST(mistakes_in_c_are_told_when_it_is_opened),
        CLUB_TEST(an_application_has_several_repositories_of_a_model),
        CLUB_TEST(a_repository_tells_what_it_is_over),
        CLUB_TEST(a_repository_reaches_its_database),
        CLUB_TEST(the_model_of_a_repository_shows_what_it_says),
        CLUB_TEST(relations_without_keys_are_found),
        CLUB_TEST(relations_are_listed_as_they_are_resolved),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
