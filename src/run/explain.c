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

static size_t depth_of(const plan_read *read, const plan_node *node)
{
    size_t depth = 0;
    for (; node->relation; node = read->nodes[node->parent_index])
        depth++;
    return depth;
}

/* Post.comments: any-array (an index leads with postId) */
static void node_write(text *out, const run_plan *plan, size_t index)
{
    const plan_node *node = plan->read->nodes[index];
    size_t depth = depth_of(plan->read, node);
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
    filter_tree tree;
    IGNIS_TRY(run_plan_get(ctx, source, request, &tree, &plan));
    text_format(out, "%s\n", strategy_text(plan->read->strategy));
    for (size_t i = 0; i < plan->read->nodes_count; i++)
        node_write(out, plan, i);
    run_cache_release(source->cache, plan);
    return out->code == IGNIS_OK ? IGNIS_OK : context_fail_memory(ctx, out->memory);
}
