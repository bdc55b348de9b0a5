#include "writes.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#ifdef BENCH_HAVE_JANSSON
#include <jansson.h>
#endif

enum { NAME_SIZE = 40, PRICE_SIZE = 16, JSON_SIZE = 200, RANDOM_SIZE = 4096 };

static const int64_t unix_to_2000 = 946684800;
/* 2024-03-10T10:20:30Z */
static const int64_t made_at = INT64_C(763381230) * 1000000;

/* ---- structs and JSON ---- */

static void item_make(const writes_bench *bench, size_t i)
{
    char *name = bench->texts + i * (NAME_SIZE + PRICE_SIZE);
    char *price = name + NAME_SIZE;
    (void)snprintf(name, NAME_SIZE, "item number %zu", i + 1);
    (void)snprintf(price, PRICE_SIZE, "%zu.25", (i + 1) % 5000);
    bench->items[i] = (Item){.id = (int32_t)(i + 1),
                             .name = name,
                             .price = {price},
                             .views = (int64_t)(i + 1) * 3,
                             .is_active = (i + 1) % 2 != 0,
                             .made_at = {made_at}};
}

static char *item_json(const writes_bench *bench, size_t i, char *out)
{
    const Item *item = &bench->items[i];
    if (i > 0) *out++ = ',';
    *out++ = '{';
    if (!bench->makes) out += snprintf(out, JSON_SIZE, "\"id\":%" PRId32 ",", item->id);
    out += snprintf(out, JSON_SIZE,
                    "\"name\":\"%s\",\"price\":\"%s\",\"views\":%" PRId64 ",\"isActive\":%s",
                    item->name, item->price.text, item->views, item->is_active ? "true" : "false");
    if (!bench->makes) out += snprintf(out, JSON_SIZE, ",\"madeAt\":\"2024-03-10T10:20:30Z\"");
    *out++ = '}';
    return out;
}

void writes_rows_make(writes_bench *bench)
{
    size_t count = bench->rows_count;
    bench->items = calloc(count, sizeof(*bench->items));
    bench->texts = calloc(count, NAME_SIZE + PRICE_SIZE);
    bench->arguments = malloc(count * JSON_SIZE + JSON_SIZE);
    if (!bench->items || !bench->texts || !bench->arguments) writes_die("no memory");
    char *out = bench->arguments;
    out += snprintf(out, JSON_SIZE, "{\"options\":{\"shouldReturn\":false},\"data\":[");
    bench->list = out - 1;
    for (size_t i = 0; i < count; i++) {
        item_make(bench, i);
        out = item_json(bench, i, out);
    }
    *out++ = ']';
    bench->list_size = (size_t)(out - bench->list);
    *out++ = '}';
    *out = '\0';
}

void writes_rows_free(writes_bench *bench)
{
    free(bench->items);
    free(bench->texts);
    free(bench->arguments);
}

/* ---- what a program by hand makes ---- */

void writes_uuid(char out[WRITES_UUID_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    static unsigned char bytes[RANDOM_SIZE];
    static size_t used = RANDOM_SIZE;
    for (size_t i = 0; used == RANDOM_SIZE && i < RANDOM_SIZE; i += 256) {
        if (getrandom(bytes + i, 256, 0) != 256) writes_die("no random bytes");
    }
    if (used == RANDOM_SIZE) used = 0;
    unsigned char *own = bytes + used;
    own[6] = (unsigned char)((own[6] & 0x0f) | 0x40);
    own[8] = (unsigned char)((own[8] & 0x3f) | 0x80);
    for (size_t i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10) *out++ = '-';
        *out++ = digits[own[i] >> 4];
        *out++ = digits[own[i] & 15];
    }
    used += 16;
}

int64_t writes_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return ((int64_t)now.tv_sec - unix_to_2000) * 1000000 + now.tv_nsec / 1000;
}

static void digits_put(char *out, size_t size, int64_t value)
{
    for (; size > 0; value /= 10)
        out[--size] = (char)('0' + value % 10);
}

/* The day is remembered, as a program in a hurry would. */
void writes_time(char out[WRITES_TIME_SIZE], int64_t microseconds)
{
    static int64_t day = -1;
    static char date[16];
    const int64_t day_us = INT64_C(86400) * 1000000;
    if (microseconds / day_us != day) {
        day = microseconds / day_us;
        time_t seconds = (time_t)(day * 86400 + unix_to_2000);
        struct tm parts;
        (void)gmtime_r(&seconds, &parts);
        (void)strftime(date, sizeof(date), "%Y-%m-%dT", &parts);
    }
    int64_t rest = microseconds % day_us;
    memcpy(out, date, 11);
    digits_put(out + 11, 2, rest / 1000000 / 3600);
    digits_put(out + 14, 2, rest / 1000000 / 60 % 60);
    digits_put(out + 17, 2, rest / 1000000 % 60);
    digits_put(out + 20, 6, rest % 1000000);
    out[13] = out[16] = ':';
    out[19] = '.';
    out[26] = 'Z';
}

/* ---- the same from JSON text ---- */

#ifdef BENCH_HAVE_JANSSON

/* "2024-03-10T10:20:30Z", no other form. */
static int64_t time_read(const char *given)
{
    struct tm parts = {0};
    const char *end = strptime(given, "%Y-%m-%dT%H:%M:%SZ", &parts);
    if (!end || *end) writes_die("'%s' is no time", given);
    return ((int64_t)timegm(&parts) - unix_to_2000) * 1000000;
}

static void item_read(const json_t *row, bool makes, Item *item)
{
    *item = (Item){.name = json_string_value(json_object_get(row, "name")),
                   .price = {json_string_value(json_object_get(row, "price"))},
                   .views = json_integer_value(json_object_get(row, "views")),
                   .is_active = json_is_true(json_object_get(row, "isActive"))};
    if (makes) return;
    item->id = (int32_t)json_integer_value(json_object_get(row, "id"));
    item->made_at.microseconds = time_read(json_string_value(json_object_get(row, "madeAt")));
}

Item *writes_json_read(const writes_bench *bench, void **document)
{
    json_t *list = json_loadb(bench->list, bench->list_size, 0, NULL);
    if (json_array_size(list) != bench->rows_count) writes_die("jansson reads other rows");
    Item *items = calloc(bench->rows_count, sizeof(*items));
    if (!items) writes_die("no memory");
    for (size_t i = 0; i < bench->rows_count; i++)
        item_read(json_array_get(list, i), bench->makes, &items[i]);
    *document = list;
    return items;
}

void writes_json_free(Item *items, void *document)
{
    free(items);
    json_decref(document);
}

#else

Item *writes_json_read(const writes_bench *bench, void **document)
{
    (void)bench;
    *document = NULL;
    return NULL;
}

void writes_json_free(Item *items, void *document)
{
    (void)items, (void)document;
}

#endif
