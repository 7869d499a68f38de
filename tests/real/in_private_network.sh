#!/bin/bash
# in_private_network.sh COMMAND...: runs it where there is only a loopback interface, all ports of which are free.
# Needs no root; whatever the command leaves running ends with it.
set -euo pipefail
users=()
if ((EUID != 0)); then users=(--user --map-root-user); fi
exec unshare "${users[@]}" --net --pid --fork --kill-child -- \
  bash -c 'ip link set lo up && "$@"' in_private_network "$@"
