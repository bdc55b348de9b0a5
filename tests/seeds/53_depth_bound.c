/* How deep includes may go: eight levels below the root for the program, five from outside, or what a
   policy says. */
#include "seed.h"

/* Posts with their author, with the author's posts, and so on: a filter made at run time. */
static ignis_code read_deep(ignis_context *ctx, const PostRepository *posts, size_t depth,
                            const ignis_policy *policy)
{
    Post *found;
    size_t count;
    /* guide: chain */
    ignis_inclusion inclusions[9];
    ignis_filter scopes[9] = {{0}};
    for (size_t i = depth; i-- > 0;) {
        scopes[i].struct_size = sizeof(scopes[i]);
        if (i + 1 < depth) scopes[i].include = IGNIS_INCLUDE_OF(&inclusions[i + 1], 1);
        inclusions[i] =
            i % 2 ? IGNIS_WITH(User, posts, &scopes[i]) : IGNIS_WITH(Post, author, &scopes[i]);
    }
    return PostRepository_find(ctx, posts,
                               IGNIS_FILTER(.include = IGNIS_INCLUDE_OF(inclusions, 1),
                                            .options = IGNIS_OPTIONS(.policy = policy)),
                               &found, &count);
    /* end */
}

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    /* guide: policy */
    ignis_policy deeper = ignis_policy_trusted;
    deeper.include_depth_max = 9;
    /* end */
    const struct {
        const char *name;
        const ignis_policy *policy;
        size_t depth;
    } tries[] = {{"trusted", &ignis_policy_trusted, 8},
                 {"trusted", &ignis_policy_trusted, 9},
                 {"of its own", &deeper, 9},
                 {"public", &ignis_policy_public, 5},
                 {"public", &ignis_policy_public, 6}};
    for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
        ignis_code code = read_deep(ctx, blog->posts, tries[i].depth, tries[i].policy);
        printf("%s, %zu levels: %s%s%s\n", tries[i].name, tries[i].depth, ignis_code_name(code),
               code == IGNIS_OK ? "" : ": ", ignis_context_error(ctx)->message);
    }
    return IGNIS_OK;
}
