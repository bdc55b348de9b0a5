#include "bench.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
    POSTS_PER_USER = 20,
    COMMENTS_PER_POST = 5,
    TAGS_PER_POST = 3,
    USERS_PER_CITY = 20,
    USERS_PER_REGION = 200,
    USERS_PER_TAG = 4,
    POSTS_PER_SECTION = 200,
    USER_READ = 7,
    BATCH_SIZE = 256 * 1024,
    ROW_SIZE_MAX = 2048
};

typedef enum table { TABLE_USER = 1, TABLE_POST, TABLE_COMMENT, TABLE_TAG, TABLE_POST_TAG } table;

const char bench_models[] = IGNIS_JSON({"models": [
    {"name": "User", "table": "users",
     "columns": [
        {"name": "id", "type": "text", "primaryKey": true},
        {"name": "name", "type": "text", "notNull": true},
        {"name": "email", "type": "text"},
        {"name": "city", "type": "integer", "notNull": true},
        {"name": "region", "type": "integer", "notNull": true},
        {"name": "active", "type": "boolean", "notNull": true},
        {"name": "createdAt", "column": "created_at", "type": "timestamptz", "notNull": true}],
     "indexes": [{"columns": ["city"]}, {"columns": ["region"]}],
     "relations": [{"name": "posts", "type": "many", "model": "Post"}]},
    {"name": "Post", "table": "posts",
     "columns": [
        {"name": "id", "type": "text", "primaryKey": true},
        {"name": "authorId", "column": "author_id", "type": "text", "notNull": true},
        {"name": "section", "type": "integer", "notNull": true},
        {"name": "title", "type": "text", "notNull": true},
        {"name": "body", "type": "text"},
        {"name": "views", "type": "bigint", "notNull": true},
        {"name": "rating", "type": "double precision"},
        {"name": "published", "type": "boolean", "notNull": true},
        {"name": "createdAt", "column": "created_at", "type": "timestamptz", "notNull": true}],
     "indexes": [{"columns": ["authorId"]}, {"columns": ["section"]}],
     "relations": [
        {"name": "author", "type": "one", "model": "User",
         "fields": ["authorId"], "references": ["id"]},
        {"name": "comments", "type": "many", "model": "Comment"},
        {"name": "postTags", "type": "many", "model": "PostTag"}]},
    {"name": "Comment", "table": "comments",
     "columns": [
        {"name": "id", "type": "text", "primaryKey": true},
        {"name": "postId", "column": "post_id", "type": "text", "notNull": true},
        {"name": "writer", "type": "text"},
        {"name": "body", "type": "text", "notNull": true},
        {"name": "likes", "type": "integer", "notNull": true},
        {"name": "createdAt", "column": "created_at", "type": "timestamptz", "notNull": true}],
     "indexes": [{"columns": ["postId"]}],
     "relations": [{"name": "post", "type": "one", "model": "Post",
                    "fields": ["postId"], "references": ["id"]}]},
    {"name": "Tag", "table": "tags",
     "columns": [
        {"name": "id", "type": "text", "primaryKey": true},
        {"name": "label", "type": "text", "notNull": true}]},
    {"name": "PostTag", "table": "post_tags",
     "columns": [
        {"name": "postId", "column": "post_id", "type": "text", "primaryKey": true},
        {"name": "tagId", "column": "tag_id", "type": "text", "primaryKey": true}],
     "indexes": [{"columns": ["tagId"]}],
     "relations": [
        {"name": "post", "type": "one", "model": "Post",
         "fields": ["postId"], "references": ["id"]},
        {"name": "tag", "type": "one", "model": "Tag",
         "fields": ["tagId"], "references": ["id"]}]}]});

/* Rows as JSON text, loaded a batch at a time. */
typedef struct batch {
    ignis_context *ctx;
    ignis_data_source *source;
    const char *model;
    size_t size;
    bool has_rows;
    char text[BATCH_SIZE];
} batch;

