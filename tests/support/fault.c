/* fault: fails the n-th allocation, n = 1, 2, 3 and so on. */
#include "support/fault.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* A small allocation, and a document read and written. */
static void usable_assert(ignis_context *ctx)
{
    static const char document[] = "{\"a\":[1,\"two\",null]}";
    assert_non_null(arena_alloc(&ctx->results, 32));
    const json *value = NULL;
    assert_int_equal(
        json_read_context(ctx, &ctx->scratch, document, sizeof document - 1, NULL, &value),
        IGNIS_OK);
    text out;
    text_init(&out, &ctx->results, 0);
    json_write_value(&out, value);
    const char *written = text_finish(&out);
    assert_non_null(written);
    assert_string_equal(written, document);
}

/* One run. Whether its n-th allocation existed. */
static bool run(fault_body body, void *data, uint64_t n)
{
    size_t blocks_before = arena_live_blocks();
    ignis_context *ctx = ignis_context_create();
    assert_non_null(ctx);
    arena_fault_at(n);
    ignis_code code = body(ctx, data);
    bool is_met = arena_fault_count() >= n;
    arena_fault_at(0);
    if (code != IGNIS_OK && (!is_met || code != IGNIS_E_MEMORY)) {
        fail_msg("failing allocation %llu: code %s, message \"%s\"", (unsigned long long)n,
                 ignis_code_name(code), ctx->error.message);
    }
    if (code == IGNIS_E_MEMORY) {
        const ignis_error *error = ignis_context_error(ctx);
        assert_int_equal(error->code, IGNIS_E_MEMORY);
        assert_string_not_equal(error->message, "");
    }
    usable_assert(ctx);
    ignis_context_free(ctx);
    if (arena_live_blocks() != blocks_before) {
        fail_msg("failing allocation %llu: %zu blocks before, %zu after", (unsigned long long)n,
                 blocks_before, arena_live_blocks());
    }
    return is_met;
}

size_t fault_run(fault_body body, void *data)
{
    size_t failures = 0;
    while (run(body, data, failures + 1)) {
        failures++;
    }
    return failures;
}
