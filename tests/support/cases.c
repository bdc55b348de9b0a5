#include "support/cases.h"

#include "support/fixture.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

enum { FILES_MAX = 1024 };

static const char *problem_format(arena *memory, const char *path, const char *what)
{
    text out;
    text_init(&out, memory, 0);
    text_format(&out, "%s: %s", path, what);
    const char *problem = text_finish(&out);
    return problem ? problem : "no memory";
}

static const char *string_of(const json *object, const char *name)
{
    const json *value = json_get(object, name);
    return value && value->kind == JSON_STRING ? value->as.text : NULL;
}

/* What is wrong with it, or NULL. */
static const char *check_read(const json *object, cases_check *check)
{
    if (object->kind != JSON_OBJECT) return "is no object";
    check->repository = string_of(object, "repository");
    check->method = string_of(object, "method");
    if (!check->repository || !check->method) return "has no repository or no method";
    const json *arguments = json_get(object, "arguments");
    check->arguments = arguments ? arguments->as.text : "{}";
    check->arguments_size = arguments ? arguments->count : 2;
    check->result = json_get(object, "result");
    check->error = json_get(object, "error");
    check->unordered = json_get(object, "unordered");
    if (!check->result == !check->error) return "has not exactly one of result and error";
    if (check->error && (check->error->kind != JSON_OBJECT || !string_of(check->error, "code")))
        return "has an error without a code";
    return NULL;
}

static const char *case_read(arena *memory, const json *object, cases_case *read)
{
    const char *wrong = check_read(object, &read->check);
    if (wrong) return wrong;
    read->name = string_of(object, "name");
    read->fixture = string_of(object, "fixture");
    if (!read->name || !read->fixture) return "has no name or no fixture";
    const json *reset = json_get(object, "reset_after");
    read->reset_after = reset && reset->kind == JSON_BOOLEAN && reset->boolean;

    const json *then = json_get(object, "then");
    if (!then || then->kind == JSON_NULL) return NULL;
    if (then->kind != JSON_ARRAY) return "has a then that is no list";
    cases_check *checks = arena_array(memory, then->count, sizeof(*checks));
    if (!checks) return "takes too much memory";
    for (size_t i = 0; i < then->count; i++) {
        wrong = check_read(&then->as.items[i], &checks[i]);
        if (wrong) return wrong;
    }
    read->then = checks;
    read->then_count = then->count;
    return NULL;
}

static const char *area_of(arena *memory, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    size_t size = strlen(name);
    if (size > 5 && strcmp(name + size - 5, ".json") == 0) size -= 5;
    return arena_copy(memory, name, size);
}

bool cases_read(arena *memory, const char *path, cases_file *file, const char **problem)
{
    size_t size = 0;
    const char *data = fixture_read(memory, path, &size);
    if (!data) {
        *problem = problem_format(memory, path, "cannot be read");
        return false;
    }
    json_options options = {.depth_max = 512, .raw_name = "arguments"};
    const json *list = NULL;
    json_fault fault = {0};
    char what[256];
    if (json_read(memory, data, size, &options, &list, &fault) != IGNIS_OK) {
        snprintf(what, sizeof(what), "byte %zu: %s", fault.position,
                 fault.message ? fault.message : "no memory");
        *problem = problem_format(memory, path, what);
        return false;
    }
    if (list->kind != JSON_ARRAY) {
        *problem = problem_format(memory, path, "is no list of cases");
        return false;
    }
    cases_case *cases = arena_array(memory, list->count, sizeof(*cases));
    const char *wrong = cases ? NULL : "takes too much memory";
    size_t i = 0;
    for (; !wrong && i < list->count; i++)
        wrong = case_read(memory, &list->as.items[i], &cases[i]);
    if (wrong) {
        snprintf(what, sizeof(what), "case %zu %s", i, wrong);
        *problem = problem_format(memory, path, what);
        return false;
    }
    *file = (cases_file){.area = area_of(memory, path), .cases = cases, .cases_count = list->count};
    return true;
}

static int names_order(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The paths of the folder's files, by name. SIZE_MAX: it cannot be read or has too many. */
static size_t folder_list(arena *memory, const char *folder, const char **paths)
{
    DIR *opened = opendir(folder);
    if (!opened) return SIZE_MAX;
    size_t count = 0;
    for (const struct dirent *entry = readdir(opened); entry; entry = readdir(opened)) {
        size_t size = strlen(entry->d_name);
        if (size <= 5 || strcmp(entry->d_name + size - 5, ".json") != 0) continue;
        if (count == FILES_MAX) {
            closedir(opened);
            return SIZE_MAX;
        }
        text path;
        text_init(&path, memory, 0);
        text_format(&path, "%s/%s", folder, entry->d_name);
        paths[count] = text_finish(&path);
        if (paths[count]) count++;
    }
    closedir(opened);
    qsort(paths, count, sizeof(*paths), names_order);
    return count;
}

bool cases_read_folder(arena *memory, const char *folder, const cases_file **files,
                       size_t *files_count, const char **problem)
{
    const char *paths[FILES_MAX];
    size_t count = folder_list(memory, folder, paths);
    if (count == SIZE_MAX || count == 0) {
        *problem = problem_format(memory, folder,
                                  count == 0 ? "has no .json files" : "is no folder of cases");
        return false;
    }
    cases_file *read = arena_array(memory, count, sizeof(*read));
    if (!read) {
        *problem = "no memory";
        return false;
    }
    for (size_t i = 0; i < count; i++)
        if (!cases_read(memory, paths[i], &read[i], problem)) return false;
    *files = read;
    *files_count = count;
    return true;
}

bool cases_method_reads(const char *method)
{
    static const char *const reads[] = {"find", "findOne", "findById", "count", "existsWith"};
    for (size_t i = 0; i < ARRAY_COUNT(reads); i++)
        if (strcmp(method, reads[i]) == 0) return true;
    return false;
}
