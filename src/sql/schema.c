/* schema: the statements that create tables and indexes. */
#include "sql/sql.h"

/* One run. SQLite has one space of tables, no types to speak of, and takes a foreign key to a table
   that comes later. */
typedef struct schema {
    ignis_context *ctx;
    arena *memory;
    ignis_dialect dialect;
    schema_order order;
    const char **statements;
    const char **places;
    size_t *tables;
    size_t table; /* of the statements that are being added */
    size_t count;
    sql_probe *probes;
    size_t probes_count;
} schema;

static bool is_postgres(const schema *in)
{
    return in->dialect == IGNIS_DIALECT_POSTGRES;
}

/* "A", or "A.indexes.name" */
static const char *place_write(const schema *in, const model_entity *entity, const char *list,
                               const char *name)
{
    text out;
    text_init(&out, in->memory, 0);
    text_string(&out, entity->name);
    if (list) {
        text_char(&out, '.');
        text_string(&out, list);
        text_char(&out, '.');
        text_string(&out, name);
    }
    return text_finish(&out);
}

static ignis_code add_statement(schema *in, text *statement, const char *place)
{
    const char *sql = text_finish(statement);
    if (!sql || !place) return context_fail_memory(in->ctx, in->memory);
    in->places[in->count] = place;
    in->tables[in->count] = in->table;
    in->statements[in->count++] = sql;
    return IGNIS_OK;
}

/* A part of the statement that was added last. */
static ignis_code add_probe(schema *in, text *probe, const char *place)
{
    const char *sql = text_finish(probe);
    if (!sql || !place) return context_fail_memory(in->ctx, in->memory);
    in->probes[in->probes_count++] = (sql_probe){sql, place, in->count - 1};
    return IGNIS_OK;
}

static void write_columns(text *out, const model_keys *keys)
{
    text_char(out, '(');
    for (size_t i = 0; i < keys->count; i++) {
        if (i > 0) text_string(out, ", ");
        sql_identifier(out, keys->items[i]->column);
    }
    text_char(out, ')');
}

/* ---- columns: types ---------------------------------------------------------------------------- */

static void write_postgres_type(text *out, const model_column *column)
{
    bool is_other = column->type.type == IGNIS_TYPE_OTHER;
    text_string(out, is_other ? column->type.cast : model_type_name(column->type.type));
    if (column->type.type == IGNIS_TYPE_VARCHAR && column->length > 0) {
        text_format(out, "(%d)", (int)column->length);
    }
    if (column->type.type == IGNIS_TYPE_NUMERIC && column->precision > 0) {
        text_format(out, column->has_scale ? "(%d,%d)" : "(%d)", (int)column->precision,
                    (int)column->scale);
    }
    if (column->type.array) text_string(out, "[]");
}

static bool is_integer(const model_column *column)
{
    if (column->type.array) return false;
    switch (column->type.type) {
    case IGNIS_TYPE_SMALLINT:
    case IGNIS_TYPE_INTEGER:
    case IGNIS_TYPE_BIGINT: return true;
    default: return false;
    }
}

static bool is_sole_key(const model_entity *entity, const model_column *column)
{
    return entity->primary_key.count == 1 && entity->primary_key.items[0] == column;
}

/* https://www.sqlite.org/lang_createtable.html#rowid: INTEGER PRIMARY KEY is the row's own number,
   the fastest key. Such a column never takes its default, so one with a default is an INT. */
static bool is_row_number(const model_entity *entity, const model_column *column)
{
    return is_sole_key(entity, column) && is_integer(column) && !column->default_literal &&
           !column->default_sql;
}

