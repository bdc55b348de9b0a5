/* The context: who calls, until when, and the memory of the results. */
#ifndef IGNIS_CONTEXT_H
#define IGNIS_CONTEXT_H

#include "ignis/log.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Owns results, the last error, the current user, values for default filters and the deadline.
   One thread at a time, ignis_context_cancel excepted. Results live until reset, release of an
   earlier mark, or free. */
typedef struct ignis_context ignis_context;

/* A place in a context's memory; see ignis_context_mark. */
typedef struct ignis_mark {
    void *block;  /* the library's own, as all members */
    size_t used;  /* within the block */
    size_t total; /* of all blocks */
} ignis_mark;

/* Makes a context. NULL: no memory. */
IGNIS_API ignis_context *ignis_context_create(void);

/* Frees the context with all results. NULL does nothing. */
IGNIS_API void ignis_context_free(ignis_context *ctx);

/* Frees all results and the error; user, values, limit and deadline stay. */
IGNIS_API void ignis_context_reset(ignis_context *ctx);

/* For long-lived loops: results made after a mark are freed by its release. Marks nest. */
IGNIS_API ignis_mark ignis_context_mark(ignis_context *ctx);
IGNIS_API void ignis_context_release(ignis_context *ctx, ignis_mark mark);

/* Bytes of results, and of scratch, at most; beyond it calls answer IGNIS_E_LIMIT. 0: no limit. */
IGNIS_API void ignis_context_limit_set(ignis_context *ctx, size_t bytes_max);

/* The current user for audit columns; copied. NULL: none. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_context_user_set(ignis_context *ctx, const char *user_id);

/* A value for {"$context": name} in default filters, as JSON text; copied.
   json NULL removes it. IGNIS_E_INVALID: not JSON. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_context_value_set(ignis_context *ctx, const char *name,
                                                           const char *json);

/* Calls that start from now on must end within timeout_ms, or answer IGNIS_E_TIMEOUT.
   0: no deadline. The clock is monotonic and starts at this call. */
IGNIS_API void ignis_context_timeout_set(ignis_context *ctx, int64_t timeout_ms);

/* Told after each part of a createAll, upsertAll or load how many of its rows are handed to the engine, not
   committed yet; where they are sent once more to find a wrong one it begins anew. false: the call ends with IGNIS_E_CANCELLED, and nothing is kept. Must not use the context. */
typedef bool (*ignis_progress)(void *data, int64_t rows_done, int64_t rows_total);

/* The progress function of calls that start from now on; NULL: none. */
IGNIS_API void ignis_context_progress_set(ignis_context *ctx, ignis_progress progress, void *data);

/* Statements of calls with ctx are told to the log at this level instead of debug; IGNIS_LOG_OFF: not
   at all, even where they are slow or fail; IGNIS_LOG_DEFAULT: as ever. */
IGNIS_API void ignis_context_log_set(ignis_context *ctx, ignis_log_level level);

/* From any thread: the call that runs with ctx, and only it, ends soon with IGNIS_E_CANCELLED, or
   with its result where it was about to end anyway. Does nothing where no call runs. The context
   must not be freed meanwhile. */
IGNIS_API void ignis_context_cancel(ignis_context *ctx);

/* The error of the last call. Never NULL; code IGNIS_OK where it did not fail. */
IGNIS_API const ignis_error *ignis_context_error(const ignis_context *ctx);

#ifdef __cplusplus
}
#endif
#endif
