# SPDX-License-Identifier: Apache-2.0
"""A private shokend with a spool and a database of its own: started, fed, hurt and looked at."""

import os
import pathlib
import pwd
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time

from documents import KINDS, note
from ledger import Ledger

SETTINGS = """[spool]
directory = "{spool}"
settle_seconds = {settle}
scan_interval_seconds = {scan}
minimum_free_bytes = {free}
[database]
file = "{database}"
[models]
directory = "{models}"
active = "shoken-base"
[compute]
threads = {threads}
batch_documents = 8
[log]
level = "{level}"
source_names = true
"""


# As in the unit: a report of a crash would hold memory, takes seconds, and outlives some signals.
ENVIRONMENT = {"OMP_WAIT_POLICY": "passive", "SWIFT_BACKTRACE": "enable=no"}


class Service:
    """What root starts runs as nobody, as the real service runs without rights."""
    running = []

    def __init__(self, options, name, spool=None, database=None, models=None, **settings):
        self.options = options
        self.root = pathlib.Path(options.work) / name
        self.root.mkdir()
        self.spool = pathlib.Path(spool or self.root / "spool")
        self.database = pathlib.Path(database or self.root / "database" / "shoken.db")
        self.database.parent.mkdir(exist_ok=True)
        self.models = pathlib.Path(models or options.models)
        self.log = self.root / "log"
        self.log.touch()
        self.settings = dict(settle=0.5, scan=1, free=0, threads=0, level="debug") | settings
        self.random = random.Random(f"{options.seed} {name}")
        self.ledger = Ledger()
        self.number = 0
        self.process = None
        # What stands before the command, which then is its child.
        self.before = []
        self.user = pwd.getpwnam("nobody") if options.as_nobody else None
        for path in {self.root, self.database.parent, self.spool.parent}:
            self.give(path)
        self.configure()

    def give(self, path):
        """The daemon's account becomes the owner."""
        if self.user:
            os.chown(path, self.user.pw_uid, self.user.pw_gid, follow_symlinks=False)

    @property
    def as_user(self):
        """What stands before a command that the daemon's account is to run."""
        return ["setpriv", f"--reuid={self.user.pw_uid}", f"--regid={self.user.pw_gid}", "--clear-groups"] \
            if self.user else []

    @property
    def configuration(self):
        return self.root / "shoken.toml"

    def configure(self, **changed):
        self.configuration.write_text(SETTINGS.format(
            spool=self.spool, database=self.database, models=self.models, **self.settings | changed))

    # Life

    def start(self, wait=60, *arguments):
        """Starts the daemon; whether it says within `wait` seconds that it takes documents."""
        mark = self.log.stat().st_size
        command = [*self.before, *self.as_user, str(self.options.programs / "shokend"), "--config", str(self.configuration), *arguments]
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            env=os.environ | ENVIRONMENT)
        Service.running.append(self)
        until(wait, lambda: not self.alive or b"taking documents from" in self.log.read_bytes()[mark:])
        return self.alive and b"taking documents from" in self.log.read_bytes()[mark:]

    @property
    def alive(self):
        return self.process is not None and self.process.poll() is None

    def send(self, number):
        if self.alive:
            self.process.send_signal(number)

    def stop(self, wait=120):
        """SIGTERM; the seconds until it had ended, none if it had to be killed."""
        begun = time.monotonic()
        self.send(signal.SIGTERM)
        try:
            self.process.wait(wait)
        except subprocess.TimeoutExpired:
            self.kill()
            return None
        return round(time.monotonic() - begun, 2)

    def kill(self, number=signal.SIGKILL):
        if self.process:
            self.send(number)
            self.process.wait()

    def children(self):
        try:
            return [int(c) for c in pathlib.Path(
                f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()]
        except OSError:
            return []

    def control(self, *arguments, wait=120):
        """Runs shokenctl on this instance, as the daemon's account: what it makes has to be the daemon's."""
        return subprocess.run([*self.as_user, str(self.options.programs / "shokenctl"), *arguments, "--config",
                               str(self.configuration)], capture_output=True, text=True, timeout=wait)

    # Documents

    def place(self, kind="nursing"):
        return self.spool / "incoming" / kind

    def new_name(self, ending=".txt"):
        self.number += 1
        return f"n{self.number:06d}{ending}"

    def put(self, name, data, kind="nursing", renamed=True, mode=0o640, flushed=False):
        """Writes a file for the daemon without owing anything; its path, as bytes."""
        folder, name = os.fsencode(self.place(kind)), os.fsencode(name)
        target = os.path.join(folder, name)
        path = os.path.join(folder, b".part-%d" % self.random.getrandbits(60)) if renamed else target
        with open(path, "wb") as file:
            file.write(data)
            os.fchmod(file.fileno(), mode)
            if flushed:
                file.flush()
                os.fsync(file.fileno())
        self.give(path)
        if renamed:
            os.rename(path, target)
        if flushed:
            descriptor = os.open(folder, os.O_RDONLY)
            os.fsync(descriptor)
            os.close(descriptor)
        return target

    def innocents(self, count, kinds=KINDS[:3], **how):
        """Drops sound notes, each of which has to be recorded as it is."""
        for index in range(count):
            name = self.new_name()
            text = note(self.number, self.random)
            self.put(name, text.encode(), kinds[index % len(kinds)], **how)
            self.ledger.owe(text.encode(), name, recorded=1, text=text)

    def waiting(self, *kinds):
        """How many files lie before the database, of some kinds or in all."""
        folders = [self.place(kind) for kind in kinds or KINDS] + ([] if kinds else [self.spool / "processing"])
        return sum(1 for folder in folders if folder.is_dir() and not folder.is_symlink()
                   for entry in os.scandir(os.fsencode(folder))
                   if not entry.name.startswith(b".") and not entry.name.endswith((b".part", b".ok", b".tmp", b".filepart", b"~"))
                   and not entry.is_dir(follow_symlinks=False))

    def drained(self, wait=120, *kinds):
        """Waits until nothing lies before the database; the seconds, or none."""
        begun = time.monotonic()
        done = until(wait, lambda: not self.alive or self.waiting(*kinds) == 0)
        return round(time.monotonic() - begun, 2) if done and self.waiting(*kinds) == 0 else None

    # What is known of it

    def rows(self, sql, *values):
        connection = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=20)
        try:
            return connection.execute(sql, values).fetchall()
        finally:
            connection.close()

    def integrity(self):
        """What SQLite says of a copy of the files, as they lie there; nothing if all is well."""
        with tempfile.TemporaryDirectory(dir=self.options.work) as folder:
            copy = pathlib.Path(folder) / "copy.db"
            for ending in ("", "-wal"):
                if os.path.exists(f"{self.database}{ending}"):
                    shutil.copy(f"{self.database}{ending}", f"{copy}{ending}")
            if not copy.exists():
                return None
            connection = sqlite3.connect(copy)
            try:
                answer = connection.execute("PRAGMA integrity_check").fetchall()
                strays = connection.execute("PRAGMA foreign_key_check").fetchall()
                return None if answer == [("ok",)] and not strays else str((answer[:2], strays[:2]))
            except sqlite3.Error as error:
                return str(error)
            finally:
                connection.close()

    def status(self, key, unit=1024):
        """A number of /proc/PID/status; of memory in MiB."""
        found = re.search(rf"^{key}:\s+(\d+)", pathlib.Path(f"/proc/{self.process.pid}/status").read_text(), re.M)
        return int(found[1]) / unit

    def ticks(self):
        """Processor time of the daemon in seconds, its children not counted."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def said(self):
        return self.log.read_text(errors="replace")

    def settle_accounts(self, result, wait=180):
        """Starts the daemon if it has ended, lets it finish, stops it, and compares everything."""
        if not self.alive and not self.start():
            result.fault(f"it does not start again: {self.last_words()}")
        result.expect(self.drained(wait) is not None, f"{self.waiting()} files still wait after {wait} s")
        result.expect(self.stop() is not None, "SIGTERM does not end it")
        bad = self.integrity()
        result.expect(bad is None, f"integrity: {bad}")
        count, faults = self.ledger.account(self.spool, self.database)
        for fault in faults:
            result.fault(fault)
        result.numbers.update({name: count[name] for name in ("dropped", "recorded", "failed")},
                              lost=count["lost"], doubled=count["doubled"])

    def last_words(self):
        lines = [line for line in self.said().splitlines() if " debug: " not in line]
        return re.sub(r"^\S+Z ", "", lines[-1])[:200] if lines else "nothing said"


def until(seconds, condition, step=0.05):
    """Waits for a condition; whether it came."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(step)
    return bool(condition())
