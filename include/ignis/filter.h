/* Filters of C programs, and policies: how far a filter is trusted. */
#ifndef IGNIS_FILTER_H
#define IGNIS_FILTER_H

#include "ignis/model.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The relations and operators that filters may use on one model.
   A list whose items are NULL allows all; count 0 with items allows none. */
typedef struct ignis_model_policy {
    const char *model;     /* its name */
    ignis_names relations; /* that may be included */
    ignis_names operators; /* as in JSON: "eq", "like" */
} ignis_model_policy;

/* Bounds of a filter; exceeding one is IGNIS_E_LIMIT. 0 means: no bound. */
typedef struct ignis_policy {
    size_t struct_size;
    bool trusted;                     /* may skip default filters and name hidden properties */
    bool allow_regexp;                /* regexp and iregexp */
    uint32_t include_depth_max;       /* levels below the root */
    uint32_t where_depth_max;         /* levels of and, or, not */
    uint32_t conditions_max;          /* in the whole filter */
    uint32_t list_max;                /* elements of one list */
    int64_t limit_max;                /* rows of a level where the model sets no maxLimit; lowers */
    int64_t rows_max;                 /* rows of the whole result */
    size_t filter_size_max;           /* bytes of filter text */
    const ignis_model_policy *models; /* those that are restricted; others allow all */
    size_t models_count;              /* of models */
    uint32_t includes_max; /* includes in the whole filter, those of default filters counted */
} ignis_policy;

/* Program code: include depth 8, no other bound. */
IGNIS_API extern const ignis_policy ignis_policy_trusted;
/* The outside: 5 include levels, 100 includes, 16 levels of and/or/not, 100 conditions, 1,000 list
   elements, limit 1,000 at every level, 100,000 rows, 64 KiB of text, no regexp. */
IGNIS_API extern const ignis_policy ignis_policy_public;

/* ---- filters in C: plain data on the caller's stack ----

   Lists carry the size of their elements, and a count or IGNIS_ENDED. Made by the macros below; the
   meaning of everything is that of docs/filters.md. All of it is read during the call and not kept. */

/* A condition on a row: an operator with a member and a value, or with further conditions. */
typedef struct ignis_condition {
    const char *op;           /* as in JSON: "eq", "and"; NULL: the end of a list */
    const ignis_model *model; /* that has the member */
    const char *member;       /* of the struct */
    const char *path;         /* below a JSON column: "user.id", "[0].name"; NULL: none */
    ignis_value value;        /* what the member is compared with */
    const struct ignis_condition *items; /* of and, or, not */
    size_t count;
    size_t item_size;
} ignis_condition;

/* Conditions that all hold. items NULL: none. */
typedef struct ignis_conditions {
    const ignis_condition *items;
    size_t count;
    size_t item_size;
} ignis_conditions;

/* Members of a model's struct. items NULL: not said. */
typedef struct ignis_members {
    const ignis_model *model; /* that has them */
    const char *const *items;
    size_t count;
    bool is_exclusion; /* all but these */
} ignis_members;

/* Where NULLs stand in an order. */
typedef enum ignis_nulls {
    IGNIS_NULLS_DEFAULT = 0, /* last ascending, first descending */
    IGNIS_NULLS_FIRST,       /* before all others */
    IGNIS_NULLS_LAST         /* after all others */
} ignis_nulls;

/* A key of an order. */
typedef struct ignis_order {
    const ignis_model *model; /* that has the member; NULL: the end of a list */
    const char *member;       /* of the struct */
    const char *path;         /* below a JSON column; NULL: none */
    bool descending;          /* the greatest first */
    ignis_nulls nulls;        /* where NULLs stand */
} ignis_order;

/* Keys of an order. items NULL: not said, so that a default filter's serves; items and count 0: none. */
typedef struct ignis_orders {
    const ignis_order *items;
    size_t count;
    size_t item_size;
} ignis_orders;

/* A bound that is said; zero is a bound too. */
typedef struct ignis_bound {
    bool is_set;   /* false: not said */
    int64_t value; /* not negative */
} ignis_bound;

