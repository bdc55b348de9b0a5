/* Values in C: the types that members of a struct may have, and values of filters and writes. */
#ifndef IGNIS_VALUE_H
#define IGNIS_VALUE_H

#include "ignis/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- types of members ---- */

/* Bytes, as a bytea holds them. */
typedef struct ignis_bytes {
    const uint8_t *data; /* NULL for the SQL value NULL, never for an empty one */
    size_t size;         /* of the data */
} ignis_bytes;

/* A JSON document. */
typedef struct ignis_json {
    const char *text; /* NUL-terminated; NULL: the SQL value NULL; "null": the JSON one */
} ignis_json;

/* A decimal number, exact. */
typedef struct ignis_numeric {
    const char *text; /* "12.50", NUL-terminated; NULL: the SQL value NULL */
} ignis_numeric;

/* A day. */
typedef struct ignis_date {
    int64_t days; /* since 2000-01-01; INT64_MIN and INT64_MAX: -infinity and infinity */
} ignis_date;

/* A moment, of UTC where the column is a timestamptz: the count of PostgreSQL, whose whole range
   fits. INT64_MIN and INT64_MAX: -infinity and infinity. */
typedef struct ignis_timestamp {
    int64_t microseconds; /* since 2000-01-01 00:00:00 */
} ignis_timestamp;

/* For a value within a macro, where clang takes no compound literal that is made at run time. What
   is pointed at is not copied. */
static inline ignis_bytes ignis_bytes_of(const void *data, size_t size)
{
    ignis_bytes made;
    made.data = (const uint8_t *)data;
    made.size = size;
    return made;
}
static inline ignis_json ignis_json_of(const char *text)
{
    ignis_json made;
    made.text = text;
    return made;
}
static inline ignis_numeric ignis_numeric_of(const char *text)
{
    ignis_numeric made;
    made.text = text;
    return made;
}

#define IGNIS_MAYBE_(name, type) \
    typedef struct name {        \
        bool is_set;             \
        type value;              \
    } name
/* A scalar that may be NULL: is_set tells that it is not; the value of a NULL is zero. */
IGNIS_MAYBE_(ignis_maybe_bool, bool);
IGNIS_MAYBE_(ignis_maybe_int16, int16_t);
IGNIS_MAYBE_(ignis_maybe_int32, int32_t);
IGNIS_MAYBE_(ignis_maybe_int64, int64_t);
IGNIS_MAYBE_(ignis_maybe_float, float);
IGNIS_MAYBE_(ignis_maybe_double, double);
IGNIS_MAYBE_(ignis_maybe_date, ignis_date);
IGNIS_MAYBE_(ignis_maybe_timestamp, ignis_timestamp);

/* The C type of a member. */
typedef enum ignis_kind {
    IGNIS_KIND_NONE = 0,        /* of a value: NULL */
    IGNIS_KIND_BOOL,            /* bool */
    IGNIS_KIND_INT16,           /* int16_t */
    IGNIS_KIND_INT32,           /* int32_t */
    IGNIS_KIND_INT64,           /* int64_t */
    IGNIS_KIND_FLOAT,           /* float */
    IGNIS_KIND_DOUBLE,          /* double */
    IGNIS_KIND_TEXT,            /* const char *; NULL is the SQL value NULL */
    IGNIS_KIND_BYTES,           /* ignis_bytes */
    IGNIS_KIND_JSON,            /* ignis_json */
    IGNIS_KIND_NUMERIC,         /* ignis_numeric */
    IGNIS_KIND_DATE,            /* ignis_date */
    IGNIS_KIND_TIMESTAMP,       /* ignis_timestamp */
    IGNIS_KIND_MAYBE_BOOL,      /* ignis_maybe_bool */
    IGNIS_KIND_MAYBE_INT16,     /* ignis_maybe_int16 */
    IGNIS_KIND_MAYBE_INT32,     /* ignis_maybe_int32 */
    IGNIS_KIND_MAYBE_INT64,     /* ignis_maybe_int64 */
    IGNIS_KIND_MAYBE_FLOAT,     /* ignis_maybe_float */
    IGNIS_KIND_MAYBE_DOUBLE,    /* ignis_maybe_double */
    IGNIS_KIND_MAYBE_DATE,      /* ignis_maybe_date */
    IGNIS_KIND_MAYBE_TIMESTAMP, /* ignis_maybe_timestamp */
    IGNIS_KIND_UNSIGNED         /* of a value only: an integer above INT64_MAX */
} ignis_kind;

