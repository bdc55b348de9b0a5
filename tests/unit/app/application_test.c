/* application: what is registered, the order it is made and ended in, and how it is found. */
#include "app/app.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

/* ---- models, repositories, services ---------------------------------------------------------------- */

typedef struct User User;
typedef struct Post Post;
struct User {
    IGNIS_ID_NUMBER_MEMBERS;
    const char *name;
};
struct Post {
    IGNIS_ID_NUMBER_MEMBERS;
    int32_t author_id;
    User *author;
};
IGNIS_MODEL_DECLARE(User);
IGNIS_MODEL_DECLARE(Post);
IGNIS_MODEL(User, .columns = IGNIS_COLUMNS(IGNIS_ID_NUMBER(User), IGNIS_COLUMN(User, name)));
IGNIS_MODEL(Post,
            .columns = IGNIS_COLUMNS(IGNIS_ID_NUMBER(Post),
                                     IGNIS_COLUMN(Post, author_id, .not_null = true)),
            .relations = IGNIS_RELATIONS(IGNIS_ONE(Post, author, User, author_id, id)));

IGNIS_DATA_SOURCE_DECLARE(MainSource);
IGNIS_DATA_SOURCE_DECLARE(OtherSource);
IGNIS_DATA_SOURCE(MainSource, .url = "sqlite::memory:", .tags = "sql main");
IGNIS_DATA_SOURCE(OtherSource, .url = "sqlite::memory:", .models = IGNIS_MODELS(&User_model),
                  .tags = "sql");

IGNIS_REPOSITORY(UserRepository, User);
IGNIS_REPOSITORY(PostRepository, Post);
IGNIS_REPOSITORY_READABLE(UserReader, User);
IGNIS_REPOSITORY_CLASS(UserRepository, User, MainSource);
IGNIS_REPOSITORY_CLASS(PostRepository, Post, MainSource, .tags = "main");
IGNIS_REPOSITORY_CLASS(UserReader, User, OtherSource);

/* What happened, in order; of the running test. */
typedef struct events {
    char text[512];
} events;

static void note(const ignis_app *app, const char *what)
{
    events *all = ignis_app_data(app);
    size_t size = strlen(all->text);
    (void)snprintf(all->text + size, sizeof(all->text) - size, "%s ", what);
}

typedef struct First First;
typedef struct Second {
    First *first;
    UserRepository *users;
    ignis_data_source *source;
    const char *greeting;
    const ignis_app *app;
} Second;
struct First {
    const ignis_app *app;
    UserReader *reader;
    int count;
};
IGNIS_SERVICE_DECLARE(First);
IGNIS_SERVICE_DECLARE(Second);

static ignis_code first_start(ignis_context *ctx, void *data)
{
    First *self = data;
    (void)ctx;
    assert_non_null(self->reader);
    assert_int_equal(self->count, 0);
    note(self->app, "+first");
    return IGNIS_OK;
}
static void first_stop(void *data)
{
    note(((First *)data)->app, "-first");
}
static ignis_code second_start(ignis_context *ctx, void *data)
{
    Second *self = data;
    int64_t count;
    IGNIS_TRY(ignis_schema_create(ctx, self->source));
    IGNIS_TRY(UserRepository_count(ctx, self->users, NULL, &count));
    note(self->app, "+second");
    return IGNIS_OK;
}
static void second_stop(void *data)
{
    note(((Second *)data)->app, "-second");
}
IGNIS_SERVICE(First,
              .inject = IGNIS_INJECTIONS(IGNIS_INJECT(First, app, "values.app"),
                                         IGNIS_INJECT_REPOSITORY(First, reader, UserReader)),
              .start = first_start, .stop = first_stop, .tags = "jobs");
IGNIS_SERVICE(Second,
              .inject = IGNIS_INJECTIONS(IGNIS_INJECT_SERVICE(Second, first, First),
                                         IGNIS_INJECT_REPOSITORY(Second, users, UserRepository),
                                         IGNIS_INJECT_DATA_SOURCE(Second, source, MainSource),
                                         IGNIS_INJECT(Second, greeting, "values.greeting"),
                                         IGNIS_INJECT(Second, app, "values.app")),
              .start = second_start, .stop = second_stop, .tags = "jobs main");

/* ---- the application of most tests ----------------------------------------------------------------- */

static const char greeting[] = "hello";

