#include "seed.h"

ignis_code with_source(ignis_context *ctx, const ignis_data_source_class *class_,
                       ignis_code (*run)(ignis_context *ctx, ignis_data_source *source))
{
    ignis_data_source *source;
    IGNIS_TRY(ignis_data_source_open(ctx, class_, &source));
    ignis_code code = run(ctx, source);
    ignis_data_source_close(source);
    return code;
}
