/* A statement of one's own on the database of a repository, its values apart from its text. */
#include "seed.h"

/* guide: statement */
static ignis_code PostRepository_count_by_author(ignis_context *ctx, const PostRepository *self,
                                                 const char *status, const char **json)
{
    const ignis_parameter parameters[] = {ignis_parameter_text(status)};
    const ignis_sql statement = {
        .struct_size = sizeof(statement),
        .text = "SELECT author_id, CAST(count(*) AS integer) AS posts FROM \"Post\" "
                "WHERE status = $1 GROUP BY author_id ORDER BY author_id",
        .parameters = parameters,
        .parameters_count = 1};
    return ignis_repository_query(ctx, PostRepository_base(self), &statement, json);
}
/* end */

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    const char *json;
    IGNIS_TRY(PostRepository_count_by_author(ctx, blog->posts, "published", &json));
    puts(json);
    return IGNIS_OK;
}
