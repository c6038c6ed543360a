# SPDX-License-Identifier: Apache-2.0
"""What producers do wrong: contents, names, entries that are no files, and writers without manners."""

import fcntl
import os
import re
import socket
import time

from documents import BROKEN, KINDS, NAMES, SOUND, note
from service import Service

KINDS_OF_FAULTS = {}


def fault(title):
    def keep(function):
        KINDS_OF_FAULTS[title] = function
        return function
    return keep


def _text(service):
    return note(service.random.randrange(10 ** 9), service.random)


def _kind(service):
    return service.random.choice(KINDS)


def _broken(title, ending, make, codes):
    @fault(title)
    def drop(service):
        data = make(service.random)
        service.put(service.new_name(ending), data, _kind(service))
        service.ledger.owe(data, title, failed=1, codes=codes)


def _sound(title, ending, make):
    @fault(title)
    def drop(service):
        data = make(service.random)
        service.put(service.new_name(ending), data, _kind(service))
        service.ledger.owe(data, title, recorded=1)


def _named(title, pattern):
    @fault("a name: " + title)
    def drop(service):
        service.number += 1
        name = b"x" * 245 + b"%06d.txt" % service.number if pattern is None else \
            pattern.replace(b"{}", b"%06d" % service.number)
        text = _text(service)
        service.put(name, text.encode(), _kind(service))
        service.ledger.owe(text.encode(), title, recorded=1, text=text)


for _title, _rule in BROKEN.items():
    _broken(_title, *_rule)
for _title, _rule in SOUND.items():
    _sound(_title, *_rule)
for _title, _pattern in NAMES.items():
    _named(_title, _pattern[:0] + _pattern if _pattern is not None else None)


@fault("an empty file")
def empty(service):
    service.put(service.new_name(), b"")
    service.ledger.owe(b"", "an empty file", failed=1, codes={"empty"})


@fault("a name with control characters")
def control_characters(service):
    name = service.random.choice((b"a\nb%d.txt", b"\x1b[2J%d.txt", b"tab\t%d.txt")) % service.random.getrandbits(40)
    data = _text(service).encode()
    service.put(name, data)
    service.ledger.owe(data, "control characters", failed=1, codes={"control-character-in-name"})


@fault("some lines of JSON Lines bad")
def partly(service):
    text = _text(service)
    data = f'{{"id":"{service.random.getrandbits(50)}","text":"{text}"}}\n{{"id":\n'.encode()
    service.put(service.new_name(".jsonl"), data)
    service.ledger.owe(data, "some lines bad", recorded=1, failed=1, codes={"partly-recorded"}, text=text)


@fault("a file that nobody may read")
def unreadable(service):
    data = _text(service).encode()
    service.put(service.new_name(), data, mode=0)
    if os.geteuid() == 0 and not service.user:
        service.ledger.owe(data, "mode 000", recorded=1)
    else:
        service.ledger.owe(data, "mode 000", failed=1, codes={"unreadable"})


def _entry(title):
    """A kind of fault that makes something at a path, which must be set aside unopened."""
    def keep(make):
        @fault(title)
        def drop(service):
            name = service.new_name()
            path = os.path.join(os.fsencode(service.place(_kind(service))), os.fsencode(name))
            make(service, path)
            service.ledger.owe_entry(name, {"not-a-regular-file"})
        return drop
    return keep


@_entry("a link to a file")
def link(service, path):
    os.symlink("/etc/passwd", path)


@_entry("a link to a file of the daemon's own")
def link_inside(service, path):
    os.symlink(service.configuration, path)


@_entry("a link to nothing")
def dangling(service, path):
    os.symlink("/nowhere", path)


@_entry("a link to a folder")
def link_to_folder(service, path):
    os.symlink("/etc", path)


@_entry("a link to itself")
def link_to_itself(service, path):
    os.symlink(os.path.basename(path), path)


@_entry("a pipe")
def pipe(service, path):
    os.mkfifo(path)


@_entry("a socket")
def socket_file(service, path):
    before = os.getcwd()
    os.chdir(os.path.dirname(path))
    try:
        with socket.socket(socket.AF_UNIX) as opened:
            opened.bind(os.path.basename(path))
    finally:
        os.chdir(before)


@fault("a folder in the place of a file")
def folder(service):
    path = service.place() / service.new_name()
    path.mkdir()
    data = _text(service).encode()
    (path / "inner.txt").write_bytes(data)
    service.ledger.leave(path / "inner.txt", data)


@fault("a file with a second name elsewhere")
def hard_link(service):
    text = _text(service)
    path = service.put(service.new_name(), text.encode(), renamed=False)
    other = service.root / f"second-{service.number}"
    try:
        os.link(path, other)
        service.ledger.leave(other, text.encode())
    except OSError:
        pass        # It was quicker, or the spool is another file system.
    service.ledger.owe(text.encode(), "two names", recorded=1, text=text)


@fault("files in wrong places")
def misplaced(service):
    for place in (service.spool, service.spool / "incoming", service.spool / "incoming" / "Nursing"):
        place.mkdir(exist_ok=True)
        data = _text(service).encode()
        path = place / service.new_name()
        path.write_bytes(data)
        service.ledger.leave(path, data)


@fault("a file that is never finished")
def never_finished(service):
    data = _text(service).encode()
    path = service.place() / service.new_name(service.random.choice((".part", ".tmp", ".filepart", "~")))
    path.write_bytes(data)
    service.ledger.leave(path, data)


