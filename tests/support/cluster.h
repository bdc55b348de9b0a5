/* cluster: a PostgreSQL server of one's own, which can be stopped and started again. For tests. */
#ifndef CLUSTER_H
#define CLUSTER_H

typedef struct cluster cluster;

typedef enum cluster_kind {
    CLUSTER_PLAIN,
    CLUSTER_TLS,    /* ssl = on; the certificate of its server is for "localhost" */
    CLUSTER_REPLICA /* with a streaming replica, which cluster_stop and cluster_start are of then, and
                       which ends what stands in the way of replaying at once */
} cluster_kind;

/* Creates and starts a server in a folder of its own, gone with the program. Where there can be none
   the program says so and ends with CLUSTER_SKIPPED; other errors end it, too. */
enum { CLUSTER_SKIPPED = 77 };
cluster *cluster_create(cluster_kind kind);
/* Stops the server and removes its folder. NULL does nothing. */
void cluster_destroy(cluster *self);
/* Has a query: further parameters follow after "&". */
const char *cluster_url(const cluster *self);
/* CLUSTER_REPLICA: of the replica. */
const char *cluster_replica_url(const cluster *self);
/* Where CLUSTER_TLS has server.crt, which is its own root, and other.crt, which is that of nobody. */
const char *cluster_folder(const cluster *self);
/* In immediate mode: as if it had crashed. It has ended on return. */
void cluster_stop(cluster *self);
/* On the same port. It takes connections on return. */
void cluster_start(cluster *self);

#endif
