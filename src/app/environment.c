/* environment: ${NAME} and ${NAME:-default} in settings, from the environment and a file of it. */
#include "app/app.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    ENVIRONMENT_FILE_MAX = 1024 * 1024, /* bytes */
    ENVIRONMENT_DEPTH_MAX = 8           /* defaults within defaults */
};

static const char default_file[] = ".env";

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* Bytes of the name at a place: a letter or "_", then letters, digits, "_". */
static size_t name_size(const char *at, const char *end)
{
    const char *from = at;
    while (at < end) {
        bool is_letter = (*at >= 'A' && *at <= 'Z') || (*at >= 'a' && *at <= 'z') || *at == '_';
        bool is_digit = *at >= '0' && *at <= '9';
        if (!is_letter && !(is_digit && at > from)) break;
        at++;
    }
    return (size_t)(at - from);
}

/* ---- the file ------------------------------------------------------------------------------------ */

typedef struct env_reader {
    ignis_context *ctx;
    app_environment *to;
    const char *file;
    const char *at;
    const char *end;
    size_t line;
} env_reader;

/* Never shows what the line holds: it may be a password. */
static ignis_code line_refuse(env_reader *in, const char *what)
{
    return context_fail(in->ctx, IGNIS_E_INVALID, "%s:%zu: %s", in->file, in->line, what);
}

static void blanks_skip(env_reader *in)
{
    while (in->at < in->end && is_blank(*in->at))
        in->at++;
}

static bool at_line_end(const env_reader *in)
{
    return in->at == in->end || *in->at == '\n';
}

static void comment_skip(env_reader *in)
{
    while (!at_line_end(in))
        in->at++;
}

static ignis_code escape_read(env_reader *in, text *value)
{
    static const char names[] = "nrt\\\"$";
    static const char meant[] = "\n\r\t\\\"$";
    const char *found = in->at < in->end ? strchr(names, *in->at) : NULL;
    if (!found || *found == '\0')
        return line_refuse(in, "no such escape; known: \\n \\r \\t \\\\ \\\" \\$");
    text_char(value, meant[found - names]);
    in->at++;
    return IGNIS_OK;
}

/* What stands between two quotes; it may go over several lines. */
static ignis_code quoted_read(env_reader *in, text *value)
{
    size_t line = in->line;
    char quote = *in->at++;
    while (in->at < in->end && *in->at != quote) {
        char c = *in->at++;
        if (c == '\n') in->line++;
        if (c == '\\' && quote == '"') {
            IGNIS_TRY(escape_read(in, value));
        } else {
            text_char(value, c);
        }
    }
    if (in->at == in->end) {
        in->line = line;
        return line_refuse(in, "the quote is not closed");
    }
    in->at++;
    blanks_skip(in);
    if (!at_line_end(in) && *in->at != '#') return line_refuse(in, "something follows the quote");
    comment_skip(in);
    return IGNIS_OK;
}

/* To the end of the line, or to a "#" after a blank. */
static void bare_read(env_reader *in, text *value)
{
    const char *from = in->at;
    while (!at_line_end(in) && !(*in->at == '#' && (in->at == from || is_blank(in->at[-1]))))
        in->at++;
    const char *to = in->at;
    while (to > from && is_blank(to[-1]))
        to--;
    text_append(value, from, (size_t)(to - from));
    comment_skip(in);
}

static ignis_code value_read(env_reader *in, const char *name, size_t size)
{
    arena *memory = in->to->memory;
    char *key = arena_copy(memory, name, size);
    text value;
    text_init(&value, memory, 0);
    blanks_skip(in);
    bool is_quoted = !at_line_end(in) && (*in->at == '"' || *in->at == '\'');
    if (is_quoted) {
        IGNIS_TRY(quoted_read(in, &value));
    } else {
        bare_read(in, &value);
    }
    char *finished = (char *)(uintptr_t)text_finish(&value);
    if (!key || !finished || !map_put(&in->to->values, memory, key, size, finished))
        return context_fail_memory(in->ctx, memory);
    return IGNIS_OK;
}

