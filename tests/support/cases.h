/* cases: files of conformance cases. For tests. */
#ifndef CASES_H
#define CASES_H

#include "base/base.h"

/* A call and what it should answer. */
typedef struct cases_check {
    const char *repository; /* "User", "User:readonly", "User:unregistered" */
    const char *method;
    const char *arguments; /* JSON text as it stands in the file */
    size_t arguments_size;
    const json *result;    /* NULL: an error is expected */
    const json *error;     /* {"code", "constraint", "message", "path", "hint"}, or NULL */
    const json *unordered; /* see compare.h; NULL: none */
} cases_check;

typedef struct cases_case {
    const char *name;
    const char *fixture;
    cases_check check;
    const cases_check *then; /* checks of what the call has left behind */
    size_t then_count;
    bool reset_after;
} cases_case;

typedef struct cases_file {
    const char *area; /* the file's name without ".json" */
    const cases_case *cases;
    size_t cases_count;
} cases_file;

/* Reads one file into memory. Otherwise problem is one line that names the file. */
bool cases_read(arena *memory, const char *path, cases_file *file, const char **problem);
/* Reads all files of a folder whose names end in ".json", by name. */
bool cases_read_folder(arena *memory, const char *folder, const cases_file **files,
                       size_t *files_count, const char **problem);
/* Whether a method only reads. */
bool cases_method_reads(const char *method);

#endif
