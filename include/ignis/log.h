/* Logging: what an application, a data source and its calls tell a function of the program. */
#ifndef IGNIS_LOG_H
#define IGNIS_LOG_H

#include "ignis/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* From the gravest to the finest. */
typedef enum ignis_log_level {
    IGNIS_LOG_DEFAULT = 0, /* of a log: info; of a call: what the log says */
    IGNIS_LOG_OFF,         /* nothing */
    IGNIS_LOG_ERROR,       /* a statement or a start that failed */
    IGNIS_LOG_WARN, /* a slow statement, an attempt to connect that failed, a replica that is down */
    IGNIS_LOG_INFO, /* a start, a stop, a data source that opened */
    IGNIS_LOG_DEBUG /* every statement, every connection */
} ignis_log_level;

/* One event. Texts live until the function returns. */
typedef struct ignis_log_entry {
    size_t struct_size;
    ignis_log_level level; /* never IGNIS_LOG_DEFAULT or IGNIS_LOG_OFF */
    const char *scope;     /* the repository, data source or application it is of */
    const char *message;   /* one line, without values */
    const char *statement; /* SQL, or NULL where it is not of a statement */
    size_t statement_size; /* in bytes */
    const char *values;    /* its parameters as a JSON list; NULL: not asked for */
    int64_t elapsed_us;    /* from sending the statement until its end */
    int64_t rows_count;    /* read, or changed by a write */
    ignis_code code;       /* of what failed, else IGNIS_OK */
} ignis_log_entry;

/* Any thread may call it, several at once. It must not use a context of the library's callers. */
typedef void ignis_log_write(void *data, const ignis_log_entry *entry);

/* Where to log, what and how much. It is copied; what data points at is not. */
typedef struct ignis_log {
    size_t struct_size;
    ignis_log_write *write; /* NULL: nothing is logged */
    void *data;             /* handed to write */
    ignis_log_level level;  /* the finest that is told */
    int64_t slow_ms;        /* statements that take as long are warnings; 0: none are */
    bool with_values;       /* statements come with their values, hidden columns' too */
} ignis_log;

/* A write that prints a line to the standard error: "warn  UserRepository: slow statement …". */
IGNIS_API void ignis_log_print(void *data, const ignis_log_entry *entry);

/* "error", "warn", "info", "debug", "off"; "default" for any other. */
IGNIS_API const char *ignis_log_level_name(ignis_log_level level);

#ifdef __cplusplus
}
#endif
#endif