/* What to read; its members are below. */
typedef struct ignis_filter ignis_filter;

/* A relation whose rows come with the result. */
typedef struct ignis_inclusion {
    const ignis_model *model;  /* that has the relation; NULL: the end of a list */
    const char *member;        /* of the struct */
    const ignis_filter *scope; /* NULL: all rows */
} ignis_inclusion;

/* Inclusions. items NULL: not said; items and count 0: none. */
typedef struct ignis_inclusions {
    const ignis_inclusion *items;
    size_t count;
    size_t item_size;
} ignis_inclusions;

/* Locks on the root's rows, of reads within a transaction on PostgreSQL (docs/transactions.md). */
typedef enum ignis_lock_strength {
    IGNIS_LOCK_NONE = 0,      /* no lock */
    IGNIS_LOCK_UPDATE,        /* FOR UPDATE */
    IGNIS_LOCK_NO_KEY_UPDATE, /* FOR NO KEY UPDATE */
    IGNIS_LOCK_SHARE,         /* FOR SHARE */
    IGNIS_LOCK_KEY_SHARE      /* FOR KEY SHARE */
} ignis_lock_strength;

/* What becomes of rows that others have locked. */
typedef enum ignis_lock_wait {
    IGNIS_LOCK_WAIT = 0,   /* the call waits for them */
    IGNIS_LOCK_NOWAIT,     /* IGNIS_E_TIMEOUT */
    IGNIS_LOCK_SKIP_LOCKED /* they are left out */
} ignis_lock_wait;

/* Where the rows of a read come from. */
typedef enum ignis_replica {
    IGNIS_REPLICA_ANY = 0, /* a replica, where the data source has any, else the primary */
    IGNIS_REPLICA_NONE     /* the primary: what was written before is there */
} ignis_replica;

/* What a call does besides; zeros are the defaults. An option that a call has no use for is
   IGNIS_E_INVALID, but for policy and log. */
typedef struct ignis_options {
    size_t struct_size;
    bool skip_default_filter;   /* in a scope: of the included model */
    bool with_hidden;           /* select hidden properties too; at top level, for all levels */
    const ignis_policy *policy; /* at top level; NULL: trusted */
    bool force;                 /* of writes: the condition may leave out no row */
    const char *on_conflict;    /* of upserts: the name of a unique; NULL: the primary key */
    ignis_log_level log;        /* at top level: as ignis_context_log_set, for this call */
    ignis_lock_strength lock;   /* at top level, of finds */
    ignis_lock_wait lock_wait;  /* where lock is said */
    ignis_replica replica;      /* of reads, at top level */
} ignis_options;

/* What to read: all rows where it is zeros. Made by IGNIS_FILTER. */
struct ignis_filter {
    size_t struct_size;
    ignis_conditions where;       /* which rows */
    ignis_members fields;         /* which members */
    ignis_orders order;           /* in which order */
    ignis_bound limit;            /* how many; in a scope for each parent */
    ignis_bound skip;             /* after how many */
    ignis_inclusions include;     /* with which relations */
    const ignis_options *options; /* NULL: none */
};

/* A copy in ctx that needs nothing of the original any more, values included, but for models and a
   policy. */
IGNIS_API IGNIS_CHECKED ignis_code ignis_filter_copy(ignis_context *ctx, const ignis_filter *filter,
                                                     const ignis_filter **copy);

#ifndef __cplusplus

/* A filter, the filter of an inclusion, and options. Their data live to the end of the enclosing block: a
   literal made inside an `if` dangles after it. */
#define IGNIS_FILTER(...) (&(const ignis_filter){.struct_size = sizeof(ignis_filter), __VA_ARGS__})
#define IGNIS_SCOPE(...)  IGNIS_FILTER(__VA_ARGS__)
#define IGNIS_OPTIONS(...) \
    (&(const ignis_options){.struct_size = sizeof(ignis_options), __VA_ARGS__})

/* ---- where ---- */