static ignis_code bind_value(ignis_context *ctx, ignis_app *app, const char *key, const void *value)
{
    return ignis_app_bind(
        ctx, app,
        &(ignis_binding){.struct_size = sizeof(ignis_binding), .key = key, .value = value});
}

/* Services before what they need, repositories before data sources. */
static ignis_code pre_configure(ignis_context *ctx, ignis_app *app)
{
    note(app, "pre");
    IGNIS_TRY(ignis_app_service(ctx, app, &Second_class));
    IGNIS_TRY(ignis_app_service(ctx, app, &First_class));
    IGNIS_TRY(ignis_app_repository(ctx, app, &UserRepository_class));
    IGNIS_TRY(ignis_app_repository(ctx, app, &PostRepository_class));
    IGNIS_TRY(ignis_app_repository(ctx, app, &UserReader_class));
    IGNIS_TRY(ignis_app_data_source(ctx, app, &MainSource_class));
    IGNIS_TRY(ignis_app_data_source(ctx, app, &OtherSource_class));
    IGNIS_TRY(bind_value(ctx, app, "values.app", app));
    return bind_value(ctx, app, "values.greeting", greeting);
}

static ignis_code post_configure(ignis_context *ctx, ignis_app *app)
{
    (void)ctx;
    note(app, "post");
    assert_non_null(Second_of(app));
    return IGNIS_OK;
}

typedef struct fixture {
    ignis_context *ctx;
    ignis_app *app;
    events happened;
} fixture;

static ignis_app_class app_class(fixture *self)
{
    return (ignis_app_class){.struct_size = sizeof(ignis_app_class),
                             .pre_configure = pre_configure,
                             .post_configure = post_configure,
                             .data = &self->happened};
}

static int open_context(void **state)
{
    static fixture self;
    self = (fixture){.ctx = ignis_context_create()};
    *state = &self;
    return self.ctx ? 0 : -1;
}

static int close_context(void **state)
{
    fixture *self = *state;
    ignis_app_free(self->app);
    ignis_context_free(self->ctx);
    return 0;
}

static void create(fixture *self, const ignis_app_class *class_)
{
    assert_int_equal(ignis_app_create(self->ctx, class_, &self->app), IGNIS_OK);
}

static void start(fixture *self)
{
    ignis_code code = ignis_app_start(self->ctx, self->app);
    if (code != IGNIS_OK) print_error("%s\n", ignis_context_error(self->ctx)->message);
    assert_int_equal(code, IGNIS_OK);
}

/* ---- tests ------------------------------------------------------------------------------------------- */

static void things_are_made_in_order_and_ended_in_reverse(void **state)
{
    fixture *self = *state;
    const ignis_app_class class_ = app_class(self);
    create(self, &class_);
    start(self);
    assert_string_equal(self->happened.text, "pre +first +second post ");
    Second *second = Second_of(self->app);
    assert_ptr_equal(second->first, First_of(self->app));
    assert_ptr_equal(second->users, UserRepository_of(self->app));
    assert_ptr_equal(second->source, MainSource_of(self->app));
    assert_ptr_equal(second->greeting, greeting);
    assert_ptr_equal(ignis_app_get(self->app, "repositories.UserRepository"), second->users);
    assert_ptr_equal(ignis_app_get(self->app, "datasources.MainSource"), second->source);
    assert_ptr_equal(ignis_app_get(self->app, "values.greeting"), greeting);
    assert_null(ignis_app_get(self->app, "values.none"));
    ignis_app_stop(self->app);
    assert_string_equal(self->happened.text, "pre +first +second post -second -first ");
    assert_null(ignis_app_get(self->app, "services.First"));
    ignis_app_stop(self->app);
    assert_string_equal(self->happened.text, "pre +first +second post -second -first ");
}

static void a_stopped_application_starts_again_with_new_things(void **state)
{
    fixture *self = *state;
    const ignis_app_class class_ = app_class(self);
    create(self, &class_);
    for (int turn = 0; turn < 3; turn++) {
        int64_t count;
        start(self);
        assert_int_equal(
            UserRepository_count(self->ctx, UserRepository_of(self->app), NULL, &count), IGNIS_OK);
        assert_int_equal(ignis_app_start(self->ctx, self->app), IGNIS_E_STATE);
        ignis_app_stop(self->app);
    }
    assert_string_equal(self->happened.text, "pre +first +second post -second -first "
                                             "pre +first +second post -second -first "
                                             "pre +first +second post -second -first ");
}

