/* error: the last error of a context: its code, message, place and hint. */
#include "base/base.h"

#include <stdarg.h>
#include <stdio.h>

static const char ellipsis[] = "…";

enum { ELLIPSIS_SIZE = sizeof ellipsis - 1 };

const char *ignis_code_name(ignis_code code)
{
    switch (code) {
    case IGNIS_OK: return "ok";
    case IGNIS_E_MEMORY: return "memory";
    case IGNIS_E_INVALID: return "invalid";
    case IGNIS_E_NOT_FOUND: return "not_found";
    case IGNIS_E_UNIQUE: return "unique";
    case IGNIS_E_FOREIGN_KEY: return "foreign_key";
    case IGNIS_E_NOT_NULL: return "not_null";
    case IGNIS_E_CHECK: return "check";
    case IGNIS_E_CONFLICT: return "conflict";
    case IGNIS_E_SERIALIZATION: return "serialization";
    case IGNIS_E_CONNECTION: return "connection";
    case IGNIS_E_COMMIT_UNKNOWN: return "commit_unknown";
    case IGNIS_E_TIMEOUT: return "timeout";
    case IGNIS_E_CANCELLED: return "cancelled";
    case IGNIS_E_LIMIT: return "limit";
    case IGNIS_E_STATE: return "state";
    case IGNIS_E_UNSUPPORTED: return "unsupported";
    case IGNIS_E_DATABASE: return "database";
    }
    return "unknown";
}

/* Cuts at a character even where the text is no valid UTF-8: a driver's message may be anything. */
static size_t size_cut(const char *data, size_t size_max)
{
    size_t size = size_max;
    while (size > 0 && size_max - size < 3 && ((unsigned char)data[size] & 0xC0) == 0x80)
        size--;
    return size;
}

/* Copies data into a buffer; what is too long ends in "…". data must not be within the buffer. */
static void buffer_set(char *buffer, size_t buffer_size, const char *data, size_t size)
{
    if (size >= buffer_size) {
        size = size_cut(data, buffer_size - 1 - ELLIPSIS_SIZE);
        memcpy(buffer, data, size);
        memcpy(buffer + size, ellipsis, sizeof ellipsis);
        return;
    }
    if (size != 0) memcpy(buffer, data, size);
    buffer[size] = '\0';
}

/* One line, whatever the engine wrote. */
static void line_make(char *line)
{
    for (; *line; line++) {
        if ((unsigned char)*line < 0x20 || *line == 0x7F) *line = ' ';
    }
}

void context_error_clear(ignis_context *ctx)
{
    ctx->message[0] = '\0';
    ctx->path[0] = '\0';
    ctx->hint[0] = '\0';
    ctx->sqlstate[0] = '\0';
    ctx->constraint[0] = '\0';
    ctx->error = (ignis_error){
        .struct_size = sizeof ctx->error,
        .message = ctx->message,
        .path = ctx->path,
        .hint = ctx->hint,
        .sqlstate = ctx->sqlstate,
        .constraint = ctx->constraint,
        .model = "",
    };
}

ignis_code context_fail(ignis_context *ctx, ignis_code code, const char *format, ...)
{
    /* Formatted aside: an argument may be a part of the error before. */
    char message[CONTEXT_MESSAGE_MAX + ELLIPSIS_SIZE];
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    if (size < 0) size = 0;
    if ((size_t)size >= sizeof message) size = (int)sizeof message - 1;
    message[size] = '\0';
    line_make(message);
    context_error_clear(ctx);
    buffer_set(ctx->message, sizeof ctx->message, message, (size_t)size);
    ctx->error.code = code;
    return code;
}

ignis_code context_fail_memory(ignis_context *ctx, const arena *memory)
{
    if (arena_code(memory) == IGNIS_E_LIMIT) {
        return context_fail(ctx, IGNIS_E_LIMIT, "the context's limit of memory is exceeded");
    }
    return context_fail(ctx, IGNIS_E_MEMORY, "no memory");
}

enum { STEP_SIZE = CONTEXT_PATH_MAX + ELLIPSIS_SIZE }; /* what is cut here is cut again below */

static void path_lead(char path[CONTEXT_PATH_MAX], const char *step, size_t size)
{
    char whole[STEP_SIZE + CONTEXT_PATH_MAX];
    size_t rest_size = strlen(path);
    memcpy(whole, step, size);
    if (size != 0 && rest_size != 0 && path[0] != '[') whole[size++] = '.';
    memcpy(whole + size, path, rest_size);
    buffer_set(path, CONTEXT_PATH_MAX, whole, size + rest_size);
}

