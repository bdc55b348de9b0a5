/* startup: each mistake in what an application registers gives one clear line at its start. */
#include "app/app.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

typedef struct User User;
typedef struct Post Post;
struct User {
    IGNIS_ID_NUMBER_MEMBERS;
};
struct Post {
    IGNIS_ID_NUMBER_MEMBERS;
    int32_t author_id;
    User *author;
};
IGNIS_MODEL_DECLARE(User);
IGNIS_MODEL_DECLARE(Post);
IGNIS_MODEL(User, .columns = IGNIS_COLUMNS(IGNIS_ID_NUMBER(User)));
IGNIS_MODEL(Post,
            .columns = IGNIS_COLUMNS(IGNIS_ID_NUMBER(Post),
                                     IGNIS_COLUMN(Post, author_id, .not_null = true)),
            .relations = IGNIS_RELATIONS(IGNIS_ONE(Post, author, User, author_id, id)));
typedef struct Other {
    IGNIS_ID_NUMBER_MEMBERS;
} Other;
IGNIS_MODEL_DECLARE(Other);
IGNIS_MODEL(Other, .name = "User", .columns = IGNIS_COLUMNS(IGNIS_ID_NUMBER(Other)));
typedef struct Wrong {
    IGNIS_ID_NUMBER_MEMBERS;
} Wrong;
IGNIS_MODEL_DECLARE(Wrong);
IGNIS_MODEL(Wrong, .columns = IGNIS_COLUMNS(IGNIS_ID_NUMBER(Wrong)),
            .default_filter = IGNIS_JSON({"where": {"idd": 1}}));

/* Relations whose key has to be guessed, each in its own way impossible. */
typedef struct Author Author;
typedef struct Text Text;
struct Author {
    IGNIS_ID_NUMBER_MEMBERS;
    Text *texts;
    size_t texts_count;
};
struct Text {
    IGNIS_ID_NUMBER_MEMBERS;
    int32_t writer_id, editor_id;
    Author *writer, *editor, *reader;
};
IGNIS_MODEL_DECLARE(Author);
IGNIS_MODEL_DECLARE(Text);
IGNIS_MODEL(Author, .columns = IGNIS_COLUMNS(IGNIS_ID_NUMBER(Author)),
            .relations = IGNIS_RELATIONS(IGNIS_MANY(Author, texts, Text)));
#define TEXT_COLUMNS                                                                      \
    IGNIS_COLUMNS(IGNIS_ID_NUMBER(Text), IGNIS_COLUMN(Text, writer_id, .not_null = true), \
                  IGNIS_COLUMN(Text, editor_id, .not_null = true))
#define TEXT_KEYS                                                                    \
    IGNIS_CONSTRAINTS(IGNIS_FOREIGN_KEY("text_writer", Text, writer_id, Author, id), \
                      IGNIS_FOREIGN_KEY("text_editor", Text, editor_id, Author, id))
IGNIS_MODEL(Text, .columns = TEXT_COLUMNS,
            .relations = IGNIS_RELATIONS(IGNIS_ONE(Text, writer, Author, writer_id, id),
                                         IGNIS_ONE(Text, editor, Author, editor_id, id)));
static const ignis_model text_of_two_keys = {.struct_size = sizeof(ignis_model),
                                             .struct_name = "Text",
                                             .row_size = sizeof(Text),
                                             .columns = TEXT_COLUMNS,
                                             .foreign_keys = TEXT_KEYS};
static const ignis_model text_that_guesses = {.struct_size = sizeof(ignis_model),
                                              .struct_name = "Text",
                                              .row_size = sizeof(Text),
                                              .columns = TEXT_COLUMNS,
                                              .foreign_keys = TEXT_KEYS,
                                              .relations =
                                                  IGNIS_RELATIONS(IGNIS_ONE(Text, reader, Author))};
static const ignis_model text_without_keys = {.struct_size = sizeof(ignis_model),
                                              .struct_name = "Text",
                                              .row_size = sizeof(Text),
                                              .columns = TEXT_COLUMNS,
                                              .relations =
                                                  IGNIS_RELATIONS(IGNIS_ONE(Text, reader, Author))};
static const ignis_model text_alone = {.struct_size = sizeof(ignis_model),
                                       .struct_name = "Text",
                                       .row_size = sizeof(Text),
                                       .columns = TEXT_COLUMNS};