static void what_is_registered_before_the_start_stays(void **state)
{
    fixture *self = *state;
    ignis_app_class class_ = app_class(self);
    class_.pre_configure = NULL;
    class_.post_configure = NULL;
    create(self, &class_);
    assert_int_equal(pre_configure(self->ctx, self->app), IGNIS_OK);
    start(self);
    assert_int_equal(ignis_app_service(self->ctx, self->app, &First_class), IGNIS_E_STATE);
    ignis_app_stop(self->app);
    start(self);
    assert_non_null(PostRepository_of(self->app));
}

static void a_source_without_models_has_those_of_its_repositories(void **state)
{
    fixture *self = *state;
    const ignis_app_class class_ = app_class(self);
    create(self, &class_);
    start(self);
    const model_registry *registry = MainSource_of(self->app)->run.registry;
    assert_int_equal(registry->entities_count, 2);
    assert_string_equal(registry->entities[0].name, "User");
    assert_string_equal(registry->entities[1].name, "Post");
    assert_int_equal(OtherSource_of(self->app)->run.registry->entities_count, 1);
    /* Two sources in one application: rows of one are not in the other. */
    int64_t count = -1;
    User *user;
    assert_int_equal(ignis_load(self->ctx, MainSource_of(self->app),
                                "{\"User\": [{\"id\": 1, \"name\": \"Ada\"}]}", 0, NULL),
                     IGNIS_OK);
    assert_int_equal(ignis_schema_create(self->ctx, OtherSource_of(self->app)), IGNIS_OK);
    assert_int_equal(UserReader_count(self->ctx, UserReader_of(self->app), NULL, &count), IGNIS_OK);
    assert_int_equal(count, 0);
    assert_int_equal(UserRepository_find_one(self->ctx, UserRepository_of(self->app), NULL, &user),
                     IGNIS_OK);
    assert_string_equal(user->name, "Ada");
}

static ignis_code register_values(ignis_context *ctx, ignis_app *app)
{
    IGNIS_TRY(bind_value(ctx, app, "values.app", app));
    return bind_value(ctx, app, "values.greeting", greeting);
}

static void what_the_class_lists_is_registered_when_it_is_made(void **state)
{
    fixture *self = *state;
    const ignis_app_class class_ = {
        .struct_size = sizeof(class_),
        .data = &self->happened,
        .pre_configure = register_values,
        .data_sources = IGNIS_DATA_SOURCES(&MainSource_class, &OtherSource_class),
        .repositories = IGNIS_REPOSITORIES(&UserRepository_class, &UserReader_class),
        .services = IGNIS_SERVICES(&First_class, &Second_class)};
    create(self, &class_);
    start(self);
    assert_non_null(UserReader_of(self->app));
    assert_ptr_equal(Second_of(self->app)->first, First_of(self->app));
    ignis_app_stop(self->app);
    start(self);
    assert_string_equal(ignis_app_tagged(self->app, NULL, 0), "datasources.MainSource");
    ignis_app_free(self->app);
    self->app = NULL;
    ignis_app_class twice = class_;
    twice.services = NULL;
    twice.services_count = 0;
    twice.repositories =
        (const ignis_repository_class *const[]){&UserReader_class, &UserReader_class};
    assert_int_equal(ignis_app_create(self->ctx, &twice, &self->app), IGNIS_E_INVALID);
    assert_null(self->app);
}

static ignis_code register_posts(ignis_context *ctx, ignis_app *app)
{
    IGNIS_TRY(ignis_app_data_source(ctx, app, &MainSource_class));
    return ignis_app_repository(ctx, app, &PostRepository_class);
}

static void a_source_without_models_has_all_that_its_repositories_lead_to(void **state)
{
    fixture *self = *state;
    const ignis_app_class class_ = {.struct_size = sizeof(class_), .pre_configure = register_posts};
    create(self, &class_);
    start(self);
    const model_registry *registry = MainSource_of(self->app)->run.registry;
    assert_int_equal(registry->entities_count, 2);
    assert_string_equal(registry->entities[0].name, "Post");
    assert_string_equal(registry->entities[1].name, "User");
    assert_non_null(model_relation_get(&registry->entities[0], "author", 6));
}