/* .where = IGNIS_WHERE(IGNIS_EQ(User, age, 18), …): conditions that all hold; or count of an array. */
#define IGNIS_WHERE(...)                                                          \
    ((ignis_conditions){(const ignis_condition[]){__VA_ARGS__, {0}}, IGNIS_ENDED, \
                        sizeof(ignis_condition)})
#define IGNIS_WHERE_OF(items, count) ((ignis_conditions){items, count, sizeof(ignis_condition)})

/* All, any, not all of the conditions written here. */
#define IGNIS_AND(...) IGNIS_GROUP_("and", __VA_ARGS__)
#define IGNIS_OR(...)  IGNIS_GROUP_("or", __VA_ARGS__)
#define IGNIS_NOT(...) IGNIS_GROUP_("not", __VA_ARGS__)
#define IGNIS_GROUP_(op_, ...)                                               \
    ((ignis_condition){.op = op_,                                            \
                       .items = (const ignis_condition[]){__VA_ARGS__, {0}}, \
                       .count = IGNIS_ENDED,                                 \
                       .item_size = sizeof(ignis_condition)})
/* The same of count conditions of an array, which may be 0: all of none hold, any of none do not. */
#define IGNIS_AND_OF(items, count) IGNIS_GROUP_OF_("and", items, count)
#define IGNIS_OR_OF(items, count)  IGNIS_GROUP_OF_("or", items, count)
#define IGNIS_GROUP_OF_(op_, items_, count_) \
    ((ignis_condition){                      \
        .op = op_, .items = items_, .count = count_, .item_size = sizeof(ignis_condition)})

/* IGNIS_EQ(User, age, 18). A NULL pointer as the value is IGNIS_E_INVALID, never IS NULL. */
#define IGNIS_EQ(T, m, v)             IGNIS_COMPARE_("eq", T, m, v)
#define IGNIS_NE(T, m, v)             IGNIS_COMPARE_("ne", T, m, v)
#define IGNIS_GT(T, m, v)             IGNIS_COMPARE_("gt", T, m, v)
#define IGNIS_GTE(T, m, v)            IGNIS_COMPARE_("gte", T, m, v)
#define IGNIS_LT(T, m, v)             IGNIS_COMPARE_("lt", T, m, v)
#define IGNIS_LTE(T, m, v)            IGNIS_COMPARE_("lte", T, m, v)
#define IGNIS_BETWEEN(T, m, a, b)     IGNIS_AMONG_("between", T, m, a, b)
#define IGNIS_NOT_BETWEEN(T, m, a, b) IGNIS_AMONG_("notBetween", T, m, a, b)

/* Of text members; the value is text. */
#define IGNIS_LIKE(T, m, v)        IGNIS_MATCH_("like", T, m, v)
#define IGNIS_NOT_LIKE(T, m, v)    IGNIS_MATCH_("nlike", T, m, v)
#define IGNIS_ILIKE(T, m, v)       IGNIS_MATCH_("ilike", T, m, v)
#define IGNIS_NOT_ILIKE(T, m, v)   IGNIS_MATCH_("nilike", T, m, v)
#define IGNIS_STARTS_WITH(T, m, v) IGNIS_MATCH_("startsWith", T, m, v)
#define IGNIS_ENDS_WITH(T, m, v)   IGNIS_MATCH_("endsWith", T, m, v)
#define IGNIS_REGEXP(T, m, v)      IGNIS_MATCH_("regexp", T, m, v)
#define IGNIS_IREGEXP(T, m, v)     IGNIS_MATCH_("iregexp", T, m, v)

/* One of the values written here, or of count elements of a C array of the member's type. */
#define IGNIS_IN(T, m, ...)                 IGNIS_AMONG_("in", T, m, __VA_ARGS__)
#define IGNIS_NOT_IN(T, m, ...)             IGNIS_AMONG_("nin", T, m, __VA_ARGS__)
#define IGNIS_IN_OF(T, m, items, count)     IGNIS_AMONG_OF_("in", T, m, items, count)
#define IGNIS_NOT_IN_OF(T, m, items, count) IGNIS_AMONG_OF_("nin", T, m, items, count)