/* ---- times ---- */

#define IGNIS_UNIX_EPOCH INT64_C(946684800) /* seconds from 1970-01-01 to 2000-01-01 */

/* From seconds since 1970-01-01 00:00:00 UTC, as time(2) gives them. */
static inline ignis_timestamp ignis_timestamp_from_unix(int64_t seconds, int32_t microseconds)
{
    ignis_timestamp made = {(seconds - IGNIS_UNIX_EPOCH) * 1000000 + microseconds};
    return made;
}

/* The seconds since 1970-01-01, rounded down. Not for the infinities. */
static inline int64_t ignis_timestamp_to_unix(ignis_timestamp time)
{
    int64_t seconds = time.microseconds / 1000000 - (time.microseconds % 1000000 < 0);
    return seconds + IGNIS_UNIX_EPOCH;
}

/* From text in ISO 8601 ("2024-03-10T10:20:30.123Z", "infinity"); without a zone it is UTC.
   false: text is NULL or no time, and *time is as it was. Any thread. */
IGNIS_API bool ignis_timestamp_read(const char *text, ignis_timestamp *time);
IGNIS_API bool ignis_date_read(const char *text, ignis_date *date);

/* The size of a buffer that every time as text fits in. */
enum { IGNIS_TIME_TEXT_SIZE = 49 /* with the terminating NUL */ };

/* The JSON form, "2024-03-10T10:20:30.123Z", terminated; returns out. Any thread. */
IGNIS_API const char *ignis_timestamp_write(ignis_timestamp time, char out[IGNIS_TIME_TEXT_SIZE]);
IGNIS_API const char *ignis_date_write(ignis_date date, char out[IGNIS_TIME_TEXT_SIZE]);

/* The time now. Any thread. */
IGNIS_API ignis_timestamp ignis_timestamp_now(void);

/* ---- values of filters and writes ---- */

/* How many values an ignis_value is. */
typedef enum ignis_value_form {
    IGNIS_VALUE_ONE = 0, /* a single value, or NULL */
    IGNIS_VALUE_LIST,    /* count values: as.items */
    IGNIS_VALUE_ARRAY    /* count elements of a C array of the kind: as.elements */
} ignis_value_form;

/* A value that a program hands over; what it points at is read during the call and not kept. */
typedef struct ignis_value {
    uint16_t kind; /* ignis_kind */
    uint16_t form; /* ignis_value_form */
    size_t count;  /* of items or elements */
    union {
        int64_t integer;                 /* bool, integers, days, microseconds */
        double real;                     /* float, double */
        const char *text;                /* text, JSON, numeric */
        ignis_bytes bytes;               /* bytes */
        const struct ignis_value *items; /* IGNIS_VALUE_LIST */
        const void *elements;            /* IGNIS_VALUE_ARRAY */
    } as;                                /* by the kind */
} ignis_value;

#define IGNIS_VALUE_(name, type, made_kind, member, expression) \
    static inline ignis_value name(type value)                  \
    {                                                           \
        ignis_value made;                                       \
        made.kind = made_kind;                                  \
        made.form = IGNIS_VALUE_ONE;                            \
        made.count = 0;                                         \
        made.as.bytes.data = 0;                                 \
        made.as.bytes.size = 0;                                 \
        made.as.member = expression;                            \
        return made;                                            \
    }
#define IGNIS_VALUE_MAYBE_(name, type, set_kind, member, expression)                        \
    IGNIS_VALUE_(name, type, (uint16_t)(value.is_set ? set_kind : IGNIS_KIND_NONE), member, \
                 expression)

/* A value of one C type, as IGNIS_VALUE chooses it. A NULL pointer, and an ignis_maybe_int32 and its
   kin that are not set, are NULL. What the value points at is not copied. Any thread. */
