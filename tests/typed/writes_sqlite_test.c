/* Writes from C values and structs, on SQLite. */
#include "typed/written.h"

#include <stddef.h>

static const char *in_memory(void)
{
    return NULL;
}

int main(void)
{
    return written_check(in_memory);
}