typedef struct Loud Loud;
typedef struct Echo Echo;
struct Loud {
    IGNIS_ID_NUMBER_MEMBERS;
    Echo *echo;
};
struct Echo {
    IGNIS_ID_NUMBER_MEMBERS;
    Loud *loud;
};
IGNIS_MODEL_DECLARE(Loud);
IGNIS_MODEL_DECLARE(Echo);
IGNIS_MODEL(Loud, .columns = IGNIS_COLUMNS(IGNIS_ID_NUMBER(Loud)),
            .relations = IGNIS_RELATIONS(IGNIS_ONE(Loud, echo, Echo, id, id)),
            .default_filter = IGNIS_JSON({"include": ["echo"]}));
IGNIS_MODEL(Echo, .columns = IGNIS_COLUMNS(IGNIS_ID_NUMBER(Echo)),
            .relations = IGNIS_RELATIONS(IGNIS_ONE(Echo, loud, Loud, id, id)),
            .default_filter = IGNIS_JSON({"include": ["loud"]}));
static const char *const no_member[] = {"idd"};
#define MODELS(...) SOURCE("A", .url = "sqlite::memory:", .models = IGNIS_MODELS(__VA_ARGS__))

#define SOURCE(name_, ...)                                                         \
    {                                                                              \
        .struct_size = sizeof(ignis_data_source_class), .name = name_, __VA_ARGS__ \
    }
#define MEMORY(name_) SOURCE(name_, .url = "sqlite::memory:")
#define REPOSITORY(...)                                            \
    {                                                              \
        .struct_size = sizeof(ignis_repository_class), __VA_ARGS__ \
    }
#define INJECT(...)                                                                       \
    {                                                                                     \
        (const ignis_injection[]){__VA_ARGS__, {0}}, IGNIS_ENDED, sizeof(ignis_injection) \
    }
#define SERVICE(name_, ...)                                                                   \
    {                                                                                         \
        .struct_size = sizeof(ignis_service_class), .name = name_, .size = sizeof(void *[2]), \
        __VA_ARGS__                                                                           \
    }
#define NEEDS(name_, key_) SERVICE(name_, .inject = INJECT({.key = key_}))
#define BINDING(key_, ...)                                             \
    {                                                                  \
        .struct_size = sizeof(ignis_binding), .key = key_, __VA_ARGS__ \
    }

static ignis_code refuse_start(ignis_context *ctx, void *self)
{
    (void)ctx, (void)self;
    return IGNIS_E_STATE;
}
static void stop_nothing(void *self)
{
    (void)self;
}
static ignis_code provide_nothing(ignis_context *ctx, ignis_app *app, void *data, void **made)
{
    (void)ctx, (void)app, (void)data, (void)made;
    return IGNIS_OK;
}
static ignis_code provide_other(ignis_context *ctx, ignis_app *app, void *data, void **made)
{
    return ignis_app_resolve(ctx, app, data, made);
}
static ignis_code provide_refusal(ignis_context *ctx, ignis_app *app, void *data, void **made)
{
    (void)ctx, (void)app, (void)data, (void)made;
    return IGNIS_E_LIMIT;
}
static ignis_code refuse_hook(ignis_context *ctx, ignis_app *app)
{
    (void)ctx, (void)app;
    return IGNIS_E_CONFLICT;
}
static ignis_code register_late(ignis_context *ctx, ignis_app *app)
{
    return ignis_app_bind(ctx, app, &(ignis_binding)BINDING("values.late", .value = "late"));
}

typedef struct mistake {
    ignis_data_source_class sources[2];
    ignis_repository_class repositories[2];
    ignis_service_class services[3];
    ignis_binding bindings[2];
    ignis_app_hook *post_configure;
    const char *env_file;
    bool needs_postgres; /* the library may be built without libpq */
    ignis_code code;     /* 0: invalid */
    const char *path;
    const char *message;
    const char *hint;
} mistake;