static void a_repository_names_its_source_only_where_there_are_several(void **state)
{
    static const ignis_repository_class users = {.struct_size = sizeof(users),
                                                 .typed = &User_model};
    fixture *self = *state;
    const ignis_app_class class_ = {.struct_size = sizeof(class_)};
    create(self, &class_);
    assert_int_equal(ignis_app_repository(self->ctx, self->app, &users), IGNIS_OK);
    assert_int_equal(ignis_app_data_source(self->ctx, self->app, &MainSource_class), IGNIS_OK);
    start(self);
    assert_non_null(ignis_app_get(self->app, "repositories.UserRepository"));
}

static void the_readable_class_of_a_readable_repository_refuses_writes(void **state)
{
    fixture *self = *state;
    const ignis_app_class class_ = app_class(self);
    const char *made;
    create(self, &class_);
    start(self);
    assert_int_equal(
        ignis_create_json(self->ctx, UserReader_base(UserReader_of(self->app)), "{}", &made),
        IGNIS_E_UNSUPPORTED);
}

static void tags_list_keys_in_the_order_of_registration(void **state)
{
    static const struct {
        const char *tag;
        const char *keys;
    } cases[] = {
        {"jobs", "services.Second services.First "},
        {"main", "services.Second repositories.PostRepository datasources.MainSource "},
        {"sql", "datasources.MainSource datasources.OtherSource "},
        {"mai", ""},
        {"jobs main", ""},
        {"", ""},
        {NULL, "services.Second services.First repositories.UserRepository "
               "repositories.PostRepository repositories.UserReader datasources.MainSource "
               "datasources.OtherSource values.app values.greeting "},
    };
    fixture *self = *state;
    const ignis_app_class class_ = app_class(self);
    create(self, &class_);
    start(self);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        char keys[512] = "";
        const char *key;
        for (size_t at = 0; (key = ignis_app_tagged(self->app, cases[i].tag, at)); at++) {
            strncat(keys, key, sizeof(keys) - strlen(keys) - 1);
            strncat(keys, " ", sizeof(keys) - strlen(keys) - 1);
        }
        assert_string_equal(keys, cases[i].keys);
    }
}

/* ---- transients and providers ------------------------------------------------------------------------ */

typedef struct Job {
    UserRepository *users;
    int number;
} Job;
IGNIS_SERVICE_DECLARE(Job);

static ignis_code job_start(ignis_context *ctx, void *data)
{
    (void)ctx;
    ((Job *)data)->number = 7;
    return IGNIS_OK;
}
IGNIS_SERVICE(Job, .inject = IGNIS_INJECTIONS(IGNIS_INJECT_REPOSITORY(Job, users, UserRepository)),
              .start = job_start, .lifetime = IGNIS_TRANSIENT);

typedef struct Boss {
    Job *job;
    Job *other;
} Boss;
IGNIS_SERVICE_DECLARE(Boss);
IGNIS_SERVICE(Boss, .inject = IGNIS_INJECTIONS(IGNIS_INJECT_SERVICE(Boss, job, Job),
                                               IGNIS_INJECT_SERVICE(Boss, other, Job)));

static ignis_code register_jobs(ignis_context *ctx, ignis_app *app)
{
    IGNIS_TRY(pre_configure(ctx, app));
    IGNIS_TRY(ignis_app_service(ctx, app, &Boss_class));
    return ignis_app_service(ctx, app, &Job_class);
}

static void a_transient_is_made_for_each_who_asks(void **state)
{
    fixture *self = *state;
    ignis_app_class class_ = app_class(self);
    Job *a = NULL;
    Job *b = NULL;
    class_.pre_configure = register_jobs;
    create(self, &class_);
    start(self);
    assert_null(Job_of(self->app));
    assert_int_equal(Job_make(self->ctx, self->app, &a), IGNIS_OK);
    assert_int_equal(Job_make(self->ctx, self->app, &b), IGNIS_OK);
    assert_ptr_not_equal(a, b);
    assert_int_equal(a->number, 7);
    assert_ptr_equal(b->users, UserRepository_of(self->app));
    ignis_context *tx = NULL;
    ignis_data_source *source = ignis_repository_data_source((ignis_repository *)(void *)b->users);
    assert_int_equal(ignis_begin(self->ctx, source, IGNIS_READ_COMMITTED, &tx), IGNIS_OK);
    assert_int_equal(Job_make(self->ctx, self->app, &a), IGNIS_OK);
    ignis_rollback(tx);
    assert_int_equal(a->number, 7);
    const Boss *boss = Boss_of(self->app);
    assert_ptr_not_equal(boss->job, boss->other);
    ignis_context_reset(self->ctx); /* a and b end, those of the boss do not */
    assert_int_equal(boss->job->number, 7);
    assert_int_equal(boss->other->number, 7);
}

