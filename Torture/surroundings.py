# SPDX-License-Identifier: Apache-2.0
"""What becomes of the service when its surroundings do: database, disks, folders, signals, limits, model."""

import contextlib
import dataclasses
import os
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import time

from documents import KINDS
from files import chosen
from kills import compare_with_undisturbed
from service import Service, until

DROPPED = KINDS[:3]


@dataclasses.dataclass
class Fault:
    """A fault that lasts a while: it begins with work waiting, and is lifted afterwards."""
    title: str
    inflict: object
    # Kinds of documents that may be dropped while it lasts, and those that must be recorded meanwhile.
    drops: tuple = ()
    goes_on: tuple = ()
    seconds: float = 2
    # Whether the daemon may end of it, or has to; it is started again then.
    may_end: bool = False
    ends: bool = False
    needs_mounts: bool = False
    # Of the model, and so for a service with a model of its own.
    of_model: bool = False


KINDS_OF_FAULTS = {}


def fault(title, **rest):
    def keep(function):
        KINDS_OF_FAULTS[title] = Fault(title, contextlib.contextmanager(function), **rest)
        return function
    return keep


def always(title, **rest):
    """A fault in which everything goes on."""
    return fault(title, drops=DROPPED, goes_on=DROPPED, **rest)


# The database

@fault("database locked by another writer", drops=DROPPED)
def locked(service):
    other = sqlite3.connect(service.database, isolation_level=None, timeout=20)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.execute("ROLLBACK")
    other.close()


@always("a reader of the database that never ends")
def reader(service):
    other = sqlite3.connect(f"file:{service.database}?mode=ro", uri=True, isolation_level=None)
    other.execute("BEGIN")
    other.execute("SELECT count(*) FROM documents").fetchone()
    yield
    other.close()


def _files_of(database):
    return [pathlib.Path(f"{database}{ending}") for ending in ("", "-wal", "-shm")]


@fault("database moved away, and back", drops=DROPPED, seconds=3)
def database_moved(service):
    away = [path for path in _files_of(service.database) if path.exists()]
    for path in away:
        path.rename(f"{path}.away")
    yield
    service.send(signal.SIGSTOP)
    for path in away:
        os.replace(f"{path}.away", path)
    service.send(signal.SIGCONT)


@fault("database deleted, and restored from a backup", drops=DROPPED, seconds=3)
def database_deleted(service):
    backup = service.root / f"backup-{service.number}.db"
    service.send(signal.SIGCONT)
    service.drained(60)
    made = service.control("database", "backup", str(backup))
    assert made.returncode == 0, made.stderr
    service.send(signal.SIGSTOP)
    for path in _files_of(service.database):
        path.unlink(missing_ok=True)
    service.send(signal.SIGCONT)
    yield
    restored = service.control("database", "restore", str(backup))
    assert restored.returncode == 0, restored.stderr


@always("database file without rights", may_end=True)
def database_mode(service):
    mode = service.database.stat().st_mode
    service.database.chmod(0)
    yield
    service.database.chmod(mode)


@fault("database folder without rights", drops=DROPPED)
def database_folder_mode(service):
    yield from _without_rights(service.database.parent)


@fault("database folder moved away, and back", drops=DROPPED, seconds=3)
def database_folder_moved(service):
    yield from _moved(service, service.database.parent)


@always("a backup, a check and reports at work", seconds=0)
def commands(service):
    for command in (("database", "backup", str(service.root / f"copy-{service.number}.db")), ("database", "check"),
                    ("spool", "status"), ("doctor",), ("spool", "purge", "--days", "9000")):
        done = service.control(*command)
        assert done.returncode in (0, 1) and not done.returncode < 0, f"{command}: {done.stderr[-200:]}"
    yield


# Disks

def _filled(*folders):
    fillers = []
    for folder in folders:
        filler = folder / "filler"
        with contextlib.suppress(OSError), open(filler, "wb", buffering=0) as file:
            for size in (1 << 20, 4096, 64, 1):
                with contextlib.suppress(OSError):
                    while file.write(b"x" * size) == size:
                        pass
        fillers.append(filler)
    yield
    for filler in fillers:
        filler.unlink()