static const char *sqlite_type(const model_entity *entity, const model_column *column)
{
    if (column->type.array) return "TEXT COLLATE IGNIS_ARRAY";
    switch (column->type.type) {
    case IGNIS_TYPE_BOOLEAN:
    case IGNIS_TYPE_SMALLINT:
    case IGNIS_TYPE_INTEGER:
    case IGNIS_TYPE_BIGINT:
        if (is_sole_key(entity, column) && !is_row_number(entity, column)) return "INT";
        return "INTEGER";
    case IGNIS_TYPE_REAL:
    case IGNIS_TYPE_DOUBLE: return "REAL";
    case IGNIS_TYPE_NUMERIC: return "TEXT COLLATE IGNIS_NUMERIC";
    case IGNIS_TYPE_BYTEA: return "BLOB";
    case IGNIS_TYPE_JSON:
    case IGNIS_TYPE_JSONB: return "TEXT COLLATE IGNIS_JSONB";
    default: return "TEXT";
    }
}

/* ---- columns: defaults ------------------------------------------------------------------------- */

typedef enum moment { MOMENT_NONE, MOMENT_NOW, MOMENT_TODAY } moment;

static bool is_word(const char *sql, size_t size, const char *word)
{
    size_t i = 0;
    while (i < size && word[i]) {
        if (char_lower(sql[i]) != word[i]) return false;
        i++;
    }
    return i == size && word[i] == '\0';
}

/* The expression without spaces around it. */
static size_t trim_sql(const char **sql)
{
    static const char spaces[] = " \t\r\n\f\v";
    *sql += strspn(*sql, spaces);
    size_t size = strlen(*sql);
    while (size > 0 && strchr(spaces, (*sql)[size - 1])) {
        size--;
    }
    return size;
}

static moment moment_read(const char *sql, size_t size)
{
    static const char *const now[] = {"now()",
                                      "current_timestamp",
                                      "localtimestamp",
                                      "transaction_timestamp()",
                                      "statement_timestamp()",
                                      "clock_timestamp()"};
    for (size_t i = 0; i < ARRAY_COUNT(now); i++) {
        if (is_word(sql, size, now[i])) return MOMENT_NOW;
    }
    return is_word(sql, size, "current_date") ? MOMENT_TODAY : MOMENT_NONE;
}

/* SQLite's clock has milliseconds; the stored form has six digits. */
static const char *sqlite_moment(moment given, ignis_type type)
{
    bool is_now = given == MOMENT_NOW;
    switch (type) {
    case IGNIS_TYPE_DATE: return "strftime('%Y-%m-%d', 'now')";
    case IGNIS_TYPE_TIMESTAMP:
        return is_now ? "strftime('%Y-%m-%dT%H:%M:%f000', 'now')"
                      : "strftime('%Y-%m-%dT00:00:00.000000', 'now')";
    case IGNIS_TYPE_TIMESTAMPTZ:
        return is_now ? "strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')"
                      : "strftime('%Y-%m-%dT00:00:00.000000Z', 'now')";
    default:
        return is_now ? "strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')" : "strftime('%Y-%m-%d', 'now')";
    }
}

/* RFC 9562, version 4. */
static const char sqlite_uuid[] =
    "lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || "
    "substr(hex(randomblob(2)), 2) || '-' || substr('89AB', 1 + (random() & 3), 1) || "
    "substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))";

/* The expression as the engine takes it, in brackets. */
static void write_default_sql(const schema *in, text *out, const model_column *column)
{
    const char *sql = column->default_sql;
    size_t size = trim_sql(&sql);
    text_char(out, '(');
    moment given = moment_read(sql, size);
    bool is_uuid =
        is_word(sql, size, "gen_random_uuid()") || is_word(sql, size, "uuid_generate_v4()");
    if (is_postgres(in) || (given == MOMENT_NONE && !is_uuid)) {
        text_append(out, sql, size);
    } else {
        text_string(out, is_uuid ? sqlite_uuid : sqlite_moment(given, column->type.type));
    }
    text_char(out, ')');
}