static const mistake mistakes[] = {
    /* ---- registering ---- */
    {.sources = {SOURCE(NULL, .url = "sqlite::memory:")},
     .message = "a data source needs a name to be registered"},
    {.sources = {{.name = "A", .url = "sqlite::memory:"}},
     .message = "struct_size of the data source's class is not set"},
    {.sources = {MEMORY("A"), MEMORY("A")}, .message = "datasources.A is registered twice"},
    {.sources = {MEMORY("my source")},
     .message = "\"datasources.my source\" is no key: a namespace, a point and a name, without "
                "blanks, at most 128 bytes"},
    {.repositories = {REPOSITORY(.typed = &User_model), REPOSITORY(.typed = &User_model)},
     .message = "repositories.UserRepository is registered twice"},
    {.repositories = {REPOSITORY(.name = "A")}, .message = "the repository names no model"},
    {.services = {SERVICE("A", .stop = NULL), SERVICE("A", .stop = NULL)},
     .message = "services.A is registered twice"},
    {.services = {SERVICE("A", .lifetime = IGNIS_TRANSIENT, .stop = stop_nothing)},
     .path = "services.A",
     .message = "a transient ends with what it was made for: it has no stop"},
    {.services = {SERVICE("A", .inject = INJECT({.key = "values.a", .offset = 9}))},
     .message = "the injection of values.a lies outside the struct"},
    {.bindings = {BINDING("values.a", .value = NULL)},
     .path = "values.a",
     .message = "a key is bound to a value, a class or a provider, got none"},
    {.bindings = {BINDING("values.a", .value = "a", .provide = provide_nothing)},
     .path = "values.a",
     .message = "a key is bound to a value, a class or a provider, got more than one"},
    {.bindings = {BINDING("a", .value = "a")},
     .message = "\"a\" is no key: a namespace, a point and a name, without blanks, at most 128 "
                "bytes"},
    {.bindings = {BINDING("repositories.A", .value = "a")},
     .path = "repositories.A",
     .message = "data sources and repositories are registered by their classes"},
    {.post_configure = register_late,
     .code = IGNIS_E_STATE,
     .path = "post_configure",
     .message = "values.late is registered too late: before the start, or in pre_configure"},
    {.post_configure = refuse_hook,
     .code = IGNIS_E_CONFLICT,
     .path = "post_configure",
     .message = "post_configure answered conflict"},

    /* ---- data sources ---- */
    {.sources = {SOURCE("A", .plans_max = 0)},
     .path = "datasources.A",
     .message = "the data source has no URL, and no host or driver instead"},
    {.sources = {SOURCE("A", .url = "mysql://localhost/app")},
     .path = "datasources.A",
     .message =
         "unknown scheme \"mysql:\", neither postgresql: nor sqlite:; a file whose name begins so "
         "is sqlite:./NAME"},
    {.sources = {SOURCE("A", .url = "sqlite:/no/such/folder/a.db")},
     .code = IGNIS_E_CONNECTION,
     .path = "datasources.A",
     .message = "the database file \"/no/such/folder/a.db\" cannot be opened: unable to open "
                "database file"},
    {.sources = {SOURCE("A", .url = "postgresql://localhost/app?sslmod=disable")},
     .needs_postgres = true,
     .path = "datasources.A",
     .message = "the PostgreSQL URL cannot be read; a name of a parameter is unknown, or a special "
                "character is not written as %XX"},
    {.sources = {SOURCE("A", .host = "127.0.0.1", .port = "1", .password = "secret")},
     .needs_postgres = true,
     .code = IGNIS_E_CONNECTION,
     .path = "datasources.A",
     .message = "connection to server at \"127.0.0.1\", port 1 failed: Connection refused"},
    {.sources = {SOURCE("A", .url = "${IGNIS_T_NONE}")},
     .path = "datasources.A.url",
     .message = "the environment has no IGNIS_T_NONE"},
    {.sources = {SOURCE("A", .host = "h", .password = "${IGNIS_T_NONE")},
     .path = "datasources.A.password",
     .message = "expected ${NAME} or ${NAME:-default}"},
    {.sources = {MEMORY("A")},
     .env_file = "/no/such/.env",
     .message = "/no/such/.env: there is no such file"},
    {.sources = {SOURCE("A", .host = "h", .port = "pg")},
     .path = "datasources.A.port",
     .message = "a port is a number from 1 to 65535, got \"pg\""},
    {.sources = {SOURCE("A", .host = "h", .ssl = "verify_full")},
     .path = "datasources.A.ssl",
     .message = "ssl is true, false, disable, allow, prefer, require, verify-ca or verify-full, "
                "got \"verify_full\"",
     .hint = "verify-full"},
    {.sources = {SOURCE("A", .driver = &ignis_sqlite_driver, .database = "a", .user = "u")},
     .path = "datasources.A.user",
     .message = "the driver sqlite has no setting user"},
    {.sources = {SOURCE("A", .url = "sqlite::memory:", .connections_max = 100000)},
     .path = "datasources.A",
     .message = "connections_max is at most 1000, got 100000"},

    /* ---- models ---- */
    {.sources = {SOURCE("A", .url = "sqlite::memory:", .models = IGNIS_MODELS(&Post_model))},
     .repositories = {REPOSITORY(.typed = &Post_model)},
     .path = "datasources.A.models[0].relations[0]",
     .message = "Post.author: unknown model \"User\""},
    {.sources = {SOURCE("A", .url = "sqlite::memory:", .models = IGNIS_MODELS(&User_model))},
     .repositories = {REPOSITORY(.typed = &Post_model)},
     .path = "repositories.PostRepository",
     .message = "[PostRepository] Schema key mismatch | Entity name 'Post' not found in "
                "connector.query | Available keys: [User] | Ensure the model's TABLE_NAME matches "
                "the schema registration key"},
    {.sources = {SOURCE("A", .url = "sqlite::memory:", .models = IGNIS_MODELS(&User_model))},
     .repositories = {REPOSITORY(.typed = &Other_model)},
     .path = "repositories.UserRepository",
     .message = "the data source registers another model called User"},
    {.sources = {MEMORY("A")},
     .repositories = {REPOSITORY(.name = "A", .typed = &User_model),
                      REPOSITORY(.name = "B", .typed = &Other_model)},
     .path = "datasources.A.models[1]",
     .message = "User: two models have this name"},
    {.sources = {MEMORY("A")},
     .repositories = {REPOSITORY(.typed = &Wrong_model)},
     .path = "datasources.A.Wrong.settings.defaultFilter.where.idd",
     .message = "unknown property 'idd' of Wrong",
     .hint = "id"},

    {.sources = {MODELS(&Author_model, &Text_model)},
     .path = "datasources.A.models[0].relations[0]",
     .message = "Author.texts: ambiguous: Text has 2 one relations to Author: writer, editor"},
    {.sources = {MODELS(&Author_model, &text_of_two_keys)},
     .path = "datasources.A.models[0].relations[0]",
     .message = "Author.texts: ambiguous: Text has 2 foreign keys to Author: text_writer, "
                "text_editor"},
    {.sources = {MODELS(&Author_model, &text_alone)},
     .path = "datasources.A.models[0].relations[0]",
     .message = "Author.texts: Text has neither a one relation nor a foreign key to Author"},
    {.sources = {MODELS(&Author_model, &text_that_guesses)},
     .path = "datasources.A.models[1].relations[0]",
     .message = "Text.reader: ambiguous: Text has 2 foreign keys to Author: text_writer, "
                "text_editor"},
    {.sources = {MODELS(&Author_model, &text_without_keys)},
     .path = "datasources.A.models[1].relations[0]",
     .message = "Text.reader: no fields and references, and Text has no foreign key to Author"},
    {.sources = {MODELS(&Loud_model, &Echo_model)},
     .path = "datasources.A.Loud.settings.defaultFilter.include",
     .message = "Loud: the default filters include each other: Loud -> Echo -> Loud"},

    /* ---- what a repository says in place of its model ---- */
    {.sources = {MEMORY("A")},
     .repositories = {REPOSITORY(.typed = &User_model,
                                 .hidden = {&User_model, no_member, 1, false})},
     .path = "repositories.UserRepository.hidden[0]",
     .message = "[UserRepository] the member 'idd' of User is no column"},
    {.sources = {MEMORY("A")},
     .repositories = {REPOSITORY(.typed = &User_model),
                      REPOSITORY(.name = "Few", .typed = &User_model, .hidden_json = "[\"idd\"]")},
     .path = "repositories.Few.hidden[0]",
     .message = "[Few] unknown property 'idd' of User",
     .hint = "id"},
    {.sources = {MEMORY("A")},
     .repositories = {REPOSITORY(.name = "Few", .typed = &User_model,
                                 .default_filter_json = "{\"where\": {\"idd\": 1}}")},
     .path = "repositories.Few.defaultFilter.where.idd",
     .message = "[Few] unknown property 'idd' of User",
     .hint = "id"},
    {.sources = {MEMORY("A")},
     .repositories = {REPOSITORY(.name = "Few", .typed = &User_model,
                                 .default_filter_json = "{'where'")},
     .path = "repositories.Few.defaultFilter",
     .message = "[Few] invalid JSON text: an unexpected character at byte 1"},

    /* ---- what needs what ---- */
    {.sources = {MEMORY("Main")},
     .repositories = {REPOSITORY(.typed = &User_model, .data_source = "Mian")},
     .path = "repositories.UserRepository",
     .message = "nothing is registered under the last key: repositories.UserRepository -> "
                "datasources.Mian",
     .hint = "datasources.Main"},
    {.repositories = {REPOSITORY(.typed = &User_model)},
     .path = "repositories.UserRepository",
     .message = "the repository has no data source"},
    {.sources = {MEMORY("A"), MEMORY("B")},
     .repositories = {REPOSITORY(.typed = &User_model)},
     .path = "repositories.UserRepository",
     .message = "the repository names no data source, and there are several"},
    {.services = {NEEDS("A", "services.B"), NEEDS("B", "values.c")},
     .path = "services.A",
     .message = "nothing is registered under the last key: services.A -> services.B -> values.c"},
    {.services = {NEEDS("A", "services.B"), NEEDS("B", "services.A")},
     .path = "services.A",
     .message = "a circle of dependencies: services.A -> services.B -> services.A"},
    {.services = {NEEDS("A", "services.A")},
     .path = "services.A",
     .message = "a circle of dependencies: services.A -> services.A"},
    {.services = {NEEDS("A", "services.B"), NEEDS("B", "services.C"),
                  SERVICE("C", .lifetime = IGNIS_TRANSIENT, .inject = INJECT({"services.B", 0}))},
     .path = "services.A",
     .message = "a circle of dependencies: services.A -> services.B -> services.C -> services.B"},
    {.services = {NEEDS("A", "values.a")},
     .bindings = {BINDING("values.a", .provide = provide_other, .data = (char[]){"services.A"})},
     .path = "services.A",
     .message = "a circle of dependencies: services.A -> values.a -> services.A"},
    {.bindings = {BINDING("values.a", .provide = provide_other, .data = (char[]){"values.b"})},
     .code = IGNIS_E_NOT_FOUND,
     .path = "values.a",
     .message = "nothing is registered under \"values.b\"",
     .hint = "values.a"},
    {.bindings = {BINDING("values.a", .provide = provide_nothing)},
     .path = "values.a",
     .message = "the provider made nothing"},
    {.bindings = {BINDING("values.a", .provide = provide_refusal)},
     .code = IGNIS_E_LIMIT,
     .path = "values.a",
     .message = "provide answered limit"},
    {.sources = {MEMORY("A")},
     .services = {SERVICE("A", .stop = stop_nothing), SERVICE("B", .start = refuse_start)},
     .code = IGNIS_E_STATE,
     .path = "services.B",
     .message = "start answered state"},
};

