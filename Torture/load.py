# SPDX-License-Identifier: Apache-2.0
"""Much, large, and nothing at all: waits, memory, processor time, wake-ups."""

import os
import pathlib
import re
import signal
import time

from documents import long_text
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


SCENARIOS = [large, backlog, idle]
