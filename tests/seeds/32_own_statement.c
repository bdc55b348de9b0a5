/* A statement of one's own beside the repositories, its values apart from its text. */
#include "seed.h"

/* guide: statement */
static ignis_code authors_count(ignis_context *ctx, ignis_data_source *source, const char *status,
                                const char **json)
{
    const ignis_parameter parameters[] = {ignis_parameter_text(status)};
    const ignis_sql statement = {
        .struct_size = sizeof(statement),
        .text = "SELECT author_id, CAST(count(*) AS integer) AS posts FROM \"Post\" "
                "WHERE status = $1 GROUP BY author_id ORDER BY author_id",
        .parameters = parameters,
        .parameters_count = 1};
    return ignis_query(ctx, source, &statement, json);
}
/* end */

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    const char *json;
    IGNIS_TRY(authors_count(ctx, blog->source, "published", &json));
    puts(json);
    return IGNIS_OK;
}
