#!/usr/bin/env bash
# Runs every benchmark of BIN_DIR (or those named) and gathers their results in build/bench/.
# Each prints ratios against a peer or limit measured in the same run; times alone mean nothing on a shared machine.
# usage: run_benchmarks.sh BIN_DIR [NAME…]      NAME as in bench_NAME
set -euo pipefail
# Inside a private PostgreSQL, for the store's.
[ -n "${POSTERN_TEST_PG:-}" ] || exec env POSTERN_PG_FSYNC=on "$(dirname "$0")/../support/postgres.sh" run "$0" "$@"
root=$(cd "$(dirname "$0")/../.." && pwd)
bin=$1; shift
out=$root/build/bench
mkdir -p "$out"

names=("$@")
if [ ${#names[@]} -eq 0 ]; then
    for b in "$bin"/bench_*; do names+=("$(basename "$b" | sed 's/^bench_//')"); done
fi
status=0
for name in "${names[@]}"; do
    printf '\n== %s\n' "$name"
    QT_QPA_PLATFORM=offscreen "$bin/bench_$name" --json "$out/$name.json" | tee "$out/$name.txt" || status=1
done
exit $status
