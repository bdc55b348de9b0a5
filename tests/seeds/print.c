#include "seed.h"

void print_json(const char *json)
{
    int depth = 0;
    bool in_string = false;
    for (char before = 0; *json; before = *json++) {
        if (!in_string && *json == '{' && (before == '[' || before == ',')) {
            printf("\n%*s", 2 * depth, "");
        } else if (!in_string && (before == ',' || before == ':')) {
            putchar(' ');
        }
        putchar(*json);
        if (in_string && *json == '\\') {
            putchar(*++json);
        } else if (*json == '"') {
            in_string = !in_string;
        } else if (!in_string) {
            depth += (*json == '{' || *json == '[') - (*json == '}' || *json == ']');
        }
    }
    putchar('\n');
}

void print_error(const ignis_context *ctx)
{
    /* guide: print */
    const ignis_error *error = ignis_context_error(ctx);
    printf("%s: %s\n", ignis_code_name(error->code), error->message);
    if (*error->path) printf("  at %s\n", error->path);
    if (*error->hint) printf("  did you mean %s?\n", error->hint);
    /* end */
}
