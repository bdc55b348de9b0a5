/* postgres_hosts: the hosts that a new connection may go to: lists of names, addresses and ports that
   libpq tries in its own order. https://www.postgresql.org/docs/15/libpq-connect.html */
#include "driver/postgres.h"

#ifdef IGNIS_HAVE_POSTGRES

#include <libpq-fe.h>

static const char *value_of(const PQconninfoOption *options, const char *keyword)
{
    for (; options->keyword; options++) {
        if (strcmp(options->keyword, keyword) == 0) return options->val ? options->val : "";
    }
    return "";
}

static size_t items_count(const char *list)
{
    size_t count = 1;
    while ((list = strchr(list, ',')) != NULL) {
        count++;
        list++;
    }
    return count;
}

/* The item at an index; of a list of one item always that. */
static const char *item_at(const char *list, size_t index, size_t *size)
{
    const char *next;
    while (index-- > 0 && (next = strchr(list, ',')) != NULL)
        list = next + 1;
    *size = strcspn(list, ",");
    return list;
}

static bool item_is(const char *list, size_t index, const char *value)
{
    size_t size;
    const char *item = item_at(list, index, &size);
    return strlen(value) == size && memcmp(item, value, size) == 0;
}

/* The list that names the hosts: addresses count for more. */
static const char *hosts_of(const PQconninfoOption *options)
{
    const char *addresses = value_of(options, "hostaddr");
    return *addresses ? addresses : value_of(options, "host");
}

size_t postgres_hosts_count(PGconn *handle)
{
    PQconninfoOption *options = PQconninfo(handle);
    if (!options) return 1;
    size_t count = items_count(hosts_of(options));
    PQconninfoFree(options);
    return count;
}

/* The index of the host that libpq is at. */
static size_t host_index(const PGconn *handle, const PQconninfoOption *options)
{
    const char *names = value_of(options, "host");
    const char *ports = value_of(options, "port");
    const char *list = *names ? names : hosts_of(options);
    size_t count = items_count(list);
    for (size_t i = 0; i < count; i++) {
        bool is_port = !*ports || item_is(ports, i, PQport(handle));
        if (is_port && item_is(list, i, PQhost(handle))) return i;
    }
    return 0;
}

/* NULL: no memory. */
static const char *list_without(arena *memory, const char *list, size_t index)
{
    size_t size;
    size_t count = items_count(list);
    const char *between = "";
    text out;
    text_init(&out, memory, 0);
    for (size_t i = 0; i < count; i++) {
        if (i == index && count > 1) continue;
        const char *item = item_at(list, i, &size);
        text_string(&out, between);
        text_append(&out, item, size);
        between = ",";
    }
    return text_finish(&out);
}

bool postgres_hosts_leave(arena *memory, PGconn *handle, const postgres_options *given,
                          postgres_options *left)
{
    static const char *const lists[] = {"host", "hostaddr", "port"};
    PQconninfoOption *options = PQconninfo(handle);
    size_t count = 0;
    while (given->keywords[count])
        count++;
    *left = *given;
    left->keywords = arena_array(memory, count + ARRAY_COUNT(lists) + 1, sizeof(*left->keywords));
    left->values = arena_array(memory, count + ARRAY_COUNT(lists) + 1, sizeof(*left->values));
    bool is_made = options && left->keywords && left->values;
    for (size_t i = 0; is_made && i < count; i++) {
        left->keywords[i] = given->keywords[i];
        left->values[i] = given->values[i];
    }
    size_t index = is_made ? host_index(handle, options) : 0;
    for (size_t i = 0; is_made && i < ARRAY_COUNT(lists); i++) {
        /* Of two values of a keyword the last counts. */
        left->keywords[count + i] = lists[i];
        left->values[count + i] = list_without(memory, value_of(options, lists[i]), index);
        is_made = left->values[count + i] != NULL;
    }
    PQconninfoFree(options);
    return is_made;
}

#endif
