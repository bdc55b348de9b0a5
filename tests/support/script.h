/* script: calls with their expected answers, on every engine there is. For tests. */
#ifndef SCRIPT_H
#define SCRIPT_H

#include "support/engine.h"

/* Texts are JSON with ' in the place of ", "''" being an empty string. */
typedef struct script_step {
    const char
        *model; /* ":readonly" behind it: a readable repository; a policy of "public" in front */
    const char *method;
    const char *arguments;
    /* The result, compared without order of keys, "<any>" being any value; or an error:
       "!code path [hint]", those of error->next behind it, each after " !". */
    const char *expected;
} script_step;

/* Runs the steps one after another by the trusted policy; "public User" by the public one. */
void script_run(engine *self, const script_step *steps, size_t count);
/* text_ with " in the place of '. */
const char *script_text(engine *self, const char *text_);

/* Runs a group of tests on SQLite, then on PostgreSQL where IGNIS_TEST_POSTGRES_URL is set; every test
   finds a fresh database with the models and rows (in script text; rows NULL: none) and gets an engine
   as its state. */
typedef struct script_test {
    const char *name;
    void (*run)(void **state);
} script_test;
#define SCRIPT_TEST(function) \
    {                         \
#function, function   \
    }
int script_main(const char *models, const char *rows, const script_test *tests, size_t count);
bool script_is_postgres(const engine *self);

#endif
