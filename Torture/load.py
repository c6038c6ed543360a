# SPDX-License-Identifier: Apache-2.0
"""Much, large, one alone, and nothing at all: waits, memory, processor time, wake-ups."""

import os
import pathlib
import re
import shutil
import signal
import statistics
import time

from documents import long_text, note
from service import Service, until


def large(options, result):
    """One long legal text among short ones: waits, an end by SIGTERM, peak memory."""
    service = Service(options, "large", settle=0.2)
    result.expect(service.start(), "it does not start")
    service.innocents(12)
    service.drained(60)
    text = long_text(options.large, 1, service.random)
    service.put("long.txt", text.encode(), "radiology")
    service.ledger.owe(text.encode(), "the long one", recorded=1, text=text)
    until(10, lambda: _in_hand(service))
    waits = []
    for _ in range(15):
        begun = time.monotonic()
        service.innocents(1, kinds=("nursing",))
        until(60, lambda: not service.waiting("nursing") and not _in_hand(service, b".nursing."), 0.01)
        waits.append(time.monotonic() - begun)
        time.sleep(0.2)
    during = _in_hand(service)
    peak = service.status("VmHWM")
    took = service.stop()
    result.numbers = {"characters": options.large, "in hand to the end": during, "longest wait (s)": round(max(waits), 2),
                      "median wait (s)": round(sorted(waits)[7], 2), "SIGTERM (s)": took}
    result.expect(max(waits) <= 2, f"a short document waited {max(waits):.1f} s, more than 2 s")
    result.expect(took is not None and took <= 5, f"SIGTERM took {took} s, more than 5 s")
    result.expect(service.start(), "it does not start again")
    begun = time.monotonic()
    while service.alive and service.waiting() and time.monotonic() - begun < 3600:
        peak = max(peak, service.status("VmHWM"))
        time.sleep(0.3)
    result.numbers |= {"peak memory (MiB)": round(peak), "the long one (s)": round(time.monotonic() - begun)}
    result.expect(peak <= 1024, f"peak memory {peak:.0f} MiB, more than 1 GiB")
    service.settle_accounts(result)


def _in_hand(service, part=b"long.txt"):
    folder = service.spool / "processing"
    return any(part in name for name in os.listdir(os.fsencode(folder)))


def backlog(options, result):
    """Many short files at once: memory, and processor time a document from the first to the last."""
    service = Service(options, "backlog", scan=10, level="info", threads=1)
    result.expect(service.start(), "it does not start")
    service.innocents(200)
    service.drained(300)
    warm = service.status("VmRSS")
    # Profiles of earlier documents are kept up to a bound; what they take is no growth without end.
    service.send(signal.SIGSTOP)
    service.innocents(options.backlog)
    service.send(signal.SIGCONT)
    marks = [(service.rows("SELECT count(*) FROM files")[0][0], service.ticks())]
    step, begun = options.backlog // 10, time.monotonic()
    while service.alive and time.monotonic() - begun < options.backlog:
        have = service.rows("SELECT count(*) FROM files")[0][0]
        if have - marks[-1][0] >= step:
            marks.append((have, service.ticks()))
        if have >= 200 + options.backlog:
            break
        time.sleep(0.05)
    seconds = time.monotonic() - begun
    peak = service.status("VmHWM")
    costs = [1000 * (later[1] - earlier[1]) / (later[0] - earlier[0]) for earlier, later in zip(marks, marks[1:])]
    first, last = sum(costs[:3]) / len(costs[:3]), sum(costs[-3:]) / len(costs[-3:])
    result.numbers = {"documents": options.backlog, "a second": round(options.backlog / seconds, 1),
                      "warm (MiB)": round(warm), "peak (MiB)": round(peak), "ms a document, first three tenths": round(first, 1),
                      "last three tenths": round(last, 1)}
    result.expect(peak - warm <= 50, f"memory grew by {peak - warm:.0f} MiB, more than 50 MiB")
    result.expect(last <= 1.1 * first, f"a document costs {100 * (last / first - 1):.0f} % more at the end")
    service.settle_accounts(result)


