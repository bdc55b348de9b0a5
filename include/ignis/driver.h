/* For authors of drivers: how the library talks to an engine. A driver never sees a filter or a
   model; it gets SQL, typed parameters and gives back cells.

   A connection does one thing at a time and never blocks (an embedded engine works inside step):
   start hands over statements, wants tells what to poll for, step hands back rows. */
#ifndef IGNIS_DRIVER_H
#define IGNIS_DRIVER_H

#include "ignis/model.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a cell holds. */
typedef enum ignis_cell_kind {
    IGNIS_CELL_NULL = 0, /* the SQL value NULL */
    IGNIS_CELL_INTEGER,  /* integers; boolean 0 or 1; date: days, timestamps: microseconds, both
                           since 2000-01-01, INT64_MIN and INT64_MAX being -infinity and infinity */
    IGNIS_CELL_REAL,     /* a real or double */
    IGNIS_CELL_TEXT,  /* UTF-8, not terminated; times also as fixed-width text (design: SQLite) */
    IGNIS_CELL_BYTES, /* bytes: as.text, size */
    IGNIS_CELL_LIST   /* elements of an array, or the tuples of a key list one after another */
} ignis_cell_kind;

/* One value. Text, bytes and items belong to whoever made the cell. */
typedef struct ignis_cell {
    ignis_cell_kind kind; /* which member of as counts */
    size_t size;          /* bytes of text, items of a list */
    union {
        int64_t integer;                /* IGNIS_CELL_INTEGER */
        double real;                    /* IGNIS_CELL_REAL */
        const char *text;               /* text and bytes */
        const struct ignis_cell *items; /* IGNIS_CELL_LIST */
    } as;                               /* by the kind */
} ignis_cell;

/* What a parameter or a result column holds. */
typedef struct ignis_value_type {
    ignis_type type;  /* of a value, or of an element */
    bool array;       /* an array column */
    bool list;        /* parameter: a list of values of this type, of any length; of arrays it goes
                         to PostgreSQL as text[] of their literals */
    const char *cast; /* IGNIS_TYPE_OTHER: the SQL type */
} ignis_value_type;

/* A statement as the engine reads it. */
typedef struct ignis_statement {
    uint64_t id;     /* the same id is the same text; 0: do not keep it prepared */
    const char *sql; /* the text */
    size_t sql_size; /* in bytes */
    const ignis_value_type *parameters; /* in the order of their placeholders */
    size_t parameters_count;            /* of parameters */
    const ignis_value_type *columns;    /* of the result */
    size_t columns_count;               /* 0: it gives no rows */
    bool
        raw; /* the text is the caller's own: no message shows a piece of it, and each parameter has
                   its placeholder. What its result holds only the driver knows */
    bool reads; /* raw: losing its answer loses nothing */
    bool
        diagnoses; /* only reads, and looks for the cause of an error: an engine that can runs it within
                       a transaction that takes only a rollback otherwise */
    bool
        copies; /* COPY of rows in PostgreSQL's binary form: the parameters are one key list over all
                    columns, a row each. Alone in its start, and only for drivers that copy */
} ignis_statement;

/* One statement with its parameters. A list parameter over a key of k columns (a "key list") has
   k * n items and takes k entries of statement->parameters with list set; the cell is the first
   of the k, the other k - 1 cells are IGNIS_CELL_NULL and ignored. */
typedef struct ignis_execution {
    const ignis_statement *statement; /* what is carried out */
    const ignis_cell *parameters;     /* as many as the statement has */
    bool
        goes_on; /* of a statement that copies and has an id: the next start has more rows for it. This
                     one ends when its rows are sent; what the server says of them comes with a later
                     start. A start of anything else ends the COPY first; abandon gives it up.
                     affected of the last one counts all rows */
} ignis_execution;

/* How far a connection is. */
typedef enum ignis_batch_state {
    IGNIS_BATCH_WAIT, /* nothing yet: see wants */
    IGNIS_BATCH_ROWS, /* rows of an execution */
    IGNIS_BATCH_END,  /* an execution is complete */
    IGNIS_BATCH_IDLE  /* all are complete; the connection is free */
} ignis_batch_state;

/* What step hands back. Cells are row after row and valid until the next step, start or disconnect. */
typedef struct ignis_batch {
    ignis_batch_state state; /* what it is */
    size_t execution;        /* index within start's array */
    const ignis_cell *cells; /* IGNIS_BATCH_ROWS: rows_count * columns_count */
    size_t rows_count;       /* of cells */
    size_t columns_count;    /* of cells */
    int64_t affected;        /* IGNIS_BATCH_END of a write: rows changed */
} ignis_batch;

/* Bits of what to poll for. */
enum {
    IGNIS_WANTS_READ = 1, /* until there is something to read */
    IGNIS_WANTS_WRITE = 2 /* until it takes more */
};

