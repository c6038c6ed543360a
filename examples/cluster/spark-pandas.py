#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reads lines of JSON that Spark holds with shokenctl annotate on its workers, by mapInPandas.

usage: spark-submit spark-pandas.py SHARDS OUTPUT TIME

SHARDS is anything that Spark reads as text (local, hdfs://, s3a://), of UTF-8 alone: Spark replaces what is no UTF-8
without a word. OUTPUT is a new folder; TIME is the moment that counts as that of receipt, the same for the whole job.
Afterwards, where the database lies: shokenctl merge OUTPUT

Files are not split, and each is a shard under its own name: so a task that is tried again writes the same bytes, and
the database is that of one machine. Code 65 says that lines could not be read, which the shard tells and merge repeats.
SHOKENCTL and SHOKEN_CONFIG name program and configuration on the workers, where they are not the usual ones.
"""
import os
import sys

from pyspark.sql import SparkSession, functions

# More than any shard has; a file is one partition, and no partition has two.
PARTITION = str(1 << 40)


def annotator(command, moment):
    """What a worker does with the lines of one partition."""

    def annotate(batches):
        import itertools
        import subprocess
        import threading

        import pandas

        rows = (row for batch in batches for row in batch.itertuples(index=False))
        for file, lines in itertools.groupby(rows, key=lambda row: row.file):
            name = os.path.basename(file)
            process = subprocess.Popen(
                command + ["--name", name, "--read-at", moment], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

            def feed(lines=list(lines), target=process.stdin):
                with target:
                    for line in lines:
                        target.write(line.value.encode() + b"\n")

            feeder = threading.Thread(target=feed)
            feeder.start()
            for line in process.stdout:
                yield pandas.DataFrame({"value": [line.decode().rstrip("\n")]})
            feeder.join()
            if process.wait() not in (0, 65):
                raise RuntimeError(f"{name}: shokenctl annotate ended with {process.returncode}")

    return annotate


def main():
    shards, output, moment = sys.argv[1:]
    command = [os.environ.get("SHOKENCTL", "shokenctl"), "annotate", "--for-merge"]
    if "SHOKEN_CONFIG" in os.environ:
        command += ["--config", os.environ["SHOKEN_CONFIG"]]
    session = (
        SparkSession.builder.appName("shoken-pandas")
        .config("spark.sql.files.maxPartitionBytes", PARTITION)
        .config("spark.sql.files.openCostInBytes", PARTITION)
        .getOrCreate()
    )
    lines = session.read.text(shards).withColumn("file", functions.input_file_name())
    lines.mapInPandas(annotator(command, moment), "value string").write.text(output)
    session.stop()


if __name__ == "__main__":
    main()
