# SPDX-License-Identifier: Apache-2.0
"""Models exchanged under load, and recorded documents read again, with SIGKILL at any moment."""

import shutil
import time

from kills import FINDINGS
from service import Service, until

# Rows whose run is of another model than they are, and runs that count other documents than they have.
STRAYS = """SELECT d.source_name FROM documents d LEFT JOIN runs r ON r.id = d.run_id
    WHERE r.id IS NULL OR r.model_id <> d.model_id OR r.purpose = 'shadow'"""
MISCOUNTED = """SELECT r.id FROM runs r WHERE r.purpose = 'active' AND r.documents <> (
    SELECT count(*) FROM documents d WHERE d.run_id = r.id)"""


def _bundles(service, options):
    """Two bundles with the same answers, in a folder of the daemon's account."""
    service.models = service.root / "models"
    service.models.mkdir()
    for name in ("shoken-base", "second"):
        folder = service.models / name
        shutil.copytree(options.models / "shoken-base", folder)
        manifest = folder / "shoken.json"
        text = manifest.read_text(encoding="utf-8")
        manifest.write_text(text.replace('"name": "shoken-base"', f'"name": "{name}"'), encoding="utf-8")
    for path in [service.models, *service.models.rglob("*")]:
        service.give(path)
    service.configure()


def model_swaps(options, result):
    """Models are activated and rolled back while documents come, with kills: each row is of the model of its run."""
    service = Service(options, "swaps", settle=0.2, scan=0.5)
    _bundles(service, options)
    result.expect(service.start(), "it does not start")
    swaps = rollbacks = killed = 0
    for number in range(1, options.swaps + options.swaps // 5 + 1):
        service.innocents(6, renamed=number % 2 == 0)
        # A rollback is an exchange, too.
        if number % 6 == 0:
            done, rollbacks = service.control("model", "rollback"), rollbacks + 1
        else:
            choice = service.models / "active"
            present = choice.read_text().strip() if choice.exists() else "shoken-base"
            wanted = "shoken-base" if present == "second" else "second"
            done, swaps = service.control("model", "activate", wanted), swaps + 1
        result.expect(done.returncode == 0, f"exchange {number}: {done.stderr.strip()[:200]}")
        service.innocents(4)
        time.sleep(service.random.uniform(0.02, 1.0))
        if number % 3 == 0:
            service.kill()
            killed += 1
            found = service.integrity()
            result.expect(not found, f"integrity after kill {killed}: {found}")
            result.expect(service.start(), "it does not start again")
    service.settle_accounts(result, wait=max(180, 20 * options.swaps))
    result.numbers.update(swaps=swaps, rollbacks=rollbacks, kills=killed,
                          runs=service.rows("SELECT count(*) FROM runs")[0][0])
    for what, sql in (("of another model than their run", STRAYS), ("miscounted runs", MISCOUNTED)):
        rows = service.rows(sql)
        result.expect(not rows, f"{len(rows)} {what}")
    result.expect(len(service.rows("SELECT DISTINCT model_id FROM documents")) == 2, "only one model read anything")


def rereads(options, result):
    """Recorded documents are read again, with kills while they are: each once, with what an undisturbed run finds."""
    service = Service(options, "rereads", settle=0.2, scan=0.5)
    _bundles(service, options)
    result.expect(service.start(), "it does not start")
    service.innocents(options.documents)
    result.expect(service.drained(max(180, options.documents)) is not None, "the documents are not recorded")
    before = sorted(service.rows(FINDINGS))
    result.expect(service.control("model", "activate", "second").returncode == 0, "it is not activated")
    asked = service.control("reprocess", "--model-other-than", "second")
    result.expect(asked.returncode == 0, asked.stderr.strip()[:200])

    def is_done():
        return service.rows("SELECT state FROM reprocess_requests") == [("done",)]

    killed = 0
    while killed < options.kills and not is_done():
        time.sleep(service.random.uniform(0.02, 1.0))
        service.kill()
        killed += 1
        found = service.integrity()
        result.expect(not found, f"integrity after kill {killed}: {found}")
        result.expect(service.start(), "it does not start again")
    result.expect(until(max(180, options.documents), is_done), "it does not come to its end")
    service.settle_accounts(result)
    reread, failed = service.rows("SELECT reread, failed FROM reprocess_requests")[0]
    result.numbers.update(kills=killed, reread=reread, unread=failed)
    result.expect((reread, failed) == (options.documents, 0), f"{reread} read again, {failed} not read")
    result.expect(sorted(service.rows(FINDINGS)) == before, "other findings than before, from the same model")
    kept = service.rows("SELECT document_id, count(*) FROM run_results GROUP BY 1 HAVING count(*) <> 1")
    result.expect(not kept and service.rows("SELECT count(*) FROM run_results") == [(options.documents,)],
                  "documents that were read twice, or whose former results are gone")
    rows = service.rows(STRAYS)
    result.expect(not rows, f"{len(rows)} of another model than their run")


SCENARIOS = [model_swaps, rereads]
