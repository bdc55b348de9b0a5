/* Plays inputs back through a fuzz target where there is no libFuzzer. Arguments are files and
   folders of files; without any, and for a folder that is not there, the empty input is played. */
#include "base/base.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

enum { INPUT_SIZE_MAX = 1 << 20, PATH_SIZE_MAX = 4096 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The input has an item of its own, so that a read past its end is seen by the sanitizers. */
static bool play(const void *data, size_t size)
{
    arena memory = {0};
    uint8_t *input = arena_alloc(&memory, size);
    if (input == NULL) return false;
    if (size > 0) memcpy(input, data, size);
    (void)LLVMFuzzerTestOneInput(input, size);
    arena_free(&memory);
    return true;
}

static bool play_file(const char *path)
{
    static uint8_t data[INPUT_SIZE_MAX + 1];
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        return false;
    }
    size_t size = fread(data, 1, sizeof data, file);
    bool is_read = ferror(file) == 0;
    (void)fclose(file);
    if (!is_read || size > INPUT_SIZE_MAX) {
        (void)fprintf(stderr, "%s: not an input of at most %d bytes\n", path, INPUT_SIZE_MAX);
        return false;
    }
    return play(data, size);
}

/* Returns the number of files played, or -1. */
static int play_folder(const char *path)
{
    DIR *folder = opendir(path);
    if (folder == NULL) return errno == ENOENT ? 0 : -1;
    int played = 0;
    const struct dirent *entry;
    while (played >= 0 && (entry = readdir(folder)) != NULL) {
        char file[PATH_SIZE_MAX];
        if (entry->d_name[0] == '.') continue;
        int size = snprintf(file, sizeof file, "%s/%s", path, entry->d_name);
        bool is_played = size > 0 && size < PATH_SIZE_MAX && play_file(file);
        played = is_played ? played + 1 : -1;
    }
    (void)closedir(folder);
    return played;
}

int main(int arguments_count, char **arguments)
{
    if (!play("", 0)) return 1;
    int total = 0;
    for (int i = 1; i < arguments_count; i++) {
        struct stat status;
        bool is_file = stat(arguments[i], &status) == 0 && S_ISREG(status.st_mode);
        int played = is_file ? (play_file(arguments[i]) ? 1 : -1) : play_folder(arguments[i]);
        if (played < 0) {
            (void)fprintf(stderr, "%s: not played\n", arguments[i]);
            return 1;
        }
        total += played;
    }
    printf("played %d inputs\n", total);
    return 0;
}
