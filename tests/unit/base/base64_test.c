#include "support/fault.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void the_vectors_of_rfc_4648_hold(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        const char *encoded;
    } rows[] = {
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
        {"\xFB\xFF\xBF", "+/+/"},
    };
    arena memory = {0};
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        size_t size = strlen(rows[i].bytes);
        text out;
        text_init(&out, &memory, 0);
        base64_write(&out, rows[i].bytes, size);
        assert_string_equal(text_finish(&out), rows[i].encoded);
        uint8_t bytes[16];
        size_t bytes_size;
        assert_true(base64_read(rows[i].encoded, strlen(rows[i].encoded), bytes, &bytes_size));
        assert_int_equal(bytes_size, size);
        assert_memory_equal(bytes, rows[i].bytes, size);
    }
    arena_free(&memory);
}

static void all_bytes_of_all_sizes_come_back(void **state)
{
    (void)state;
    arena memory = {0};
    for (size_t size = 0; size < 600; size++) {
        uint8_t *bytes = arena_alloc(&memory, size);
        for (size_t i = 0; i < size; i++) {
            bytes[i] = (uint8_t)(i * 7 + size);
        }
        text out;
        text_init(&out, &memory, 0);
        base64_write(&out, bytes, size);
        assert_non_null(text_finish(&out));
        assert_int_equal(out.size, (size + 2) / 3 * 4);
        /* Exactly the room the contract asks for. */
        uint8_t *back = arena_alloc(&memory, 3 * out.size / 4);
        size_t back_size;
        assert_true(base64_read(out.data, out.size, back, &back_size));
        assert_int_equal(back_size, size);
        assert_memory_equal(back, bytes, size);
        arena_reset(&memory);
    }
    arena_free(&memory);
}

static void what_is_not_strict_is_refused(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "Z",        "Zg",       "Zg=",      "Zg===", "====",    "=",        "Z===",  "Zm9v=",
        "Zm9v====", "Zg==Zg==", "Zm8=Zm9v", "Zh==",  "Zm9=",    "Zm-v",     "Zm_v",  "Zm9v\n",
        "Zm9v Zm9", " Zm9",     "Z=9v",     "Zm=v",  "Zm9\xC3", "Zm9v\\x4", "\\x00",
    };
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        uint8_t bytes[16];
        size_t bytes_size;
        if (base64_read(rows[i], strlen(rows[i]), bytes, &bytes_size)) fail_msg("%s", rows[i]);
        assert_int_equal(bytes_size, 0);
    }
    uint8_t bytes[4];
    size_t bytes_size;
    assert_false(base64_read("Zm\0v", 4, bytes, &bytes_size));
}

static ignis_code write_bytes(ignis_context *ctx, void *data)
{
    text out;
    text_init(&out, &ctx->results, 0);
    base64_write(&out, data, 1000);
    return text_finish(&out) ? IGNIS_OK : context_fail_memory(ctx, &ctx->results);
}

static void no_memory_is_reported(void **state)
{
    (void)state;
    char bytes[1000] = {0};
    assert_int_equal(fault_run(write_bytes, bytes), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_vectors_of_rfc_4648_hold),
        cmocka_unit_test(all_bytes_of_all_sizes_come_back),
        cmocka_unit_test(what_is_not_strict_is_refused),
        cmocka_unit_test(no_memory_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
