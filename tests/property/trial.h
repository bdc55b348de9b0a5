/* trial: what the library answers to calls, on one engine, against what they mean; and the smallest
   models, rows and arguments that still show a difference. For tests. */
#ifndef TRIAL_H
#define TRIAL_H

#include "ignis.h"
#include "property/naive.h"

/* An engine with models, tables and rows. */
typedef struct trial_engine {
    const char *name;
    const char *url;
    void (*clear)(void); /* empties the database before tables are made; NULL: it is empty */
    ignis_context *ctx;
    ignis_data_source *source;
} trial_engine;

/* Makes the tables and loads the rows, in place of what was there. */
IGNIS_CHECKED ignis_code trial_open(trial_engine *engine, const char *models, const char *rows);
/* Closes the source; the context stays. */
void trial_close(trial_engine *engine);
/* Whether the last error says that something is still to come. */
bool trial_is_awaited(const trial_engine *engine);

/* A call with all that it needs. */
typedef struct trial_case {
    naive_json *models;
    naive_json *rows;
    naive_json *arguments;
    const char *model;
    const char *method;
} trial_case;

typedef enum trial_verdict {
    TRIAL_SAME,
    TRIAL_SKIPPED,  /* still to come */
    TRIAL_REFUSED,  /* an answer is expected, an error came */
    TRIAL_ACCEPTED, /* an error is expected, an answer came */
    TRIAL_BROKEN,   /* an error is expected, but not the database's */
    TRIAL_OTHER     /* another answer is expected */
} trial_verdict;

typedef struct trial_outcome {
    trial_verdict verdict;
    ignis_code code;
    const char *got; /* the answer or the message, in the engine's context until its next call */
    const char *path;
} trial_outcome;

/* Calls the open engine and compares. */
trial_outcome trial_judge(trial_engine *engine, const trial_case *call, const naive_answer *answer);

/* Makes the case as small as it can, so that the engine still differs in the same way. */
void trial_shrink(naive_memory *memory, trial_engine *engine, trial_case *call,
                  const trial_outcome *outcome);

/* Prints a case as models, data and cases of tests/conformance, and writes them into the folders
   fixtures and cases of a folder; NULL: none. */
void trial_print(naive_memory *memory, const trial_case *call, const char *folder);

#endif
