/* problems: several mistakes of one input, told together. */
#include "base/base.h"

bool context_problem_keep(ignis_context *ctx)
{
    ignis_code code = context_error_code(ctx);
    if (code != IGNIS_E_INVALID && code != IGNIS_E_NOT_NULL) return false;
    if (ctx->problems_count == CONTEXT_PROBLEMS_MAX) return true;
    context_problem *kept = arena_array(&ctx->problems, 1, sizeof(*kept));
    /* The first mistake is told alone where there is no memory for the others. */
    if (!kept) return ctx->problems_count > 0;
    context_save(ctx, &kept->saved);
    if (ctx->problem_last) ctx->problem_last->next = kept;
    if (!ctx->problem_first) ctx->problem_first = kept;
    ctx->problem_last = kept;
    ctx->problems_count++;
    return true;
}

ignis_code context_problems_end(ignis_context *ctx)
{
    if (!ctx->problem_first) return IGNIS_OK;
    for (context_problem *at = ctx->problem_first; at; at = at->next) {
        at->error = at->saved.error;
        at->error.message = at->saved.message;
        at->error.path = at->saved.path;
        at->error.hint = at->saved.hint;
        at->error.sqlstate = at->saved.sqlstate;
        at->error.constraint = at->saved.constraint;
        at->error.next = at->next ? &at->next->error : NULL;
    }
    context_restore(ctx, &ctx->problem_first->saved);
    ctx->error.next = ctx->problem_first->error.next;
    return context_error_code(ctx);
}

void context_problems_clear(ignis_context *ctx)
{
    ctx->problem_first = NULL;
    ctx->problem_last = NULL;
    ctx->problems_count = 0;
    arena_reset(&ctx->problems);
}
