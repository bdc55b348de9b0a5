/* A value of one of several types, and which. */
#include "seed.h"

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    ConfigurationRepository *configurations = blog->configurations;
    /* guide: values */
    const Configuration rows[] = {
        {.code = "title", .group = "UI", .data_type = "TEXT", .t_value = "Blog"},
        {.code = "size", .group = "UI", .data_type = "NUMBER", .n_value = {true, 12.5}},
        {.code = "beta", .group = "UI", .data_type = "BOOLEAN", .bo_value = {true, false}},
        {.code = "menu", .group = "UI", .data_type = "JSON", .j_value = {"{\"items\":[1,2]}"}},
        {.code = "icon",
         .group = "UI",
         .data_type = "BYTES",
         .b_value = {(const uint8_t *)"\x89PNG", 4}}};
    Configuration *found;
    size_t count;
    IGNIS_TRY(ConfigurationRepository_create_rows(ctx, configurations, rows, 5,
                                                  IGNIS_FIELDS(Configuration, code, group,
                                                               data_type, n_value, t_value, b_value,
                                                               j_value, bo_value),
                                                  NULL));
    IGNIS_TRY(ConfigurationRepository_find(
        ctx, configurations,
        IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_EQ(Configuration, group, "UI")),
                     .order = IGNIS_ORDER(IGNIS_ASC(Configuration, code))),
        &found, &count));
    for (size_t i = 0; i < count; i++) {
        const Configuration *at = &found[i];
        printf("%s, %s:", at->code, at->data_type);
        if (at->t_value) printf(" %s", at->t_value);
        if (at->n_value.is_set) printf(" %g", at->n_value.value);
        if (at->bo_value.is_set) printf(" %s", at->bo_value.value ? "on" : "off");
        if (at->j_value.text) printf(" %s", at->j_value.text);
        if (at->b_value.data) printf(" %zu bytes", at->b_value.size);
        putchar('\n');
    }
    /* end */
    return IGNIS_OK;
}
