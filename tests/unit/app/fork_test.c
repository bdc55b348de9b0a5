/* A forked process that goes on with the context it was born with makes keys of its own. */
#include "support/engine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { KEY_SIZE = 36 };

static const char models[] =
    "{\"models\": [{\"name\": \"Note\", \"columns\": [{\"name\": \"key\", \"type\": \"uuid\","
    " \"primaryKey\": true, \"defaultFn\": \"uuid\"}, {\"name\": \"n\", \"type\": \"integer\"}]}]}";

/* false: the row was not made. */
static bool key_make(engine *self, char key[KEY_SIZE + 1])
{
    const char *made;
    ignis_repository *notes = engine_repository(self, "Note");
    if (ignis_create_json(self->ctx, notes, "{\"n\": 1}", &made) != IGNIS_OK) return false;
    const char *at = strstr(made, "\"key\":\"");
    if (!at) return false;
    memcpy(key, at + strlen("\"key\":\""), KEY_SIZE);
    key[KEY_SIZE] = '\0';
    return true;
}

static void a_child_makes_other_keys(void **state)
{
    (void)state;
    engine self;
    int ends[2];
    const char *made;
    char key[KEY_SIZE + 1] = "";
    char of_child[KEY_SIZE + 1] = "";
    engine_open(&self, models, NULL);
    /* Several, so that random bytes would be left over. */
    assert_int_equal(ignis_create_all_json(self.ctx, engine_repository(&self, "Note"),
                                           "[{\"n\": 1}, {\"n\": 2}]", &made),
                     IGNIS_OK);
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        bool is_made = key_make(&self, key);
        _exit(is_made && write(ends[1], key, KEY_SIZE) == KEY_SIZE ? 0 : 1);
    }
    int status = 1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_int_equal(read(ends[0], of_child, KEY_SIZE), KEY_SIZE);
    assert_true(key_make(&self, key));
    assert_string_not_equal(key, of_child);
    (void)close(ends[0]);
    (void)close(ends[1]);
    engine_close(&self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_child_makes_other_keys)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
