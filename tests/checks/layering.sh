#!/bin/bash
# layering.sh allows|forbids HEADER COMPILER INCLUDE_ROOT...: whether a layer with these include roots can include HEADER.
set -euo pipefail
verdict=$1 header=$2 compiler=$3
shift 3
roots=()
for root in "$@"; do roots+=(-I "$root"); done

status=0
errors=$("$compiler" -std=c++20 -fsyntax-only "${roots[@]}" -x c++ - 2>&1 <<<"#include \"$header\"") || status=$?
case $verdict:$status in
  allows:0) ;;
  forbids:[!0]*) grep -q "$header: No such file" <<<"$errors" ;;
  *)
    echo "a layer that $verdict $header: the compiler ended with $status"
    echo "$errors"
    exit 1
    ;;
esac