static ignis_code provide_pair(ignis_context *ctx, ignis_app *app, void *data, void **made)
{
    void *users;
    IGNIS_TRY(ignis_app_resolve(ctx, app, "repositories.UserRepository", &users));
    assert_ptr_equal(users, UserRepository_of(app));
    IGNIS_TRY(ignis_app_resolve(ctx, app, data, made));
    note(app, "+pair");
    return IGNIS_OK;
}
static void release_pair(void *made)
{
    note(((First *)made)->app, "-pair");
}

static ignis_code register_provider(ignis_context *ctx, ignis_app *app)
{
    static char needed[] = "services.First";
    IGNIS_TRY(ignis_app_bind(ctx, app,
                             &(ignis_binding){.struct_size = sizeof(ignis_binding),
                                              .key = "pairs.one",
                                              .provide = provide_pair,
                                              .release = release_pair,
                                              .data = needed}));
    return pre_configure(ctx, app);
}

static void a_provider_makes_what_it_needs_first_and_is_released_before_it(void **state)
{
    fixture *self = *state;
    ignis_app_class class_ = app_class(self);
    class_.pre_configure = register_provider;
    create(self, &class_);
    start(self);
    assert_ptr_equal(ignis_app_get(self->app, "pairs.one"), First_of(self->app));
    ignis_app_stop(self->app);
    assert_string_equal(self->happened.text, "pre +first +pair +second post -second -pair -first ");
}

static ignis_code bind_class(ignis_context *ctx, ignis_app *app)
{
    IGNIS_TRY(pre_configure(ctx, app));
    return ignis_app_bind(ctx, app,
                          &(ignis_binding){.struct_size = sizeof(ignis_binding),
                                           .key = "jobs.nightly",
                                           .class_ = &Job_class,
                                           .tags = "night"});
}

static void a_class_is_bound_to_another_key_with_a_lifetime_of_its_own(void **state)
{
    fixture *self = *state;
    ignis_app_class class_ = app_class(self);
    class_.pre_configure = bind_class;
    create(self, &class_);
    start(self);
    const Job *job = ignis_app_get(self->app, "jobs.nightly");
    assert_non_null(job);
    assert_int_equal(job->number, 7);
    assert_string_equal(ignis_app_tagged(self->app, "night", 0), "jobs.nightly");
}

static void what_cannot_be_resolved_is_said(void **state)
{
    fixture *self = *state;
    const ignis_app_class class_ = app_class(self);
    void *object = NULL;
    create(self, &class_);
    assert_int_equal(ignis_app_resolve(self->ctx, self->app, "services.First", &object),
                     IGNIS_E_STATE);
    assert_int_equal(ignis_app_ping(self->ctx, self->app, 1000), IGNIS_E_STATE);
    start(self);
    assert_int_equal(ignis_app_resolve(self->ctx, self->app, "services.Frist", &object),
                     IGNIS_E_NOT_FOUND);
    assert_string_equal(ignis_context_error(self->ctx)->message,
                        "nothing is registered under \"services.Frist\"");
    assert_string_equal(ignis_context_error(self->ctx)->hint, "services.First");
    assert_null(object);
    assert_int_equal(ignis_app_resolve(self->ctx, self->app, "services.First", &object), IGNIS_OK);
    assert_ptr_equal(object, First_of(self->app));
    assert_int_equal(ignis_app_ping(self->ctx, self->app, 1000), IGNIS_OK);
    ignis_data_source_disconnect(self->ctx, OtherSource_of(self->app));
    assert_int_equal(ignis_app_ping(self->ctx, self->app, 1000), IGNIS_E_STATE);
    assert_string_equal(ignis_context_error(self->ctx)->path, "datasources.OtherSource");
}

/* ---- all or nothing ------------------------------------------------------------------------------------ */

