/* The relations of a registered model as they were resolved. */
#include "seed.h"

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    ignis_data_source *source = blog->source;
    /* guide: list */
    ignis_relation_definitions definitions;
    const char *text;
    IGNIS_TRY(ignis_relations_list(ctx, source, "Post", &definitions));
    for (size_t i = 0; i < definitions.count; i++)
        printf("%s leads to %s\n", definitions.items[i].name, definitions.items[i].target);
    IGNIS_TRY(ignis_relations_to_text(ctx, source, "Post", &text));
    fputs(text, stdout);
    /* end */
    return IGNIS_OK;
}