IGNIS_VALUE_(ignis_value_bool, bool, IGNIS_KIND_BOOL, integer, value)
IGNIS_VALUE_(ignis_value_integer, int64_t, IGNIS_KIND_INT64, integer, value)
IGNIS_VALUE_(ignis_value_unsigned, uint64_t,
             (uint16_t)(value > INT64_MAX ? IGNIS_KIND_UNSIGNED : IGNIS_KIND_INT64), integer,
             (int64_t)value)
IGNIS_VALUE_(ignis_value_float, float, IGNIS_KIND_FLOAT, real, (double)value)
IGNIS_VALUE_(ignis_value_double, double, IGNIS_KIND_DOUBLE, real, value)
IGNIS_VALUE_(ignis_value_text, const char *, IGNIS_KIND_TEXT, text, value)
IGNIS_VALUE_(ignis_value_bytes, ignis_bytes, IGNIS_KIND_BYTES, bytes, value)
IGNIS_VALUE_(ignis_value_json, ignis_json, IGNIS_KIND_JSON, text, value.text)
IGNIS_VALUE_(ignis_value_numeric, ignis_numeric, IGNIS_KIND_NUMERIC, text, value.text)
IGNIS_VALUE_(ignis_value_date, ignis_date, IGNIS_KIND_DATE, integer, value.days)
IGNIS_VALUE_(ignis_value_timestamp, ignis_timestamp, IGNIS_KIND_TIMESTAMP, integer,
             value.microseconds)
IGNIS_VALUE_MAYBE_(ignis_value_maybe_bool, ignis_maybe_bool, IGNIS_KIND_BOOL, integer, value.value)
IGNIS_VALUE_MAYBE_(ignis_value_maybe_int16, ignis_maybe_int16, IGNIS_KIND_INT64, integer,
                   value.value)
IGNIS_VALUE_MAYBE_(ignis_value_maybe_int32, ignis_maybe_int32, IGNIS_KIND_INT64, integer,
                   value.value)
IGNIS_VALUE_MAYBE_(ignis_value_maybe_int64, ignis_maybe_int64, IGNIS_KIND_INT64, integer,
                   value.value)
IGNIS_VALUE_MAYBE_(ignis_value_maybe_float, ignis_maybe_float, IGNIS_KIND_FLOAT, real,
                   (double)value.value)
IGNIS_VALUE_MAYBE_(ignis_value_maybe_double, ignis_maybe_double, IGNIS_KIND_DOUBLE, real,
                   value.value)
IGNIS_VALUE_MAYBE_(ignis_value_maybe_date, ignis_maybe_date, IGNIS_KIND_DATE, integer,
                   value.value.days)
IGNIS_VALUE_MAYBE_(ignis_value_maybe_timestamp, ignis_maybe_timestamp, IGNIS_KIND_TIMESTAMP,
                   integer, value.value.microseconds)

#ifndef __cplusplus

/* ---- what the compiler checks ---- */

/* 0, or no program: the compiler shows the message, a literal. */
#define IGNIS_REQUIRE(truth, message)    \
    (0 * sizeof(struct {                 \
         _Static_assert(truth, message); \
         char required;                  \
     }))

/* A member as an operand that is not evaluated, and its name, which compiles for members only. */
#define IGNIS_MEMBER(T, m) (((T *)0)->m)
#define IGNIS_NAME(T, m)   (&#m[0 * sizeof(IGNIS_MEMBER(T, m))])

/* The ignis_kind of an expression. Any other type does not compile. */
#define IGNIS_KIND(x) \
    _Generic((x),                                 \
        bool: IGNIS_KIND_BOOL,                    \
        int16_t: IGNIS_KIND_INT16,                \
        int32_t: IGNIS_KIND_INT32,                \
        int64_t: IGNIS_KIND_INT64,                \
        float: IGNIS_KIND_FLOAT,                  \
        double: IGNIS_KIND_DOUBLE,                \
        const char *: IGNIS_KIND_TEXT,            \
        ignis_bytes: IGNIS_KIND_BYTES,            \
        ignis_json: IGNIS_KIND_JSON,              \
        ignis_numeric: IGNIS_KIND_NUMERIC,        \
        ignis_date: IGNIS_KIND_DATE,              \
        ignis_timestamp: IGNIS_KIND_TIMESTAMP,    \
        ignis_maybe_bool: IGNIS_KIND_MAYBE_BOOL,  \
        ignis_maybe_int16: IGNIS_KIND_MAYBE_INT16, \
        ignis_maybe_int32: IGNIS_KIND_MAYBE_INT32, \
        ignis_maybe_int64: IGNIS_KIND_MAYBE_INT64, \
        ignis_maybe_float: IGNIS_KIND_MAYBE_FLOAT, \
        ignis_maybe_double: IGNIS_KIND_MAYBE_DOUBLE, \
        ignis_maybe_date: IGNIS_KIND_MAYBE_DATE,  \
        ignis_maybe_timestamp: IGNIS_KIND_MAYBE_TIMESTAMP)

