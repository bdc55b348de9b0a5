/* Checks: the columns that the SQL of a check names, so that a violated one has its place. */
#include "model/model.h"

/* SQL on its way past. What hides words (comments, dollar quotes) names nothing. */
typedef struct check_reader {
    model_build *in;
    const model_entity *entity;
    const char *at;
    bool is_type; /* the next word is a type or a collation */
    model_keys *columns;
    const model_column **items;
} check_reader;

static bool is_word_start(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 0x80;
}

static bool is_word(const char *word, size_t size, const char *other)
{
    if (strlen(other) != size) return false;
    for (size_t i = 0; i < size; i++) {
        if (char_lower(word[i]) != char_lower(other[i])) return false;
    }
    return true;
}

/* A bare word is any column's that differs in case alone, but one in small letters comes first, as
   PostgreSQL folds it. */
static const model_column *column_find(const model_entity *entity, const char *word, size_t size,
                                       bool is_quoted)
{
    const model_column *found = NULL;
    for (size_t i = 0; i < entity->columns_count; i++) {
        const model_column *column = &entity->columns[i];
        if (!is_word(word, size, column->column)) continue;
        bool is_exact = memcmp(word, column->column, size) == 0;
        if (is_quoted && is_exact) return column;
        bool is_small = true;
        for (size_t k = 0; k < size; k++)
            is_small = is_small && char_lower(column->column[k]) == column->column[k];
        if (!found || (!is_quoted && is_small)) found = column;
    }
    return found;
}

static void word_take(check_reader *in, const char *word, size_t size, bool is_quoted)
{
    const char *next = in->at + strspn(in->at, " \t\r\n");
    bool is_type = in->is_type;
    in->is_type = !is_quoted && (is_word(word, size, "as") || is_word(word, size, "collate"));
    /* A table, a function, a type before its literal. */
    if (is_type || *next == '.' || *next == '(' || *next == '\'') return;
    const model_column *column = column_find(in->entity, word, size, is_quoted);
    if (column && !model_keys_contain(in->columns, column))
        in->items[in->columns->count++] = column;
}

/* Past a quoted text, in which the quote is doubled; \ counts where has_escapes. false: it has no end. */
static bool quoted_skip(check_reader *in, bool has_escapes)
{
    char quote = *in->at++;
    for (; *in->at; in->at++) {
        if (has_escapes && *in->at == '\\' && in->at[1]) {
            in->at++;
        } else if (*in->at == quote && *++in->at != quote) {
            return true;
        }
    }
    return false;
}

static bool name_read(check_reader *in)
{
    const char *start = in->at + 1;
    if (!quoted_skip(in, false)) return false;
    size_t size = (size_t)(in->at - start) - 1;
    word_take(in, start, size, true);
    return true;
}

static bool bare_read(check_reader *in)
{
    const char *start = in->at;
    while (is_word_start(*in->at) || char_is_digit(*in->at))
        in->at++;
    size_t size = (size_t)(in->at - start);
    if (*in->at == '\'' && is_word(start, size, "e")) return quoted_skip(in, true);
    word_take(in, start, size, false);
    return true;
}

/* false: the rest cannot be told from here. */
static bool piece_read(check_reader *in)
{
    const char *at = in->at;
    bool hides = *at == '$' || (at[0] == '-' && at[1] == '-') || (at[0] == '/' && at[1] == '*');
    if (hides) return false;
    if (*at == '\'') return quoted_skip(in, false);
    if (*at == '"' || *at == '`') return name_read(in);
    if (is_word_start(*at)) return bare_read(in);
    if (char_is_digit(*at)) {
        while (is_word_start(*in->at) || char_is_digit(*in->at))
            in->at++;
        return true;
    }
    bool is_cast = at[0] == ':' && at[1] == ':';
    if (is_cast) in->is_type = true;
    in->at += is_cast ? 2 : 1;
    return true;
}

ignis_code model_check_columns(model_build *in, const model_entity *entity,
                               model_constraint *constraint)
{
    const model_column **items = arena_array(in->memory, entity->columns_count, sizeof *items);
    if (!items) return context_fail_memory(in->ctx, in->memory);
    constraint->columns = (model_keys){items, 0};
    check_reader reader = {.in = in,
                           .entity = entity,
                           .at = constraint->check_sql,
                           .columns = &constraint->columns,
                           .items = items};
    while (*reader.at) {
        if (piece_read(&reader)) continue;
        constraint->columns.count = 0;
        break;
    }
    return IGNIS_OK;
}
