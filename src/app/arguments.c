#include "app/app.h"

/* What a method takes: bits of its arguments and options. */
enum {
    TAKES_FILTER = 1,
    TAKES_ID = 2,
    TAKES_WHERE = 4,
    TAKES_DATA = 8,
    TAKES_SKIP = 16,
    TAKES_RANGE = 32,
    TAKES_RETURN = 64,
    TAKES_HIDDEN = 128,
    TAKES_OPTIONS = 256,
    TAKES_FORCE = 512,
    TAKES_CONFLICT = 1024,
    TAKES_LOCK = 4096,
    TAKES_LOG = 8192, /* every method does */
    TAKES_REPLICA = 16384,
    TAKES_CHANGE = TAKES_SKIP | TAKES_RETURN,
    TAKES_READ = TAKES_SKIP | TAKES_REPLICA
};

typedef struct method_entry {
    const char *name;
    app_method method;
    int takes;
} method_entry;

static const method_entry methods[] = {
    {"find", APP_FIND, TAKES_FILTER | TAKES_READ | TAKES_RANGE | TAKES_HIDDEN | TAKES_LOCK},
    {"findOne", APP_FIND_ONE, TAKES_FILTER | TAKES_READ | TAKES_HIDDEN | TAKES_LOCK},
    {"findById", APP_FIND_BY_ID, TAKES_FILTER | TAKES_ID | TAKES_READ | TAKES_HIDDEN | TAKES_LOCK},
    {"count", APP_COUNT, TAKES_WHERE | TAKES_READ},
    {"existsWith", APP_EXISTS, TAKES_WHERE | TAKES_READ},
    {"create", APP_CREATE, TAKES_DATA | TAKES_RETURN},
    {"createAll", APP_CREATE_ALL, TAKES_DATA | TAKES_RETURN},
    {"updateById", APP_UPDATE_BY_ID, TAKES_ID | TAKES_DATA | TAKES_CHANGE},
    {"updateAll", APP_UPDATE_ALL, TAKES_WHERE | TAKES_DATA | TAKES_CHANGE | TAKES_FORCE},
    {"updateBy", APP_UPDATE_BY, TAKES_WHERE | TAKES_DATA | TAKES_CHANGE | TAKES_FORCE},
    {"deleteById", APP_DELETE_BY_ID, TAKES_ID | TAKES_CHANGE},
    {"deleteAll", APP_DELETE_ALL, TAKES_WHERE | TAKES_CHANGE | TAKES_FORCE},
    {"upsert", APP_UPSERT, TAKES_DATA | TAKES_CHANGE | TAKES_CONFLICT},
    {"upsertAll", APP_UPSERT_ALL, TAKES_DATA | TAKES_CHANGE | TAKES_CONFLICT},
    {"deleteBy", APP_DELETE_BY, TAKES_WHERE | TAKES_CHANGE | TAKES_FORCE},
};

const char *app_method_name(app_method method)
{
    for (size_t i = 0; i < ARRAY_COUNT(methods); i++) {
        if (methods[i].method == method) return methods[i].name;
    }
    return "";
}

bool app_method_writes(app_method method)
{
    for (size_t i = 0; i < ARRAY_COUNT(methods); i++) {
        if (methods[i].method == method) return (methods[i].takes & TAKES_RETURN) != 0;
    }
    return false;
}

bool app_method_is_write(const char *method)
{
    for (size_t i = 0; i < ARRAY_COUNT(methods); i++) {
        if (strcmp(method, methods[i].name) == 0) return (methods[i].takes & TAKES_RETURN) != 0;
    }
    return false;
}

typedef struct named_bit {
    const char *name;
    int bit;
} named_bit;

static const named_bit argument_names[] = {{"filter", TAKES_FILTER},
                                           {"id", TAKES_ID},
                                           {"where", TAKES_WHERE},
                                           {"data", TAKES_DATA},
                                           {"options", TAKES_OPTIONS}};

