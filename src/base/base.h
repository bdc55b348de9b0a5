/* base: memory, errors, text, maps, JSON, time, UUID. Knows nothing of databases. */
#ifndef BASE_H
#define BASE_H

#include "ignis/context.h"
#include "ignis/driver.h"
#include "ignis/log.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#define ARRAY_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- arena.c: the only place that allocates ------------------------------------------------ */

typedef struct arena_block arena_block;

/* Memory that is freed together. {0} is a valid, empty arena without a limit. */
typedef struct arena {
    arena_block *block; /* newest */
    size_t used;        /* bytes used of the newest block */
    size_t total;       /* bytes asked of the system */
    size_t total_max;   /* 0: no limit */
    bool limited;       /* the last refusal was the limit, not the system */
} arena;

/* NULL where the system or the limit refuses. Never NULL for size 0. Aligned for any type. */
void *arena_alloc(arena *memory, size_t size);
/* count * size bytes of zeros; the product is checked. */
void *arena_array(arena *memory, size_t count, size_t size);
/* A NUL-terminated copy, of no alignment. */
char *arena_copy(arena *memory, const char *text, size_t size);
/* Grows the item at old (NULL: a new one) from old_size to new_size bytes: in place where it is the
   newest item or has a block of its own, else by copying. NULL: refused, the old item is intact. */
void *arena_grow(arena *memory, void *old, size_t old_size, size_t new_size);
ignis_mark arena_mark(const arena *memory);
void arena_release(arena *memory, ignis_mark mark);
/* Frees all but one block of ordinary size. */
void arena_reset(arena *memory);
void arena_free(arena *memory);
/* Why the last call was refused: IGNIS_E_LIMIT or IGNIS_E_MEMORY. */
ignis_code arena_code(const arena *memory);
/* An arena that lives in itself: for objects that own their memory. NULL: no memory. The object's
   last act is arena_destroy; never arena_reset or arena_release. */
arena *arena_create(void);
void arena_destroy(arena *memory);

/* Tests only (built with IGNIS_FAULTS): the n-th allocation from now on in this thread fails,
   n from 1; 0: none. arena_fault_count: allocations since the last call of arena_fault_at. */
void arena_fault_at(uint64_t n);
uint64_t arena_fault_count(void);
/* Bytes and blocks held by all arenas (atomic counters): for leak and growth tests. */
size_t arena_live_blocks(void);

/* ---- characters, without a locale ------------------------------------------------------------- */