@fault("disk of the spool full", needs_mounts=True, seconds=3)
def full_spool(service):
    data = b"\0" * 64 + service.random.randbytes(64)
    service.put(service.new_name(), data)
    service.ledger.owe(data, "noise on a full disk", failed=1, codes={"binary", "unsupported-format"})
    yield from _filled(service.spool.parent)


@fault("disk of the database full", needs_mounts=True, drops=DROPPED, seconds=3)
def full_database(service):
    yield from _filled(service.database.parent)


@fault("both disks full", needs_mounts=True, seconds=3)
def full_both(service):
    yield from _filled(service.spool.parent, service.database.parent)


@fault("both disks full at the start", needs_mounts=True, may_end=True, seconds=3)
def full_start(service):
    service.kill()
    for _ in _filled(service.spool.parent, service.database.parent):
        service.start(0)
        yield


@fault("spool unmounted, and mounted again", needs_mounts=True, seconds=3)
def unmounted(service):
    mount = service.spool.parent
    away = mount.parent / "away"
    away.mkdir(exist_ok=True)
    subprocess.run(["mount", "--move", str(mount), str(away)], check=True)
    yield
    made = service.spool.exists()
    subprocess.run(["mount", "--move", str(away), str(mount)], check=True)
    assert not made, "it made a spool where its file system was"


@fault("another file system mounted over the spool", needs_mounts=True, seconds=3)
def mounted_over(service):
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "over", str(service.spool.parent)], check=True)
    yield
    made = service.spool.exists()
    subprocess.run(["umount", "-l", str(service.spool.parent)], check=True)
    assert not made, "it made a spool on the other file system"


# Folders of the spool

def _without_rights(path):
    mode = path.stat().st_mode
    path.chmod(0)
    yield
    path.chmod(mode & 0o7777)


def _moved(service, path, meanwhile=None):
    """A folder is away, with something else in its place or nothing, and comes back."""
    away = path.with_name("." + path.name + ".away")
    path.rename(away)
    if meanwhile:
        meanwhile(path)
    yield
    service.send(signal.SIGSTOP)
    made = []
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.is_dir():
        made = [str(found.relative_to(path)) for found in path.rglob("*")]
        shutil.rmtree(path)
    away.rename(path)
    service.send(signal.SIGCONT)
    assert not made, f"it made {', '.join(sorted(made)[:4])} where the folder had been"


OTHERS = DROPPED[1:]


@fault("incoming/nursing without rights", drops=OTHERS, goes_on=OTHERS, seconds=0)
def incoming_mode(service):
    yield from _without_rights(service.place())


@fault("incoming/nursing is a file", drops=OTHERS, goes_on=OTHERS, seconds=0)
def incoming_file(service):
    yield from _moved(service, service.place(), lambda path: path.write_text("a file"))


@fault("incoming/nursing is a link out of the spool", drops=OTHERS, goes_on=OTHERS, seconds=2)
def incoming_link(service):
    outside = service.root / f"outside-{service.number}"
    outside.mkdir()
    (outside / "foreign.txt").write_text("発熱あり。")
    service.ledger.leave(outside / "foreign.txt", "発熱あり。".encode())
    yield from _moved(service, service.place(), lambda path: path.symlink_to(outside))


@fault("incoming/nursing moved away, and back", drops=OTHERS, goes_on=OTHERS, seconds=0.5)
def incoming_moved(service):
    yield from _moved(service, service.place())


@fault("incoming moved away, and back", seconds=0.5)
def all_incoming_moved(service):
    away = service.spool / ".incoming.away"
    (service.spool / "incoming").rename(away)
    yield
    service.send(signal.SIGSTOP)
    if (service.spool / "incoming").exists():
        for folder in (service.spool / "incoming").iterdir():
            folder.rmdir()
        (service.spool / "incoming").rmdir()
    away.rename(service.spool / "incoming")
    service.send(signal.SIGCONT)


