#!/bin/sh
# A PostgreSQL of the tests' own, in a folder made for it: `sh tests/postgres.sh FOLDER` starts it and prints its address;
# `sh tests/postgres.sh FOLDER stop` ends it. Debian's package is installed when it is missing. It keeps nothing safe; in
# /dev/shm a database is copied in 15 ms, three times as fast as on a disk.
set -eu
folder=$1
free='import socket; taken = socket.socket(); taken.bind(("127.0.0.1", 0)); print(taken.getsockname()[1])'
port=${POSTGRES_PORT:-$(python3 -c "$free")}
if ! ls /usr/lib/postgresql/*/bin/initdb > /dev/null 2>&1; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq postgresql > /dev/null
fi
bin=$(ls -d /usr/lib/postgresql/*/bin | tail -n 1)

as_postgres() { # PostgreSQL refuses to run as root
    if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

if [ "${2:-}" = stop ]; then
    as_postgres "$bin/pg_ctl" -D "$folder/data" -m immediate stop > /dev/null
    exit 0
fi
mkdir -p "$folder"
[ "$(id -u)" != 0 ] || chown postgres "$folder"
as_postgres "$bin/initdb" -D "$folder/data" -U portail --auth=trust --encoding=UTF8 --locale=C.UTF-8 > "$folder/initdb.log"
as_postgres "$bin/pg_ctl" -D "$folder/data" -l "$folder/server.log" -w start > /dev/null -o "-p $port -k $folder \
    -c listen_addresses=127.0.0.1 -c max_connections=400 -c fsync=off -c synchronous_commit=off -c full_page_writes=off \
    -c wal_level=minimal -c max_wal_senders=0 -c max_wal_size=4GB -c checkpoint_timeout=1h -c autovacuum=off -c jit=off" \
    || { cat "$folder/server.log" >&2; exit 1; }
echo "postgresql://portail@127.0.0.1:$port/postgres"
