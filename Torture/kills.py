# SPDX-License-Identifier: Apache-2.0
"""SIGKILL and loss of power at any moment: each document once, whatever was interrupted."""

import os
import shutil
import signal
import subprocess
import time

from service import Service, until

# What was found in each file, so that two runs can be compared.
FINDINGS = """SELECT f.sha256, d.text, (SELECT group_concat(type || start || '-' || "end" || certainty || surface, '|')
    FROM (SELECT * FROM entities e WHERE e.document_id = d.id ORDER BY start, "end", type)),
    (SELECT count(*) FROM similarity_bands b WHERE b.document_id = d.id)
    FROM documents d JOIN files f ON f.id = d.file_id"""


def compare_with_undisturbed(service, options, result, wait=1200):
    """Whether a service that nothing befalls finds the same in the same texts."""
    clean = Service(options, service.root.name + "-undisturbed", level="info")
    clean.start()
    for key, owed in service.ledger.owed.items():
        if owed.text is not None and owed.recorded == 1:
            clean.put(clean.new_name(), owed.text.encode())
            clean.ledger.owe(owed.text.encode(), owed.what, recorded=1, text=owed.text)
    result.expect(clean.drained(wait) is not None, "the undisturbed run does not end")
    clean.stop()
    expected = {row[0]: row for row in clean.rows(FINDINGS)}
    other = [row[0] for row in service.rows(FINDINGS) if row[0] in expected and row != expected[row[0]]]
    result.numbers["compared"] = len(expected)
    result.expect(not other, f"{len(other)} documents were recorded with other findings than undisturbed")


def kills(options, result):
    """SIGKILL at random instants while documents come; then the findings are those of an undisturbed run."""
    service = Service(options, "kills", settle=0.2, scan=0.5)
    result.expect(service.start(), "it does not start")
    service.stop()
    per_kill, dropped, bad = options.documents / options.kills, 0, 0
    for number in range(1, options.kills + 1):
        # A third of the kills meet the start itself.
        service.start(0 if number % 3 == 0 else 60)
        count = int(number * per_kill) - dropped
        dropped += count
        service.innocents(count, renamed=number % 2 == 0)
        time.sleep(service.random.uniform(0.02, 1.2))
        service.kill()
        found = service.integrity()
        if found:
            bad += 1
            result.fault(f"integrity after kill {number}: {found}")
    service.start()
    service.drained(max(120, options.documents))
    result.numbers = {"kills": options.kills, "integrity bad": bad}
    result.expect(until(10, lambda: not _watchers(service) or service.alive), "a watcher outlives its daemon")
    service.settle_accounts(result)
    time.sleep(1)
    result.expect(not _watchers(service), "a watcher outlives its daemon")
    compare_with_undisturbed(service, options, result)


def _watchers(service):
    found = subprocess.run(["pgrep", "-f", f"shoken-watch.*{service.spool}"], capture_output=True, text=True)
    return found.stdout.split()


def power_cuts(options, result):
    """The disk as it was at a random instant, without what was not flushed; what producers had flushed is there."""
    if os.geteuid() != 0 or not shutil.which("mkfs.ext4"):
        result.skipped = "needs root and mkfs.ext4"
        return
    base = os.path.join(options.work, "power")
    place, image, copy = (os.path.join(base, name) for name in ("disk", "image", "copy"))
    os.makedirs(place)
    subprocess.run(["truncate", "-s", "96M", image], check=True)
    subprocess.run(["mkfs.ext4", "-q", "-F", image], check=True)

    def mount():
        return subprocess.run(["mount", "-o", "loop", image, place], capture_output=True, text=True)
    if (tried := mount()).returncode:
        result.skipped = "no loop device: " + tried.stderr.strip()
        return
    os.chmod(place, 0o755)
    os.mkdir(os.path.join(place, "d"))
    service = Service(options, "power-cuts", spool=f"{place}/d/spool", database=f"{place}/d/database/shoken.db",
                      settle=0.2, scan=0.5)
    try:
        result.expect(service.start(), "it does not start")
        service.stop()
        os.sync()
        for cut in range(1, options.cuts + 1):
            service.start()
            end = time.monotonic() + service.random.uniform(0.3, 2)
            while time.monotonic() < end:
                service.innocents(service.random.randint(1, 6), flushed=True)
                time.sleep(service.random.uniform(0, 0.2))
            service.send(signal.SIGSTOP)
            subprocess.run(["cp", "--sparse=always", image, copy], check=True)
            service.kill()
            subprocess.run(["umount", "-l", place], check=True)
            time.sleep(0.3)
            os.replace(copy, image)
            if (tried := mount()).returncode:
                return result.fault(f"cut {cut}: the disk cannot be mounted: {tried.stderr}")
            found = service.integrity()
            result.expect(found is None, f"integrity after cut {cut}: {found}")
            if os.path.exists(service.database):
                count, _ = service.ledger.account(service.spool, service.database)
                result.expect(not count["lost"], f"{count['lost']} lost at cut {cut}")
        result.numbers = {"cuts": options.cuts}
        service.settle_accounts(result)
    finally:
        service.kill()
        subprocess.run(["umount", "-l", place])


SCENARIOS = [kills, power_cuts]
