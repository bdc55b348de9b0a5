/* fixtures: the conformance fixtures and Chinook, each as C models beside its JSON files. For tests. */
#ifndef MODELS_FIXTURES_H
#define MODELS_FIXTURES_H

#include "ignis.h"

typedef struct models_fixture {
    const char *name;        /* "blog" */
    const char *models_path; /* below the shared folder */
    const char *data_path;
    const ignis_model *const *models; /* in the order of the JSON file */
    size_t models_count;
} models_fixture;

enum { MODELS_FIXTURES_COUNT = 6 };
extern const models_fixture models_fixtures[MODELS_FIXTURES_COUNT];

/* NULL: there is none of that name. */
const models_fixture *models_fixture_get(const char *name);
/* The model of a fixture by its name. NULL: none. */
const ignis_model *models_fixture_model(const models_fixture *fixture, const char *name);

/* Opens models in SQLite's memory, creates the tables and loads rows. Ends the test on errors. */
ignis_data_source *models_open(ignis_context *ctx, const ignis_model *const *models,
                               size_t models_count, const char *rows);
/* Opens the C models on an empty database, creates the tables and loads the rows. Ends the test on
   errors. url NULL: SQLite in memory. */
ignis_data_source *models_fixture_open(ignis_context *ctx, const models_fixture *fixture,
                                       const char *url);

#endif
