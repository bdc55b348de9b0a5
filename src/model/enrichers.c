/* Enrichers: one element of "columns" that stands for several columns of common use. */
#include "model/model.h"

#include <stdio.h>

/* One column of an enricher, as it is or as the element changes it. */
typedef struct enricher_member {
    ignis_column column;
    bool is_off;
} enricher_member;

typedef struct enricher_options {
    enricher_member members[MODEL_ENRICHER_COLUMNS_MAX];
    bool allow_anonymous;
    const char *discriminator;
} enricher_options;

typedef struct enricher {
    const char *name;
    const model_json_key *keys;
    const enricher_member *members;
    size_t members_count;
    ignis_code (*finish)(model_reader *in, enricher_options *options); /* NULL: nothing left */
} enricher;

#define MEMBER(i) offsetof(enricher_options, members[i])

/* ---- keys of the members --------------------------------------------------------------------- */

static ignis_code data_type_read(model_reader *in, const json *value, void *target)
{
    static const char *const words[] = {"string", "number", "big-number", NULL};
    static const ignis_type types[] = {IGNIS_TYPE_TEXT, IGNIS_TYPE_INTEGER, IGNIS_TYPE_BIGINT};
    size_t index;
    IGNIS_TRY(model_json_choice(in, value, words, &index));
    *(ignis_type *)target = types[index];
    return IGNIS_OK;
}

static ignis_code enable_read(model_reader *in, const json *value, void *target)
{
    bool enable;
    IGNIS_TRY(model_json_boolean(in, value, &enable));
    ((enricher_member *)target)->is_off = !enable;
    return IGNIS_OK;
}

static ignis_code word_skip(model_reader *in, const json *value, void *target)
{
    (void)in;
    (void)value;
    (void)target;
    return IGNIS_OK;
}

static const model_json_key PLAIN_KEYS[] = {
    {"name", model_json_string, offsetof(enricher_member, column.name)},
    {"column", model_json_string, offsetof(enricher_member, column.column)},
    {"default", model_json_default, offsetof(enricher_member, column)},
    {NULL, NULL, 0},
};

static const model_json_key TIME_KEYS[] = {
    {"enable", enable_read, 0},
    {"name", model_json_string, offsetof(enricher_member, column.name)},
    {"column", model_json_string, offsetof(enricher_member, column.column)},
    {"default", model_json_default, offsetof(enricher_member, column)},
    {NULL, NULL, 0},
};

static const model_json_key TYPED_KEYS[] = {
    {"dataType", data_type_read, offsetof(enricher_member, column.type)},
    {"name", model_json_string, offsetof(enricher_member, column.name)},
    {"column", model_json_string, offsetof(enricher_member, column.column)},
    {"default", model_json_default, offsetof(enricher_member, column)},
    {NULL, NULL, 0},
};

static ignis_code plain_read(model_reader *in, const json *value, void *target)
{
    return model_json_object(in, value, PLAIN_KEYS, target);
}

/* Naming a column is asking for it; "enable": false takes that back. */
static ignis_code time_member_read(model_reader *in, const json *value, void *target)
{
    ((enricher_member *)target)->is_off = false;
    return model_json_object(in, value, TIME_KEYS, target);
}

static ignis_code typed_read(model_reader *in, const json *value, void *target)
{
    return model_json_object(in, value, TYPED_KEYS, target);
}

/* ---- id -------------------------------------------------------------------------------------- */

static const model_json_key ID_KEYS[] = {
    {"enricher", word_skip, 0},
    {"dataType", data_type_read, MEMBER(0) + offsetof(enricher_member, column.type)},
    {"name", model_json_string, MEMBER(0) + offsetof(enricher_member, column.name)},
    {"column", model_json_string, MEMBER(0) + offsetof(enricher_member, column.column)},
    {NULL, NULL, 0},
};

static const enricher_member ID_MEMBERS[] = {
    {.column = {.name = "id",
                .column = "id",
                .type = IGNIS_TYPE_INTEGER,
                .not_null = true,
                .primary_key = true}},
};

static ignis_code id_finish(model_reader *in, enricher_options *options)
{
    ignis_column *id = &options->members[0].column;
    (void)in;
    if (id->type == IGNIS_TYPE_TEXT) {
        id->default_fn = IGNIS_GENERATE_UUID;
    } else {
        id->identity = IGNIS_IDENTITY_ALWAYS;
    }
    return IGNIS_OK;
}

/* ---- tz -------------------------------------------------------------------------------------- */

