/* The statements that the library is measured against. Those that build JSON have the form in which
   Drizzle ORM emits the same include: on PostgreSQL LEFT JOIN LATERAL with json_agg, on SQLite
   subqueries with json_group_array; https://orm.drizzle.team/docs/rqb. */
#include "bench.h"

#define USER(a) \
    a ".id, " a ".name, " a ".email, " a ".city, " a ".region, " a ".active, " a ".created_at"
#define POST(a)                                                                       \
    a ".id, " a ".author_id, " a ".section, " a ".title, " a ".body, " a ".views, " a \
      ".rating, " a ".published, " a ".created_at"
#define COMMENT(a)  a ".id, " a ".post_id, " a ".writer, " a ".body, " a ".likes, " a ".created_at"
#define POST_TAG(a) a ".post_id, " a ".tag_id"
#define TAG(a)      a ".id, " a ".label"

/* ---- flat, PostgreSQL ---- */

#define USERS_ANY    "SELECT " USER("u") " FROM users u WHERE u.id = ANY($1)"
#define POSTS_ANY    "SELECT " POST("p") " FROM posts p WHERE p.author_id = ANY($1)"
#define COMMENTS_ANY "SELECT " COMMENT("c") " FROM comments c WHERE c.post_id = ANY($1)"
#define POSTS_LATEST                                                                        \
    "SELECT " POST("p") " FROM unnest($1) AS k(id) CROSS JOIN LATERAL (SELECT * FROM posts" \
                        " WHERE author_id = k.id ORDER BY created_at DESC LIMIT 3) p"
#define USERS_OF(place) "SELECT array_agg(id) FROM users WHERE " place
#define POSTS_OF(place) \
    "SELECT array_agg(id) FROM posts WHERE author_id IN (SELECT id FROM users WHERE " place ")"

/* ---- flat, SQLite: each level is read for each row of the one above ---- */

#define USERS_LITE(place) "SELECT " USER("u") " FROM users u WHERE u." place " = ?1"
#define POSTS_LITE        "SELECT " POST("p") " FROM posts p WHERE p.author_id = ?1"
#define POSTS_LATEST_LITE                                                         \
    "SELECT " POST("p") " FROM posts p WHERE p.rowid IN (SELECT rowid FROM posts" \
                        " WHERE author_id = ?1 ORDER BY created_at DESC LIMIT 3)"
#define COMMENTS_LITE "SELECT " COMMENT("c") " FROM comments c WHERE c.post_id = ?1"

/* ---- JSON in one statement ---- */

#define PG_AGG(columns) "SELECT coalesce(json_agg(json_build_array(" columns ")), '[]'::json)"
#define PG_USERS(place, below)                                                                 \
    "SELECT " USER("users") ", users_posts.data AS posts FROM users LEFT JOIN LATERAL (" below \
                            ") users_posts ON true WHERE users." place " = $1"
#define PG_POSTS                      \
    PG_AGG(POST("users_posts"))       \
    " AS data FROM posts users_posts" \
    " WHERE users_posts.author_id = users.id"
#define PG_POSTS_COMMENTS                                                                         \
    PG_AGG(POST("users_posts") ", users_posts_comments.data")                                     \
    " AS data FROM posts users_posts LEFT JOIN LATERAL (" PG_AGG(                                 \
        COMMENT("users_posts_comments")) " AS data FROM comments users_posts_comments"            \
                                         " WHERE users_posts_comments.post_id = users_posts.id) " \
                                         "users_posts_comments ON true"                           \
                                         " WHERE users_posts.author_id = users.id"
#define PG_POSTS_LATEST                                                               \
    "SELECT coalesce(json_agg(json_build_array(" POST(                                \
        "users_posts") ") ORDER BY users_posts.created_at DESC), '[]'::json) AS data" \
                       " FROM (SELECT * FROM posts users_posts"                       \
                       " WHERE users_posts.author_id = users.id"                      \
                       " ORDER BY users_posts.created_at DESC LIMIT 3) users_posts"
