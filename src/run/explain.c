#include "run/run.h"

static const char *strategy_text(plan_strategy strategy)
{
    switch (strategy) {
    case PLAN_SEQUENTIAL: return "sequential: a level after the other, in one snapshot";
    case PLAN_TAGGED: return "tagged: all levels in one statement";
    case PLAN_PIPELINE: return "pipeline: all levels in one round trip, in one snapshot";
    }
    return "";
}

static void indent(text *out, size_t depth)
{
    for (size_t i = 0; i < depth; i++)
        text_string(out, "  ");
}

/* Post.comments: any-array (an index leads with postId) */
static void node_write(text *out, const run_plan *plan, size_t index)
{
    const plan_node *node = plan->read->nodes[index];
    size_t depth = node->depth;
    indent(out, depth);
    if (node->relation) {
        text_format(out, "%s.%s: ", node->relation->source->name, node->relation->name);
    } else {
        text_format(out, "%s: ", node->entity->name);
    }
    text_format(out, "%s (%s)\n", plan_access_name(node->access), plan_access_reason(node->access));
    if (plan->read->strategy == PLAN_TAGGED && index > 0) return;
    indent(out, depth + 1);
    text_string(out, plan->statements[index].statement.sql);
    text_char(out, '\n');
}

ignis_code run_explain(ignis_context *ctx, const run_source *source, const filter_request *request,
                       text *out)
{
    run_plan *plan;
    run_plan *wide;
    filter_tree tree;
    IGNIS_TRY(run_plan_get(ctx, source, request, &tree, &plan));
    ignis_code code = run_plan_widen(ctx, source, &tree, plan, &wide);
    const run_plan *shown = code == IGNIS_OK && wide ? wide : plan;
    text_format(out, "%s%s\n", strategy_text(shown->read->strategy),
                code == IGNIS_OK && wide ? " (the last result was wide)" : "");
    for (size_t i = 0; i < shown->read->nodes_count; i++)
        node_write(out, shown, i);
    run_cache_release(source->cache, wide);
    run_cache_release(source->cache, plan);
    if (code != IGNIS_OK) return code;
    return out->code == IGNIS_OK ? IGNIS_OK : context_fail_memory(ctx, out->memory);
}
