#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reads files of JSON lines with shokenctl annotate on the workers of a Spark cluster, by rdd.pipe.

usage: spark-submit spark-pipe.py SHARDS OUTPUT TIME

SHARDS is a folder that all workers see under the same path, with files that end in .jsonl; OUTPUT is a new folder;
TIME is the moment that counts as that of receipt, the same for the whole job. Afterwards, where the database lies:
shokenctl merge OUTPUT

A worker gets the names of files, not their lines: so bytes reach the program as they are, in any encoding, and each
file is a shard under its own name. Code 65 says that lines could not be read, which the shard tells and merge repeats;
any other failure fails the task, and Spark tries it again. What a killed task has written is never put into OUTPUT.
SHOKENCTL and SHOKEN_CONFIG name program and configuration on the workers, where they are not the usual ones.
"""
import os
import shlex
import sys
from pathlib import Path

from pyspark.sql import SparkSession


def main():
    shards, output, moment = sys.argv[1:]
    files = sorted(str(path.resolve()) for path in Path(shards).glob("*.jsonl"))
    if not files:
        sys.exit(f"{shards}: there is no file that ends in .jsonl")
    command = [os.environ.get("SHOKENCTL", "shokenctl"), "annotate", "--for-merge", "--read-at", moment]
    if "SHOKEN_CONFIG" in os.environ:
        command += ["--config", os.environ["SHOKEN_CONFIG"]]
    worker = f'while IFS= read -r file; do {shlex.join(command)} "$file" || [ $? = 65 ] || exit 1; done'
    session = SparkSession.builder.appName("shoken-pipe").getOrCreate()
    names = session.sparkContext.parallelize(files, len(files))
    names.pipe(shlex.join(["bash", "-c", worker]), checkCode=True).saveAsTextFile(output)
    session.stop()


if __name__ == "__main__":
    main()