def idle(options, result):
    """Nothing to do, with the scan interval as shipped: wake-ups of the daemon and its watcher."""
    service = Service(options, "idle", scan=10, settle=2, level="info")
    result.expect(service.start(), "it does not start")
    service.innocents(6)
    service.drained(60)
    time.sleep(12)
    watcher = service.children()
    before = _switches(service.process.pid), sum(map(_switches, watcher)), service.ticks()
    time.sleep(options.idle)
    daemon = (_switches(service.process.pid) - before[0]) / options.idle
    other = (sum(map(_switches, watcher)) - before[1]) / options.idle
    result.numbers = {"seconds": options.idle, "wake-ups a second": round(daemon, 2), "of the watcher": round(other, 2),
                      "processor time (ms)": round(1000 * (service.ticks() - before[2]))}
    # A listing every 10 s, and now and then a thread of the start that gives up waiting for more.
    result.expect(daemon + other <= 0.3, f"{daemon + other:.1f} wake-ups a second")
    service.settle_accounts(result)


def _switches(process):
    total = 0
    for task in pathlib.Path(f"/proc/{process}/task").iterdir():
        try:
            total += int(re.search(r"^voluntary_ctxt_switches:\s+(\d+)", (task / "status").read_text(), re.M)[1])
        except (OSError, TypeError):
            pass
    return total


def latency(options, result):
    """One nursing record after another on an idle daemon: from the producer's rename to the flushed commit, beside the
    time between the daemon's taking the file and its first write, which is the model's but for the reading."""
    if not shutil.which("strace"):
        result.skipped = "needs strace"
        return
    service = Service(options, "latency", scan=10, settle=2, level="info")
    trace = service.root / "trace"
    # With --seccomp-bpf only these calls stop the daemon, none of which stands within the model.
    service.before = ["strace", "-f", "--seccomp-bpf", "-ttt", "-T", "-y", "-e", "trace=renameat2,fdatasync,pwrite64", "-o", str(trace)]
    result.expect(service.start(), "it does not start")
    service.innocents(30)
    service.drained(60)
    dropped = {}
    for _ in range(60):
        time.sleep(service.random.uniform(0.2, 0.4))
        text = note(service.number + 1, service.random)
        name = service.new_name()
        service.ledger.owe(text.encode(), name, recorded=1, text=text)
        dropped[name] = time.time()
        service.put(name, text.encode())
    service.drained(60)
    time.sleep(0.5)
    os.kill(service.children()[0], signal.SIGTERM)
    service.process.wait(60)
    service.before = []
    parts, unflushed = _traced(trace.read_text(errors="replace").splitlines(), dropped)
    result.expect(len(parts) == len(dropped), f"{len(parts)} of {len(dropped)} records were traced")
    result.expect(not unflushed, f"{unflushed} files were moved to done/ before their commit was flushed")
    if not parts:
        return
    noticed, modelled, committed = (1000 * statistics.median(part) for part in zip(*parts))
    whole = 1000 * statistics.median(map(sum, parts))
    result.numbers = {"records": len(parts), "rename to commit (ms)": round(whole, 1), "noticed (ms)": round(noticed, 1),
                      "read and modelled (ms)": round(modelled, 1), "committed (ms)": round(committed, 1),
                      "ratio": round(whole / modelled, 2)}
    result.expect(whole <= 1.5 * modelled, f"a record takes {whole / modelled:.2f} times the model's own time, more than 1.5 times")
    service.settle_accounts(result)


def _traced(lines, dropped):
    """Of each record the seconds until it was taken, until the first write to the log, and until that was flushed; and how
    many were moved on before. Paths are those of folders, which the daemon holds open, with a name beside."""
    parts, unflushed, name, taken, written, flushed, flushing = [], 0, None, 0, None, None, set()
    for line in lines:
        found = re.match(r"(\d+) +([\d.]+) (?:<\.\.\. )?(\w+)(.*)", line)
        if not found:
            continue
        thread, when, call, rest = found[1], float(found[2]), found[3], found[4]
        claim = re.search(r'/incoming/\w+>, "([^"]+)"', rest) if call == "renameat2" else None
        if claim and claim[1] in dropped:
            name, taken, written, flushed = claim[1], when, None, None
        elif call in ("pwrite64", "fdatasync") and ("-wal>" in rest or thread in flushing) and name:
            written = written or when
            # What was interrupted by another thread's call is told of in two lines.
            if "unfinished" in rest and call == "fdatasync":
                flushing.add(thread)
            elif call == "fdatasync":
                # The time in front is that of the call, or of its end where the line tells of that alone.
                flushed = when if thread in flushing else when + float(re.search(r"<([\d.]+)>$", rest)[1])
                flushing.discard(thread)
            else:
                flushed = None
        elif call == "renameat2" and "/done/" in rest and name:
            if flushed:
                parts.append((taken - dropped[name], written - taken, flushed - written))
            else:
                unflushed += 1
            name = None
    return parts, unflushed


SCENARIOS = [large, backlog, idle, latency]
