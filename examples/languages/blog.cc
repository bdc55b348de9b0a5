// The JSON calls from C++17: models, rows, filters and results are text.
#include <ignis.h>

#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>

namespace {

using Context = std::unique_ptr<ignis_context, decltype(&ignis_context_free)>;
using Source = std::unique_ptr<ignis_data_source, decltype(&ignis_data_source_close)>;

void check(const Context &ctx, ignis_code code)
{
    if (code != IGNIS_OK) throw std::runtime_error(ignis_context_error(ctx.get())->message);
}

Source open(const Context &ctx, const char *models, const char *url)
{
    ignis_data_source_class blog{};
    ignis_data_source *source = nullptr;
    blog.struct_size = sizeof blog;
    blog.url = url;
    check(ctx, ignis_models_from_json(ctx.get(), models, 0, &blog.models, &blog.models_count));
    check(ctx, ignis_data_source_open(ctx.get(), &blog, &source));
    return {source, ignis_data_source_close};
}

void run()
{
    Context ctx(ignis_context_create(), ignis_context_free);
    Source source = open(ctx, R"({"models": [{"name": "User", "columns": [
        {"enricher": "id", "dataType": "number"}, {"name": "name", "type": "text"}]}]})",
                         "sqlite::memory:");
    check(ctx, ignis_schema_create(ctx.get(), source.get()));
    check(ctx, ignis_load(ctx.get(), source.get(),
                          R"({"User": [{"id": 1, "name": "Ann"}, {"id": 2, "name": "Bo"}]})", 0,
                          nullptr));
    ignis_repository_class users{};
    ignis_repository *repository = nullptr;
    users.struct_size = sizeof users;
    users.model = "User";
    check(ctx, ignis_repository_open(ctx.get(), source.get(), &users, &repository));
    const char *json = nullptr;
    check(ctx, ignis_find_json(ctx.get(), repository, nullptr, R"({"order": ["name DESC"]})", &json));
    std::cout << json << '\n';
}

} // namespace

int main()
{
    try {
        run();
    } catch (const std::exception &error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
}
