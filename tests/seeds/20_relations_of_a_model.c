/* A model is data: its relations can be listed. */
#include "seed.h"

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    (void)ctx;
    (void)blog;
    /* guide: list */
    for (const ignis_relation *at = Post_model.relations.items; at->kind; at++)
        printf("%s: %s %s\n", at->member, at->kind == IGNIS_RELATION_ONE ? "one" : "many",
               at->target->struct_name);
    /* end */
    return IGNIS_OK;
}
