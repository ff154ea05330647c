#!/bin/bash
# The image's health check: the process says that it can serve. In bash, since a Node of its own for each look would cost
# more than the app does when nobody is there.
exec 3<>"/dev/tcp/127.0.0.1/${METRICS_PORT:-9090}" || exit 1
printf 'GET /readyz HTTP/1.0\r\n\r\n' >&3
read -r _ status _ <&3
[ "$status" = 200 ]