/* The fixed-width text of SQLite is in order from year 1 to year 9999. */
static bool is_sqlite_time(ignis_type type, const ignis_cell *value)
{
    static const int64_t day = INT64_C(86400) * 1000000;
    static const int64_t first_day = -730119;
    static const int64_t end_day = 2921940;
    if (value->kind == IGNIS_CELL_LIST) {
        for (size_t i = 0; i < value->size; i++) {
            if (!is_sqlite_time(type, &value->as.items[i])) return false;
        }
        return true;
    }
    int64_t time = value->as.integer;
    if (value->kind != IGNIS_CELL_INTEGER || time == INT64_MIN || time == INT64_MAX) return true;
    if (type == IGNIS_TYPE_DATE) return time >= first_day && time < end_day;
    if (type != IGNIS_TYPE_TIMESTAMP && type != IGNIS_TYPE_TIMESTAMPTZ) return true;
    return time >= first_day * day && time < end_day * day;
}

static ignis_code write_default_literal(const schema *in, text *out, const model_entity *entity,
                                        const model_column *column)
{
    ignis_cell value;
    if (model_value_read(in->ctx, in->memory, column, column->default_literal, MODEL_VALUE_WRITE,
                         &value) != IGNIS_OK) {
        return context_path(in->ctx, "%s.%s", entity->name, column->name);
    }
    if (!is_postgres(in) && !is_sqlite_time(column->type.type, &value)) {
        return context_fail(in->ctx, IGNIS_E_UNSUPPORTED,
                            "%s.%s: SQLite keeps years 0001 to 9999; the default is outside",
                            entity->name, column->name);
    }
    if (value.kind == IGNIS_CELL_NULL) return IGNIS_OK;
    text_string(out, " DEFAULT ");
    sql_literal(out, in->dialect, &column->type, &value);
    return IGNIS_OK;
}

/* ---- columns: definitions ---------------------------------------------------------------------- */

static ignis_code check_identity(const schema *in, const model_entity *entity,
                                 const model_column *column)
{
    bool is_identity = column->identity != IGNIS_IDENTITY_NONE;
    if (is_postgres(in) || !is_identity || is_row_number(entity, column)) return IGNIS_OK;
    return context_fail(in->ctx, IGNIS_E_UNSUPPORTED,
                        "%s.%s: SQLite has identity only in an integer primary key of one column",
                        entity->name, column->name);
}

static const char *postgres_identity(ignis_identity identity)
{
    switch (identity) {
    case IGNIS_IDENTITY_ALWAYS: return " GENERATED ALWAYS AS IDENTITY";
    case IGNIS_IDENTITY_BY_DEFAULT: return " GENERATED BY DEFAULT AS IDENTITY";
    case IGNIS_IDENTITY_NONE: break;
    }
    return "";
}

static ignis_code write_column(const schema *in, text *out, const model_entity *entity,
                               const model_column *column)
{
    IGNIS_TRY(check_identity(in, entity, column));
    sql_identifier(out, column->column);
    text_char(out, ' ');
    if (is_postgres(in)) {
        write_postgres_type(out, column);
        text_string(out, postgres_identity(column->identity));
    } else {
        text_string(out, sqlite_type(entity, column));
    }
    if (column->default_literal) {
        IGNIS_TRY(write_default_literal(in, out, entity, column));
    } else if (column->default_sql) {
        text_string(out, " DEFAULT ");
        write_default_sql(in, out, column);
    }
    if (column->not_null || column->primary_key) text_string(out, " NOT NULL");
    if (is_sole_key(entity, column)) text_string(out, " PRIMARY KEY");
    if (!is_postgres(in) && column->identity != IGNIS_IDENTITY_NONE) {
        text_string(out, " AUTOINCREMENT");
    }
    return IGNIS_OK;
}

/* ---- constraints ------------------------------------------------------------------------------- */

