#include "base/base.h"

#include <stdarg.h>
#include <stdio.h>

const char *ignis_log_level_name(ignis_log_level level)
{
    static const char *const names[] = {"default", "off", "error", "warn", "info", "debug"};
    return (size_t)level < ARRAY_COUNT(names) ? names[level] : names[0];
}

void ignis_log_print(void *data, const ignis_log_entry *entry)
{
    (void)data;
    flockfile(stderr);
    fprintf(stderr, "%-5s %s: %s", ignis_log_level_name(entry->level), entry->scope,
            entry->message);
    if (entry->statement) {
        fprintf(stderr, ": %.*s", (int)entry->statement_size, entry->statement);
    }
    if (entry->values) fprintf(stderr, " %s", entry->values);
    fputc('\n', stderr);
    funlockfile(stderr);
}

bool log_sink_read(const ignis_log *log, const char *scope, log_sink *sink)
{
    *sink = (log_sink){.scope = scope};
    if (!log) return false;
    memcpy(&sink->to, log,
           log->struct_size < sizeof(sink->to) ? log->struct_size : sizeof(sink->to));
    if (sink->to.level == IGNIS_LOG_DEFAULT) sink->to.level = IGNIS_LOG_INFO;
    return sink->to.write && sink->to.level != IGNIS_LOG_OFF;
}

void log_entry_write(const log_sink *sink, ignis_log_entry *entry)
{
    entry->struct_size = sizeof(*entry);
    if (!entry->scope) entry->scope = sink->scope;
    sink->to.write(sink->to.data, entry);
}

void log_line(const log_sink *sink, ignis_log_level level, const char *format, ...)
{
    char message[CONTEXT_MESSAGE_MAX];
    if (!log_wants(sink, level)) return;
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(message, sizeof(message), format, arguments);
    va_end(arguments);
    if (size < 0) return;
    ignis_log_entry entry = {.level = level, .message = message};
    log_entry_write(sink, &entry);
}