static ignis_code register_all(ignis_context *ctx, ignis_app *app)
{
    const mistake *made = ignis_app_data(app);
    for (size_t i = 0; i < ARRAY_COUNT(made->sources); i++) {
        const ignis_data_source_class *source = &made->sources[i];
        if (source->struct_size || source->name) IGNIS_TRY(ignis_app_data_source(ctx, app, source));
    }
    for (size_t i = 0; i < ARRAY_COUNT(made->repositories); i++) {
        if (made->repositories[i].struct_size)
            IGNIS_TRY(ignis_app_repository(ctx, app, &made->repositories[i]));
    }
    for (size_t i = 0; i < ARRAY_COUNT(made->services); i++) {
        if (made->services[i].struct_size)
            IGNIS_TRY(ignis_app_service(ctx, app, &made->services[i]));
    }
    for (size_t i = 0; i < ARRAY_COUNT(made->bindings); i++) {
        if (made->bindings[i].struct_size) IGNIS_TRY(ignis_app_bind(ctx, app, &made->bindings[i]));
    }
    return IGNIS_OK;
}

static bool is_said(const char *what, const char *expected, const char *got, const char *message)
{
    if (!expected || strcmp(expected, got) == 0) return true;
    print_error("%s of \"%s\"\n  expected %s\n  got      %s\n", what, message, expected, got);
    return false;
}

