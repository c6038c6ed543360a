#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Reads files of JSON lines with shokenctl annotate, one task of a Slurm array for each file.
#
# usage: sbatch --array=0-$(($(ls SHARDS/*.jsonl | wc -l) - 1)) slurm-array.sh SHARDS OUTPUT TIME
#
# SHARDS and OUTPUT lie where all nodes see them; TIME is the moment that counts as that of receipt, the same for the
# whole job. Afterwards, where the database lies: shokenctl merge OUTPUT
#
# A task may be killed and queued again at any time: what it writes has another name until it is whole, and a file that
# is there already is not read again. Code 65 says that lines could not be read, which the shard tells and merge repeats.
# SHOKENCTL and SHOKEN_CONFIG name program and configuration on the nodes, where they are not the usual ones.
#SBATCH --job-name=shoken
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --cpus-per-task=1
set -uo pipefail
shards=$1 output=$2 moment=$3
files=("$shards"/*.jsonl)
file=${files[$SLURM_ARRAY_TASK_ID]}
target=$output/$(basename "$file").shard
[ -e "$target" ] && exit 0
# The name begins with a point, so that merge passes it over.
part=$output/.$(basename "$target").${SLURM_JOB_ID}.${SLURM_RESTART_COUNT:-0}
export OMP_NUM_THREADS=${SLURM_CPUS_PER_TASK:-1}
options=(--for-merge --read-at "$moment")
[ -n "${SHOKEN_CONFIG:-}" ] && options+=(--config "$SHOKEN_CONFIG")
"${SHOKENCTL:-shokenctl}" annotate "${options[@]}" "$file" >"$part"
code=$?
if [ $code = 0 ] || [ $code = 65 ]; then
    sync "$part" && mv "$part" "$target"
else
    rm -f "$part"
    # What was killed, or had no room, may do better later; other codes tell of a fault that stays.
    if { [ $code = 74 ] || [ $code = 75 ] || [ $code -gt 128 ]; } && [ "${SLURM_RESTART_COUNT:-0}" -lt 5 ]; then
        scontrol requeue "$SLURM_JOB_ID"
    fi
    exit $code
fi