/* What to poll for. */
typedef struct ignis_wants {
    int descriptor; /* -1: nothing, call step */
    int events;     /* IGNIS_WANTS_READ, IGNIS_WANTS_WRITE, or both */
} ignis_wants;

/* The SQL that an engine takes. */
typedef enum ignis_dialect {
    IGNIS_DIALECT_SQLITE = 1, /* SQLite's */
    IGNIS_DIALECT_POSTGRES    /* PostgreSQL's */
} ignis_dialect;

/* What stands between the library and a PostgreSQL server. */
typedef enum ignis_pooling {
    IGNIS_POOLING_DETECT = 0, /* asked of the server when connecting */
    IGNIS_POOLING_DIRECT,     /* nothing: settings and prepared statements stay with a connection */
    IGNIS_POOLING_TRANSACTION /* a pooler such as PgBouncer, which may change the server between
                                 transactions: nothing is kept there */
} ignis_pooling;

/* What a database is opened with. */
typedef struct ignis_driver_settings {
    size_t struct_size;
    const char *url;       /* as each driver reads it */
    int busy_timeout_ms;   /* SQLite: wait for another writer */
    ignis_pooling pooling; /* PostgreSQL: what stands between */
    bool connects_later;   /* PostgreSQL: open reads the URL, and makes no connection */
} ignis_driver_settings;

/* The driver's own. */
typedef struct ignis_database ignis_database;
typedef struct ignis_connection ignis_connection;

/* On failure a function reports through ctx and gives nothing back. After a failing start or step
   the connection is idle again, or broken. */
typedef struct ignis_driver {
    size_t struct_size;
    const char *name;      /* as in a URL's scheme */
    ignis_dialect dialect; /* of the SQL that it takes */
    /* Looks at the settings. Connections are made by connect. */
    ignis_code (*open)(ignis_context *ctx, const ignis_driver_settings *settings,
                       ignis_database **database);
    /* All its connections are closed by then. */
    void (*close)(ignis_database *database);
    /* Connections that this database allows at once; 0: no bound. */
    size_t (*connections_max)(const ignis_database *database);
    /* Makes a connection, before the deadline of ctx. */
    ignis_code (*connect)(ignis_context *ctx, ignis_database *database,
                          ignis_connection **connection);
    /* Closes a connection, also a broken one. */
    void (*disconnect)(ignis_connection *connection);
    /* executions and all they point at stay valid until IDLE or failure. */
    ignis_code (*start)(ignis_context *ctx, ignis_connection *connection,
                        const ignis_execution *executions, size_t executions_count);
    /* What to poll for before the next step. */
    ignis_wants (*wants)(const ignis_connection *connection);
    /* Goes on as far as it can without waiting, and hands back what there is. */
    ignis_code (*step)(ignis_context *ctx, ignis_connection *connection, ignis_batch *batch);
    /* Drops what is still running; the connection is idle or broken afterwards. */
    void (*abandon)(ignis_connection *connection);
    /* From any thread: makes the running step, or the next one of what was started, fail with
       IGNIS_E_CANCELLED, soon. Does not wait long: the call cannot end before it returns. */
    void (*cancel)(ignis_connection *connection);
    /* Whether it can never be used again. */
    bool (*is_broken)(const ignis_connection *connection);
    /* Whether a transaction is open. */
    bool (*in_transaction)(const ignis_connection *connection);
    /* Whether an idle connection still lives, as far as a look that does not wait can tell.
       NULL: idle connections do not die. */
    bool (*check)(ignis_connection *connection);
    /* Of the rows handed over last: what a column is called, and what its cells hold,
       IGNIS_TYPE_NONE where the cell says it all. Valid as long as the rows. NULL: raw statements
       give no rows. */
    const char *(*column)(const ignis_connection *connection, size_t index, ignis_value_type *type);
    /* Closes the connections that open made, or connect began, and that nobody has taken. NULL: there
       are none but the database itself. */
    void (*drop)(ignis_database *database);
    bool copies; /* takes statements that copy */
} ignis_driver;

/* URL: "sqlite:FILE", "sqlite::memory:", or a plain file name. */
IGNIS_API extern const ignis_driver ignis_sqlite_driver;

/* URL: "postgresql://…" or "postgres://…" as libpq reads it, its environment variables and service
   files included: https://www.postgresql.org/docs/15/libpq-connect.html#LIBPQ-CONNSTRING. Of several
   hosts each has connect_timeout (10 seconds where it is not said), and all but the last no more than
   their share of the deadline. A name of a host is looked up without regard to the deadline: give an
   address where that matters. open answers IGNIS_E_UNSUPPORTED where the library was built without
   libpq. */
IGNIS_API extern const ignis_driver ignis_postgres_driver;

#ifdef __cplusplus
}
#endif
#endif
