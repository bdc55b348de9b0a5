#include "conformance/runner.h"

#include "support/fixture.h"

#include <stdlib.h>
#include <unistd.h>

/* What a repository called NAME:unregistered finds registered. */
static const char *const REGISTERED[] = {"Post", "Comment"};

static const char *path_of(arena *memory, const char *folder, const char *fixture, const char *end)
{
    text path;
    text_init(&path, memory, 0);
    text_format(&path, "%s/%s%s", folder, fixture, end);
    return text_finish(&path);
}

bool runner_fixture_exists(const runner *run, const char *fixture)
{
    arena memory = {0};
    const char *folder = run->settings->fixtures_path;
    const char *models = path_of(&memory, folder, fixture, ".models.json");
    const char *data = path_of(&memory, folder, fixture, ".data.json");
    bool exists = models && data && access(models, R_OK) == 0 && access(data, R_OK) == 0;
    arena_free(&memory);
    return exists;
}

/* ---- database files: one per fixture and way to register ---- */

static const char *const FILE_ENDS[] = {"", "-wal", "-shm", "-journal"};

static const char *file_path(runner *run, const char *fixture, runner_models models)
{
    static const char *const ends[] = {
        [RUNNER_ALL_MODELS] = "", [RUNNER_UNREGISTERED] = ".part", [RUNNER_CONCURRENT] = ".shared"};
    const char *folder = getenv("TMPDIR");
    const char *url = run->settings->url;
    bool is_memory = !url || strstr(url, ":memory:");
    text path;
    text_init(&path, &run->memory, 0);
    if (is_memory && models != RUNNER_CONCURRENT) return NULL;
    if (is_memory) {
        text_format(&path, "%s/ignis_conformance.%ld", folder ? folder : "/tmp", (long)getpid());
    } else {
        text_string(&path, strncmp(url, "sqlite:", 7) == 0 ? url + 7 : url);
    }
    text_format(&path, ".%s%s", fixture, ends[models]);
    return text_finish(&path);
}

static void file_remove(const char *path)
{
    for (size_t i = 0; path && i < ARRAY_COUNT(FILE_ENDS); i++) {
        arena memory = {0};
        text name;
        text_init(&name, &memory, 0);
        text_format(&name, "%s%s", path, FILE_ENDS[i]);
        const char *written = text_finish(&name);
        if (written) unlink(written);
        arena_free(&memory);
    }
}

/* ---- sources ---- */

/* A second writer on SQLite waits for the first, who waits for the runner: in vain. */
enum { BUSY_TIMEOUT_MS = 200 };

bool runner_is_postgres(const runner *run)
{
    return strcmp(run->settings->driver, "postgres") == 0;
}

static void source_close(runner *run, runner_source *source)
{
    ignis_replica_status status = {.struct_size = sizeof(status)};
    if (!source->source) return;
    if (ignis_data_source_replica_status(source->source, 0, &status))
        run->replica_reads += status.reads;
    ignis_data_source_close(source->source);
    source->source = NULL;
    if (!runner_is_postgres(run)) file_remove(source->path);
}

static void source_open(runner *run, runner_source *source)
{
    arena memory = {0};
    const char *folder = run->settings->fixtures_path;
    fixture_class class_ = {
        .models_path = path_of(&memory, folder, source->fixture, ".models.json"),
        .data_path = path_of(&memory, folder, source->fixture, ".data.json"),
        .url = source->path,
        .driver = runner_is_postgres(run) ? &ignis_postgres_driver : &ignis_sqlite_driver,
        .busy_timeout_ms = BUSY_TIMEOUT_MS,
        .replica = runner_replica_url(run, source),
    };
    if (runner_is_postgres(run) && (!source->path || !runner_postgres_clear(source->path))) {
        source->problem = "\"the server gives no database\"";
        arena_free(&memory);
        return;
    }
    if (source->models == RUNNER_UNREGISTERED)
        class_.only = (ignis_names){.items = REGISTERED, .count = ARRAY_COUNT(REGISTERED)};
    ignis_code code = class_.models_path && class_.data_path
                          ? fixture_open(run->ctx, &class_, &source->source)
                          : IGNIS_E_MEMORY;
    if (code != IGNIS_OK) {
        source->source = NULL;
        source->problem = runner_error_json(&run->memory, ignis_context_error(run->ctx));
        if (!runner_is_postgres(run)) file_remove(source->path);
    }
    source->is_pristine = code == IGNIS_OK;
    ignis_context_reset(run->ctx);
    arena_free(&memory);
}

static runner_source *source_find(runner *run, const char *fixture, runner_models models)
{
    for (runner_source *source = run->sources; source; source = source->next)
        if (source->models == models && strcmp(source->fixture, fixture) == 0) return source;
    runner_source *source = arena_array(&run->memory, 1, sizeof(*source));
    if (!source) return NULL;
    source->next = run->sources;
    source->fixture = fixture;
    source->models = models;
    source->number = run->sources ? run->sources->number + 1 : 0;
    source->path = runner_is_postgres(run) ? runner_postgres_make(run, source)
                                           : file_path(run, fixture, models);
    if (!runner_is_postgres(run) && source->path && access(source->path, F_OK) == 0)
        source->problem = "\"the database's file exists already\"";
    run->sources = source;
    return source;
}

runner_source *runner_source_get(runner *run, const char *fixture, runner_models models)
{
    runner_source *source = source_find(run, fixture, models);
    if (!source || source->problem || source->is_pristine) return source;
    source_close(run, source);
    source_open(run, source);
    return source;
}

void runner_source_touch(runner *run, const char *fixture)
{
    for (runner_source *source = run->sources; source; source = source->next)
        if (strcmp(source->fixture, fixture) == 0) source->is_pristine = false;
}

void runner_sources_close(runner *run)
{
    for (runner_source *source = run->sources; source; source = source->next) {
        source_close(run, source);
        runner_replica_count(run, source);
        if (runner_is_postgres(run)) runner_postgres_drop(run, source);
    }
    run->sources = NULL;
    runner_replica_close(run);
}