@fault("processing without rights", drops=DROPPED)
def processing_mode(service):
    yield from _without_rights(service.spool / "processing")


@fault("done without rights", drops=DROPPED)
def done_mode(service):
    yield from _without_rights(service.spool / "done")


@fault("the day's folder of done without rights", drops=DROPPED)
def day_mode(service):
    days = [path for path in (service.spool / "done").iterdir() if path.is_dir()]
    yield from _without_rights(max(days)) if days else (None,)


@fault("done is a file", drops=DROPPED)
def done_file(service):
    yield from _moved(service, service.spool / "done", lambda path: path.write_text("a file"))


@always("failed without rights", seconds=0)
def failed_mode(service):
    data = b"\0" * 64 + service.random.randbytes(64)
    service.put(service.new_name(), data)
    service.ledger.owe(data, "noise, with nowhere to go", failed=1, codes={"binary", "unsupported-format"})
    yield from _without_rights(service.spool / "failed")


@fault("the journal of what was recorded without rights", drops=DROPPED)
def journal_mode(service):
    folder = service.spool / ".recorded"
    yield from _without_rights(folder) if folder.exists() else (None,)


@fault("the whole spool moved away, and back", seconds=3)
def spool_moved(service):
    yield from _moved(service, service.spool)


@always("the lock removed, and a second daemon", seconds=0)
def lock_removed(service):
    (service.spool / ".shokend.lock").unlink(missing_ok=True)
    yield
    first, service.process = service.process, None
    runs = service.start(20)
    service.kill()
    service.process = first
    assert not runs, "a second daemon runs beside the first"


@always("a second daemon", seconds=0)
def second(service):
    first, service.process = service.process, None
    runs = service.start(20)
    service.kill()
    service.process = first
    yield
    assert not runs, "a second daemon runs beside the first"


@fault("a foreign file in processing", may_end=True, seconds=1)
def foreign(service):
    service.kill()
    data = f"発熱あり。{service.random.random()}".encode()
    path = service.spool / "processing" / f"foreign-{service.number}.txt"
    path.write_bytes(data)
    service.give(path)
    service.ledger.owe(data, "foreign in processing/", failed=1, codes={"foreign-file"})
    yield


# The process

def _signalled(title, number, **rest):
    @fault(title, drops=DROPPED, may_end=True, ends=number not in (signal.SIGUSR1, signal.SIGPIPE), **rest)
    def send(service):
        service.send(signal.SIGCONT)
        time.sleep(service.random.uniform(0, 0.6))
        service.send(number)
        yield


for _number in (signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGABRT, signal.SIGSEGV,
                signal.SIGBUS, signal.SIGILL, signal.SIGUSR1, signal.SIGPIPE):
    _signalled(f"{_number.name} to the daemon", _number, seconds=1)


@always("SIGHUP thirty times", seconds=0)
def hang_ups(service):
    service.send(signal.SIGCONT)
    for _ in range(30):
        service.send(signal.SIGHUP)
        time.sleep(0.02)
    yield


def _put_right(service):
    """The configuration is as it was, and has been read: only then may the next fault touch it."""
    mark = service.log.stat().st_size
    service.configure()
    service.send(signal.SIGHUP)
    until(30, lambda: not service.alive or b"taking documents from" in service.log.read_bytes()[mark:])


@always("SIGHUP with a configuration that is no TOML", seconds=0)
def bad_configuration(service):
    service.send(signal.SIGCONT)
    service.configuration.write_text("[spool\n")
    service.send(signal.SIGHUP)
    yield
    _put_right(service)


@always("SIGHUP without a configuration", seconds=0)
def no_configuration(service):
    service.send(signal.SIGCONT)
    service.configuration.unlink()
    service.send(signal.SIGHUP)
    yield
    _put_right(service)


@fault("the daemon stopped for a while", drops=DROPPED)
def stopped(service):
    service.send(signal.SIGSTOP)
    yield
    service.send(signal.SIGCONT)