static inline bool char_is_digit(char c)
{
    return c >= '0' && c <= '9';
}
/* A small letter for a capital one of ASCII. */
static inline char char_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}
/* The value of a hexadecimal digit in lower case, or -1. */
static inline int char_hex(char c)
{
    if (char_is_digit(c)) return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* ---- text.c: a bounded, growing buffer ------------------------------------------------------ */

/* Errors stick: after one, appends do nothing and code tells. Data is not terminated until
   text_finish. */
typedef struct text {
    arena *memory;
    char *data;
    size_t size;
    size_t capacity;
    size_t size_max;
    ignis_code code;
} text;

/* size_max 0: bounded by the arena only. */
void text_init(text *out, arena *memory, size_t size_max);
bool text_reserve_slow(text *out, size_t extra);
/* Makes room for extra bytes: out->data + out->size may then be written and size be raised. */
static inline bool text_reserve(text *out, size_t extra)
{
    return extra <= out->capacity - out->size || text_reserve_slow(out, extra);
}
static inline void text_append(text *out, const char *data, size_t size)
{
    if (size == 0 || !text_reserve(out, size)) return;
    memcpy(out->data + out->size, data, size);
    out->size += size;
}
static inline void text_char(text *out, char c)
{
    if (!text_reserve(out, 1)) return;
    out->data[out->size++] = c;
}
void text_string(text *out, const char *string);
void text_integer(text *out, int64_t value);
void text_format(text *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Terminates. NULL after an error. */
const char *text_finish(text *out);

/* ---- map.c: names to pointers ----------------------------------------------------------------- */

typedef struct map_entry {
    const char *name; /* not copied */
    size_t size;
    uint64_t hash;
    void *value; /* never NULL */
} map_entry;

typedef struct map {
    map_entry *entries;
    size_t capacity; /* a power of two, or 0 */
    size_t count;
} map;

uint64_t map_hash(const void *data, size_t size);
/* NULL: not there. */
void *map_get(const map *names, const char *name, size_t size);
/* Replaces an equal name. false: no memory. */
bool map_put(map *names, arena *memory, const char *name, size_t size, void *value);

/* ---- names.c ------------------------------------------------------------------------------------ */

/* The candidate nearest to name (edit distance at most a third of its length, case folded), or
   NULL. next gives candidate i, NULL at the end. */
typedef const char *(*names_next)(const void *list, size_t i);
const char *names_nearest(const char *name, size_t size, names_next next, const void *list);
/* "created_at" -> "createdAt". NULL: no memory. */
const char *names_camel(arena *memory, const char *member);

/* ---- log.c -------------------------------------------------------------------------------------- */

/* Where a data source or an application tells what happens. */
typedef struct log_sink {
    ignis_log to;      /* its level is never IGNIS_LOG_DEFAULT */
    const char *scope; /* of entries that name none */
} log_sink;

/* false: log, which may be NULL, wants to hear nothing. scope is not copied. */
bool log_sink_read(const ignis_log *log, const char *scope, log_sink *sink);
/* sink NULL: nobody listens. */
static inline bool log_wants(const log_sink *sink, ignis_log_level level)
{
    return sink && level <= sink->to.level;
}
/* Tells of an entry whatever its level; a scope that is NULL becomes the sink's. */
void log_entry_write(const log_sink *sink, ignis_log_entry *entry);
/* Tells of one line where it is wanted. */
void log_line(const log_sink *sink, ignis_log_level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* ---- random.c ----------------------------------------------------------------------------------- */

/* Random bytes of the system's, got ahead: more each time, for many values of one call cost few system
   calls. It lasts for one call, so that no forked process has the same bytes. {0}: none yet. */
typedef struct random_pool {
    uint8_t bytes[256];
    size_t at;
    size_t size;
} random_pool;
/* false: the system has no entropy. */
bool random_take(random_pool *pool, uint8_t *bytes, size_t size);

/* ---- context.c, error.c --------------------------------------------------------------------------- */

enum {
    CONTEXT_MESSAGE_MAX = 1024,
    CONTEXT_PATH_MAX = 512,
    CONTEXT_NAME_MAX = 128,
    CONTEXT_CONSTRAINT_MAX = 1024, /* SQLite names a constraint by all its columns */
    CONTEXT_OFFENDING_MAX = 64     /* bytes of the caller's text that a message shows */
};

typedef struct context_problem context_problem;

typedef enum context_state {
    CONTEXT_IDLE, /* no call runs */
    CONTEXT_RUNNING,
    CONTEXT_CANCELLED /* a call runs and is to end */
} context_state;

struct ignis_context {
    arena results; /* what the caller gets */
    arena scratch; /* of the running call; reset when it ends */
    arena kept;    /* user and values */
    ignis_error error;
    char message[CONTEXT_MESSAGE_MAX];
    char path[CONTEXT_PATH_MAX];
    char hint[CONTEXT_NAME_MAX];
    char sqlstate[8];
    char constraint[CONTEXT_CONSTRAINT_MAX];
    arena problems; /* what error.next leads to */
    context_problem *problem_first;
    context_problem *problem_last;
    size_t problems_count;
    const char *user;    /* NULL: none */
    map values;          /* name -> const char * JSON text */
    int64_t deadline_ms; /* of clock_monotonic_ms; 0: none */
    ignis_progress progress;
    void *progress_data;
    /* A transaction is a context. While it is open it holds its parent's results. */
    ignis_context *parent;       /* of a transaction; NULL: a context of its own */
    ignis_context *open;         /* the open transaction of this context, or NULL */
    ignis_context *transactions; /* all made from this context, by next */
    ignis_context *next;
    ignis_log_level log_level;      /* of its statements; IGNIS_LOG_DEFAULT: not said */
    ignis_log_level call_log_level; /* of the running call's */
    const char *scope;              /* whose call it is, in the log; NULL: the data source's */
    const void *making;             /* app/'s own: what is being made with it */
    random_pool random;             /* of the running call */
    ignis_mark born;                /* in the parent's results, when it was begun */
    bool is_released;               /* closed, and its parent was released past born */
    void *transaction;              /* run/'s own; NULL: closed */
    void (*abandon)(ignis_context *transaction); /* rolls back and closes it */
    /* The only members that other threads touch. */
    _Atomic context_state state;
    pthread_mutex_t cancel_mutex;          /* of the two below, and held while the hook runs */
    void (*cancel_hook)(void *cancelling); /* ends what the running call waits for; NULL: nothing */
    void *cancelling;
};

/* Sets the error from a format and returns code. Allocates nothing; too long a message is cut at a
   character and ends in "…". Path, hint and the rest are cleared. */
ignis_code context_fail(ignis_context *ctx, ignis_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The refusal of an arena of ctx: IGNIS_E_MEMORY or IGNIS_E_LIMIT with a fixed text. */
ignis_code context_fail_memory(ignis_context *ctx, const arena *memory);
/* Puts a step before the path of the error: ("include[0]") + "where.a" -> "include[0].where.a". No dot
   before "[". Returns the error's code, to be used as `return context_path(...)`. */
ignis_code context_path(ignis_context *ctx, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The same for a name of the caller's: at most CONTEXT_OFFENDING_MAX bytes of it, on one line. */
ignis_code context_path_name(ignis_context *ctx, const char *name, size_t size);
/* The code of the error set last. */
static inline ignis_code context_error_code(const ignis_context *ctx)
{
    return ctx->error.code;
}
void context_hint(ignis_context *ctx, const char *hint); /* NULL: none */
void context_constraint(ignis_context *ctx, const char *name);
/* Whose constraint is violated, and its columns; copied. Left out where there is no memory. */
void context_columns(ignis_context *ctx, const char *model, const char *const *properties,
                     const char *const *columns, size_t count);
void context_position(ignis_context *ctx, size_t position);
/* The error, put aside while something else may fail and be forgotten. */
typedef struct context_saved {
    ignis_error error;
    char message[CONTEXT_MESSAGE_MAX];
    char path[CONTEXT_PATH_MAX];
    char hint[CONTEXT_NAME_MAX];
    char sqlstate[8];
    char constraint[CONTEXT_CONSTRAINT_MAX];
} context_saved;
void context_save(const ignis_context *ctx, context_saved *saved);
void context_restore(ignis_context *ctx, const context_saved *saved);
/* Clears the error at the start of a call. */
void context_error_clear(ignis_context *ctx);

/* problems.c: several mistakes of one input, told together. context_problem_keep puts the error aside;
   false: it is none that a caller mends (memory, deadlines) and ends the reading. Then
   context_problems_end makes the first one the error again, the others follow by next, at most
   CONTEXT_PROBLEMS_MAX in all; IGNIS_OK: none was kept. context_path leads to all of them. */
enum { CONTEXT_PROBLEMS_MAX = 100 };
struct context_problem {
    ignis_error error;
    context_saved saved;
    context_problem *next;
};
bool context_problem_keep(ignis_context *ctx);
ignis_code context_problems_end(ignis_context *ctx);
/* At the start of a call. */
void context_problems_clear(ignis_context *ctx);

/* Every public call that may wait stands between the two: a cancel hits it alone, and so are random bytes
   its own. */
static inline void context_call_begin(ignis_context *ctx)
{
    ctx->random.at = ctx->random.size = 0;
    atomic_store(&ctx->state, CONTEXT_RUNNING);
}
static inline void context_call_end(ignis_context *ctx)
{
    atomic_store(&ctx->state, CONTEXT_IDLE);
}
/* A transaction's call is cancelled with the call of its parent's that runs it. */
static inline bool context_is_cancelled(const ignis_context *ctx)
{
    for (; ctx; ctx = ctx->parent) {
        if (atomic_load(&ctx->state) == CONTEXT_CANCELLED) return true;
    }
    return false;
}
/* What a cancel runs from its own thread from now on; NULL: nothing. On return the hook before is
   not running and will not run again. A cancel that came earlier runs no hook: look at
   context_is_cancelled afterwards. The hook must not use the context. */
void context_cancel_hook(ignis_context *ctx, void (*hook)(void *cancelling), void *cancelling);
/* The answer of a call that was cancelled. */
ignis_code context_fail_cancelled(ignis_context *ctx);
/* The caller's text for a message: at most CONTEXT_OFFENDING_MAX bytes cut at a character, then
   "…"; control characters as \xNN. buffer has CONTEXT_QUOTE_SIZE bytes. */
enum { CONTEXT_QUOTE_SIZE = 4 * CONTEXT_OFFENDING_MAX + 8 };
const char *context_quote(char *buffer, const char *data, size_t size);
/* The $context value as JSON text, the parent's where a transaction has none of its own; or NULL. */
const char *context_value(const ignis_context *ctx, const char *name);
/* The level that the running call's statements are told at; IGNIS_LOG_DEFAULT: nobody said. */
ignis_log_level context_log_level(const ignis_context *ctx);
/* The user's id, likewise. */
const char *context_user(const ignis_context *ctx);
/* The arena that holds a context's results now, whatever transactions are open or over. For public
   functions that work beside an open transaction. */
arena *context_results(ignis_context *ctx);
/* A context for a transaction, a released one again where there is one. NULL: no memory. From
   context_transaction_open until context_transaction_close it holds the parent's results. */
ignis_context *context_transaction_make(ignis_context *ctx);
void context_transaction_open(ignis_context *transaction);
void context_transaction_close(ignis_context *transaction);

/* ---- utf8.c ------------------------------------------------------------------------------------ */

/* Whether it is valid UTF-8 (no surrogates, no overlong forms) without NUL. */
bool utf8_is_valid(const char *data, size_t size);
/* The number of code points of valid UTF-8. */
size_t utf8_count(const char *data, size_t size);
/* The largest size <= size_max at a character boundary. */
size_t utf8_cut(const char *data, size_t size, size_t size_max);
/* The code point at *data, advancing; valid UTF-8 only. */
uint32_t utf8_next(const char **data);

/* ---- json_read.c ------------------------------------------------------------------------------- */

typedef enum json_kind {
    JSON_NULL,
    JSON_BOOLEAN,
    JSON_INTEGER, /* fits int64; text is the number's text too */
    JSON_NUMBER,  /* any other number: text only */
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT,
    JSON_RAW, /* unread text of a value */
    /* Values of C programs that JSON has no form for; json_read never makes them. */
    JSON_BYTES, /* text, not terminated */
    JSON_DATE,  /* integer: days since 2000-01-01, the ends are the infinities */
    JSON_TIME   /* integer: microseconds since 2000-01-01, likewise */
} json_kind;

typedef struct json json;
typedef struct json_member json_member;

struct json {
    json_kind kind;
    bool boolean;
    uint32_t position; /* byte offset in the text read */
    uint32_t raw_size; /* bytes of the value's text from position */
    size_t count;      /* elements, members, or bytes of text */
    int64_t integer;
    union {
        const char *text; /* NUL-terminated copy: string, integer, number, raw */
        const json *items;
        const json_member *members;
    } as;
};

struct json_member {
    const char *name; /* NUL-terminated */
    size_t name_size;
    json value;
};

typedef struct json_options {
    uint32_t depth_max;   /* 0: 128 */
    size_t size_max;      /* 0: 1 GiB; text beyond is IGNIS_E_LIMIT */
    const char *raw_name; /* values of members of this name stay JSON_RAW; NULL: none */
    bool takes_doubles;   /* of equal keys too; the last one counts, as document_write has it */
} json_options;

typedef struct json_fault {
    size_t position;
    const char *message; /* static text: "a duplicate key" */
} json_fault;

/* Reads one value, strictly (RFC 8259; no duplicate keys, NUL, bad UTF-8, lone surrogates). The
   tree is in memory and does not point into data. options NULL: defaults. IGNIS_E_INVALID and
   IGNIS_E_LIMIT (depth, size) fill fault; IGNIS_E_MEMORY does not. */
ignis_code json_read(arena *memory, const char *data, size_t size, const json_options *options,
                     const json **value, json_fault *fault);
/* The same, reporting through ctx with position and path "" in ctx's scratch or any arena. */
ignis_code json_read_context(ignis_context *ctx, arena *memory, const char *data, size_t size,
                             const json_options *options, const json **value);
/* json_check.c: whether text is one JSON value, without reading it (RFC 8259; double keys and any UTF-8
   pass, 1024 levels at most). */
bool json_is_valid(const char *data, size_t size);

/* Names a member; the name stays the caller's. */
static inline void json_member_name(json_member *member, const char *name)
{
    member->name = name;
    member->name_size = strlen(name);
}
/* The member's value, or NULL. */
const json *json_get(const json *object, const char *name);
/* "null", "a boolean", "a number", "a string", "a list", "an object". */
const char *json_kind_name(const json *value);

/* json_string.c: copies the string whose first byte after the quote is at, checked and unescaped, to
   *out and moves *out to its end; nothing terminates it. *out has room for all that is left of the
   input. Returns the place after the closing quote, or, with a static *message, the place of the
   fault. */
const char *json_string_read(const char *at, const char *end, char **out, const char **message);

/* ---- json_write.c ------------------------------------------------------------------------------ */

void json_write_string(text *out, const char *data, size_t size);
/* Shortest text that reads back the same; NaN and infinities are null. 1e+21, 5e-324, 0.1, 3 */
void json_write_double(text *out, double value);
void json_write_real(text *out, float value);
/* Compact, numbers as read. */
void json_write_value(text *out, const json *value);

/* A streaming writer: commas and depth by itself. */
typedef struct json_writer {
    text *out;
    bool comma;
} json_writer;
void json_begin_object(json_writer *writer);
void json_end_object(json_writer *writer);
void json_begin_array(json_writer *writer);
void json_end_array(json_writer *writer);
void json_key(json_writer *writer, const char *name);
void json_put_string(json_writer *writer, const char *string); /* NULL: null */
void json_put_integer(json_writer *writer, int64_t value);
void json_put_boolean(json_writer *writer, bool value);
void json_put_null(json_writer *writer);
void json_put_raw(json_writer *writer, const char *data, size_t size);

/* ---- document.c: JSON documents as PostgreSQL's jsonb -------------------------------------------- */

/* Writes value as PostgreSQL prints jsonb: `{"a": 1, "bb": [1, 2]}`; keys by length, then bytes, of
   equal ones the last; numbers as numeric (1e2 -> 100, 1.50 stays). false: a number beyond numeric's
   range. */
bool document_write(text *out, const json *value);
/* Order of two documents in that text form: jsonb order, the odd empty array included. Both must be
   documents that document_write made; anything else compares as bytes after all documents. */
int document_compare(const char *a, size_t a_size, const char *b, size_t b_size);
/* Whether document_write can have written it. */
bool document_is_valid(const char *data, size_t size);
/* Within a document: the end of the value, or of the key, that begins at at. */
const char *document_value_end(const char *at, const char *end);

/* document_path.c: what lies at a path, written as PostgreSQL writes the list of its steps:
   `{user,tags,0}`, `{}` the whole. Steps are identifiers or digits; digits are an index of an array,
   a key of an object. */
typedef struct document_span {
    const char *data;
    size_t size;
} document_span;
/* false: nothing is there. The document has to be valid; *found is a part of it. */
bool document_find(document_span document, document_span path, document_span *found);
/* The value as text, a string without its quotes. false: it is null. */
bool document_text(text *out, document_span value);
/* The same where that text reads as a number: `^-?[0-9]+(\.[0-9]+)?$`, fewer than
   DOCUMENT_NUMBER_SIZE_MAX bytes. */
enum { DOCUMENT_NUMBER_SIZE_MAX = 16384 };
bool document_number(text *out, document_span value);

/* document_set.c: an array of a document against a list of scalars, itself a document. */
typedef enum document_relation {
    DOCUMENT_CONTAINS,  /* the array has every scalar of the list */
    DOCUMENT_CONTAINED, /* every element of the array is in the list */
    DOCUMENT_OVERLAPS   /* they have one in common */
} document_relation;
/* Scalars are equal where type and value are. What is no array matches nothing. Memory is scratch.
   IGNIS_E_MEMORY. */
ignis_code document_set_match(arena *memory, document_relation relation, document_span value,
                              document_span list, bool *matches);

/* document_step.c: one change of a document. */
typedef enum document_step_kind {
    DOCUMENT_SET = 1,
    DOCUMENT_APPEND,
    DOCUMENT_REMOVE
} document_step_kind;
typedef struct document_step {
    document_step_kind kind;
    const json *path; /* a list of strings */
    const char
        *kinds; /* for each: 'a' or 'A' where a list is made if nothing is there, else an object */
    const json *value; /* not of DOCUMENT_REMOVE */
} document_step;
/* What is said of IGNIS_E_INVALID, on every engine. */
#define DOCUMENT_PATH_REFUSED "a path leads through a value that is no object or list"
/* document NULL: there is none yet; *changed NULL: there is none now. Missing and null parents are made,
   an index past the end appends, what is not there is removed without an error. IGNIS_E_INVALID: the
   path leads through a scalar, names a member of a list, or appends to what is no list. */
ignis_code document_change(arena *memory, const json *document, const document_step *step,
                           const json **changed);

/* ---- pattern.c --------------------------------------------------------------------------------- */

/* Whether a pattern of like ends in a backslash that escapes nothing: it matches no text. */
bool pattern_is_open(const char *pattern, size_t size);

/* ---- number.c ---------------------------------------------------------------------------------- */

/* Whole text as int64. false: no integer or out of range. Leading '+' and spaces are refused. */
bool number_integer(const char *data, size_t size, int64_t *value);
/* Decimal text (sign, digits, point, exponent; also ".5" and "5.") as PostgreSQL's numeric prints
   it. precision 0: unconstrained; else rounded half away from zero to scale.
   IGNIS_E_INVALID: no number (NaN, infinity included); IGNIS_E_LIMIT: beyond precision or beyond
   131072 digits before, 16383 after the point; IGNIS_E_MEMORY via text. */
ignis_code number_numeric(text *out, const char *data, size_t size, int precision, int scale);
/* Whether number_numeric would write just this text: digits without a zero before them and, where
   precision is not 0, as many behind a point as scale says. false also where that is not worth telling. */
bool number_is_written(const char *data, size_t size, int precision, int scale);
/* Compares two numeric texts by value: "1.0" equals "1.00". */
int number_compare(const char *a, size_t a_size, const char *b, size_t b_size);
/* number_add.c: the sum of two numeric texts, with the longer fraction's digits. */
void number_add(text *out, const char *a, size_t a_size, const char *b, size_t b_size);
/* Decimal text to double or float, exactly rounded, as PostgreSQL reads it. false: no number, out of
   range, NaN or infinite. Whole text. */
bool number_double(const char *data, size_t size, double *value);
bool number_real(const char *data, size_t size, float *value);
/* number_script.c: a number as JavaScript prints it, 1.0 as "1", 1e21 as "1e+21": ECMA-262,
   Number::toString. Finite. */
void number_script(text *out, double number);

/* ---- base64.c ---------------------------------------------------------------------------------- */

void base64_write(text *out, const void *data, size_t size);
/* Strict RFC 4648 with padding. false: invalid. *out needs 3 * size / 4 bytes. */
bool base64_read(const char *data, size_t size, uint8_t *out, size_t *out_size);

/* ---- uuid.c -------------------------------------------------------------------------------------- */

enum { UUID_TEXT_SIZE = 36 };
/* text is terminated. false: the system has no entropy. */
bool uuid_v4(random_pool *pool, char text[UUID_TEXT_SIZE + 1]);
/* RFC 9562, monotonic within a millisecond within a thread. */
bool uuid_v7(random_pool *pool, char text[UUID_TEXT_SIZE + 1]);
/* As PostgreSQL reads it (case, braces, hyphens after any group of four digits); lower-case text
   out. */
bool uuid_read(const char *data, size_t size, char text[UUID_TEXT_SIZE + 1]);

/* ---- time.c -------------------------------------------------------------------------------------- */

/* Microseconds since 2000-01-01 00:00:00; the ends are -infinity and infinity. */
#define TIME_MINUS_INFINITY INT64_MIN
#define TIME_INFINITY       INT64_MAX

enum { TIME_TEXT_MAX = 48 };

/* ISO 8601 as PostgreSQL reads it: "2024-03-10", "2024-03-10T10:20", "2024-03-10 10:20:30.5+02",
   "infinity"; T or space, Z or ±hh[[:]mm[:ss]]; digits past the sixth round; 24:00:00 and a 60th second
   carry over; years 0001-294276, dates to 5874897; " BC" after a space. zone: an offset is applied (UTC where there is
   none), else ignored. false: not a time or out of PostgreSQL's range. */
bool time_read(const char *data, size_t size, bool zone, int64_t *microseconds);
/* The date part, as days since 2000-01-01; INT64_MIN and INT64_MAX for the infinities. */
bool time_read_date(const char *data, size_t size, int64_t *days);
/* Whether PostgreSQL has such a time or date; the infinities are. */
bool time_is_valid(int64_t microseconds);
bool time_date_is_valid(int64_t days);
/* JSON form: "2024-03-10T10:20:30.123Z" (zone) or without Z; six digits where microseconds are no
   multiple of 1000. Returns the size; not terminated. */
size_t time_write(char out[TIME_TEXT_MAX], int64_t microseconds, bool zone);
size_t time_write_date(char out[TIME_TEXT_MAX], int64_t days);
/* Storage form of SQLite: always six digits. */
size_t time_write_fixed(char out[TIME_TEXT_MAX], int64_t microseconds, bool zone);
/* Whether values of a type are times: a date or a timestamp. */
static inline bool time_is_type(ignis_type type)
{
    return type == IGNIS_TYPE_DATE || type == IGNIS_TYPE_TIMESTAMP ||
           type == IGNIS_TYPE_TIMESTAMPTZ;
}
/* Now, as a timestamptz. */
int64_t time_now(void);
int64_t clock_monotonic_ms(void);
int64_t clock_monotonic_us(void);

/* ---- storage.c: how SQLite stores values that it has no type for ------------------------------ */

/* The stored text of a date (days) or a timestamp (microseconds): fixed width, so that the order of
   the bytes is the order of time. type is one of DATE, TIMESTAMP, TIMESTAMPTZ. */
void storage_write_time(text *out, ignis_type type, int64_t value);
/* The stored text of an array: canonical JSON, equal arrays being equal text but for the scale of
   numerics. Numbers and booleans as JSON, bytea as lower-case hex, documents as they are, everything
   else as strings, NULL as null. type is the elements' type; times may come as integers or as fixed
   text. */
void storage_write_array(text *out, ignis_type type, const ignis_cell *items, size_t count);

#endif