/* Of any column. */
#define IGNIS_IS_NULL(T, m)     IGNIS_NULLNESS_("isNull", T, m)
#define IGNIS_IS_NOT_NULL(T, m) IGNIS_NULLNESS_("isNotNull", T, m)

/* Of array members, with the elements written here. */
#define IGNIS_CONTAINS(T, m, ...)     IGNIS_ELEMENTS_("contains", T, m, __VA_ARGS__)
#define IGNIS_CONTAINED_BY(T, m, ...) IGNIS_ELEMENTS_("containedBy", T, m, __VA_ARGS__)
#define IGNIS_OVERLAPS(T, m, ...)     IGNIS_ELEMENTS_("overlaps", T, m, __VA_ARGS__)
#define IGNIS_ARRAY_EQ(T, m, ...)     IGNIS_ELEMENTS_("eq", T, m, __VA_ARGS__)

/* An operator or a path that is NULL is none: not the end of a list, not the whole. */
static inline const char *ignis_given_(const char *word)
{
    return word ? word : "";
}

/* Below a JSON member, with any operator of docs/filters.md and a bool, number, text or document:
   IGNIS_PATH(Post, metadata, "scores[0]", "gt", 80). true and false of C17 are ints: (bool)true. */
#define IGNIS_PATH(T, m, path_, op_, v)                                                         \
    ((ignis_condition){.op = ignis_given_(op_),                                                 \
                       .model = &T##_model,                                                     \
                       .member = IGNIS_NAME_IF_(T, m, IGNIS_IS_PATH_(T, m, v), IGNIS_NO_PATH_), \
                       .path = ignis_given_(path_),                                             \
                       .value = IGNIS_VALUE(v)})
#define IGNIS_PATH_IN(T, m, path_, op_, ...)                                                     \
    ((ignis_condition){.op = ignis_given_(op_),                                                  \
                       .model = &T##_model,                                                      \
                       .member = IGNIS_NAME_IF_(T, m, IGNIS_IS_PATH_(T, m, ""), IGNIS_NO_PATH_), \
                       .path = ignis_given_(path_),                                              \
                       .value = IGNIS_LIST_(__VA_ARGS__)})

/* ---- fields, order, limit, skip, include ---- */

/* .fields = IGNIS_FIELDS(User, id, name): these members; or all but these. */
#define IGNIS_FIELDS(T, ...)        IGNIS_MEMBERS_(T, false, __VA_ARGS__)
#define IGNIS_FIELDS_EXCEPT(T, ...) IGNIS_MEMBERS_(T, true, __VA_ARGS__)

/* .order = IGNIS_ORDER(IGNIS_ASC(User, name), …); count of an array; none, not even that of a default
   filter. */
#define IGNIS_ORDER(...) \
    ((ignis_orders){(const ignis_order[]){__VA_ARGS__, {0}}, IGNIS_ENDED, sizeof(ignis_order)})
#define IGNIS_ORDER_OF(items, count) ((ignis_orders){items, count, sizeof(ignis_order)})
#define IGNIS_NO_ORDER               IGNIS_ORDER_OF(&(const ignis_order){0}, 0)
/* IGNIS_DESC(Post, views), IGNIS_DESC(Post, views, .nulls = IGNIS_NULLS_LAST). */
#define IGNIS_ASC(T, ...)  IGNIS_ORDER_BY_(T, __VA_ARGS__, .descending = false)
#define IGNIS_DESC(T, ...) IGNIS_ORDER_BY_(T, __VA_ARGS__, .descending = true)
/* IGNIS_DESC_PATH(Post, metadata, "score"). */
#define IGNIS_ASC_PATH(T, m, ...)  IGNIS_ORDER_PATH_(T, m, __VA_ARGS__, .descending = false)
#define IGNIS_DESC_PATH(T, m, ...) IGNIS_ORDER_PATH_(T, m, __VA_ARGS__, .descending = true)

/* .limit = IGNIS_LIMIT(10), .skip = IGNIS_SKIP(20). */
#define IGNIS_LIMIT(rows) ((ignis_bound){true, rows})
#define IGNIS_SKIP(rows)  ((ignis_bound){true, rows})