@always("the watcher killed again and again", seconds=0)
def watcher_killed(service):
    service.send(signal.SIGCONT)
    for _ in range(5):
        for child in service.children():
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        time.sleep(0.3)
    yield


@always("the watcher stopped", seconds=0)
def watcher_stopped(service):
    children = service.children()
    for child in children:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGSTOP)
    yield
    for child in children:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGCONT)


def _limited(service, kind, value):
    """A limit of the running process, and of it alone; lifted if it still runs."""
    # By the daemon's own account: even root may lack the right over another's process in a container.
    command = [*service.as_user, "prlimit", f"--pid={service.process.pid}"]
    before = subprocess.run([*command, f"--{kind}", "--raw", "--noheadings", "--output=SOFT"], capture_output=True,
                            text=True, check=True).stdout.strip()
    subprocess.run([*command, f"--{kind}={value}:"], check=True, capture_output=True)
    yield
    subprocess.run([*command, f"--{kind}={before}:"], capture_output=True)


@fault("no file descriptors left", drops=DROPPED, may_end=True)
def no_descriptors(service):
    yield from _limited(service, "nofile", 10)


@fault("files may not grow beyond 4 KiB", drops=DROPPED, may_end=True)
def no_growth(service):
    yield from _limited(service, "fsize", 4096)


@fault("no memory left", drops=DROPPED, may_end=True)
def no_memory(service):
    yield from _limited(service, "as", 1 << 20)


@fault("a crash mark of nonsense, after a kill", drops=DROPPED, may_end=True, seconds=0)
def crash_mark(service):
    service.kill()
    (service.spool / ".shokend.crash").write_bytes(service.random.randbytes(100))
    yield


@fault("a journal of nonsense", drops=DROPPED, seconds=0)
def journal_nonsense(service):
    folder = service.spool / ".recorded"
    for path in folder.glob("*.jsonl") if folder.exists() else ():
        with open(path, "ab") as file:
            file.write(service.random.randbytes(50) + b"\n")
    yield


# The model

def _changed(service, change):
    """Files of the model changed in place, and put right again."""
    kept = {}
    for name in ("model.safetensors", "heads.safetensors", "tokenizer.json"):
        path = service.models / "shoken-base" / name
        kept[path] = path.read_bytes()
        change(path, len(kept[path]))
    yield
    for path, data in kept.items():
        with open(path, "r+b") as file:
            file.write(data)


def _noise(service):
    def write(path, size):
        with open(path, "r+b") as file:
            file.write(service.random.randbytes(size))
    return write


@fault("the model's files overwritten with noise", drops=DROPPED, of_model=True)
def model_noise(service):
    yield from _changed(service, _noise(service))


@fault("the model's files cut to 100 bytes", drops=DROPPED, of_model=True)
def model_cut(service):
    yield from _changed(service, lambda path, _: os.truncate(path, 100))


@fault("noise in the model's files at the start", of_model=True, may_end=True)
def model_noise_at_start(service):
    service.kill()
    for _ in _changed(service, _noise(service)):
        service.start(0)
        yield


@fault("the models' folder moved away, and back", drops=DROPPED, of_model=True)
def models_moved(service):
    away = service.models.with_name("models.away")
    service.models.rename(away)
    yield
    away.rename(service.models)


@fault("a name of nonsense for the active model", drops=DROPPED, of_model=True)
def active_nonsense(service):
    (service.models / "active").write_text("../../etc\n")
    yield
    (service.models / "active").unlink()


@always("another model made active, and back", of_model=True)
def exchanged(service):
    other = service.models / "other"
    if not other.exists():
        shutil.copytree(service.models / "shoken-base", other)
        manifest = other / "shoken.json"
        manifest.write_text(manifest.read_text().replace('"shoken-base"', '"other"'))
    for name in ("other", "shoken-base", "other"):
        (service.models / "active.new").write_text(name + "\n")
        os.replace(service.models / "active.new", service.models / "active")
        service.send(signal.SIGCONT)
        time.sleep(0.5)
    yield
    (service.models / "active").unlink()


# How they are inflicted