static const char *action_name(ignis_action action)
{
    switch (action) {
    case IGNIS_ACTION_RESTRICT: return "RESTRICT";
    case IGNIS_ACTION_CASCADE: return "CASCADE";
    case IGNIS_ACTION_SET_NULL: return "SET NULL";
    case IGNIS_ACTION_SET_DEFAULT: return "SET DEFAULT";
    case IGNIS_ACTION_NONE: break;
    }
    return NULL;
}

static void write_foreign_key(const schema *in, text *out, const model_constraint *constraint)
{
    const char *on_delete = action_name(constraint->on_delete);
    const char *on_update = action_name(constraint->on_update);
    text_string(out, "FOREIGN KEY ");
    write_columns(out, &constraint->columns);
    text_string(out, " REFERENCES ");
    sql_table(out, in->dialect, constraint->target);
    text_char(out, ' ');
    write_columns(out, &constraint->references);
    if (on_delete) text_format(out, " ON DELETE %s", on_delete);
    if (on_update) text_format(out, " ON UPDATE %s", on_update);
    if (constraint->deferrable == IGNIS_DEFERRABLE) {
        text_string(out, " DEFERRABLE INITIALLY IMMEDIATE");
    } else if (constraint->deferrable == IGNIS_DEFERRED) {
        text_string(out, " DEFERRABLE INITIALLY DEFERRED");
    }
}

static void write_constraint(const schema *in, text *out, const model_constraint *constraint)
{
    text_string(out, "CONSTRAINT ");
    sql_identifier(out, constraint->name);
    text_char(out, ' ');
    switch (constraint->kind) {
    case IGNIS_CONSTRAINT_UNIQUE:
        text_string(out, "UNIQUE ");
        write_columns(out, &constraint->columns);
        break;
    case IGNIS_CONSTRAINT_CHECK:
        text_string(out, "CHECK (");
        text_string(out, constraint->check_sql);
        text_char(out, ')');
        break;
    default: write_foreign_key(in, out, constraint);
    }
}

static bool is_index(const model_constraint *constraint)
{
    return constraint->kind == IGNIS_CONSTRAINT_INDEX ||
           constraint->kind == IGNIS_CONSTRAINT_UNIQUE_INDEX;
}

static bool has_column(const model_keys *keys, const model_column *column)
{
    for (size_t i = 0; i < keys->count; i++) {
        if (keys->items[i] == column) return true;
    }
    return false;
}

/* In any order: PostgreSQL finds the key by the set of its columns. */
static bool is_same_key(const model_keys *a, const model_keys *b)
{
    if (a->count != b->count) return false;
    for (size_t i = 0; i < a->count; i++) {
        if (!has_column(b, a->items[i])) return false;
    }
    return true;
}

/* Whether a foreign key to the table itself rests on a unique index, made after the table. */
static bool needs_index(const model_constraint *constraint)
{
    const model_entity *target = constraint->target;
    if (is_same_key(&target->primary_key, &constraint->references)) return false;
    for (size_t i = 0; i < target->constraints_count; i++) {
        const model_constraint *other = &target->constraints[i];
        bool is_unique = other->kind == IGNIS_CONSTRAINT_UNIQUE;
        if (is_unique && is_same_key(&other->columns, &constraint->references)) return false;
    }
    return true;
}

/* Whether a foreign key must wait for ALTER TABLE: what it points at is not there yet. */
static bool is_late(const schema *in, const model_entity *entity,
                    const model_constraint *constraint)
{
    const model_entity *target = constraint->target;
    bool is_foreign_key = constraint->kind == IGNIS_CONSTRAINT_FOREIGN_KEY;
    if (!is_postgres(in) || !is_foreign_key || !schema_is_created(target)) return false;
    if (target == entity) return needs_index(constraint);
    return in->order.positions[target->index] > in->order.positions[entity->index];
}

/* ---- statements -------------------------------------------------------------------------------- */