/* .include = IGNIS_INCLUDE(IGNIS_WITH(User, posts), …); count of an array; none, not even that of a
   default filter. */
#define IGNIS_INCLUDE(...)                                                        \
    ((ignis_inclusions){(const ignis_inclusion[]){__VA_ARGS__, {0}}, IGNIS_ENDED, \
                        sizeof(ignis_inclusion)})
#define IGNIS_INCLUDE_OF(items, count) ((ignis_inclusions){items, count, sizeof(ignis_inclusion)})
#define IGNIS_NO_INCLUDE               IGNIS_INCLUDE_OF(&(const ignis_inclusion){0}, 0)
/* IGNIS_WITH(User, posts), IGNIS_WITH(User, posts, IGNIS_SCOPE(.limit = IGNIS_LIMIT(5))). */
#define IGNIS_WITH(T, ...) IGNIS_WITH_(T, __VA_ARGS__, NULL, 0)
#define IGNIS_WITH_(T, m, scope_, ...)                                                       \
    ((ignis_inclusion){.model = &T##_model,                                                  \
                       .member = IGNIS_NAME_IF_(T, m, IGNIS_FAMILY(IGNIS_MEMBER(T, m)) == 0, \
                                                "the member is no relation"),                \
                       .scope = scope_})

/* ---- within this file ---- */

/* The member's name; truth names it too, so that a wrong one is said once. */
#define IGNIS_NAME_IF_(T, m, truth, message) (&#m[IGNIS_REQUIRE(truth, message)])

#define IGNIS_CONDITION_(op_, T, m, truth, message, value_)            \
    ((ignis_condition){.op = op_,                                      \
                       .model = &T##_model,                            \
                       .member = IGNIS_NAME_IF_(T, m, truth, message), \
                       .value = value_})
#define IGNIS_NO_FIT_    "the value is of another type than the member"
#define IGNIS_NO_TEXT_   "the member or the value is no text"
#define IGNIS_NO_COLUMN_ "the member is no column"
#define IGNIS_NO_PATH_   "the member is no JSON, or the value nothing that JSON holds"

#define IGNIS_COMPARE_(op, T, m, v) \
    IGNIS_CONDITION_(op, T, m, IGNIS_FITS(IGNIS_MEMBER(T, m), v), IGNIS_NO_FIT_, IGNIS_VALUE(v))
#define IGNIS_MATCH_(op, T, m, v)                                                              \
    IGNIS_CONDITION_(op, T, m,                                                                 \
                     IGNIS_FAMILY(IGNIS_MEMBER(T, m)) == 5 && IGNIS_CLASS(v) == IGNIS_IS_TEXT, \
                     IGNIS_NO_TEXT_, IGNIS_VALUE(v))
#define IGNIS_NULLNESS_(op, T, m) \
    IGNIS_CONDITION_(op, T, m, IGNIS_IS_COLUMN_(T, m), IGNIS_NO_COLUMN_, ignis_value_bool(true))

#define IGNIS_LIST_(...)                              \
    ((ignis_value){.form = IGNIS_VALUE_LIST,          \
                   .count = IGNIS_COUNT(__VA_ARGS__), \
                   .as.items = (const ignis_value[]){IGNIS_MAP(IGNIS_ITEM_, , __VA_ARGS__)}})
#define IGNIS_ITEM_(with, v) IGNIS_VALUE(v)
#define IGNIS_AMONG_(op, T, m, ...)                                                        \
    IGNIS_CONDITION_(op, T, m,                                                             \
                     (IGNIS_SUM(IGNIS_ITEM_CHECK_, IGNIS_MEMBER(T, m), __VA_ARGS__)) == 0, \
                     IGNIS_NO_FIT_, IGNIS_LIST_(__VA_ARGS__))
#define IGNIS_ITEM_CHECK_(member, v) IGNIS_REQUIRE(IGNIS_FITS(member, v), IGNIS_NO_FIT_)
#define IGNIS_AMONG_OF_(op, T, m, items_, count_)                                          \
    IGNIS_CONDITION_(op, T, m, IGNIS_HAS_KIND_(items_, IGNIS_MEMBER(T, m)), IGNIS_NO_FIT_, \
                     IGNIS_ELEMENTS_OF_(items_, count_))