static const named_bit option_names[] = {{"shouldSkipDefaultFilter", TAKES_SKIP},
                                         {"shouldQueryRange", TAKES_RANGE},
                                         {"shouldReturn", TAKES_RETURN},
                                         {"withHidden", TAKES_HIDDEN},
                                         {"force", TAKES_FORCE},
                                         {"onConflict", TAKES_CONFLICT},
                                         {"lock", TAKES_LOCK},
                                         {"log", TAKES_LOG},
                                         {"replica", TAKES_REPLICA}};

static const char *method_at(const void *list, size_t i)
{
    (void)list;
    return i < ARRAY_COUNT(methods) ? methods[i].name : NULL;
}

/* Names that a method takes: for hints. */
typedef struct taken_names {
    const named_bit *names;
    size_t count;
    int takes;
} taken_names;

static const char *taken_at(const void *list, size_t i)
{
    const taken_names *taken = list;
    for (size_t at = 0; at < taken->count; at++) {
        if (!(taken->names[at].bit & taken->takes)) continue;
        if (i-- == 0) return taken->names[at].name;
    }
    return NULL;
}

static int taken_bit(const taken_names *taken, const char *name)
{
    for (size_t i = 0; i < taken->count; i++) {
        if (strcmp(taken->names[i].name, name) == 0) return taken->names[i].bit & taken->takes;
    }
    return 0;
}

static ignis_code unknown_fail(ignis_context *ctx, const taken_names *taken, const char *what,
                               const char *method, const json_member *member)
{
    char quoted[CONTEXT_QUOTE_SIZE];
    context_quote(quoted, member->name, member->name_size);
    context_fail(ctx, IGNIS_E_INVALID, "unknown %s '%s' of %s", what, quoted, method);
    context_hint(ctx, names_nearest(member->name, member->name_size, taken_at, taken));
    return context_path(ctx, "%s", quoted);
}

static void option_set(app_call *call, int bit, bool value)
{
    if (bit == TAKES_SKIP) call->should_skip_default_filter = value;
    if (bit == TAKES_RANGE) call->should_query_range = value;
    if (bit == TAKES_RETURN) call->should_return = value;
    if (bit == TAKES_HIDDEN) call->with_hidden = value;
    if (bit == TAKES_FORCE) call->force = value;
    if (bit == TAKES_REPLICA) call->on_primary = !value;
}

/* ---- {"strength": ..., "wait": ...} ---- */

static const char *const strength_names[] = {[FILTER_LOCK_UPDATE] = "update",
                                             [FILTER_LOCK_NO_KEY_UPDATE] = "noKeyUpdate",
                                             [FILTER_LOCK_SHARE] = "share",
                                             [FILTER_LOCK_KEY_SHARE] = "keyShare"};
static const char *const wait_names[] = {
    [FILTER_WAIT] = "wait", [FILTER_WAIT_NOT] = "nowait", [FILTER_WAIT_SKIPPING] = "skipLocked"};

typedef struct word_list {
    const char *const *words;
    size_t first;
    size_t end;
} word_list;

static const word_list strength_words = {strength_names, FILTER_LOCK_UPDATE,
                                         ARRAY_COUNT(strength_names)};
static const word_list wait_words = {wait_names, FILTER_WAIT, ARRAY_COUNT(wait_names)};

static const char *word_at(const void *list, size_t i)
{
    const word_list *words = list;
    return words->first + i < words->end ? words->words[words->first + i] : NULL;
}

static ignis_code word_read(ignis_context *ctx, const json_member *member, const word_list *list,
                            size_t *index)
{
    const json *value = &member->value;
    char quoted[CONTEXT_QUOTE_SIZE];
    if (value->kind != JSON_STRING) {
        context_fail(ctx, IGNIS_E_INVALID, "the %s of a lock is a word, not %s", member->name,
                     json_kind_name(value));
        return context_path(ctx, "%s", member->name);
    }
    for (size_t i = list->first; i < list->end; i++) {
        if (strcmp(list->words[i], value->as.text) != 0) continue;
        *index = i;
        return IGNIS_OK;
    }
    context_fail(ctx, IGNIS_E_INVALID, "unknown %s of a lock '%s'", member->name,
                 context_quote(quoted, value->as.text, value->count));
    context_hint(ctx, names_nearest(value->as.text, value->count, word_at, list));
    return context_path(ctx, "%s", member->name);
}

