#!/bin/bash
# POSTGRES_USER, POSTGRES_DB, POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE, as the published image takes them.
set -euo pipefail

[ "${1:0:1}" = - ] && set -- postgres "$@"
user=${POSTGRES_USER:-postgres}
database=${POSTGRES_DB:-$user}

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  password=${POSTGRES_PASSWORD:-$(cat "${POSTGRES_PASSWORD_FILE:?POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE is needed}")}
  # shellcheck disable=SC2086 # several options in one variable
  initdb --pgdata="$PGDATA" --username="$user" --pwfile=<(echo "$password") --auth-host=scram-sha-256 --auth-local=trust ${POSTGRES_INITDB_ARGS:-}
  echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
  echo "create database \"$database\"" | postgres --single -D "$PGDATA" postgres >/dev/null
fi
if [ "$1" = postgres ]; then
  shift
  exec postgres -D "$PGDATA" -c listen_addresses='*' -c unix_socket_directories=/tmp "$@"
fi
exec "$@"