/* Kinds of one family may be the two ends of a key: integers of any width. 0: no column. */
#define IGNIS_FAMILY(x)                                                                           \
    _Generic((x), bool : 1, ignis_maybe_bool : 1, int16_t : 2, int32_t : 2, int64_t : 2,          \
             ignis_maybe_int16 : 2, ignis_maybe_int32 : 2, ignis_maybe_int64 : 2, float : 3,      \
             ignis_maybe_float : 3, double : 4, ignis_maybe_double : 4, const char * : 5,         \
             ignis_bytes : 6, ignis_json : 7, ignis_numeric : 8, ignis_date : 9,                  \
             ignis_maybe_date : 9, ignis_timestamp : 10, ignis_maybe_timestamp : 10, size_t : 11, \
             default : 0)

/* What a value is, as a bit. A nullable one has IGNIS_IS_MAYBE too. */
#define IGNIS_IS_BOOL      1
#define IGNIS_IS_INTEGER   2
#define IGNIS_IS_REAL      4
#define IGNIS_IS_TEXT      8
#define IGNIS_IS_BYTES     16
#define IGNIS_IS_JSON      32
#define IGNIS_IS_NUMERIC   64
#define IGNIS_IS_DATE      128
#define IGNIS_IS_TIMESTAMP 256
#define IGNIS_IS_MAYBE     512
#define IGNIS_IS_OTHER     1024
#define IGNIS_CLASS(v) \
    _Generic((v),                                                \
        bool: IGNIS_IS_BOOL,                                     \
        char: IGNIS_IS_INTEGER,                                  \
        signed char: IGNIS_IS_INTEGER,                           \
        unsigned char: IGNIS_IS_INTEGER,                         \
        short: IGNIS_IS_INTEGER,                                 \
        unsigned short: IGNIS_IS_INTEGER,                        \
        int: IGNIS_IS_INTEGER,                                   \
        unsigned: IGNIS_IS_INTEGER,                              \
        long: IGNIS_IS_INTEGER,                                  \
        unsigned long: IGNIS_IS_INTEGER,                         \
        long long: IGNIS_IS_INTEGER,                             \
        unsigned long long: IGNIS_IS_INTEGER,                    \
        float: IGNIS_IS_REAL,                                    \
        double: IGNIS_IS_REAL,                                   \
        char *: IGNIS_IS_TEXT,                                   \
        const char *: IGNIS_IS_TEXT,                             \
        ignis_bytes: IGNIS_IS_BYTES,                             \
        ignis_json: IGNIS_IS_JSON,                               \
        ignis_numeric: IGNIS_IS_NUMERIC,                         \
        ignis_date: IGNIS_IS_DATE,                               \
        ignis_timestamp: IGNIS_IS_TIMESTAMP,                     \
        ignis_maybe_bool: IGNIS_IS_MAYBE | IGNIS_IS_BOOL,        \
        ignis_maybe_int16: IGNIS_IS_MAYBE | IGNIS_IS_INTEGER,    \
        ignis_maybe_int32: IGNIS_IS_MAYBE | IGNIS_IS_INTEGER,    \
        ignis_maybe_int64: IGNIS_IS_MAYBE | IGNIS_IS_INTEGER,    \
        ignis_maybe_float: IGNIS_IS_MAYBE | IGNIS_IS_REAL,       \
        ignis_maybe_double: IGNIS_IS_MAYBE | IGNIS_IS_REAL,      \
        ignis_maybe_date: IGNIS_IS_MAYBE | IGNIS_IS_DATE,        \
        ignis_maybe_timestamp: IGNIS_IS_MAYBE | IGNIS_IS_TIMESTAMP, \
        default: IGNIS_IS_OTHER)

