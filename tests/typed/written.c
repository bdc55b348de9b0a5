#include "typed/written.h"

#include "support/engine.h"
#include "typed/shown.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

IGNIS_MODEL(Shelf,
            .columns = IGNIS_COLUMNS(IGNIS_COLUMN(Shelf, aisle, .primary_key = true),
                                     IGNIS_COLUMN(Shelf, number, .primary_key = true),
                                     IGNIS_COLUMN(Shelf, stock, .not_null = true,
                                                  .default_json = "0"),
                                     IGNIS_COLUMN(Shelf, spare), IGNIS_COLUMN(Shelf, note),
                                     IGNIS_COLUMN(Shelf, doc)),
            .checks = IGNIS_CONSTRAINTS(IGNIS_CHECK("CK_Shelf_stock", "stock >= 0")));
IGNIS_MODEL(Land, .columns = IGNIS_COLUMNS(IGNIS_COLUMN(Land, code, .primary_key = true),
                                           IGNIS_COLUMN(Land, name, .not_null = true)));
void writes_ok(ignis_context *ctx, ignis_code code)
{
    const ignis_error *error = ignis_context_error(ctx);
    if (code != IGNIS_OK)
        fail_msg("%s: %s at %s", ignis_code_name(code), error->message, error->path);
}

void writes_refused(const writes *self, ignis_code code, ignis_code expected, const char *path,
                    const char *message)
{
    const engine seen = {.ctx = self->ctx};
    const engine_error error = {.code = expected, .path = path, .message = message};
    engine_expect_error(&seen, code, &error, message);
}

int writes_open(void **state)
{
    writes *self = *state;
    const char *url = self->place();
    const ignis_data_source_class class_ = {
        .struct_size = sizeof(class_),
        .url = url ? url : "sqlite::memory:",
        .models =
            IGNIS_MODELS(&User_model, &Profile_model, &Post_model, &Comment_model, &Kinds_model,
                         &Shelf_model, &Land_model, &Ticket_model, &Visit_model)};
    ignis_context *ctx = self->ctx = ignis_context_create();
    self->is_sqlite = url == NULL;
    assert_non_null(ctx);
    writes_ok(ctx, ignis_data_source_open(ctx, &class_, &self->source));
    writes_ok(ctx, ignis_schema_create(ctx, self->source));
    writes_ok(ctx, UserRepository_open(ctx, self->source, &self->users));
    writes_ok(ctx, PostRepository_open(ctx, self->source, &self->posts));
    writes_ok(ctx, KindsRepository_open(ctx, self->source, &self->kinds));
    writes_ok(ctx, ShelfRepository_open(ctx, self->source, &self->shelves));
    writes_ok(ctx, LandRepository_open(ctx, self->source, &self->lands));
    return 0;
}

int writes_close(void **state)
{
    writes *self = *state;
    ignis_data_source_close(self->source);
    ignis_context_free(self->ctx);
    return 0;
}

/* A row of a write is what the JSON call then reads by the id, as JSON text. */
void writes_row_compare(const writes *self, const ignis_repository *repository,
                        const ignis_model *model, const char *id, const void *row)
{
    arena memory = {0};
    text out;
    const char *read;
    text_init(&out, &memory, 0);
    const shown asked = {.memory = &memory, .out = &out, .model = model};
    shown_row(&asked, row);
    writes_ok(self->ctx, ignis_find_by_id_json(self->ctx, repository, NULL, id, NULL, &read));
    assert_string_equal(text_finish(&out), read);
    arena_free(&memory);
}

User *writes_user_make(const writes *self, const char *id)
{
    User *user;
    writes_ok(self->ctx,
              UserRepository_create(self->ctx, self->users,
                                    IGNIS_VALUES(IGNIS_SET(User, id, id), IGNIS_SET(User, name, id),
                                                 IGNIS_SET(User, email, id)),
                                    &user));
    return user;
}

Post *writes_post_make(const writes *self, const char *id, int views)
{
    Post *post;
    writes_ok(self->ctx,
              PostRepository_create(
                  self->ctx, self->posts,
                  IGNIS_VALUES(IGNIS_SET(Post, id, id), IGNIS_SET(Post, title, id),
                               IGNIS_SET(Post, author_id, "u"), IGNIS_SET(Post, views, views)),
                  &post));
    return post;
}

int64_t writes_users_count(const writes *self)
{
    int64_t count;
    writes_ok(self->ctx, UserRepository_count(self->ctx, self->users, NULL, &count));
    return count;
}

int written_check(written_place place)
{
    writes self = {.place = place};
    return written_creates_check(&self) + written_generated_check(&self) +
           written_kinds_check(&self) + written_changes_check(&self) +
           written_refusals_check(&self);
}