static const model_json_key TZ_KEYS[] = {
    {"enricher", word_skip, 0},
    {"created", time_member_read, MEMBER(0)},
    {"modified", time_member_read, MEMBER(1)},
    {"deleted", time_member_read, MEMBER(2)},
    {NULL, NULL, 0},
};

static const enricher_member TZ_MEMBERS[] = {
    {.column = {.name = "createdAt",
                .column = "created_at",
                .type = IGNIS_TYPE_TIMESTAMPTZ,
                .not_null = true,
                .default_sql = "now()"}},
    {.column = {.name = "modifiedAt",
                .column = "modified_at",
                .type = IGNIS_TYPE_TIMESTAMPTZ,
                .not_null = true,
                .default_sql = "now()",
                .on_update = IGNIS_GENERATE_NOW}},
    {.column = {.name = "deletedAt", .column = "deleted_at", .type = IGNIS_TYPE_TIMESTAMPTZ},
     .is_off = true},
};

/* ---- dataType -------------------------------------------------------------------------------- */

static const model_json_key DATA_TYPE_KEYS[] = {
    {"enricher", word_skip, 0},         {"dataType", plain_read, MEMBER(0)},
    {"nValue", plain_read, MEMBER(1)},  {"tValue", plain_read, MEMBER(2)},
    {"bValue", plain_read, MEMBER(3)},  {"jValue", plain_read, MEMBER(4)},
    {"boValue", plain_read, MEMBER(5)}, {NULL, NULL, 0},
};

static const enricher_member DATA_TYPE_MEMBERS[] = {
    {.column = {.name = "dataType", .column = "data_type", .type = IGNIS_TYPE_TEXT}},
    {.column = {.name = "nValue", .column = "n_value", .type = IGNIS_TYPE_DOUBLE}},
    {.column = {.name = "tValue", .column = "t_value", .type = IGNIS_TYPE_TEXT}},
    {.column = {.name = "bValue", .column = "b_value", .type = IGNIS_TYPE_BYTEA}},
    {.column = {.name = "jValue", .column = "j_value", .type = IGNIS_TYPE_JSONB}},
    {.column = {.name = "boValue", .column = "bo_value", .type = IGNIS_TYPE_BOOLEAN}},
};

/* ---- userAudit ------------------------------------------------------------------------------- */

static const model_json_key USER_AUDIT_KEYS[] = {
    {"enricher", word_skip, 0},
    {"created", typed_read, MEMBER(0)},
    {"modified", typed_read, MEMBER(1)},
    {"allowAnonymous", model_json_boolean, offsetof(enricher_options, allow_anonymous)},
    {NULL, NULL, 0},
};

static const enricher_member USER_AUDIT_MEMBERS[] = {
    {.column = {.name = "createdBy", .column = "created_by", .type = IGNIS_TYPE_INTEGER}},
    {.column = {.name = "modifiedBy", .column = "modified_by", .type = IGNIS_TYPE_INTEGER}},
};

static ignis_code user_audit_finish(model_reader *in, enricher_options *options)
{
    ignis_generator user = options->allow_anonymous ? IGNIS_GENERATE_CURRENT_USER_OR_NULL
                                                    : IGNIS_GENERATE_CURRENT_USER;
    (void)in;
    options->members[0].column.default_fn = user;
    options->members[1].column.default_fn = user;
    options->members[1].column.on_update = user;
    return IGNIS_OK;
}

/* ---- principal ------------------------------------------------------------------------------- */

static const model_json_key PRINCIPAL_KEYS[] = {
    {"enricher", word_skip, 0},
    {"discriminator", model_json_string, offsetof(enricher_options, discriminator)},
    {"dataType", data_type_read, MEMBER(1) + offsetof(enricher_member, column.type)},
    {"type", plain_read, MEMBER(0)},
    {"id", plain_read, MEMBER(1)},
    {NULL, NULL, 0},
};

static const enricher_member PRINCIPAL_MEMBERS[] = {
    {.column = {.type = IGNIS_TYPE_TEXT}},
    {.column = {.type = IGNIS_TYPE_INTEGER, .not_null = true}},
};

static char ascii_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* "saleOwner" and "type" -> "sale_owner_type". NULL: no memory. */
static const char *snake_join(arena *memory, const char *camel, const char *last)
{
    text out;
    text_init(&out, memory, 0);
    for (const char *c = camel; *c; c++) {
        if (ascii_lower(*c) != *c && c != camel) text_char(&out, '_');
        text_char(&out, ascii_lower(*c));
    }
    text_char(&out, '_');
    text_string(&out, last);
    return text_finish(&out);
}