static ignis_code lock_read(ignis_context *ctx, const json *value, filter_lock *lock)
{
    size_t strength = FILTER_LOCK_NONE;
    size_t wait = FILTER_WAIT;
    if (value->kind != JSON_OBJECT) {
        return context_fail(ctx, IGNIS_E_INVALID, "a lock is an object, not %s",
                            json_kind_name(value));
    }
    for (size_t i = 0; i < value->count; i++) {
        const json_member *member = &value->as.members[i];
        bool is_strength = strcmp(member->name, "strength") == 0;
        if (!is_strength && strcmp(member->name, "wait") != 0) {
            char quoted[CONTEXT_QUOTE_SIZE];
            context_quote(quoted, member->name, member->name_size);
            context_fail(ctx, IGNIS_E_INVALID, "unknown key '%s' of a lock", quoted);
            return context_path(ctx, "%s", quoted);
        }
        if (member->value.kind == JSON_NULL) continue;
        IGNIS_TRY(word_read(ctx, member, is_strength ? &strength_words : &wait_words,
                            is_strength ? &strength : &wait));
    }
    if (strength == FILTER_LOCK_NONE)
        return context_fail(ctx, IGNIS_E_INVALID, "a lock has no strength");
    *lock = (filter_lock){.strength = (filter_strength)strength, .wait = (filter_wait)wait};
    return IGNIS_OK;
}

static const ignis_log_level levels[] = {IGNIS_LOG_OFF, IGNIS_LOG_ERROR, IGNIS_LOG_WARN,
                                         IGNIS_LOG_INFO, IGNIS_LOG_DEBUG};

static const char *level_at(const void *list, size_t i)
{
    (void)list;
    return i < ARRAY_COUNT(levels) ? ignis_log_level_name(levels[i]) : NULL;
}

static ignis_code level_read(ignis_context *ctx, const json *name, ignis_log_level *level)
{
    char quoted[CONTEXT_QUOTE_SIZE];
    for (size_t i = 0; i < ARRAY_COUNT(levels); i++) {
        if (strcmp(ignis_log_level_name(levels[i]), name->as.text) != 0) continue;
        *level = levels[i];
        return IGNIS_OK;
    }
    context_fail(ctx, IGNIS_E_INVALID, "unknown level '%s' of log",
                 context_quote(quoted, name->as.text, name->count));
    context_hint(ctx, names_nearest(name->as.text, name->count, level_at, NULL));
    return context_path(ctx, "log");
}

static ignis_code options_read(ignis_context *ctx, const method_entry *entry, const json *options,
                               app_call *call)
{
    const taken_names taken = {option_names, ARRAY_COUNT(option_names), entry->takes | TAKES_LOG};
    if (options->kind == JSON_NULL) return IGNIS_OK;
    if (options->kind != JSON_OBJECT) {
        return context_fail(ctx, IGNIS_E_INVALID, "options is an object, not %s",
                            json_kind_name(options));
    }
    for (size_t i = 0; i < options->count; i++) {
        const json_member *member = &options->as.members[i];
        int bit = taken_bit(&taken, member->name);
        if (!bit) return unknown_fail(ctx, &taken, "option", entry->name, member);
        if (member->value.kind == JSON_NULL) continue;
        if (bit == TAKES_LOCK) {
            if (lock_read(ctx, &member->value, &call->lock) != IGNIS_OK)
                return context_path(ctx, "lock");
            continue;
        }
        bool is_name = bit == TAKES_CONFLICT || bit == TAKES_LOG;
        if (member->value.kind != (is_name ? JSON_STRING : JSON_BOOLEAN)) {
            context_fail(ctx, IGNIS_E_INVALID, "%s is %s, not %s", member->name,
                         is_name ? "a name" : "true or false", json_kind_name(&member->value));
            return context_path_name(ctx, member->name, member->name_size);
        }
        if (bit == TAKES_LOG) IGNIS_TRY(level_read(ctx, &member->value, &call->log));
        if (bit == TAKES_CONFLICT) call->conflict = member->value.as.text;
        if (!is_name) option_set(call, bit, member->value.boolean);
    }
    return IGNIS_OK;
}

