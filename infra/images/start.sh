#!/bin/sh
# The image's entry: the command line of whiply in place of this shell, so that signals reach it.
exec node --disable-warning=TimeoutNegativeWarning --disable-warning=ExperimentalWarning /whiply/apps/whiply/main.ts "$@"