__attribute__((format(printf, 2, 3))) static void batch_add(batch *rows, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(rows->text + rows->size, BATCH_SIZE - rows->size, format, arguments);
    va_end(arguments);
    if (size < 0 || (size_t)size >= BATCH_SIZE - rows->size) bench_die("a batch is too large");
    rows->size += (size_t)size;
}

static void batch_load(batch *rows)
{
    if (!rows->has_rows) return;
    batch_add(rows, "]}");
    if (ignis_load(rows->ctx, rows->source, rows->text, rows->size, NULL) != IGNIS_OK)
        bench_die("loading %s: %s", rows->model, ignis_context_error(rows->ctx)->message);
    ignis_context_reset(rows->ctx);
    rows->size = 0;
    rows->has_rows = false;
}

/* Begins a row of a model. */
static void batch_row(batch *rows, const char *model)
{
    bool is_full = rows->size > BATCH_SIZE - ROW_SIZE_MAX;
    if (is_full || rows->model != model) batch_load(rows);
    rows->model = model;
    if (rows->has_rows) {
        batch_add(rows, ",\n");
    } else {
        batch_add(rows, "{\"%s\": [", model);
    }
    rows->has_rows = true;
}

/* The finalizer of SplitMix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators",
   2014. */
static uint64_t mix(uint64_t value)
{
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9u;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebu;
    return value ^ (value >> 31);
}

static uint64_t noise(table of, size_t index, unsigned int salt)
{
    return mix(mix(((uint64_t)of << 56) + index) + salt * 0x9e3779b97f4a7c15u);
}

static const char *id_of(table of, size_t index, char id[BENCH_ID_SIZE])
{
    uint64_t high = noise(of, index, 1);
    uint64_t low = noise(of, index, 2);
    (void)snprintf(id, BENCH_ID_SIZE, "%08x-%04x-4%03x-a%03x-%012" PRIx64, (uint32_t)(high >> 32),
                   (uint32_t)(high >> 16) & 0xffff, (uint32_t)high & 0xfff,
                   (uint32_t)(low >> 48) & 0xfff, low & 0xffffffffffffu);
    return id;
}

void bench_data_user(char id[BENCH_ID_SIZE])
{
    (void)id_of(TABLE_USER, USER_READ, id);
}

/* Adds a property of some words; a few need escaping, a few are not ASCII. */
static void words_add(batch *rows, const char *property, uint64_t seed, size_t count)
{
    static const char *const words[] = {
        "a",           "the",    "of",          "river",  "window",        "paper",
        "signal",      "quiet",  "harbour",     "seven",  "\\\"north\\\"", "morning",
        "caf\xc3\xa9", "road",   "letter",      "glass",  "between",       "stone",
        "under",       "copper", "orchard",     "tide",   "lamp",          "and",
        "second",      "light",  "line\\nnext", "engine", "gar\xc3\xa7on", "field",
        "winter",      "maple"};
    batch_add(rows, ", \"%s\": \"", property);
    for (size_t i = 0; i < count; i++) {
        seed = mix(seed + 1);
        batch_add(rows, i > 0 ? " %s" : "%s", words[seed % (sizeof(words) / sizeof(words[0]))]);
    }
    batch_add(rows, "\"");
}

/* Every row its own second, so that the latest rows are never in doubt. */
static void created_add(batch *rows, size_t index)
{
    char text[32];
    struct tm parts;
    time_t seconds = (time_t)(1600000000 + 97 * (int64_t)index);
    if (!gmtime_r(&seconds, &parts) || strftime(text, sizeof(text), "%FT%T", &parts) == 0)
        bench_die("no time for row %zu", index);
    batch_add(rows, ", \"createdAt\": \"%s.%03uZ\"}", text, (unsigned int)(index % 1000));
}