#define PG_TAG                                                                                 \
    "SELECT json_build_array(" TAG("post_tags_tag") ") AS data FROM (SELECT * FROM tags"       \
                                                    " post_tags_tag WHERE post_tags_tag.id = " \
                                                    "post_tags.tag_id LIMIT 1) post_tags_tag"
#define PG_POST_TAGS                                                               \
    PG_AGG(POST_TAG("post_tags") ", post_tags_tag.data")                           \
    " AS data FROM post_tags LEFT JOIN LATERAL (" PG_TAG ") post_tags_tag ON true" \
    " WHERE post_tags.post_id = posts.id"
#define PG_POSTS_TAGS                                                                        \
    "SELECT " POST(                                                                          \
        "posts") ", post_tags.data AS post_tags FROM posts LEFT JOIN LATERAL (" PG_POST_TAGS \
                 ") post_tags ON true WHERE posts.section = $1"

#define LITE_AGG(columns) "SELECT coalesce(json_group_array(json_array(" columns ")), json_array())"
#define LITE_USERS(place, below) \
    "SELECT " USER("users") ", (" below ") AS posts FROM users WHERE users." place " = ?1"
#define LITE_POSTS \
    LITE_AGG(POST("users_posts")) " FROM posts users_posts WHERE users_posts.author_id = users.id"
#define LITE_POSTS_COMMENTS                                                                       \
    LITE_AGG(POST("users_posts") ", (" LITE_AGG(                                                  \
        COMMENT("users_posts_comments")) " FROM comments users_posts_comments"                    \
                                         " WHERE users_posts_comments.post_id = users_posts.id)") \
    " FROM posts users_posts WHERE users_posts.author_id = users.id"
#define LITE_POSTS_LATEST                                                           \
    LITE_AGG(POST("users_posts"))                                                   \
    " FROM (SELECT * FROM posts users_posts WHERE users_posts.author_id = users.id" \
    " ORDER BY users_posts.created_at DESC LIMIT 3) users_posts"
#define LITE_TAG                                                    \
    "SELECT json_array(" TAG(                                       \
        "post_tags_tag") ") FROM (SELECT * FROM tags post_tags_tag" \
                         " WHERE post_tags_tag.id = post_tags.tag_id LIMIT 1) post_tags_tag"
#define LITE_POSTS_TAGS                                                                        \
    "SELECT " POST("posts") ", (" LITE_AGG(                                                    \
        POST_TAG("post_tags") ", (" LITE_TAG ")") " FROM post_tags WHERE post_tags.post_id = " \
                                                  "posts.id) AS post_tags FROM posts"          \
                                                  " WHERE posts.section = ?1"

