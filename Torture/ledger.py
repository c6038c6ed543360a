# SPDX-License-Identifier: Apache-2.0
"""What was dropped and is owed, and where it is now."""

import collections
import dataclasses
import hashlib
import json
import os
import sqlite3


def digest(data):
    return hashlib.sha256(data).hexdigest()


@dataclasses.dataclass
class Owed:
    """What must become of files with the same bytes."""
    recorded: int = 0
    failed: int = 0
    either: int = 0
    duplicates: int = 0
    optional: int = 0
    codes: set = dataclasses.field(default_factory=set)
    text: str | None = None
    what: str = ""


class Ledger:
    """Every document that was dropped, by the digest of its bytes, and odd entries by their names."""

    def __init__(self):
        self.owed = {}
        self.entries = {}
        self.left = {}

    def owe(self, data, what, recorded=0, failed=0, either=0, duplicates=0, optional=0, codes=(), text=None):
        """`either`: recorded or set aside; `optional`: its producer has taken it back, perhaps in time."""
        owed = self.owed.setdefault(digest(data), Owed(what=what))
        owed.recorded += recorded
        owed.failed += failed
        owed.either += either
        owed.duplicates += duplicates
        owed.optional += optional
        owed.codes |= set(codes or ())
        owed.text = text

    def owe_entry(self, name, codes):
        """An entry without bytes of its own, such as a link, must be set aside under its name."""
        self.entries[os.fsencode(name)] = set(codes)

    def leave(self, path, data):
        """A file that the daemon must not touch where it lies."""
        self.left[os.fsencode(path)] = digest(data)

    def account(self, spool, database):
        """Counts of what went wrong; `faults` says it in words, at most a few of each sort."""
        stored, texts, doneless = _rows(database)
        done = _files(spool / "done")
        pending = _files(spool / "incoming", spool / "processing")
        failed, reports, bare = _failed(spool / "failed")
        count = collections.Counter(dropped=0)
        faults = collections.defaultdict(list)
        for key, owed in self.owed.items():
            rows, aside, waits = stored[key], len(failed[key]), pending[key]
            all_of_it = owed.recorded + owed.failed + owed.either
            count["dropped"] += all_of_it + owed.duplicates
            count["recorded"] += rows
            count["failed"] += aside
            for sort, number in {
                "lost": all_of_it - rows - aside - waits,
                "doubled": rows - owed.recorded - owed.either - owed.optional,
                "still waiting": waits,
                "innocents in failed/": aside - owed.failed - owed.either - owed.optional,
                "recorded, and should not be": 0 if owed.recorded + owed.either + owed.optional else rows,
                "recorded, and not in done/": rows + owed.duplicates - done[key] - waits
                if rows and not owed.optional else 0,
                "in done/, and not recorded": done[key] if not rows else 0,
                "altered": int(owed.text is not None and bool(rows) and texts.get(key) != owed.text),
                "failed under a wrong code": sum(1 for c in failed[key] if owed.codes and c not in owed.codes),
            }.items():
                if number > 0:
                    count[sort] += number
                    faults[sort].append(f"{owed.what} ({', '.join(failed[key])})" if aside else owed.what)
        for name, codes in self.entries.items():
            count["dropped"] += 1
            if name not in reports:
                count["lost"] += 1
                faults["lost"].append(os.fsdecode(name))
            elif codes and reports[name] not in codes:
                count["failed under a wrong code"] += 1
                faults["failed under a wrong code"].append(f"{os.fsdecode(name)} ({reports[name]})")
        touched = [os.fsdecode(path) for path, key in self.left.items() if _digest_of(path) != key]
        for sort, names in {"failed without a reason": bare, "touched, and not its business": touched,
                            "recorded without a document": doneless}.items():
            if names:
                count[sort] += len(names)
                faults[sort] += names
        return count, [f"{sort}: {count[sort]}: {'; '.join(sorted(set(names))[:4])}" for sort, names in faults.items()]


def _rows(database):
    """Files by digest, the text of the first document of each, and files without a document."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=20)
    try:
        stored = collections.Counter(dict(connection.execute("SELECT sha256, count(*) FROM files GROUP BY 1")))
        texts = dict(connection.execute("""SELECT f.sha256, d.text FROM files f JOIN documents d ON d.file_id = f.id
            WHERE d.position = (SELECT min(position) FROM documents WHERE file_id = f.id)"""))
        bare = [row[0] for row in connection.execute(
            "SELECT source_name FROM files WHERE id NOT IN (SELECT file_id FROM documents) OR NOT complete")]
        return stored, texts, bare
    finally:
        connection.close()


def _regular(folder):
    for path, _, names in os.walk(os.fsencode(folder)):
        for name in names:
            full = os.path.join(path, name)
            if not name.startswith(b".") and os.path.isfile(full) and not os.path.islink(full):
                yield full


def _digest_of(path):
    try:
        with open(path, "rb") as file:
            return digest(file.read())
    except OSError:
        return None


def _files(*folders):
    return collections.Counter(_digest_of(full) for folder in folders for full in _regular(folder))


def _failed(folder):
    """Codes by digest, codes by name, and names without a report."""
    codes, names, bare = collections.defaultdict(list), {}, []
    if not os.path.isdir(folder):
        return codes, names, bare
    for name in os.listdir(os.fsencode(folder)):
        if name.endswith(b".error.json") or name.startswith(b"."):
            continue
        full = os.path.join(os.fsencode(folder), name)
        try:
            with open(full + b".error.json", encoding="utf-8") as file:
                code = json.load(file)["code"]
        except (OSError, ValueError, KeyError):
            bare.append(os.fsdecode(name))
            code = "none"
        names[name] = code
        if os.path.isfile(full) and not os.path.islink(full):
            codes[_digest_of(full)].append(code)
    return codes, names, bare