ignis_code context_path(ignis_context *ctx, const char *format, ...)
{
    char step[STEP_SIZE];
    va_list arguments;
    va_start(arguments, format);
    int written = vsnprintf(step, STEP_SIZE, format, arguments);
    va_end(arguments);
    size_t size = written < 0 ? 0 : (size_t)written;
    if (size >= STEP_SIZE) size = STEP_SIZE - 1;
    path_lead(ctx->path, step, size);
    if (!ctx->error.next) return ctx->error.code;
    for (context_problem *at = ctx->problem_first->next; at; at = at->next)
        path_lead(at->saved.path, step, size);
    return ctx->error.code;
}

ignis_code context_path_name(ignis_context *ctx, const char *name, size_t size)
{
    char quoted[CONTEXT_QUOTE_SIZE];
    return context_path(ctx, "%s", context_quote(quoted, name, size));
}

void context_hint(ignis_context *ctx, const char *hint)
{
    if (!hint) hint = "";
    buffer_set(ctx->hint, sizeof ctx->hint, hint, strlen(hint));
}

void context_constraint(ignis_context *ctx, const char *name)
{
    if (!name) name = "";
    buffer_set(ctx->constraint, sizeof ctx->constraint, name, strlen(name));
}

void context_position(ignis_context *ctx, size_t position)
{
    ctx->error.position = position;
}

void context_save(const ignis_context *ctx, context_saved *saved)
{
    saved->error = ctx->error;
    memcpy(saved->message, ctx->message, sizeof saved->message);
    memcpy(saved->path, ctx->path, sizeof saved->path);
    memcpy(saved->hint, ctx->hint, sizeof saved->hint);
    memcpy(saved->sqlstate, ctx->sqlstate, sizeof saved->sqlstate);
    memcpy(saved->constraint, ctx->constraint, sizeof saved->constraint);
}

void context_restore(ignis_context *ctx, const context_saved *saved)
{
    context_error_clear(ctx);
    memcpy(ctx->message, saved->message, sizeof ctx->message);
    memcpy(ctx->path, saved->path, sizeof ctx->path);
    memcpy(ctx->hint, saved->hint, sizeof ctx->hint);
    memcpy(ctx->sqlstate, saved->sqlstate, sizeof ctx->sqlstate);
    memcpy(ctx->constraint, saved->constraint, sizeof ctx->constraint);
    ctx->error.code = saved->error.code;
    ctx->error.position = saved->error.position;
    ctx->error.next = saved->error.next;
    ctx->error.model = saved->error.model;
    ctx->error.properties = saved->error.properties;
    ctx->error.columns = saved->error.columns;
    ctx->error.properties_count = saved->error.properties_count;
}

/* NULL: no memory. */
static const char *const *names_copy(arena *memory, const char *const *names, size_t count)
{
    const char **copy = arena_array(memory, count, sizeof(*copy));
    for (size_t i = 0; copy && i < count; i++) {
        copy[i] = arena_copy(memory, names[i], strlen(names[i]));
        if (!copy[i]) return NULL;
    }
    return copy;
}

void context_columns(ignis_context *ctx, const char *model, const char *const *properties,
                     const char *const *columns, size_t count)
{
    const char *const *named[] = {names_copy(&ctx->problems, &model, 1),
                                  names_copy(&ctx->problems, properties, count),
                                  names_copy(&ctx->problems, columns, count)};
    if (!named[0] || !named[1] || !named[2]) return;
    ctx->error.model = named[0][0];
    ctx->error.properties = named[1];
    ctx->error.columns = named[2];
    ctx->error.properties_count = count;
}

static char *quote_control(char *out, unsigned char byte)
{
    static const char digits[] = "0123456789ABCDEF";
    *out++ = '\\';
    *out++ = 'x';
    *out++ = digits[byte >> 4];
    *out++ = digits[byte & 15];
    return out;
}

const char *context_quote(char *buffer, const char *data, size_t size)
{
    bool is_cut = size > CONTEXT_OFFENDING_MAX;
    if (is_cut) size = size_cut(data, CONTEXT_OFFENDING_MAX);
    char *out = buffer;
    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)data[i];
        if (byte < 0x20 || byte == 0x7F)
            out = quote_control(out, byte);
        else
            *out++ = data[i];
    }
    if (is_cut) {
        memcpy(out, ellipsis, ELLIPSIS_SIZE);
        out += ELLIPSIS_SIZE;
    }
    *out = '\0';
    return buffer;
}

const ignis_error *ignis_context_error(const ignis_context *ctx)
{
    return &ctx->error;
}
