/* pattern: what is known of a pattern of like before it meets a text. */
#include "base/base.h"

bool pattern_is_open(const char *pattern, size_t size)
{
    size_t count = 0;
    while (count < size && pattern[size - 1 - count] == '\\')
        count++;
    return count % 2 != 0;
}
