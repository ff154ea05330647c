#!/bin/bash
# Settings as the published image takes them: KAFKA_NODE_ID is node.id; two underscores stand for one, three for a dash.
set -euo pipefail

properties=/opt/kafka/config/server.properties
setting='^KAFKA_(HEAP_OPTS|OPTS|LOG4J.*)='
env | grep '^KAFKA_' | grep -Ev "$setting" | while IFS='=' read -r name value; do
  key=$(echo "${name#KAFKA_}" | tr '[:upper:]' '[:lower:]' | sed -e 's/___/-/g' -e 's/__/\x01/g' -e 's/_/./g' -e 's/\x01/_/g')
  echo "$key=$value"
done >"$properties"

run() { java -cp '/opt/kafka/libs/*' "$@"; }
run kafka.tools.StorageTool format --ignore-formatted --cluster-id "${CLUSTER_ID:-5L6g3nShT-eMCtK--X86sw}" --config "$properties"
# shellcheck disable=SC2086 # several options in one variable
exec java ${KAFKA_HEAP_OPTS:--Xmx1G -Xms1G} -XX:+ExitOnOutOfMemoryError ${KAFKA_OPTS:-} -cp '/opt/kafka/libs/*' kafka.Kafka "$properties"