/* A comment, nothing, or [export] NAME=VALUE. */
static ignis_code line_read(env_reader *in)
{
    static const char word[] = "export";
    blanks_skip(in);
    if (at_line_end(in)) return IGNIS_OK;
    if (*in->at == '#') {
        comment_skip(in);
        return IGNIS_OK;
    }
    const char *name = in->at;
    size_t size = name_size(name, in->end);
    in->at += size;
    if (size == sizeof(word) - 1 && memcmp(name, word, size) == 0 && in->at < in->end &&
        is_blank(*in->at)) {
        blanks_skip(in);
        name = in->at;
        size = name_size(name, in->end);
        in->at += size;
    }
    blanks_skip(in);
    if (size == 0 || at_line_end(in) || *in->at != '=')
        return line_refuse(in, "expected NAME=VALUE");
    in->at++;
    return value_read(in, name, size);
}

static ignis_code lines_read(env_reader *in)
{
    static const char mark[] = "\xEF\xBB\xBF";
    if (!utf8_is_valid(in->at, (size_t)(in->end - in->at)))
        return context_fail(in->ctx, IGNIS_E_INVALID, "%s: not text in UTF-8", in->file);
    if (in->end - in->at >= 3 && memcmp(in->at, mark, 3) == 0) in->at += 3;
    for (in->line = 1; in->at < in->end; in->line++) {
        IGNIS_TRY(line_read(in));
        if (in->at < in->end) in->at++;
    }
    return IGNIS_OK;
}

static ignis_code bytes_read(ignis_context *ctx, const char *file, FILE *stream, text *bytes)
{
    struct stat about;
    if (fstat(fileno(stream), &about) != 0 || !S_ISREG(about.st_mode))
        return context_fail(ctx, IGNIS_E_INVALID, "%s: not a file", file);
    while (text_reserve(bytes, 4096)) {
        size_t size = fread(bytes->data + bytes->size, 1, 4096, stream);
        if (size == 0) break;
        bytes->size += size;
        if (bytes->size > ENVIRONMENT_FILE_MAX)
            return context_fail(ctx, IGNIS_E_LIMIT, "%s: more than %d bytes", file,
                                ENVIRONMENT_FILE_MAX);
    }
    if (bytes->code != IGNIS_OK) return context_fail_memory(ctx, bytes->memory);
    if (ferror(stream)) return context_fail(ctx, IGNIS_E_INVALID, "%s: cannot be read", file);
    return IGNIS_OK;
}

ignis_code app_environment_parse(ignis_context *ctx, const char *file, const char *data,
                                 size_t size, app_environment *environment)
{
    env_reader in = {.ctx = ctx, .to = environment, .file = file, .at = data, .end = data + size};
    return size > 0 ? lines_read(&in) : IGNIS_OK;
}

static ignis_code file_read(ignis_context *ctx, const char *file, FILE *stream, app_environment *to)
{
    text bytes;
    text_init(&bytes, &ctx->scratch, 0);
    IGNIS_TRY(bytes_read(ctx, file, stream, &bytes));
    return app_environment_parse(ctx, file, bytes.data, bytes.size, to);
}

/* A pipe is no file, and opening one would wait for its writer. */
static FILE *file_open(const char *name)
{
    int descriptor = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    FILE *stream = descriptor < 0 ? NULL : fdopen(descriptor, "r");
    if (descriptor >= 0 && !stream) (void)close(descriptor);
    return stream;
}

ignis_code app_environment_read(ignis_context *ctx, arena *memory, const char *file,
                                app_environment *environment)
{
    *environment = (app_environment){.memory = memory};
    const char *name = file ? file : default_file;
    if (*name == '\0') return IGNIS_OK;
    FILE *stream = file_open(name);
    if (!stream && !file && errno == ENOENT) return IGNIS_OK;
    if (!stream)
        return context_fail(ctx, IGNIS_E_INVALID, "%s: %s", name,
                            errno == ENOENT ? "there is no such file" : "cannot be opened");
    ignis_mark mark = arena_mark(&ctx->scratch);
    ignis_code code = file_read(ctx, name, stream, environment);
    arena_release(&ctx->scratch, mark);
    (void)fclose(stream);
    return code;
}

