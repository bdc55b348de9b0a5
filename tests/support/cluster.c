#include "support/cluster.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ANSWER_MAX = 1024, SCRIPT_MAX = 1024 };

/* A script does the work; it ends when its socket is closed, also where this program was killed. */
struct cluster {
    pid_t script;
    int socket;
    char answer[ANSWER_MAX];
    char *url;
    char *folder;
    char *replica_url;
};

static _Noreturn void end(const char *what)
{
    fprintf(stderr, "cluster: %s\n", what);
    exit(1);
}

static void answer_read(cluster *self)
{
    size_t size = 0;
    for (;;) {
        if (size == ANSWER_MAX) end("too long an answer");
        if (read(self->socket, self->answer + size, 1) != 1) end("no answer");
        if (self->answer[size] == '\n') break;
        size++;
    }
    self->answer[size] = '\0';
}

static void order(cluster *self, const char *line)
{
    if (write(self->socket, line, strlen(line)) != (ssize_t)strlen(line)) end("not written");
    answer_read(self);
    if (strcmp(self->answer, "done") != 0) end(line);
}

static void script_start(cluster *self, const char *kind)
{
    int ends[2];
    char path[SCRIPT_MAX];
    const char *source = getenv("IGNIS_SOURCE");
    int size = snprintf(path, sizeof(path), "%s/tests/support/cluster.sh", source ? source : ".");
    if (size < 0 || size >= SCRIPT_MAX) end("too long a path");
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) end("no socket");
    self->script = fork();
    if (self->script < 0) end("no process");
    if (self->script == 0) {
        if (dup2(ends[1], STDIN_FILENO) < 0 || dup2(ends[1], STDOUT_FILENO) < 0) _exit(127);
        (void)execlp("bash", "bash", path, kind, (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    self->socket = ends[0];
}

static char *word_next(char **rest)
{
    const char *word = *rest ? strsep(rest, " ") : NULL;
    char *copy = word ? strdup(word) : NULL;
    if (!copy) end("no such answer");
    return copy;
}

cluster *cluster_create(cluster_kind kind)
{
    cluster *self = calloc(1, sizeof(*self));
    if (!self) end("no memory");
    static const char *const kinds[] = {
        [CLUSTER_PLAIN] = "plain", [CLUSTER_TLS] = "tls", [CLUSTER_REPLICA] = "replica"};
    script_start(self, kinds[kind]);
    answer_read(self);
    if (strncmp(self->answer, "skipped ", 8) == 0) {
        printf("skipped: %s\n", self->answer + 8);
        cluster_destroy(self);
        exit(CLUSTER_SKIPPED);
    }
    char *rest = self->answer;
    if (strcmp(strsep(&rest, " "), "ready") != 0) end("the server did not start");
    self->url = word_next(&rest);
    self->folder = word_next(&rest);
    self->replica_url = word_next(&rest);
    return self;
}

void cluster_destroy(cluster *self)
{
    if (!self) return;
    close(self->socket);
    (void)waitpid(self->script, NULL, 0);
    free(self->url);
    free(self->folder);
    free(self->replica_url);
    free(self);
}

const char *cluster_url(const cluster *self)
{
    return self->url;
}

const char *cluster_folder(const cluster *self)
{
    return self->folder;
}

const char *cluster_replica_url(const cluster *self)
{
    return self->replica_url;
}

void cluster_stop(cluster *self)
{
    order(self, "stop\n");
}

void cluster_start(cluster *self)
{
    order(self, "start\n");
}