static const char *camel_join(arena *memory, const char *camel, const char *last)
{
    text out;
    text_init(&out, memory, 0);
    text_string(&out, camel);
    text_string(&out, last);
    return text_finish(&out);
}

static ignis_code principal_finish(model_reader *in, enricher_options *options)
{
    ignis_column *type = &options->members[0].column;
    ignis_column *id = &options->members[1].column;
    const char *discriminator = options->discriminator;

    if (!type->name) type->name = camel_join(in->memory, discriminator, "Type");
    if (!type->column) type->column = snake_join(in->memory, discriminator, "type");
    if (!id->name) id->name = camel_join(in->memory, discriminator, "Id");
    if (!id->column) id->column = snake_join(in->memory, discriminator, "id");
    if (type->name && type->column && id->name && id->column) return IGNIS_OK;
    return context_fail_memory(in->ctx, in->memory);
}

/* ---- user ------------------------------------------------------------------------------------ */

static const model_json_key USER_KEYS[] = {
    {"enricher", word_skip, 0},
    {"realm", plain_read, MEMBER(0)},
    {"status", plain_read, MEMBER(1)},
    {"type", plain_read, MEMBER(2)},
    {"activatedAt", plain_read, MEMBER(3)},
    {"lastLoginAt", plain_read, MEMBER(4)},
    {"parentId", typed_read, MEMBER(5)},
    {NULL, NULL, 0},
};

static const enricher_member USER_MEMBERS[] = {
    {.column =
         {.name = "realm", .column = "realm", .type = IGNIS_TYPE_TEXT, .default_json = "\"\""}},
    {.column = {.name = "status", .column = "status", .type = IGNIS_TYPE_TEXT}},
    {.column = {.name = "type", .column = "type", .type = IGNIS_TYPE_TEXT}},
    {.column = {.name = "activatedAt", .column = "activated_at", .type = IGNIS_TYPE_TIMESTAMPTZ}},
    {.column = {.name = "lastLoginAt", .column = "last_login_at", .type = IGNIS_TYPE_TIMESTAMPTZ}},
    {.column = {.name = "parentId", .column = "parent_id", .type = IGNIS_TYPE_INTEGER}},
};

/* ---- all ------------------------------------------------------------------------------------- */

static const enricher ENRICHERS[] = {
    {"id", ID_KEYS, ID_MEMBERS, ARRAY_COUNT(ID_MEMBERS), id_finish},
    {"tz", TZ_KEYS, TZ_MEMBERS, ARRAY_COUNT(TZ_MEMBERS), NULL},
    {"dataType", DATA_TYPE_KEYS, DATA_TYPE_MEMBERS, ARRAY_COUNT(DATA_TYPE_MEMBERS), NULL},
    {"userAudit", USER_AUDIT_KEYS, USER_AUDIT_MEMBERS, ARRAY_COUNT(USER_AUDIT_MEMBERS),
     user_audit_finish},
    {"principal", PRINCIPAL_KEYS, PRINCIPAL_MEMBERS, ARRAY_COUNT(PRINCIPAL_MEMBERS),
     principal_finish},
    {"user", USER_KEYS, USER_MEMBERS, ARRAY_COUNT(USER_MEMBERS), NULL},
};

static ignis_code enricher_find(model_reader *in, const json *value, const enricher **found)
{
    const char *names[ARRAY_COUNT(ENRICHERS) + 1] = {NULL};
    size_t index;

    for (size_t i = 0; i < ARRAY_COUNT(ENRICHERS); i++) {
        names[i] = ENRICHERS[i].name;
    }
    in->key = "enricher";
    ignis_code code = model_json_choice(in, json_get(value, "enricher"), names, &index);
    in->key = NULL;
    if (code != IGNIS_OK) return context_path(in->ctx, "enricher");
    *found = &ENRICHERS[index];
    return IGNIS_OK;
}

ignis_code model_enricher_read(model_reader *in, const json *value, ignis_column *columns,
                               size_t *columns_count)
{
    const enricher *found = NULL;
    enricher_options options = {.allow_anonymous = true, .discriminator = "principal"};

    IGNIS_TRY(enricher_find(in, value, &found));
    in->member = found->name;
    memcpy(options.members, found->members, found->members_count * sizeof *found->members);
    IGNIS_TRY(model_json_object(in, value, found->keys, &options));
    if (found->finish) IGNIS_TRY(found->finish(in, &options));
    for (size_t i = 0; i < found->members_count; i++) {
        if (!options.members[i].is_off) columns[(*columns_count)++] = options.members[i].column;
    }
    return IGNIS_OK;
}