/* Registering happens in pre_configure, whose name leads the path then. */
static const char *path_of(const ignis_error *error)
{
    static const char hook[] = "pre_configure";
    const char *path = error->path;
    if (strncmp(path, hook, sizeof(hook) - 1) != 0) return path;
    path += sizeof(hook) - 1;
    return *path == '.' ? path + 1 : path;
}

static bool mistake_is_told(ignis_context *ctx, const mistake *made)
{
    const ignis_app_class class_ = {.struct_size = sizeof(class_),
                                    .pre_configure = register_all,
                                    .post_configure = made->post_configure,
                                    .env_file = made->env_file,
                                    .data = (void *)(uintptr_t)made};
    ignis_app *app;
    assert_int_equal(ignis_app_create(ctx, &class_, &app), IGNIS_OK);
    ignis_code code = ignis_app_start(ctx, app);
    const ignis_error *error = ignis_context_error(ctx);
    ignis_code expected = made->code ? made->code : IGNIS_E_INVALID;
    bool is_told =
        is_said("code", ignis_code_name(expected), ignis_code_name(code), error->message);
    is_told &= is_said("message", made->message, error->message, error->message);
    is_told &= is_said("path", made->path, path_of(error), error->message);
    is_told &= is_said("hint", made->hint, error->hint, error->message);
    is_told &= *error->message && !strchr(error->message, '\n');
    is_told &= !strstr(error->message, "secret");
    /* Nothing is left of it. */
    is_told &= !ignis_app_tagged(app, NULL, 0);
    ignis_app_free(app);
    return is_told;
}