static ignis_code refuse(ignis_context *ctx, ignis_app *app)
{
    (void)ctx;
    note(app, "refused");
    return IGNIS_E_CONFLICT;
}

static void a_start_that_fails_at_its_end_is_undone(void **state)
{
    fixture *self = *state;
    ignis_app_class class_ = app_class(self);
    class_.post_configure = refuse;
    create(self, &class_);
    size_t blocks = 0;
    for (int turn = 0; turn < 3; turn++) {
        self->happened.text[0] = '\0';
        assert_int_equal(ignis_app_start(self->ctx, self->app), IGNIS_E_CONFLICT);
        assert_string_equal(ignis_context_error(self->ctx)->message,
                            "post_configure answered conflict");
        assert_string_equal(self->happened.text, "pre +first +second refused -second -first ");
        assert_null(ignis_app_get(self->app, "services.First"));
        assert_null(ignis_app_tagged(self->app, NULL, 0));
        if (turn == 1) blocks = arena_live_blocks();
    }
    assert_int_equal(arena_live_blocks(), blocks);
}

static void no_allocation_that_fails_leaves_anything_behind(void **state)
{
    fixture *self = *state;
    const ignis_app_class class_ = app_class(self);
    create(self, &class_);
    start(self);
    ignis_app_stop(self->app);
    size_t blocks = arena_live_blocks();
    ignis_code code = IGNIS_E_MEMORY;
    uint64_t n = 1;
    for (; code != IGNIS_OK; n++) {
        arena_fault_at(n);
        code = ignis_app_start(self->ctx, self->app);
        arena_fault_at(0);
        if (code == IGNIS_OK) break;
        assert_int_equal(code, IGNIS_E_MEMORY);
        assert_null(ignis_app_tagged(self->app, NULL, 0));
    }
    assert_true(n > 10);
    ignis_app_stop(self->app);
    ignis_context_reset(self->ctx);
    assert_in_range(arena_live_blocks(), 1, blocks);
}

/* ---- threads ------------------------------------------------------------------------------------------- */

static void *look_up(void *data)
{
    const ignis_app *app = data;
    ignis_context *ctx = ignis_context_create();
    intptr_t failures = ctx ? 0 : 1;
    for (int i = 0; i < 200 && failures == 0; i++) {
        Job *job = NULL;
        int64_t count;
        if (Job_make(ctx, app, &job) != IGNIS_OK) failures++;
        if (!job || job->users != UserRepository_of(app)) failures++;
        if (UserRepository_count(ctx, job->users, NULL, &count) != IGNIS_OK) failures++;
        if (!ignis_app_tagged(app, "jobs", 1)) failures++;
        ignis_context_reset(ctx);
    }
    ignis_context_free(ctx);
    return (void *)failures;
}

static void any_thread_looks_up_what_is_started(void **state)
{
    fixture *self = *state;
    ignis_app_class class_ = app_class(self);
    pthread_t threads[4];
    class_.pre_configure = register_jobs;
    create(self, &class_);
    start(self);
    for (size_t i = 0; i < ARRAY_COUNT(threads); i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, look_up, self->app), 0);
    }
    for (size_t i = 0; i < ARRAY_COUNT(threads); i++) {
        void *failures;
        assert_int_equal(pthread_join(threads[i], &failures), 0);
        assert_null(failures);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_context, close_context)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(things_are_made_in_order_and_ended_in_reverse),
        TEST(a_stopped_application_starts_again_with_new_things),
        TEST(what_is_registered_before_the_start_stays),
        TEST(a_source_without_models_has_those_of_its_repositories),
        TEST(a_source_without_models_has_all_that_its_repositories_lead_to),
        TEST(what_the_class_lists_is_registered_when_it_is_made),
        TEST(a_repository_names_its_source_only_where_there_are_several),
        TEST(the_readable_class_of_a_readable_repository_refuses_writes),
        TEST(tags_list_keys_in_the_order_of_registration),
        TEST(a_transient_is_made_for_each_who_asks),
        TEST(a_provider_makes_what_it_needs_first_and_is_released_before_it),
        TEST(a_class_is_bound_to_another_key_with_a_lifetime_of_its_own),
        TEST(what_cannot_be_resolved_is_said),
        TEST(a_start_that_fails_at_its_end_is_undone),
        TEST(no_allocation_that_fails_leaves_anything_behind),
        TEST(any_thread_looks_up_what_is_started),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
