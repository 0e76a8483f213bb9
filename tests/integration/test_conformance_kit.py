"""The kit passes a subscriber that holds out, and says of one that does not where it fails."""

import os
import sys
from itertools import islice
from pathlib import Path

import onefile_client.kit as kit
import pytest

GOLDEN = Path(__file__).parents[2] / "contracts" / "golden"
CLIENT = str(Path(kit.__file__).parents[1])
GOOD = """
import os, sys, time, httpx
from pathlib import Path
from onefile_client import *
handlers = Handlers()
@handlers.on("supervision.fee_due.v1")
def due(db, event):
    fee = event.fact["fee"], event.fact["amount"]
    db.execute("INSERT OR REPLACE INTO fees VALUES (?, ?)", fee)
store = Store(":memory:")
store.db.execute("CREATE TABLE fees (fee TEXT PRIMARY KEY, amount TEXT NOT NULL)")
key = Key.load(Path(os.environ["ONEFILE_SEED"]))
client = httpx.Client(timeout=5, trust_env=False)
source = Source(os.environ["ONEFILE_URL"], os.environ["ONEFILE_AGENCY"], key, client=client)
reader = Reader(source, store, handlers)
while True:
    try:
        reader.take(source.page(reader._feed(), store.position))
        reader.prove()
    except Away:
        pass
    time.sleep(0.02)
"""
BAD = """
import os, time, json, hashlib, urllib.request, urllib.error
url, held = os.environ["ONEFILE_URL"], []
def root(hashes):
    if len(hashes) == 1: return hashes[0]
    k = 1
    while k * 2 < len(hashes): k *= 2
    return hashlib.sha256(b"\\x01" + root(hashes[:k]) + root(hashes[k:])).digest()
while True:
    got = urllib.request.urlopen(f"{url}/events?after={len(held)}").read()
    held += [hashlib.sha256(b"\\x00" + line).digest() for line in got.split(b"\\n") if line]
    if held:
        body = json.dumps({"feed": "kit", "size": len(held), "root": root(held).hex()}).encode()
        urllib.request.urlopen(urllib.request.Request(f"{url}/feed/proof", body))
    time.sleep(0.05)
"""


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kit, "PATIENCE", 60.0)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([CLIENT]))


def test_our_own_client_passes_every_trial() -> None:
    """Among them half an hour of outage, its clock moved, and every version that was released."""
    findings = list(kit.play([sys.executable, "-c", GOOD], silence=1.0, golden=GOLDEN))
    assert len(findings) == 11
    assert [str(one) for one in findings if not one.passed] == []
    released = len(list(GOLDEN.glob("*/*.json")))
    assert f"every version ever said ({released})" in findings[-2].trial and released > 200
    assert "30 分钟" in findings[-1].trial


def test_a_subscriber_that_keeps_its_token_over_the_outage_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept = GOOD.replace(
        "reader = Reader", "source._headers = lambda h=source._headers(): h\nreader = Reader"
    )
    kept = kept.replace("except Away", "except (Away, Refused)")
    trials = kit.play([sys.executable, "-c", kept], silence=1.5)
    findings = list(islice(trials, 9))
    monkeypatch.setattr(kit, "PATIENCE", 15.0)  # for what does not come, however long one waits
    findings += trials
    assert [one.passed for one in findings] == [True] * 9 + [False]


def test_a_folder_without_messages_is_no_proof(tmp_path: Path) -> None:
    findings = list(
        kit.play([sys.executable, "-c", GOOD], outage=0, silence=0.1, golden=tmp_path)
    )
    assert [one.passed for one in findings][-2:] == [False, True]
    assert "holds no messages" in str(findings[-2])


def test_a_subscriber_that_believes_everything_fails_and_is_told_where(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trials = kit.play([sys.executable, "-c", BAD], outage=0, silence=0.2)
    assert next(trials).passed
    monkeypatch.setattr(kit, "PATIENCE", 15.0)  # for what does not come, however long one waits
    found = next(trials)
    assert not found.passed and "duplicates" in found.trial
    assert "FAIL" in str(found)
