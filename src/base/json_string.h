/* The strings of JSON text, for json_read.c. */
#ifndef BASE_JSON_STRING_H
#define BASE_JSON_STRING_H

#include "base/base.h"

/* Copies the string whose first byte after the quote is at, checked and unescaped, to *out and moves
   *out to its end; nothing terminates it. *out has room for all that is left of the input. Returns
   the place after the closing quote, or, with a static *message, the place of the fault. */
const char *json_string_read(const char *at, const char *end, char **out, const char **message);

#endif
