#!/usr/bin/env bash
# The server of support/cluster.c: cluster.sh plain|tls|replica. Says "ready URL FOLDER REPLICA_URL" (-: it
# has none), "skipped REASON" or "failed", then carries out the lines "stop" (at once) and "start" (on
# the same port) of its input, which are of the replica where there is one, each answered by "done" or
# "failed", and ends with it.
set -euo pipefail

kind=$1
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
# shellcheck source=tools/packages
source "$root/tools/packages"
# shellcheck source=tools/cluster
source "$root/tools/cluster"

# What else is printed is no answer.
exec 3>&1 1>&2
answer() {
    printf '%s\n' "$*" >&3
}

skip() {
    answer "skipped $*"
    exit 0
}

settings_add() {
    cat >>"$cluster_folder/data/postgresql.conf"
}

# A committed row survives a server that is stopped at once.
plain_add() {
    echo "synchronous_commit = on" | settings_add
}

# Signed by itself: it is its own root.
certificate_make() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
        -subj "/CN=localhost" -addext "subjectAltName=DNS:localhost" \
        -keyout "$cluster_folder/$1.key" -out "$cluster_folder/$1.crt" \
        >>"$cluster_folder/openssl.log" 2>&1 </dev/null || {
        cat "$cluster_folder/openssl.log"
        return 1
    }
    chmod 600 "$cluster_folder/$1.key"
    ((EUID != 0)) || chown --reference="$cluster_folder" "$cluster_folder/$1.key"
}

tls_add() {
    certificate_make server && certificate_make other || return 1
    plain_add
    settings_add <<END
ssl = on
ssl_cert_file = '$cluster_folder/server.crt'
ssl_key_file = '$cluster_folder/server.key'
END
}

# What a replica is to replay does not wait for its queries.
replica_add() {
    plain_add
    echo "max_standby_streaming_delay = 0" | settings_add
}

# TLS is optional in PostgreSQL and in its client library.
tls_check() {
    local found
    if ! found=$("$cluster_bin/psql" -XAtq -d "$1&sslmode=require" -c 'SELECT 1' 2>&1 </dev/null) &&
        [[ $found == *'not compiled in'* ]]; then
        skip "this build of libpq knows no TLS"
    fi
}

server_create() {
    local url replica=-
    cluster_find || skip "no PostgreSQL server is installed"
    if [[ $kind == tls ]] && ! command -v openssl >/dev/null; then
        skip "openssl is not installed"
    fi
    if ! cluster_server_start "${kind}_add"; then
        if grep -qs 'SSL is not supported' "$cluster_folder/data.log"; then
            skip "this build of PostgreSQL knows no TLS"
        fi
        answer failed
        exit 1
    fi
    url="postgresql://ignis:$cluster_password@localhost:$cluster_port/postgres?hostaddr=127.0.0.1"
    if [[ $kind == tls ]]; then tls_check "$url"; fi
    if [[ $kind == replica ]]; then
        cluster_replica_start || { answer failed; exit 1; }
        replica=${url/":$cluster_port/"/":$cluster_replica_port/"}
    fi
    answer "ready $url $cluster_folder $replica"
}

# SIGQUIT: immediate mode, in which clients are not waited for and nothing is tidied.
server_stop() {
    local pid=${cluster_pids[-1]}
    unset 'cluster_pids[-1]'
    kill -QUIT "$pid" || return 1
    wait "$pid" || true
}

server_start() {
    if [[ $kind == replica ]]; then
        cluster_server_run "$cluster_replica_port" replica
    else
        cluster_server_run "$cluster_port"
    fi
}

trap cluster_stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
server_create
while read -r command; do
    if "server_$command"; then answer "done"; else answer failed; fi
done
