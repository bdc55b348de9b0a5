/* settings: what a data source is to connect to: its URL, or the parts of one. */
#include "app/app.h"

#include <strings.h>

/* A text setting of the class, by its name in messages. */
typedef struct setting {
    const char *name;
    size_t offset;
    const char *parameter; /* of a PostgreSQL URL */
} setting;

#define SETTING(member, parameter)                                    \
    {                                                                 \
#member, offsetof(ignis_data_source_class, member), parameter \
    }

static const setting settings[] = {
    SETTING(url, NULL),          SETTING(host, "host"), SETTING(port, "port"),
    SETTING(database, "dbname"), SETTING(user, "user"), SETTING(password, "password"),
    SETTING(ssl, "sslmode"),
};

static const char *setting_get(const ignis_data_source_class *class_, const setting *of)
{
    const char *value;
    memcpy(&value, (const char *)class_ + of->offset, sizeof(value));
    return value;
}

static void setting_set(ignis_data_source_class *class_, const setting *of, const char *value)
{
    memcpy((char *)class_ + of->offset, &value, sizeof(value));
}

/* ---- the environment ------------------------------------------------------------------------------ */

bool app_settings_name_environment(const ignis_data_source_class *class_)
{
    bool names = false;
    for (size_t i = 0; i < ARRAY_COUNT(settings); i++) {
        if (app_environment_is_named(setting_get(class_, &settings[i]))) names = true;
    }
    for (size_t i = 0; class_->replicas && i < class_->replicas_count; i++) {
        if (app_environment_is_named(class_->replicas[i])) names = true;
    }
    return names;
}

static ignis_code settings_expand(ignis_context *ctx, arena *memory,
                                  const app_environment *environment,
                                  ignis_data_source_class *class_)
{
    for (size_t i = 0; i < ARRAY_COUNT(settings); i++) {
        const char *value = setting_get(class_, &settings[i]);
        if (!app_environment_is_named(value)) continue;
        if (app_environment_expand(ctx, memory, environment, value, &value) != IGNIS_OK)
            return context_path(ctx, "%s", settings[i].name);
        setting_set(class_, &settings[i], value);
    }
    return IGNIS_OK;
}

/* Those that come to "" are as if not given. */
static ignis_code replicas_expand(ignis_context *ctx, arena *memory,
                                  const app_environment *environment,
                                  ignis_data_source_class *class_)
{
    size_t count = class_->replicas ? class_->replicas_count : 0;
    size_t kept = 0;
    if (count > RUN_REPLICAS_MAX) {
        context_fail(ctx, IGNIS_E_INVALID, "at most %d replicas, got %zu", RUN_REPLICAS_MAX, count);
        return context_path(ctx, "replicas");
    }
    const char **urls = arena_array(memory, count, sizeof(*urls));
    if (!urls) return context_fail_memory(ctx, memory);
    for (size_t i = 0; i < count; i++) {
        const char *url = class_->replicas[i];
        if (app_environment_is_named(url) &&
            app_environment_expand(ctx, memory, environment, url, &url) != IGNIS_OK)
            return context_path(ctx, "replicas[%zu]", i);
        if (url && *url) urls[kept++] = url;
    }
    class_->replicas = urls;
    class_->replicas_count = kept;
    return IGNIS_OK;
}

/* A part that is "" is as if not given: so an environment can leave it out. */
static void settings_trim(ignis_data_source_class *class_)
{
    for (size_t i = 1; i < ARRAY_COUNT(settings); i++) {
        const char *value = setting_get(class_, &settings[i]);
        if (value && *value == '\0') setting_set(class_, &settings[i], NULL);
    }
}

/* ---- checks --------------------------------------------------------------------------------------- */

static ignis_code port_check(ignis_context *ctx, const char *port)
{
    char quoted[CONTEXT_QUOTE_SIZE];
    int64_t number = 0;
    if (!port) return IGNIS_OK;
    bool is_port = number_integer(port, strlen(port), &number) && number > 0 && number <= 65535;
    if (is_port) return IGNIS_OK;
    context_fail(ctx, IGNIS_E_INVALID, "a port is a number from 1 to 65535, got \"%s\"",
                 context_quote(quoted, port, strlen(port)));
    return context_path(ctx, "port");
}

static const char *const ssl_modes[] = {"disable", "allow",     "prefer",
                                        "require", "verify-ca", "verify-full"};

static const char *ssl_mode_at(const void *list, size_t i)
{
    (void)list;
    return i < ARRAY_COUNT(ssl_modes) ? ssl_modes[i] : NULL;
}

