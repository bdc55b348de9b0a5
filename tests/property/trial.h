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
    bool parses;         /* checks the statements of both dialects too */
    ignis_context *ctx;
    ignis_data_source *source;
    struct trial_models *models; /* of a C program; NULL: it is closed */
    size_t said_count;           /* calls that C has words for */
    size_t unsaid_count;
    size_t statements_count; /* that were parsed */
} trial_engine;

/* A text and a number that values hold, and no name, no word and no constant of a statement. */
#define TRIAL_MARK   "zqx"
#define TRIAL_NUMBER "7390241"

/* Makes the tables and loads the rows, in place of what was there. The models are those of a C program. */
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
    naive_policy policy;
    const char *model;
    const char *method;
} trial_case;

typedef enum trial_verdict {
    TRIAL_SAME,
    TRIAL_SKIPPED,  /* still to come */
    TRIAL_REFUSED,  /* an answer is expected, an error came */
    TRIAL_ACCEPTED, /* an error is expected, an answer came */
    TRIAL_BROKEN,   /* an error is expected, but not the database's */
    TRIAL_OTHER,    /* another answer is expected */
    TRIAL_STRUCTS,  /* the typed call answers otherwise */
    TRIAL_STATEMENT /* a statement is not as it should be */
} trial_verdict;

typedef struct trial_outcome {
    trial_verdict verdict;
    ignis_code code;
    const char *got; /* the answer or the message, in the engine's context until its next call */
    const char *path;
} trial_outcome;

ignis_policy trial_policy(const naive_policy *policy);
/* Calls the open engine, with JSON and with structs, and compares. */
trial_outcome trial_judge(trial_engine *engine, const trial_case *call, const naive_answer *answer);

/* Makes the case as small as it can, so that the engine still differs in the same way. */
void trial_shrink(naive_memory *memory, trial_engine *engine, trial_case *call,
                  const trial_outcome *outcome);

/* Prints a case as models, data and cases of tests/conformance, and writes them into the folders
   fixtures and cases of a folder; NULL: none. */
void trial_print(naive_memory *memory, const trial_case *call, const char *folder);

/* ---- with structs (trial_typed.c) ---- */

/* Models from JSON as those of a C program; they belong to the engine until trial_models_free. */
IGNIS_CHECKED ignis_code trial_models_make(trial_engine *engine, const char *models,
                                           ignis_data_source_class *class_);
void trial_models_free(trial_engine *engine);
/* The typed call, where C has words for it, against the answer; what its statements are like. */
trial_outcome trial_judge_typed(trial_engine *engine, const trial_case *call,
                                const naive_answer *answer);
trial_outcome trial_judge_statements(trial_engine *engine, const trial_case *call);

#endif