/* The classes of values that a column of a member's type takes. A real never stands for an integer;
   a numeric takes text, so that no digit is lost. */
#define IGNIS_ACCEPTS(x) \
    _Generic((x), \
        bool: IGNIS_IS_BOOL | IGNIS_IS_INTEGER, \
        ignis_maybe_bool: IGNIS_IS_BOOL | IGNIS_IS_INTEGER, \
        int16_t: IGNIS_IS_INTEGER, \
        int32_t: IGNIS_IS_INTEGER, \
        int64_t: IGNIS_IS_INTEGER, \
        ignis_maybe_int16: IGNIS_IS_INTEGER, \
        ignis_maybe_int32: IGNIS_IS_INTEGER, \
        ignis_maybe_int64: IGNIS_IS_INTEGER, \
        float: IGNIS_IS_INTEGER | IGNIS_IS_REAL, \
        double: IGNIS_IS_INTEGER | IGNIS_IS_REAL, \
        ignis_maybe_float: IGNIS_IS_INTEGER | IGNIS_IS_REAL, \
        ignis_maybe_double: IGNIS_IS_INTEGER | IGNIS_IS_REAL, \
        const char *: IGNIS_IS_TEXT, \
        ignis_bytes: IGNIS_IS_BYTES, \
        ignis_json: IGNIS_IS_JSON, \
        ignis_numeric: IGNIS_IS_NUMERIC | IGNIS_IS_TEXT | IGNIS_IS_INTEGER, \
        ignis_date: IGNIS_IS_DATE, \
        ignis_maybe_date: IGNIS_IS_DATE, \
        ignis_timestamp: IGNIS_IS_TIMESTAMP, \
        ignis_maybe_timestamp: IGNIS_IS_TIMESTAMP, \
        default: 0)

/* Whether v may be compared with a member's column; whether it may be stored there. */
#define IGNIS_FITS(x, v)       ((IGNIS_CLASS(v) & ~IGNIS_ACCEPTS(x)) == 0)
#define IGNIS_FITS_WRITE(x, v) ((IGNIS_CLASS(v) & ~(IGNIS_ACCEPTS(x) | IGNIS_IS_MAYBE)) == 0)

/* The ignis_value of any expression that can be one. */
#define IGNIS_VALUE(v) \
    _Generic((v),                                     \
        bool: ignis_value_bool,                       \
        char: ignis_value_integer,                    \
        signed char: ignis_value_integer,             \
        unsigned char: ignis_value_integer,           \
        short: ignis_value_integer,                   \
        unsigned short: ignis_value_integer,          \
        int: ignis_value_integer,                     \
        unsigned: ignis_value_integer,                \
        long: ignis_value_integer,                    \
        unsigned long: ignis_value_unsigned,          \
        long long: ignis_value_integer,               \
        unsigned long long: ignis_value_unsigned,     \
        float: ignis_value_float,                     \
        double: ignis_value_double,                   \
        char *: ignis_value_text,                     \
        const char *: ignis_value_text,               \
        ignis_bytes: ignis_value_bytes,               \
        ignis_json: ignis_value_json,                 \
        ignis_numeric: ignis_value_numeric,           \
        ignis_date: ignis_value_date,                 \
        ignis_timestamp: ignis_value_timestamp,       \
        ignis_maybe_bool: ignis_value_maybe_bool,     \
        ignis_maybe_int16: ignis_value_maybe_int16,   \
        ignis_maybe_int32: ignis_value_maybe_int32,   \
        ignis_maybe_int64: ignis_value_maybe_int64,   \
        ignis_maybe_float: ignis_value_maybe_float,   \
        ignis_maybe_double: ignis_value_maybe_double, \
        ignis_maybe_date: ignis_value_maybe_date,     \
        ignis_maybe_timestamp: ignis_value_maybe_timestamp)(v)

#endif
#ifdef __cplusplus
}
#endif
#endif