static ignis_code create_table(schema *in, const model_entity *entity)
{
    text out;
    text_init(&out, in->memory, 0);
    text_string(&out, "CREATE TABLE ");
    sql_table(&out, in->dialect, entity);
    text_string(&out, " (");
    for (size_t i = 0; i < entity->columns_count; i++) {
        text_string(&out, i > 0 ? ",\n  " : "\n  ");
        IGNIS_TRY(write_column(in, &out, entity, &entity->columns[i]));
    }
    if (entity->primary_key.count > 1) {
        text_string(&out, ",\n  PRIMARY KEY ");
        write_columns(&out, &entity->primary_key);
    }
    for (size_t i = 0; i < entity->constraints_count; i++) {
        const model_constraint *constraint = &entity->constraints[i];
        bool is_apart = is_index(constraint) || is_late(in, entity, constraint);
        if (is_apart || model_constraint_is_unenforced(constraint)) continue;
        text_string(&out, ",\n  ");
        write_constraint(in, &out, constraint);
    }
    text_string(&out, "\n)");
    return add_statement(in, &out, place_write(in, entity, NULL, NULL));
}

/* SELECT 1 FROM (a row of nulls) AS "table" WHERE (the condition) */
static ignis_code probe_check(schema *in, const model_entity *entity, const model_constraint *check)
{
    text out;
    text_init(&out, in->memory, 0);
    text_string(&out, "SELECT 1 FROM (SELECT ");
    for (size_t i = 0; i < entity->columns_count; i++) {
        const model_column *column = &entity->columns[i];
        text_string(&out, i > 0 ? ", CAST(NULL AS " : "CAST(NULL AS ");
        if (is_postgres(in)) {
            write_postgres_type(&out, column);
        } else {
            text_string(&out, "TEXT");
        }
        text_string(&out, ") AS ");
        sql_identifier(&out, column->column);
    }
    text_string(&out, ") AS ");
    if (is_postgres(in)) {
        sql_identifier(&out, entity->table);
    } else {
        sql_table(&out, in->dialect, entity);
    }
    text_string(&out, " WHERE (");
    text_string(&out, check->check_sql);
    text_string(&out, ") LIMIT 0");
    return add_probe(in, &out, place_write(in, entity, "checks", check->name));
}

static ignis_code probe_default(schema *in, const model_entity *entity, const model_column *column)
{
    text out, list;
    text_init(&out, in->memory, 0);
    text_string(&out, "SELECT ");
    write_default_sql(in, &out, column);
    text_string(&out, " LIMIT 0");
    text_init(&list, in->memory, 0);
    text_string(&list, "columns.");
    text_string(&list, column->name);
    const char *joined = text_finish(&list);
    return add_probe(in, &out, joined ? place_write(in, entity, joined, "default") : NULL);
}

static ignis_code probe_table(schema *in, const model_entity *entity)
{
    for (size_t i = 0; i < entity->columns_count; i++) {
        if (!entity->columns[i].default_sql) continue;
        IGNIS_TRY(probe_default(in, entity, &entity->columns[i]));
    }
    for (size_t i = 0; i < entity->constraints_count; i++) {
        if (entity->constraints[i].kind != IGNIS_CONSTRAINT_CHECK) continue;
        IGNIS_TRY(probe_check(in, entity, &entity->constraints[i]));
    }
    return IGNIS_OK;
}