static ignis_code size_check(ignis_context *ctx, const app_call *call, const json *value)
{
    size_t max = call->policy->filter_size_max;
    if (!max || value->raw_size <= max) return IGNIS_OK;
    return context_fail(ctx, IGNIS_E_LIMIT, "a filter of more than %zu bytes", max);
}

static ignis_code argument_set(ignis_context *ctx, const method_entry *entry, int bit,
                               const json *value, app_call *call)
{
    const json *or_null = value->kind == JSON_NULL ? NULL : value;
    switch (bit) {
    case TAKES_FILTER: call->filter = or_null; return size_check(ctx, call, value);
    case TAKES_WHERE: call->where = or_null; return size_check(ctx, call, value);
    case TAKES_ID: call->id = value; return IGNIS_OK;
    case TAKES_DATA: call->data = or_null; return IGNIS_OK;
    default: break;
    }
    if (options_read(ctx, entry, value, call) == IGNIS_OK) return IGNIS_OK;
    return context_path(ctx, "options");
}

ignis_code app_arguments_read(ignis_context *ctx, const char *method, const json *arguments,
                              app_call *call)
{
    const method_entry *entry = NULL;
    for (size_t i = 0; i < ARRAY_COUNT(methods); i++) {
        if (strcmp(methods[i].name, method) == 0) entry = &methods[i];
    }
    if (!entry) {
        char quoted[CONTEXT_QUOTE_SIZE];
        context_fail(ctx, IGNIS_E_UNSUPPORTED, "no such method: '%s'",
                     context_quote(quoted, method, strlen(method)));
        context_hint(ctx, names_nearest(method, strlen(method), method_at, NULL));
        return IGNIS_E_UNSUPPORTED;
    }
    call->method = entry->method;
    call->should_return = true;
    if (arguments->kind != JSON_OBJECT) {
        return context_fail(ctx, IGNIS_E_INVALID, "arguments are an object, not %s",
                            json_kind_name(arguments));
    }
    const taken_names taken = {argument_names, ARRAY_COUNT(argument_names),
                               entry->takes | TAKES_OPTIONS};
    for (size_t i = 0; i < arguments->count; i++) {
        const json_member *member = &arguments->as.members[i];
        int bit = taken_bit(&taken, member->name);
        if (!bit) return unknown_fail(ctx, &taken, "argument", entry->name, member);
        IGNIS_TRY(argument_set(ctx, entry, bit, &member->value, call));
    }
    return IGNIS_OK;
}

/* ---- options in C ---- */

static int options_said(const app_call *call)
{
    int said = 0;
    if (call->should_skip_default_filter) said |= TAKES_SKIP;
    if (call->with_hidden) said |= TAKES_HIDDEN;
    if (call->force) said |= TAKES_FORCE;
    if (call->conflict) said |= TAKES_CONFLICT;
    if (call->on_primary) said |= TAKES_REPLICA;
    if (call->lock.strength != FILTER_LOCK_NONE || call->lock.wait != FILTER_WAIT)
        said |= TAKES_LOCK;
    return said;
}

ignis_code app_options_check(ignis_context *ctx, const app_call *call)
{
    int said = options_said(call);
    for (size_t i = 0; i < ARRAY_COUNT(methods); i++) {
        if (methods[i].method == call->method) said &= ~methods[i].takes;
    }
    for (size_t i = 0; i < ARRAY_COUNT(option_names); i++) {
        if (!(option_names[i].bit & said)) continue;
        context_fail(ctx, IGNIS_E_INVALID, "%s has no option %s", app_method_name(call->method),
                     option_names[i].name);
        return context_path(ctx, "options.%s", option_names[i].name);
    }
    bool is_lock = (unsigned)call->lock.strength < ARRAY_COUNT(strength_names) &&
                   (unsigned)call->lock.wait < ARRAY_COUNT(wait_names) &&
                   (call->lock.strength != FILTER_LOCK_NONE || call->lock.wait == FILTER_WAIT);
    if (is_lock) return IGNIS_OK;
    context_fail(ctx, IGNIS_E_INVALID, "a lock without a strength, or of no known kind");
    return context_path(ctx, "options.lock");
}