const bench_workload bench_workloads[BENCH_WORKLOADS_COUNT] = {
    {
        .name = "W1",
        .purpose = "one user, 20 posts",
        .model = "User",
        .filter = "{\"where\": {\"id\": \"%s\"}, \"include\": [\"posts\"]}",
        .postgres =
            {
                .keys = {"SELECT id FROM users WHERE id = $1",
                         "SELECT id FROM users WHERE id = $1"},
                .levels = {"SELECT " USER("u") " FROM users u WHERE u.id = $1",
                           "SELECT " POST("p") " FROM posts p WHERE p.author_id = $1"},
                .json = PG_USERS("id", PG_POSTS),
            },
        .sqlite = {.levels = {USERS_LITE("id"), POSTS_LITE}, .json = LITE_USERS("id", LITE_POSTS)},
    },
    {
        .name = "W2",
        .purpose = "20 users, 400 posts",
        .model = "User",
        .filter = "{\"where\": {\"city\": %s}, \"include\": [\"posts\"]}",
        .parameter = "1",
        .postgres =
            {
                .keys = {USERS_OF("city = $1"), USERS_OF("city = $1")},
                .levels = {USERS_ANY, POSTS_ANY},
                .json = PG_USERS("city", PG_POSTS),
            },
        .sqlite = {.levels = {USERS_LITE("city"), POSTS_LITE},
                   .json = LITE_USERS("city", LITE_POSTS)},
    },
    {
        .name = "W3",
        .purpose = "20 users, 400 posts, 2,000 comments",
        .model = "User",
        .filter = "{\"where\": {\"city\": %s}, \"include\": [{\"relation\": \"posts\","
                  " \"scope\": {\"include\": [\"comments\"]}}]}",
        .parameter = "1",
        .postgres =
            {
                .keys = {USERS_OF("city = $1"), USERS_OF("city = $1"), POSTS_OF("city = $1")},
                .levels = {USERS_ANY, POSTS_ANY, COMMENTS_ANY},
                .json = PG_USERS("city", PG_POSTS_COMMENTS),
            },
        .sqlite = {.levels = {USERS_LITE("city"), POSTS_LITE, COMMENTS_LITE},
                   .json = LITE_USERS("city", LITE_POSTS_COMMENTS)},
    },
    {
        .name = "W4",
        .purpose = "200 users, 4,000 posts, 20,000 comments",
        .model = "User",
        .filter = "{\"where\": {\"region\": %s}, \"include\": [{\"relation\": \"posts\","
                  " \"scope\": {\"include\": [\"comments\"]}}]}",
        .parameter = "0",
        .postgres =
            {
                .keys = {USERS_OF("region = $1"), USERS_OF("region = $1"), POSTS_OF("region = $1")},
                .levels = {USERS_ANY, POSTS_ANY, COMMENTS_ANY},
                .json = PG_USERS("region", PG_POSTS_COMMENTS),
            },
        .sqlite = {.levels = {USERS_LITE("region"), POSTS_LITE, COMMENTS_LITE},
                   .json = LITE_USERS("region", LITE_POSTS_COMMENTS)},
    },
    {
        .name = "W5",
        .purpose = "20 users, the latest 3 posts of each",
        .model = "User",
        .filter = "{\"where\": {\"city\": %s}, \"include\": [{\"relation\": \"posts\","
                  " \"scope\": {\"order\": [\"createdAt DESC\"], \"limit\": 3}}]}",
        .parameter = "1",
        .postgres =
            {
                .keys = {USERS_OF("city = $1"), USERS_OF("city = $1")},
                .levels = {USERS_ANY, POSTS_LATEST},
                .json = PG_USERS("city", PG_POSTS_LATEST),
            },
        .sqlite = {.levels = {USERS_LITE("city"), POSTS_LATEST_LITE},
                   .json = LITE_USERS("city", LITE_POSTS_LATEST)},
    },
    {
        .name = "W6",
        .purpose = "200 posts, their tags through a junction",
        .model = "Post",
        .filter = "{\"where\": {\"section\": %s}, \"include\": [{\"relation\": \"postTags\","
                  " \"scope\": {\"include\": [\"tag\"]}}]}",
        .parameter = "1",
        .postgres =
            {
                .keys = {"SELECT array_agg(id) FROM posts WHERE section = $1",
                         "SELECT array_agg(id) FROM posts WHERE section = $1",
                         "SELECT array_agg(DISTINCT tag_id) FROM post_tags WHERE post_id IN"
                         " (SELECT id FROM posts WHERE section = $1)"},
                .levels = {"SELECT " POST("p") " FROM posts p WHERE p.id = ANY($1)",
                           "SELECT " POST_TAG("j") " FROM post_tags j WHERE j.post_id = ANY($1)",
                           "SELECT " TAG(
                               "t") " FROM unnest($1) AS k(id) JOIN tags t ON t.id = k.id"},
                .json = PG_POSTS_TAGS,
            },
        .sqlite = {.levels = {"SELECT " POST("p") " FROM posts p WHERE p.section = ?1",
                              "SELECT " POST_TAG("j") " FROM post_tags j WHERE j.post_id = ?1",
                              "SELECT " TAG("t") " FROM tags t WHERE t.id = ?1"},
                   .links = {0, 0, 1},
                   .json = LITE_POSTS_TAGS},
    },
};

const char *bench_parameter(const bench_workload *workload, char id[BENCH_ID_SIZE])
{
    bench_data_user(id);
    return workload->parameter ? workload->parameter : id;
}