@fault("a writer that keeps its file open and pauses")
def pausing(service):
    lines = [_text(service) + "\n" for _ in range(3)]
    path = service.place() / service.new_name()
    with open(path, "w", encoding="utf-8") as file:
        service.give(path)
        for line in lines:
            file.write(line)
            file.flush()
            time.sleep(0.9)
    service.ledger.owe("".join(lines).encode(), "a pausing writer", recorded=1, text="".join(lines))


@fault("a file written in a hundred pieces")
def pieces(service):
    text = _text(service) * 3
    path = service.place() / service.new_name()
    with open(path, "wb", buffering=0) as file:
        service.give(path)
        data = text.encode()
        for start in range(0, len(data), len(data) // 100 + 1):
            file.write(data[start:start + len(data) // 100 + 1])
            time.sleep(0.002)
    service.ledger.owe(data, "pieces", recorded=1, text=text)


@fault("a file and its trigger")
def trigger(service):
    text = _text(service)
    path = service.put(service.new_name(), text.encode(), renamed=False)
    with open(path + b".ok", "wb"):
        service.give(path + b".ok")
    service.ledger.owe(text.encode(), "a trigger", recorded=1, text=text)


@fault("a name that is renamed over at once")
def renamed_over(service):
    name = service.new_name()
    texts = [_text(service) for _ in range(5)]
    for text in texts:
        service.put(name, text.encode())
    for text in texts[:-1]:
        service.ledger.owe(text.encode(), "renamed over", optional=1)
    service.ledger.owe(texts[-1].encode(), "the last under its name", recorded=1, text=texts[-1])


@fault("a file that is deleted again")
def deleted(service):
    data = _text(service).encode()
    path = service.put(service.new_name(), data)
    service.ledger.owe(data, "deleted again", optional=1)
    try:
        os.unlink(path)
    except FileNotFoundError:
        pass


@fault("a file that is moved to another kind")
def moved(service):
    text = _text(service)
    name = service.new_name()
    path = service.put(name, text.encode(), "radiology")
    try:
        os.rename(path, service.place("nursing") / name)
    except FileNotFoundError:
        pass
    service.ledger.owe(text.encode(), "moved", recorded=1, text=text)


@fault("one name for several documents")
def same_name(service):
    name = service.new_name()
    for _ in range(3):
        text = _text(service)
        service.put(name, text.encode())
        service.ledger.owe(text.encode(), "one name for several", recorded=1, text=text)
        service.drained(30)


@fault("one text under several names")
def same_text(service):
    text = _text(service)
    for _ in range(3):
        service.put(service.new_name(), text.encode())
    service.ledger.owe(text.encode(), "one text under several names", recorded=3, text=text)


@fault("the same file twice")
def twice(service):
    text, name = _text(service), service.new_name()
    for _ in range(2):
        service.put(name, text.encode())
        service.drained(30)
    service.ledger.owe(text.encode(), "the same file twice", recorded=1, duplicates=1, text=text)


@fault("times before 1970 and after 2100")
def times(service):
    text = _text(service)
    path = service.place() / service.new_name()
    path.write_bytes(text.encode())
    service.give(path)
    when = service.random.choice((-100_000, 0, 4_102_444_801))
    try:
        os.utime(path, (when, when))
    except FileNotFoundError:
        pass
    service.ledger.owe(text.encode(), "odd times", recorded=1, text=text)


@fault("a file that its producer has locked")
def locked(service):
    text = _text(service)
    path = service.put(service.new_name(), text.encode())
    service.ledger.owe(text.encode(), "locked", recorded=1, text=text)
    try:
        with open(path, "rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            time.sleep(0.5)
    except FileNotFoundError:
        pass


@fault("a file with the rights of a program")
def rights(service):
    text = _text(service)
    service.put(service.new_name(), text.encode(), mode=0o6777)
    service.ledger.owe(text.encode(), "odd rights", recorded=1, text=text)


@fault("a file with holes, larger than may be")
def holes(service):
    path = service.place() / (name := service.new_name(".part"))
    with open(path, "wb") as file:
        file.write(name.encode())
        file.truncate(17 << 20)
    service.give(path)
    service.ledger.owe(path.read_bytes(), "holes", failed=1, codes={"too-large"})
    os.rename(path, service.place() / name.replace(".part", ".txt"))


def chosen(kinds, options):
    """The kinds that were asked for."""
    return [title for title in kinds if not options.kinds or re.search(options.kinds, title)]


def producers_faults(options, result):
    """Bad contents, names and entries, and writers without manners, among sound notes."""
    service = Service(options, "files")
    titles = chosen(KINDS_OF_FAULTS, options)
    if not titles:
        result.skipped = "none of these kinds"
        return
    result.expect(service.start(), "it does not start")
    slowest = 0
    for index in range(max(len(titles), options.faults // 2)):
        KINDS_OF_FAULTS[titles[index] if index < len(titles) else service.random.choice(titles)](service)
        if index % 4 == 0:
            service.innocents(3)
        if index % 12 == 11:
            took = service.drained(60)
            if took is None:
                return result.fault(f"it stands still after “{titles[index % len(titles)]}”: {service.last_words()}")
            slowest = max(slowest, took)
        if not service.alive:
            return result.fault(f"it ended after “{titles[index % len(titles)]}”: {service.last_words()}")
    result.numbers = {"inflicted": index + 1, "kinds": len(titles), "slowest drain (s)": slowest}
    service.settle_accounts(result)


SCENARIOS = [producers_faults]
