/* postgres_url: what a URL tells libpq, and what we add to it. */
#include "driver/postgres.h"

#ifdef IGNIS_HAVE_POSTGRES

#include <libpq-fe.h>

typedef struct own_option {
    const char *keyword;
    const char *value;
    bool always; /* the URL has no say */
} own_option;

/* A dead path is noticed within a minute even where nobody set a deadline. */
static const own_option own_options[] = {
    {"client_encoding", "UTF8", true}, {"fallback_application_name", "ignis", false},
    {"keepalives_idle", "30", false},  {"keepalives_interval", "10", false},
    {"keepalives_count", "3", false},  {"tcp_user_timeout", "30000", false},
};

static const char *option_value(const PQconninfoOption *options, const char *keyword)
{
    for (; options->keyword; options++) {
        if (strcmp(options->keyword, keyword) == 0) return options->val;
    }
    return NULL;
}

static bool option_is_own(const char *keyword)
{
    for (size_t i = 0; i < ARRAY_COUNT(own_options); i++) {
        if (own_options[i].always && strcmp(own_options[i].keyword, keyword) == 0) return true;
    }
    return false;
}

static bool option_add(arena *memory, postgres_options *self, size_t *count, const char *keyword,
                       const char *value)
{
    self->keywords[*count] = arena_copy(memory, keyword, strlen(keyword));
    self->values[*count] = arena_copy(memory, value, strlen(value));
    (*count)++;
    return self->keywords[*count - 1] && self->values[*count - 1];
}

/* What the URL says, and what we add to it. */
static bool options_fill(arena *memory, postgres_options *self, const PQconninfoOption *options)
{
    size_t options_count = 0;
    size_t count = 0;
    while (options[options_count].keyword) {
        options_count++;
    }
    size_t capacity = options_count + ARRAY_COUNT(own_options) + 1; /* NULL ends them */
    self->keywords = arena_array(memory, capacity, sizeof(*self->keywords));
    self->values = arena_array(memory, capacity, sizeof(*self->values));
    if (!self->keywords || !self->values) return false;
    for (size_t i = 0; i < options_count; i++) {
        if (!options[i].val || option_is_own(options[i].keyword)) continue;
        if (!option_add(memory, self, &count, options[i].keyword, options[i].val)) return false;
    }
    for (size_t i = 0; i < ARRAY_COUNT(own_options); i++) {
        const own_option *own = &own_options[i];
        if (!own->always && option_value(options, own->keyword)) continue;
        if (!option_add(memory, self, &count, own->keyword, own->value)) return false;
    }
    return true;
}

/* libpq itself heeds connect_timeout only where it blocks: seconds, 0 and less being for ever. */
static int64_t connect_ms_of(const PQconninfoOption *options)
{
    const char *value = option_value(options, "connect_timeout");
    int64_t seconds = 0;
    if (!value || !number_integer(value, strlen(value), &seconds)) return POSTGRES_CONNECT_MS;
    if (seconds <= 0) return 0;
    return seconds > INT32_MAX ? INT32_MAX : seconds * 1000;
}

ignis_code postgres_options_read(ignis_context *ctx, arena *memory, const char *url,
                                 postgres_options *self)
{
    /* The URL may hold a password: no message shows a part of it. */
    bool is_url =
        url && (strncmp(url, "postgresql://", 13) == 0 || strncmp(url, "postgres://", 11) == 0);
    if (!is_url)
        return context_fail(ctx, IGNIS_E_INVALID,
                            "expected postgresql://USER@HOST:PORT/DATABASE as the URL");
    char *message = NULL;
    PQconninfoOption *options = PQconninfoParse(url, &message);
    PQfreemem(message);
    if (!options)
        return context_fail(ctx, IGNIS_E_INVALID,
                            "the PostgreSQL URL cannot be read; a name of a parameter is unknown, "
                            "or a special character is not written as %%XX");
    self->connect_ms = connect_ms_of(options);
    bool is_filled = options_fill(memory, self, options);
    PQconninfoFree(options);
    return is_filled ? IGNIS_OK : context_fail(ctx, IGNIS_E_MEMORY, "out of memory");
}

#endif
