/* parsed: the statements that a reading call gives, in both dialects and each strategy: PostgreSQL's own
   parser takes its own, the placeholders are the parameters, and nothing of the caller's is in them. For
   tests. */
#ifndef PARSED_H
#define PARSED_H

#include "base/base.h"
#include "ignis.h"

typedef struct parsed_call {
    ignis_data_source *source;
    const char *model;
    const char *method;
    const json *arguments;
    const ignis_policy *policy;
    const char *const *foreign; /* texts that no statement may hold, then NULL; NULL: none */
} parsed_call;

/* NULL: all is well, or the call is refused. Otherwise what is wrong with which statement, in memory.
   Statements are counted in *statements_count. Without libpg_query nothing is parsed. */
const char *parsed_check(ignis_context *ctx, arena *memory, const parsed_call *call,
                         size_t *statements_count);
/* Whether there is a parser. */
bool parsed_is_parsing(void);
/* Frees what the parser keeps; it is not to be asked again. */
void parsed_end(void);

#endif
