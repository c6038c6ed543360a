# SPDX-License-Identifier: Apache-2.0
"""What Scripts/test-spark and Scripts/test-slurm share: fictional documents in files, what one machine makes of them,
and whether a merged database is the same. Everything lies in a temporary folder."""
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
MOMENT = "2026-03-01T21:00:00+09:00"
TABLES = ["documents", "findings", "tnm", "adverse-events", "pairs"]
OPENINGS = [
    "右膝の疼痛を訴える。", "夜間に咳嗽と喀痰あり。", "2日前より発熱あり。", "嘔気なし。", "皮疹が出現した。",
    "胸部に違和感がある。", "右上葉に３８ｍｍ大の腫瘤を認め、肺癌と考えます。", "胸水なし。", "転倒し、左手関節骨折を認めた。",
]
COURSES = [
    "ロキソプロフェン６０ｍｇを内服した。", "アモキシシリン250mgを開始した。", "アモキシシリン投与中に皮疹が出現し、中止した。",
    "糖尿病の既往がある。", "抗菌薬は中止した。",
]
KINDS = ["nursing", "nursing", "case-report", "radiology", "progress-note"]


def skip(name, reason):
    print(f"{name}: SKIPPED, nothing was tested: {reason}", file=sys.stderr)
    sys.exit(0)


class Trial:
    """One comparison of a cluster with one machine."""

    def __init__(self, name, programs, documents, shards):
        self.name, self.documents = name, documents
        self.shokenctl = os.path.join(os.path.abspath(programs), "shokenctl")
        if not os.access(self.shokenctl, os.X_OK):
            sys.exit(f"{name}: there is no shokenctl in {programs}")
        self.folder = tempfile.mkdtemp(prefix="shoken-cluster.", dir="/var/tmp")
        os.chmod(self.folder, 0o755)
        self.shards = os.path.join(self.folder, "shards")
        os.mkdir(self.shards)
        self.write(shards)
        self.faults = 0

    def close(self):
        if os.environ.get("SHOKEN_KEEP"):
            print(f"kept: {self.folder}")
        else:
            shutil.rmtree(self.folder, ignore_errors=True)

    def write(self, shards):
        dice = random.Random(20260301)
        lines = []
        for number in range(self.documents):
            text = "".join(dice.sample(OPENINGS, 2)) + dice.choice(COURSES)
            text += f"体温は{36 + dice.randrange(30) / 10:.1f}度。"
            lines.append(json.dumps({
                # Some are sent twice, as another version.
                "id": f"D{number - 1 if number % 50 == 49 else number:06}", "kind": KINDS[number % 5],
                "patient_id": f"P{number % 97}", "authored_at": f"2026-02-{1 + number % 28:02}", "text": text,
            }, ensure_ascii=False))
        size = -(-len(lines) // shards)
        for shard in range(shards):
            with open(os.path.join(self.shards, f"part-{shard:03}.jsonl"), "w", encoding="utf-8") as file:
                file.writelines(line + "\n" for line in lines[shard * size:(shard + 1) * size])

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def config(self, database):
        """A configuration whose database has a name of its own."""
        file = self.path(f"{database}.toml")
        with open(file, "w", encoding="utf-8") as config:
            config.write(f'[database]\nfile = "{database}.db"\n[models]\ndirectory = "{ROOT}/models"\n')
        return file

    def call(self, *arguments, output=subprocess.PIPE):
        ended = subprocess.run([self.shokenctl, *arguments], stdout=output, stderr=subprocess.PIPE, text=True)
        if ended.returncode:
            sys.exit(f"{self.name}: shokenctl {arguments[0]} ended with {ended.returncode}: {ended.stderr}")
        return ended.stdout

    def one_machine(self):
        """What one machine makes of the same files; the export that others must equal."""
        config, begin = self.config("one"), time.monotonic()
        os.mkdir(self.path("one-shards"))
        for name in sorted(os.listdir(self.shards)):
            with open(self.path("one-shards", name), "wb") as file:
                self.call("annotate", "--for-merge", "--read-at", MOMENT, "--config", config,
                          os.path.join(self.shards, name), output=file)
        self.call("merge", self.path("one-shards"), "--config", config)
        print(f"one machine: {self.documents} documents in {time.monotonic() - begin:.0f} s")
        return self.exported("one")

    def exported(self, database):
        config, files = self.path(f"{database}.toml"), {}
        self.call("export", "csv", self.path(f"{database}-csv"), "--config", config)
        for table in TABLES:
            with open(self.path(f"{database}-csv", f"{table}.csv"), "rb") as file:
                files[table] = file.read()
        for name in ["doccano", "prodigy"]:
            self.call("export", name, self.path(f"{database}.{name}.jsonl"), "--config", config)
            with open(self.path(f"{database}.{name}.jsonl"), "rb") as file:
                files[name] = file.read()
        files["similarities"] = self.call(
            "sql", "SELECT * FROM similarities ORDER BY 1, 2", "--json", "--config", config).encode()
        return files

    def compare(self, what, expected, output, kills):
        """Merges what a cluster has written, twice, and compares all that leaves the database."""
        config = self.config(what)
        print(f"{what}: {self.call('merge', output, '--config', config).strip()}")
        again = self.call("merge", output, "--config", config)
        self.expect(again.startswith("0 shards recorded with 0 documents"), f"{what}: merged again, nothing changes")
        found = self.exported(what)
        for name in expected:
            same = found[name] == expected[name]
            self.expect(same, f"{what}: {name} is that of one machine, {len(expected[name])} bytes")
        self.expect(kills > 0, f"{what}: {kills} kills")

    def expect(self, holds, what):
        print(f"{'ok' if holds else 'FAULT'}: {what}", flush=True)
        self.faults += not holds

    def end(self):
        if self.faults:
            sys.exit(f"{self.name}: {self.faults} faults")
        print(f"{self.name}: all is as it should be")


def command(process):
    try:
        with open(f"/proc/{process}/cmdline", "rb") as file:
            return file.read().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def descendants(root):
    """All processes below one, which is the only place where kills look."""
    children = {}
    for process in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{process}/stat", encoding="utf-8", errors="replace") as file:
                parent = file.read().rsplit(")", 1)[1].split()[1]
        except OSError:
            continue
        children.setdefault(int(parent), []).append(int(process))
    found, waiting = [], [root]
    while waiting:
        for child in children.get(waiting.pop(), []):
            found.append(child)
            waiting.append(child)
    return found


class Killer(threading.Thread):
    """Ends processes below one whose command line holds a word, one of each list at a time."""

    def __init__(self, root, words, pause):
        super().__init__(daemon=True)
        self.root, self.words, self.pause = root, words, pause
        self.kills, self.stopped = 0, threading.Event()

    def run(self):
        for word in self.words:
            while not self.stopped.wait(self.pause):
                victims = [process for process in descendants(self.root) if word in command(process)]
                # A moment of work, so that something is begun.
                if not victims or self.stopped.wait(1):
                    continue
                try:
                    os.kill(victims[0], signal.SIGKILL)
                except ProcessLookupError:
                    continue
                self.kills += 1
                print(f"killed a process of {word}", flush=True)
                break