/* The environment's own value wins. NULL: neither has one. */
static const char *value_of(const app_environment *environment, const char *name)
{
    const char *own = getenv(name);
    return own ? own : map_get(&environment->values, name, strlen(name));
}

/* ---- settings ------------------------------------------------------------------------------------- */

typedef struct expansion {
    ignis_context *ctx;
    const app_environment *environment;
    const char *at;
    const char *end;
    text *out; /* NULL: what is read is not used */
    int depth;
} expansion;

bool app_environment_is_named(const char *setting)
{
    return setting && strstr(setting, "${") != NULL;
}

static ignis_code text_expand(expansion *in);

/* NAME}, or NAME:-default}, after "${". */
static ignis_code variable_expand(expansion *in)
{
    size_t size = name_size(in->at, in->end);
    char *name = arena_copy(&in->ctx->scratch, in->at, size);
    if (!name) return context_fail_memory(in->ctx, &in->ctx->scratch);
    in->at += size;
    bool has_default = in->end - in->at >= 2 && in->at[0] == ':' && in->at[1] == '-';
    bool is_closed = in->at < in->end && *in->at == '}';
    if (size == 0 || !(has_default || is_closed))
        return context_fail(in->ctx, IGNIS_E_INVALID, "expected ${NAME} or ${NAME:-default}");
    const char *value = value_of(in->environment, name);
    bool is_missing = !value || (has_default && *value == '\0');
    if (is_missing && !has_default && in->out)
        return context_fail(in->ctx, IGNIS_E_INVALID, "the environment has no %.128s", name);
    text *out = in->out;
    if (!is_missing && out) text_string(out, value);
    if (has_default) {
        in->at += 2;
        if (!is_missing) in->out = NULL;
        IGNIS_TRY(text_expand(in));
        in->out = out;
    }
    in->at++;
    return IGNIS_OK;
}

/* To the end, or, within a default, to the brace that closes it. */
static ignis_code text_expand(expansion *in)
{
    if (in->depth == ENVIRONMENT_DEPTH_MAX)
        return context_fail(in->ctx, IGNIS_E_LIMIT, "defaults are nested more than %d deep",
                            ENVIRONMENT_DEPTH_MAX);
    in->depth++;
    while (in->at < in->end && !(in->depth > 1 && *in->at == '}')) {
        if (strncmp(in->at, "$${", 3) == 0) {
            if (in->out) text_string(in->out, "${");
            in->at += 3;
        } else if (strncmp(in->at, "${", 2) == 0) {
            in->at += 2;
            IGNIS_TRY(variable_expand(in));
        } else {
            if (in->out) text_char(in->out, *in->at);
            in->at++;
        }
    }
    in->depth--;
    if (in->depth > 0 && in->at == in->end)
        return context_fail(in->ctx, IGNIS_E_INVALID, "\"${\" is not closed");
    return IGNIS_OK;
}

ignis_code app_environment_expand(ignis_context *ctx, arena *memory,
                                  const app_environment *environment, const char *setting,
                                  const char **expanded)
{
    text out;
    text_init(&out, memory, 0);
    expansion in = {.ctx = ctx,
                    .environment = environment,
                    .at = setting,
                    .end = setting + strlen(setting),
                    .out = &out};
    IGNIS_TRY(text_expand(&in));
    const char *finished = text_finish(&out);
    if (!finished) return context_fail_memory(ctx, memory);
    if (!utf8_is_valid(finished, out.size))
        return context_fail(ctx, IGNIS_E_INVALID, "the value is not text in UTF-8");
    *expanded = finished;
    return IGNIS_OK;
}