/* true and false, or a mode of libpq. */
static ignis_code ssl_read(ignis_context *ctx, const char **ssl)
{
    char quoted[CONTEXT_QUOTE_SIZE];
    if (!*ssl) return IGNIS_OK;
    if (strcmp(*ssl, "true") == 0) *ssl = "require";
    if (strcmp(*ssl, "false") == 0) *ssl = "disable";
    for (size_t i = 0; i < ARRAY_COUNT(ssl_modes); i++) {
        if (strcmp(*ssl, ssl_modes[i]) == 0) return IGNIS_OK;
    }
    context_fail(ctx, IGNIS_E_INVALID,
                 "ssl is true, false, disable, allow, prefer, require, verify-ca or verify-full, "
                 "got \"%s\"",
                 context_quote(quoted, *ssl, strlen(*ssl)));
    context_hint(ctx, names_nearest(*ssl, strlen(*ssl), ssl_mode_at, NULL));
    return context_path(ctx, "ssl");
}

/* The first part given of those from index first on, or NULL. */
static const char *part_given(const ignis_data_source_class *class_, size_t first)
{
    for (size_t i = first; i < ARRAY_COUNT(settings); i++) {
        if (setting_get(class_, &settings[i])) return settings[i].name;
    }
    return NULL;
}

static const ignis_driver *driver_choose(const char *url)
{
    bool is_postgres =
        strncasecmp(url, "postgres:", 9) == 0 || strncasecmp(url, "postgresql:", 11) == 0;
    return is_postgres ? &ignis_postgres_driver : &ignis_sqlite_driver;
}

/* ---- the URL -------------------------------------------------------------------------------------- */

/* RFC 3986: all but unreserved characters as %XX. */
static void encoded_write(text *out, const char *value)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
    static const char digits[] = "0123456789ABCDEF";
    for (; *value; value++) {
        unsigned char c = (unsigned char)*value;
        if (strchr(plain, *value)) {
            text_char(out, *value);
        } else {
            text_append(out, (const char[]){'%', digits[c >> 4], digits[c & 15]}, 3);
        }
    }
}

/* postgresql://user:password@host:port/database */
static void postgres_url_write(text *out, const ignis_data_source_class *class_)
{
    text_string(out, "postgresql://");
    if (class_->user) encoded_write(out, class_->user);
    if (class_->password) {
        text_char(out, ':');
        encoded_write(out, class_->password);
    }
    if (class_->user || class_->password) text_char(out, '@');
    if (class_->host) encoded_write(out, class_->host);
    if (class_->port) {
        text_char(out, ':');
        text_string(out, class_->port);
    }
    if (class_->database) {
        text_char(out, '/');
        encoded_write(out, class_->database);
    }
    if (class_->ssl) {
        text_string(out, "?sslmode=");
        text_string(out, class_->ssl);
    }
}

/* The URL, and the parts as its parameters, the last of which counts for libpq. */
static void postgres_url_complete(text *out, const ignis_data_source_class *class_)
{
    text_string(out, class_->url);
    char before = strchr(class_->url, '?') ? '&' : '?';
    for (size_t i = 1; i < ARRAY_COUNT(settings); i++) {
        const char *value = setting_get(class_, &settings[i]);
        if (!value) continue;
        text_char(out, before);
        text_string(out, settings[i].parameter);
        text_char(out, '=');
        encoded_write(out, value);
        before = '&';
    }
}

static ignis_code parts_check(ignis_context *ctx, const ignis_data_source_class *class_)
{
    const ignis_driver *driver = class_->driver;
    const char *part = NULL;
    if (driver == &ignis_postgres_driver) return IGNIS_OK;
    if (driver == &ignis_sqlite_driver && !class_->url) {
        ignis_data_source_class others = *class_;
        others.database = NULL;
        part = part_given(&others, 1);
        if (!part && !class_->database) {
            context_fail(ctx, IGNIS_E_INVALID, "the data source has neither a URL nor a database");
            return IGNIS_E_INVALID;
        }
    } else {
        part = part_given(class_, 1);
    }
    if (!part) return IGNIS_OK;
    context_fail(ctx, IGNIS_E_INVALID,
                 class_->url ? "the URL says it all for the driver %s: %s cannot be set"
                             : "the driver %s has no setting %s",
                 driver->name, part);
    return context_path(ctx, "%s", part);
}

static ignis_code driver_find(ignis_context *ctx, ignis_data_source_class *class_)
{
    if (class_->url && *class_->url == '\0') class_->url = NULL;
    if (class_->driver) {
        bool has_parts =
            class_->driver == &ignis_postgres_driver || class_->driver == &ignis_sqlite_driver;
        if (class_->url || has_parts) return IGNIS_OK;
        return context_fail(ctx, IGNIS_E_INVALID, "the data source has no URL");
    }
    if (class_->url) {
        class_->driver = driver_choose(class_->url);
        return IGNIS_OK;
    }
    if (class_->host) {
        class_->driver = &ignis_postgres_driver;
        return IGNIS_OK;
    }
    return context_fail(ctx, IGNIS_E_INVALID,
                        "the data source has no URL, and no host or driver instead");
}

