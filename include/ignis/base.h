/* Codes, errors and marks that every other header uses. C17 and C++ alike. */
#ifndef IGNIS_BASE_H
#define IGNIS_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The version of the headers; ignis_version tells the library's. */
#define IGNIS_VERSION_MAJOR 0
#define IGNIS_VERSION_MINOR 1
#define IGNIS_VERSION_PATCH 0
#define IGNIS_VERSION       "0.1.0"

#if defined(__GNUC__)
/* A function or object of the library. */
#define IGNIS_API __attribute__((visibility("default")))
/* The compiler warns where the answer is not looked at. */
#define IGNIS_CHECKED __attribute__((warn_unused_result))
#else
#define IGNIS_API
#define IGNIS_CHECKED
#endif

/* What a call answers. Everything but IGNIS_OK leaves an ignis_error in the context. */
typedef enum ignis_code {
    IGNIS_OK = 0,           /* done */
    IGNIS_E_MEMORY,         /* no memory; the context stays usable */
    IGNIS_E_INVALID,        /* the caller's input: a filter, a value, a model */
    IGNIS_E_NOT_FOUND,      /* a thing asked for by name is not registered */
    IGNIS_E_UNIQUE,         /* a unique constraint or primary key is violated */
    IGNIS_E_FOREIGN_KEY,    /* a foreign key is violated */
    IGNIS_E_NOT_NULL,       /* a required value is missing or null */
    IGNIS_E_CHECK,          /* a check constraint is violated */
    IGNIS_E_CONFLICT,       /* another writer was first (optimistic locking) */
    IGNIS_E_SERIALIZATION,  /* run the transaction again */
    IGNIS_E_CONNECTION,     /* no connection to the database */
    IGNIS_E_COMMIT_UNKNOWN, /* the connection was lost during COMMIT */
    IGNIS_E_TIMEOUT,        /* the deadline passed */
    IGNIS_E_CANCELLED,      /* cancelled from another thread */
    IGNIS_E_LIMIT,          /* a bound of the policy, context or reader was exceeded */
    IGNIS_E_STATE,          /* not now: a finished transaction, a closed source */
    IGNIS_E_UNSUPPORTED,    /* this engine, build or repository cannot do it */
    IGNIS_E_DATABASE        /* any other error of the database */
} ignis_code;

/* The code's name without prefix in lower case: "invalid", "foreign_key", "ok". Never NULL. */
IGNIS_API const char *ignis_code_name(ignis_code code);

/* One problem: one line, no SQL. Strings are never NULL, "" where a member has nothing to say,
   and live in the context until its next call, reset or free. */
typedef struct ignis_error {
    size_t struct_size;
    ignis_code code;        /* what the call answered */
    const char *message;    /* one line */
    const char *path;       /* the place in the caller's input: "include[0].scope.where.titel" */
    const char *hint;       /* the nearest known name: "title" */
    const char *sqlstate;   /* five characters on PostgreSQL, else "" */
    const char *constraint; /* the violated constraint */
    size_t position;        /* byte offset in a JSON text that could not be read, else 0 */
    const struct ignis_error *next; /* further problems of the same input, or NULL */
    /* Of a violated constraint: the model that has it, and its columns as properties and as SQL calls
       them. */
    const char *model;
    const char *const *properties; /* as JSON calls them */
    const char *const *columns;    /* in the same order */
    size_t properties_count;       /* and of columns */
} ignis_error;

/* Returns the code of a call that failed; for functions that return ignis_code themselves. */
#define IGNIS_TRY(call)                                          \
    do {                                                         \
        ignis_code ignis_try_code_ = (call);                     \
        if (ignis_try_code_ != IGNIS_OK) return ignis_try_code_; \
    } while (0)

#ifdef __cplusplus
}
#endif
#endif
