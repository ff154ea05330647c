#!/bin/bash
# What engines and apps of docker-compose.yml share and nobody has to type: made at the first start, kept in volumes of
# their own and never replaced. POSTGRES_PASSWORD and WHIPLY_MASTER_KEY are taken instead where they are set.
set -euo pipefail
umask 077

fail() {
  echo "secrets: $1" >&2
  exit 1
}

# keep FILE VARIABLE: the secret of the variable, else a new one; what is kept already stays.
keep() {
  local file=$1 name=$2
  local wanted=${!name:-}
  if [ -s "$file" ]; then
    [ -z "$wanted" ] || [ "$wanted" = "$(cat "$file")" ] ||
      fail "$name is not the one that was kept at the first start. Take it out of the environment, or set the one of then."
    return
  fi
  printf '%s\n' "${wanted:-$(head -c 32 /dev/urandom | base64)}" >"$file.new"
  mv "$file.new" "$file"
}

generated=$(head -c 24 /dev/urandom | base64 | tr '+/' '-_')
[ -s /secrets/postgres/password ] || export POSTGRES_PASSWORD=${POSTGRES_PASSWORD:-$generated}
[[ ${POSTGRES_PASSWORD:-} =~ ^[A-Za-z0-9._~-]*$ ]] ||
  fail 'POSTGRES_PASSWORD may hold letters, digits and . _ ~ - only, since it stands in an address.'

keep /secrets/postgres/password POSTGRES_PASSWORD
# Its reader is whoever Postgres runs as; no other container has this volume.
chmod 0444 /secrets/postgres/password
keep /secrets/apps/master.key WHIPLY_MASTER_KEY
echo "postgres://whiply:$(cat /secrets/postgres/password)@postgres:5432/whiply" >/secrets/apps/database-url
