/* Users and their notes: two models, a method of one's own, a nested read. */
#include <ignis.h>
#include <stdio.h>

typedef struct Note {
    IGNIS_ID_NUMBER_MEMBERS; /* int32_t id */
    const char *text;
    int32_t user_id;
} Note;
IGNIS_MODEL(Note,
    .columns = IGNIS_COLUMNS(IGNIS_ID_NUMBER(Note), IGNIS_COLUMN(Note, text),
                             IGNIS_COLUMN(Note, user_id, .not_null = true)),
    .indexes = IGNIS_CONSTRAINTS(IGNIS_INDEX(NULL, Note, user_id)));

typedef struct User {
    IGNIS_ID_NUMBER_MEMBERS;
    const char *name;
    Note *notes; /* filled by an include */
    size_t notes_count;
} User;
IGNIS_MODEL(User,
    .columns = IGNIS_COLUMNS(IGNIS_ID_NUMBER(User), IGNIS_COLUMN(User, name)),
    .relations = IGNIS_RELATIONS(IGNIS_MANY_KEYS(User, notes, Note, ((id, user_id)))));

IGNIS_DATA_SOURCE(Notebook, .url = "${NOTEBOOK_URL:-sqlite::memory:}", .create_missing = true);
IGNIS_REPOSITORY_OVER(UserRepository, User, Notebook);
IGNIS_REPOSITORY_OVER(NoteRepository, Note, Notebook);

static ignis_code find_named(ignis_context *ctx, UserRepository *self, const char *name, User **row)
{
    return UserRepository_find_one(
        ctx, self,
        IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_EQ(User, name, name)),
                     .include = IGNIS_INCLUDE(IGNIS_WITH(
                         User, notes, IGNIS_SCOPE(.order = IGNIS_ORDER(IGNIS_DESC(Note, id)))))),
        row);
}

static ignis_code run(ignis_context *ctx, ignis_app *app)
{
    UserRepository *users = UserRepository_of(app);
    User *ada;
    IGNIS_TRY(UserRepository_create(ctx, users, IGNIS_VALUES(IGNIS_SET(User, name, "Ada")), &ada));
    const Note rows[] = {{.text = "tea", .user_id = ada->id}, {.text = "ink", .user_id = ada->id}};
    IGNIS_TRY(NoteRepository_create_rows(ctx, NoteRepository_of(app), rows, 2,
                                         IGNIS_FIELDS(Note, text, user_id), NULL));
    IGNIS_TRY(find_named(ctx, users, "Ada", &ada));
    printf("%s has %zu notes, the last: %s\n", ada->name, ada->notes_count, ada->notes[0].text);
    return IGNIS_OK;
}

int main(void)
{
    const ignis_app_class app = {
        .struct_size = sizeof(app),
        .data_sources = IGNIS_DATA_SOURCES(&Notebook_class),
        .repositories = IGNIS_REPOSITORIES(&UserRepository_class, &NoteRepository_class)};
    return ignis_app_main(&app, run);
}