def suffer(kind, service, result):
    """Inflicts one fault with work waiting, looks at what goes on meanwhile, lifts it, and waits for the rest."""
    def say(what):
        result.fault(f"{kind.title}: {what}")
    if not service.alive and not service.start():
        return say(f"it does not start before: {service.last_words()}")
    service.innocents(3)
    service.send(signal.SIGSTOP)
    service.innocents(6, kinds=DROPPED)
    try:
        with kind.inflict(service):
            if kind.drops:
                service.innocents(2 * len(kind.drops), kinds=kind.drops)
            service.send(signal.SIGCONT)
            time.sleep(kind.seconds)
            if kind.goes_on and service.drained(30, *kind.goes_on) is None:
                say(f"{', '.join(kind.goes_on)} do not go on: {service.last_words()}")
            if not kind.may_end and not service.alive:
                say(f"it ends: {service.last_words()}")
    except (AssertionError, OSError, subprocess.SubprocessError, sqlite3.Error) as error:
        say(str(error) or repr(error))
    service.send(signal.SIGCONT)
    # A crash is told at length before the process ends.
    if kind.ends and not until(30, lambda: not service.alive):
        say("it does not end")
    elif kind.may_end:
        until(0.5, lambda: not service.alive)
    # As the service manager does, which waits a second between.
    for _ in range(3):
        if service.alive or service.start():
            break
        time.sleep(1)
    else:
        return say(f"it does not start afterwards: {service.last_words()}")
    if service.drained(60) is None:
        say(f"{service.waiting()} files wait 60 s after it: {service.last_words()}")
        service.kill()
    # One that stands still must not be taken for the next one's doing.
    if result.faults and service.alive and service.drained(1) is None:
        service.kill()


def _inflict(options, result, service, kinds, number):
    titles = chosen(kinds, options)
    if not titles:
        result.skipped = "none of these kinds"
        return
    result.expect(service.start(), "it does not start")
    slowest = (0, "")
    for index in range(max(len(titles), number)):
        title = titles[index] if index < len(titles) else service.random.choice(titles)
        begun = time.monotonic()
        suffer(kinds[title], service, result)
        slowest = max(slowest, (round(time.monotonic() - begun, 1), title))
        if options.progress:
            print(f"  {time.monotonic() - begun:5.1f} s  {title}", flush=True)
    result.numbers = {"inflicted": index + 1, "kinds": len(titles), "slowest (s)": slowest[0], "of": slowest[1]}
    service.settle_accounts(result)


def sick_surroundings(options, result):
    """The database, disks, folders and limits fail for a while, with work waiting."""
    base = pathlib.Path(options.work) / "disks"
    base.mkdir()
    disks = []
    for name, size in (("s", "48m"), ("d", "96m")):
        disk = base / name
        disk.mkdir()
        if os.geteuid() == 0 and subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=755", "shoken-torture",
                                                 str(disk)], capture_output=True).returncode == 0:
            disks.append(disk)
    kinds = {title: kind for title, kind in KINDS_OF_FAULTS.items()
             if not kind.of_model and (len(disks) == 2 or not kind.needs_mounts)}
    service = Service(options, "surroundings", spool=base / "s" / "spool", database=base / "d" / "database" / "shoken.db")
    try:
        _inflict(options, result, service, kinds, options.faults * 2 // 5)
        result.numbers["with mounts"] = len(disks) == 2
    finally:
        service.kill()
        for disk in disks:
            subprocess.run(["umount", "-l", str(disk)], capture_output=True)


def changed_models(options, result):
    """The model's files change, vanish or are exchanged; then the findings are those of an undisturbed run."""
    models = pathlib.Path(options.work) / "models-changed" / "models"
    shutil.copytree(options.models, models)
    service = Service(options, "changed-models", models=models)
    kinds = {title: kind for title, kind in KINDS_OF_FAULTS.items() if kind.of_model}
    _inflict(options, result, service, kinds, options.faults // 10)
    if not result.skipped:
        compare_with_undisturbed(service, options, result)


SCENARIOS = [sick_surroundings, changed_models]
