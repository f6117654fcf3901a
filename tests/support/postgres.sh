#!/bin/sh
# A private PostgreSQL for the tests: its own cluster in a temporary folder, a free port on loopback, nobody else's data.
#   postgres.sh run COMMAND…    starts it, runs COMMAND with POSTERN_TEST_PG set, stops it; exits as COMMAND did
#   postgres.sh start           prints "FOLDER URL"
#   postgres.sh stop FOLDER     ends that server (by the process id it wrote) and removes the folder
# POSTERN_PG_FSYNC=on keeps the server's commits durable (benchmarks); tests do without.
set -eu

fail() { echo "postgres.sh: $*" >&2; exit 1; }

find_binaries() {
    bindir=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -t/ -k5 -n | tail -1)
    [ -n "$bindir" ] || bindir=$(dirname "$(command -v postgres 2>/dev/null || echo /nowhere/x)")
    [ -x "$bindir/initdb" ] || fail "PostgreSQL is not installed (Debian package: postgresql)"
}

# The server refuses to run as root; the package has made an account for it.
as_server() {
    if [ "$(id -u)" = 0 ]; then
        setpriv --reuid=postgres --regid=postgres --clear-groups -- "$@"
    else
        "$@"
    fi
}

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

start() {
    find_binaries
    folder=$(mktemp -d "${TMPDIR:-/tmp}/postern-pg.XXXXXX")
    [ "$(id -u)" = 0 ] && chown postgres "$folder"
    (
        cd "$folder"
        as_server "$bindir/initdb" -D "$folder/data" -U postern -A trust -E UTF8 --locale=C -N >"$folder.initdb" 2>&1
    ) || { cat "$folder.initdb" >&2; rm -rf "$folder" "$folder.initdb"; fail "initdb failed"; }
    rm -f "$folder.initdb"
    for attempt in 1 2 3 4 5; do # between asking for a free port and taking it somebody else may have
        port=$(free_port)
        if (
            cd "$folder"
            as_server "$bindir/pg_ctl" -D "$folder/data" -l "$folder/server.log" -w -t 60 -s -o "-p $port \
                -c listen_addresses=127.0.0.1 -c unix_socket_directories='$folder' -c fsync=${POSTERN_PG_FSYNC:-off} \
                -c max_connections=60 -c shared_buffers=64MB" start >/dev/null 2>&1
        ); then
            echo "$folder postgresql://postern@127.0.0.1:$port/postgres"
            return 0
        fi
    done
    cat "$folder/server.log" >&2
    rm -rf "$folder"
    fail "the server does not start"
}

stop() {
    folder=$1
    case $folder in */postern-pg.*) ;; *) fail "$folder is not a folder of this script" ;; esac
    if [ -f "$folder/data/postmaster.pid" ]; then
        pid=$(head -1 "$folder/data/postmaster.pid")
        kill -INT "$pid" 2>/dev/null || true
        for wait in $(seq 100); do
            kill -0 "$pid" 2>/dev/null || break
            sleep 0.1
        done
        kill -KILL "$pid" 2>/dev/null || true
    fi
    rm -rf "$folder"
}

case ${1:-} in
start)
    start
    ;;
stop)
    [ $# = 2 ] || fail "stop needs the folder that start printed"
    stop "$2"
    ;;
run)
    shift
    [ $# -gt 0 ] || fail "run needs a command"
    started=$(start)
    folder=${started%% *}
    trap 'stop "$folder"' EXIT
    trap 'exit 130' INT TERM
    status=0
    POSTERN_TEST_PG=${started#* } "$@" || status=$?
    exit $status
    ;;
*)
    sed -n '2,6s/^# //p' "$0" >&2
    exit 2
    ;;
esac
