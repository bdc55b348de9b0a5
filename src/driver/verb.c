#include "driver/driver.h"

/* Moves past the word where *at begins with it, in any case, and past the spaces behind it. */
static bool word_take(const char **at, const char *end, const char *word)
{
    size_t size = strlen(word);
    const char *behind = *at;
    if ((size_t)(end - behind) < size) return false;
    for (size_t i = 0; i < size; i++) {
        char c = behind[i] >= 'a' && behind[i] <= 'z' ? (char)(behind[i] - 'a' + 'A') : behind[i];
        if (c != word[i]) return false;
    }
    behind += size;
    if (behind < end && *behind != ' ' && *behind != ';' && *behind != '\n' && *behind != '\t')
        return false;
    while (behind < end && (*behind == ' ' || *behind == '\n' || *behind == '\t')) {
        behind++;
    }
    *at = behind;
    return true;
}

driver_verb driver_verb_of(const ignis_statement *statement)
{
    const char *at = statement->sql;
    const char *end = at + statement->sql_size;
    while (at < end && (*at == ' ' || *at == '\n' || *at == '\t')) {
        at++;
    }
    if (word_take(&at, end, "BEGIN")) return DRIVER_VERB_BEGIN;
    if (word_take(&at, end, "COMMIT") || word_take(&at, end, "END")) return DRIVER_VERB_COMMIT;
    if (!word_take(&at, end, "ROLLBACK")) return DRIVER_VERB_OTHER;
    (void)word_take(&at, end, "TRANSACTION");
    return word_take(&at, end, "TO") ? DRIVER_VERB_ROLLBACK_TO : DRIVER_VERB_ROLLBACK;
}

bool driver_begins_read_only(const ignis_statement *statement)
{
    static const char words[] = "READ ONLY";
    return memmem(statement->sql, statement->sql_size, words, sizeof(words) - 1) != NULL;
}
