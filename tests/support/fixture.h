/* fixture: files, and data sources that are filled from them. For tests. */
#ifndef FIXTURE_H
#define FIXTURE_H

#include "base/base.h"
#include "ignis.h"

/* The text of a file, NUL-terminated, in memory. NULL: it cannot be read. size may be NULL. */
const char *fixture_read(arena *memory, const char *path, size_t *size);

/* The path of a file below the folder that IGNIS_SHARED names, in memory. Where there is none the
   program says so and ends with FIXTURE_SKIPPED. */
enum { FIXTURE_SKIPPED = 77 };
const char *fixture_shared(arena *memory, const char *relative);

/* The path of a file below this checkout, which IGNIS_SOURCE names; likewise. */
const char *fixture_source(arena *memory, const char *relative);

typedef struct fixture_class {
    const char *models_path;    /* model JSON, or … */
    const char *models_text;    /* … its text */
    const char *data_path;      /* rows by model, or … */
    const char *data_text;      /* … their text; both NULL: the tables stay empty */
    const char *url;            /* NULL: "sqlite::memory:" */
    const ignis_driver *driver; /* NULL: by the URL */
    int busy_timeout_ms;        /* SQLite; 0: the default */
    const char *replica;        /* the URL of one; NULL: none */
    ignis_names only;           /* the models to register, without the relations and foreign keys
                                   that point at others; items NULL: all */
} fixture_class;

/* Opens a data source, creates its tables and loads the rows. Models and errors are in ctx; the
   source does not need them any more. A file that cannot be read is IGNIS_E_NOT_FOUND. */
IGNIS_CHECKED ignis_code fixture_open(ignis_context *ctx, const fixture_class *class_,
                                      ignis_data_source **source);

/* The connections of a data source now. */
ignis_pool_status fixture_pool_status(const ignis_data_source *source);

#endif