static ignis_code create_indexes(schema *in, const model_entity *entity)
{
    for (size_t i = 0; i < entity->constraints_count; i++) {
        const model_constraint *constraint = &entity->constraints[i];
        text out;
        if (!is_index(constraint)) continue;
        bool is_unique = constraint->kind == IGNIS_CONSTRAINT_UNIQUE_INDEX;
        text_init(&out, in->memory, 0);
        text_string(&out, is_unique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ");
        sql_identifier(&out, constraint->name);
        text_string(&out, " ON ");
        sql_table(&out, in->dialect, entity);
        text_char(&out, ' ');
        write_columns(&out, &constraint->columns);
        const char *place = place_write(in, entity, "indexes", constraint->name);
        IGNIS_TRY(add_statement(in, &out, place));
    }
    return IGNIS_OK;
}

static ignis_code add_late_keys(schema *in, const model_entity *entity)
{
    for (size_t i = 0; i < entity->constraints_count; i++) {
        const model_constraint *constraint = &entity->constraints[i];
        text out;
        if (!is_late(in, entity, constraint)) continue;
        text_init(&out, in->memory, 0);
        text_string(&out, "ALTER TABLE ");
        sql_table(&out, in->dialect, entity);
        text_string(&out, " ADD ");
        write_constraint(in, &out, constraint);
        const char *place = place_write(in, entity, "foreignKeys", constraint->name);
        IGNIS_TRY(add_statement(in, &out, place));
    }
    return IGNIS_OK;
}

static bool is_new_schema(const schema *in, size_t index)
{
    const char *name = in->order.items[index]->schema;
    if (!name) return false;
    for (size_t i = 0; i < index; i++) {
        const char *other = in->order.items[i]->schema;
        if (other && strcmp(other, name) == 0) return false;
    }
    return true;
}

static ignis_code create_schemas(schema *in)
{
    for (size_t i = 0; i < in->order.count; i++) {
        text out;
        if (!is_postgres(in) || !is_new_schema(in, i)) continue;
        in->table = i;
        text_init(&out, in->memory, 0);
        text_string(&out, "CREATE SCHEMA IF NOT EXISTS ");
        sql_identifier(&out, in->order.items[i]->schema);
        IGNIS_TRY(add_statement(in, &out, place_write(in, in->order.items[i], NULL, NULL)));
    }
    return IGNIS_OK;
}

/* Room for a schema and a table of each entity and a statement of each constraint; for a probe of
   each constraint and column. */
static ignis_code make_room(schema *in)
{
    size_t count = 2 * in->order.count;
    size_t probes_count = 0;
    for (size_t i = 0; i < in->order.count; i++) {
        count += in->order.items[i]->constraints_count;
        probes_count += in->order.items[i]->constraints_count + in->order.items[i]->columns_count;
    }
    in->statements = arena_array(in->memory, count, sizeof(*in->statements));
    in->places = arena_array(in->memory, count, sizeof(*in->places));
    in->tables = arena_array(in->memory, count, sizeof(*in->tables));
    in->probes = arena_array(in->memory, probes_count, sizeof(*in->probes));
    if (in->statements && in->places && in->tables && in->probes) return IGNIS_OK;
    return context_fail_memory(in->ctx, in->memory);
}

ignis_code sql_schema_create(ignis_context *ctx, arena *memory, const model_registry *registry,
                             ignis_dialect dialect, sql_script *script)
{
    schema in = {.ctx = ctx, .memory = memory, .dialect = dialect};
    IGNIS_TRY(schema_order_build(ctx, memory, registry, &in.order));
    IGNIS_TRY(schema_names_check(ctx, memory, &in.order, dialect));
    IGNIS_TRY(make_room(&in));
    IGNIS_TRY(create_schemas(&in));
    for (size_t i = 0; i < in.order.count; i++) {
        in.table = i;
        IGNIS_TRY(create_table(&in, in.order.items[i]));
        IGNIS_TRY(probe_table(&in, in.order.items[i]));
        IGNIS_TRY(create_indexes(&in, in.order.items[i]));
    }
    for (size_t i = 0; i < in.order.count; i++) {
        in.table = i;
        IGNIS_TRY(add_late_keys(&in, in.order.items[i]));
    }
    *script = (sql_script){.statements = in.statements,
                           .count = in.count,
                           .places = in.places,
                           .probes = in.probes,
                           .probes_count = in.probes_count,
                           .tables = in.tables,
                           .tables_count = in.order.count};
    return IGNIS_OK;
}