static void user_add(batch *rows, size_t index, size_t users_count)
{
    char id[BENCH_ID_SIZE];
    size_t regions = users_count / USERS_PER_REGION;
    batch_row(rows, "User");
    batch_add(rows, "{\"id\": \"%s\", \"email\": \"user%zu@example.org\"",
              id_of(TABLE_USER, index, id), index);
    words_add(rows, "name", noise(TABLE_USER, index, 3), 2);
    batch_add(rows, ", \"city\": %zu, \"region\": %zu, \"active\": %s",
              index % (users_count / USERS_PER_CITY), index % (regions > 0 ? regions : 1),
              index % 3 > 0 ? "true" : "false");
    created_add(rows, index);
}

/* Posts of one author, comments of one post lie far apart, as rows written over time do. */
static void post_add(batch *rows, size_t index, size_t users_count)
{
    char id[BENCH_ID_SIZE];
    char author[BENCH_ID_SIZE];
    uint64_t seed = noise(TABLE_POST, index, 3);
    batch_row(rows, "Post");
    batch_add(rows, "{\"id\": \"%s\", \"authorId\": \"%s\", \"section\": %zu",
              id_of(TABLE_POST, index, id), id_of(TABLE_USER, index % users_count, author),
              index % (users_count * POSTS_PER_USER / POSTS_PER_SECTION));
    words_add(rows, "title", seed, 6);
    if (index % 10 > 0) words_add(rows, "body", seed + 1, 25);
    batch_add(rows, ", \"views\": %u, \"published\": %s", (unsigned int)(seed % 1000000),
              index % 4 > 0 ? "true" : "false");
    if (index % 7 > 0) batch_add(rows, ", \"rating\": %u.5", (unsigned int)(seed % 9));
    created_add(rows, index);
}

static void comment_add(batch *rows, size_t index, size_t users_count)
{
    char id[BENCH_ID_SIZE];
    char post[BENCH_ID_SIZE];
    uint64_t seed = noise(TABLE_COMMENT, index, 3);
    batch_row(rows, "Comment");
    batch_add(rows, "{\"id\": \"%s\", \"postId\": \"%s\", \"likes\": %u",
              id_of(TABLE_COMMENT, index, id),
              id_of(TABLE_POST, index % (users_count * POSTS_PER_USER), post),
              (unsigned int)(seed % 500));
    if (index % 9 > 0) words_add(rows, "writer", seed, 2);
    words_add(rows, "body", seed + 1, 10);
    created_add(rows, index);
}

static void tag_add(batch *rows, size_t index, size_t users_count)
{
    char id[BENCH_ID_SIZE];
    (void)users_count;
    batch_row(rows, "Tag");
    batch_add(rows, "{\"id\": \"%s\", \"label\": \"tag %zu\"}", id_of(TABLE_TAG, index, id), index);
}

static void post_tag_add(batch *rows, size_t index, size_t users_count)
{
    size_t tags_count = users_count / USERS_PER_TAG;
    char post[BENCH_ID_SIZE];
    char tag[BENCH_ID_SIZE];
    size_t post_index = index / TAGS_PER_POST;
    uint64_t seed = noise(TABLE_POST_TAG, post_index, 1) % tags_count;
    size_t tag_index = (size_t)((seed + 13 * (index % TAGS_PER_POST)) % tags_count);
    batch_row(rows, "PostTag");
    batch_add(rows, "{\"postId\": \"%s\", \"tagId\": \"%s\"}", id_of(TABLE_POST, post_index, post),
              id_of(TABLE_TAG, tag_index, tag));
}

void bench_data_load(ignis_context *ctx, ignis_data_source *source, size_t users_count)
{
    size_t posts_count = users_count * POSTS_PER_USER;
    const struct {
        void (*add)(batch *rows, size_t index, size_t users_count);
        size_t count;
    } tables[] = {{user_add, users_count},
                  {post_add, posts_count},
                  {comment_add, posts_count * COMMENTS_PER_POST},
                  {tag_add, users_count / USERS_PER_TAG},
                  {post_tag_add, posts_count * TAGS_PER_POST}};
    batch rows = {.ctx = ctx, .source = source};
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
        for (size_t k = 0; k < tables[i].count; k++)
            tables[i].add(&rows, k, users_count);
    }
    batch_load(&rows);
}