/* The elements may be plain where the member is nullable. */
#define IGNIS_HAS_KIND_(items, member) (IGNIS_FAMILY(*(items)) == IGNIS_FAMILY(member))
#define IGNIS_ELEMENTS_OF_(items_, count_)        \
    ((ignis_value){.kind = IGNIS_KIND(*(items_)), \
                   .form = IGNIS_VALUE_ARRAY,     \
                   .count = count_,               \
                   .as.elements = items_})
#define IGNIS_ELEMENTS_(op, T, m, ...)                                                      \
    IGNIS_CONDITION_(op, T, m,                                                              \
                     (IGNIS_SUM(IGNIS_ITEM_CHECK_, *IGNIS_MEMBER(T, m), __VA_ARGS__)) == 0, \
                     IGNIS_NO_FIT_, IGNIS_LIST_(__VA_ARGS__))

/* A member that is a column or an array of such, not a relation or a count. */
#define IGNIS_IS_COLUMN_(T, m)                                                                  \
    _Generic(IGNIS_MEMBER(T, m), bool : 1, bool * : 1, int16_t : 1, int16_t * : 1, int32_t : 1, \
             int32_t * : 1, int64_t : 1, int64_t * : 1, float : 1, float * : 1, double : 1,     \
             double * : 1, const char * : 1, const char ** : 1, ignis_bytes : 1,                \
             ignis_bytes * : 1, ignis_json : 1, ignis_json * : 1, ignis_numeric : 1,            \
             ignis_numeric * : 1, ignis_date : 1, ignis_date * : 1, ignis_timestamp : 1,        \
             ignis_timestamp * : 1, ignis_maybe_bool : 1, ignis_maybe_bool * : 1,               \
             ignis_maybe_int16 : 1, ignis_maybe_int16 * : 1, ignis_maybe_int32 : 1,             \
             ignis_maybe_int32 * : 1, ignis_maybe_int64 : 1, ignis_maybe_int64 * : 1,           \
             ignis_maybe_float : 1, ignis_maybe_float * : 1, ignis_maybe_double : 1,            \
             ignis_maybe_double * : 1, ignis_maybe_date : 1, ignis_maybe_date * : 1,            \
             ignis_maybe_timestamp : 1, ignis_maybe_timestamp * : 1, default : 0)
#define IGNIS_IS_PATH_(T, m, v)               \
    (IGNIS_FAMILY(IGNIS_MEMBER(T, m)) == 7 && \
     (IGNIS_CLASS(v) &                        \
      (IGNIS_IS_BOOL | IGNIS_IS_INTEGER | IGNIS_IS_REAL | IGNIS_IS_TEXT | IGNIS_IS_JSON)) != 0)

#define IGNIS_MEMBERS_(T, is_exclusion_, ...)                                              \
    ((ignis_members){&T##_model,                                                           \
                     (const char *const[]){IGNIS_MAP(IGNIS_COLUMN_NAME_, T, __VA_ARGS__)}, \
                     IGNIS_COUNT(__VA_ARGS__), is_exclusion_})
#define IGNIS_COLUMN_NAME_(T, m) IGNIS_NAME_IF_(T, m, IGNIS_IS_COLUMN_(T, m), IGNIS_NO_COLUMN_)
#define IGNIS_ORDER_BY_(T, m, ...) \
    ((ignis_order){.model = &T##_model, .member = IGNIS_COLUMN_NAME_(T, m), __VA_ARGS__})
#define IGNIS_ORDER_PATH_(T, m, path_, ...)                                                  \
    ((ignis_order){.model = &T##_model,                                                      \
                   .member = IGNIS_NAME_IF_(T, m, IGNIS_IS_PATH_(T, m, ""), IGNIS_NO_PATH_), \
                   .path = path_,                                                            \
                   __VA_ARGS__})

#endif

#ifdef __cplusplus
}
#endif
#endif
