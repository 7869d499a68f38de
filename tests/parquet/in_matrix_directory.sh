#!/bin/bash
# in_matrix_directory.sh BUILD_DIRECTORY make WRITER | use SCRIPT ARGUMENT... | remove
# The matrix of a build directory is in a temporary directory of its own, as who runs the tests may not write to the
# former: `make` writes it with WRITER, `use` runs SCRIPT with ARGUMENT... and that directory, `remove` takes it away.
set -euo pipefail
name=arpasweep-parquet-$EUID-$(printf '%s' "$1" | cksum | cut -d ' ' -f 1)
directory=${TMPDIR:-/tmp}/$name
case $2 in
  make)
    rm -rf "$directory"
    mkdir -m 700 "$directory"
    exec "$3" "$directory"
    ;;
  use)
    # A symlink to the scripts is taken as it is, so that the packages beside it are found.
    exec node --preserve-symlinks --preserve-symlinks-main "${@:3}" "$directory"
    ;;
  remove)
    rm -rf "$directory"
    ;;
esac
