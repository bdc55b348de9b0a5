/* Runs a command with IGNIS_SEED_URL naming an empty database on the tests' PostgreSQL server, which is
   dropped at the end. Usage: database COMMAND [ARGUMENT ...] */
#include "support/server.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int arguments_count, char **arguments)
{
    int status;
    if (arguments_count < 2) return 2;
    if (setenv("IGNIS_SEED_URL", server_url(), 1) != 0) return 1;
    pid_t child = fork();
    if (child < 0) return 1;
    if (child == 0) {
        execvp(arguments[1], arguments + 1);
        perror(arguments[1]);
        _exit(1);
    }
    if (waitpid(child, &status, 0) != child) return 1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