static void each_mistake_gives_one_clear_line(void **state)
{
    (void)state;
    int failures = 0;
    unsetenv("IGNIS_T_NONE");
    for (size_t i = 0; i < ARRAY_COUNT(mistakes); i++) {
#ifndef IGNIS_HAVE_POSTGRES
        if (mistakes[i].needs_postgres) continue;
#endif
        ignis_context *ctx = ignis_context_create();
        size_t blocks = arena_live_blocks();
        if (!mistake_is_told(ctx, &mistakes[i])) failures++;
        ignis_context_reset(ctx);
        /* The context keeps a block of results and one of scratch. */
        if (arena_live_blocks() > blocks + 2) {
            print_error("mistake %zu leaves memory behind\n", i);
            failures++;
        }
        ignis_context_free(ctx);
    }
    assert_int_equal(failures, 0);
}

static void a_list_with_a_hole_is_told_with_its_place(void **state)
{
    (void)state;
    static const ignis_data_source_class source = MEMORY("A");
    static const ignis_data_source_class *const sources[] = {&source, NULL};
    static const ignis_repository_class *const repositories[] = {NULL};
    static const ignis_service_class *const services[] = {NULL};
    const struct {
        ignis_app_class class_;
        const char *path;
        const char *message;
    } cases[] = {
        {{.data_sources = sources, .data_sources_count = 2},
         "data_sources[1]",
         "the data source's class is NULL"},
        {{.repositories = repositories, .repositories_count = 1},
         "repositories[0]",
         "the repository's class is NULL"},
        {{.services = services, .services_count = 1}, "services[0]", "the service's class is NULL"},
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        ignis_context *ctx = ignis_context_create();
        ignis_app_class class_ = cases[i].class_;
        ignis_app *app = NULL;
        class_.struct_size = sizeof(class_);
        assert_int_equal(ignis_app_create(ctx, &class_, &app), IGNIS_E_INVALID);
        assert_string_equal(ignis_context_error(ctx)->message, cases[i].message);
        assert_string_equal(ignis_context_error(ctx)->path, cases[i].path);
        assert_null(app);
        ignis_context_free(ctx);
    }
}

static void a_class_that_is_null_is_told(void **state)
{
    (void)state;
    ignis_context *ctx = ignis_context_create();
    ignis_app *app = NULL;
    ignis_data_source *source = NULL;
    assert_int_equal(ignis_app_create(ctx, NULL, &app), IGNIS_E_INVALID);
    assert_string_equal(ignis_context_error(ctx)->message, "the application's class is NULL");
    assert_int_equal(ignis_data_source_open(ctx, NULL, &source), IGNIS_E_INVALID);
    assert_string_equal(ignis_context_error(ctx)->message, "the data source's class is NULL");
    ignis_context_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_with_a_hole_is_told_with_its_place),
        cmocka_unit_test(a_class_that_is_null_is_told),
        cmocka_unit_test(each_mistake_gives_one_clear_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