static ignis_code replicas_check(ignis_context *ctx, const ignis_data_source_class *class_)
{
    if (class_->replicas_count == 0 || class_->driver == &ignis_postgres_driver) return IGNIS_OK;
    context_fail(ctx, IGNIS_E_INVALID, "the driver %s has no replicas: they are PostgreSQL's",
                 class_->driver->name);
    return context_path(ctx, "replicas");
}

/* What tells who connects, and how, holds for all of them; where to is their own. */
static ignis_code replicas_complete(ignis_context *ctx, arena *memory,
                                    ignis_data_source_class *class_)
{
    ignis_data_source_class own = *class_;
    const char **urls = arena_array(memory, class_->replicas_count, sizeof(*urls));
    if (!urls) return context_fail_memory(ctx, memory);
    own.host = NULL;
    own.port = NULL;
    for (size_t i = 0; i < class_->replicas_count; i++) {
        text out;
        text_init(&out, memory, 0);
        own.url = class_->replicas[i];
        postgres_url_complete(&out, &own);
        urls[i] = text_finish(&out);
        if (!urls[i]) return context_fail_memory(ctx, memory);
    }
    class_->replicas = urls;
    return IGNIS_OK;
}

ignis_code app_settings_read(ignis_context *ctx, arena *memory, const app_environment *environment,
                             ignis_data_source_class *class_)
{
    text out;
    IGNIS_TRY(settings_expand(ctx, memory, environment, class_));
    IGNIS_TRY(replicas_expand(ctx, memory, environment, class_));
    settings_trim(class_);
    IGNIS_TRY(driver_find(ctx, class_));
    IGNIS_TRY(replicas_check(ctx, class_));
    IGNIS_TRY(parts_check(ctx, class_));
    IGNIS_TRY(port_check(ctx, class_->port));
    IGNIS_TRY(ssl_read(ctx, &class_->ssl));
    IGNIS_TRY(replicas_complete(ctx, memory, class_));
    text_init(&out, memory, 0);
    bool is_postgres = class_->driver == &ignis_postgres_driver;
    if (class_->url && is_postgres) {
        postgres_url_complete(&out, class_);
    } else if (class_->url) {
        text_string(&out, class_->url);
    } else if (is_postgres) {
        postgres_url_write(&out, class_);
    } else {
        text_string(&out, "sqlite:");
        text_string(&out, class_->database);
    }
    class_->url = text_finish(&out);
    return class_->url ? IGNIS_OK : context_fail_memory(ctx, memory);
}

/* ---- without the password ------------------------------------------------------------------------- */

/* The byte at *at, which may be written as %XX. */
static char parameter_char(const char **at, const char *end)
{
    static const char digits[] = "0123456789abcdef";
    const char *from = (*at)++;
    if (*from != '%' || end - from < 3) return *from;
    const char *high = strchr(digits, from[1] | 0x20);
    const char *low = strchr(digits, from[2] | 0x20);
    if (!high || !low) return *from;
    *at = from + 3;
    return (char)((high - digits) << 4 | (low - digits));
}

static bool parameter_is(const char *at, const char *end, const char *name)
{
    while (at < end && *name) {
        if (parameter_char(&at, end) != *name++) return false;
    }
    return at == end && *name == '\0';
}

static bool parameter_is_secret(const char *at, const char *end)
{
    return parameter_is(at, end, "password") || parameter_is(at, end, "sslpassword");
}

/* Rather too much than too little: an "@" in what should be a path counts as the end of a password. */
void app_url_mask(text *out, const char *url)
{
    const char *authority = strstr(url, "://");
    const char *at = authority ? authority + 3 : url;
    const char *end = at + strcspn(at, "?");
    const char *user_end = authority ? memrchr(at, '@', (size_t)(end - at)) : NULL;
    text_append(out, url, (size_t)(at - url));
    if (user_end) {
        const char *colon = memchr(at, ':', (size_t)(user_end - at));
        text_append(out, at, (size_t)((colon ? colon : user_end) - at));
        if (colon) text_string(out, ":***");
        at = user_end;
    }
    text_append(out, at, (size_t)(end - at));
    while (*end) {
        const char *name = end + 1;
        const char *next = name + strcspn(name, "&");
        const char *equals = memchr(name, '=', (size_t)(next - name));
        bool is_secret = equals && parameter_is_secret(name, equals);
        text_append(out, end, (size_t)((is_secret ? equals + 1 : next) - end));
        if (is_secret) text_string(out, "***");
        end = next;
    }
}
