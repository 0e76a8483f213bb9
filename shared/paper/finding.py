"""Is the code on a paper true: does the log hold that very event at that place (公开核验)?"""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from hmac import compare_digest
from typing import Any

from contracts.canonical import leaf_hash
from contracts.documents import describe
from contracts.upcasting import kind_of
from shared.clock import LEGAL_ZONE
from shared.eventstore.log import Entry, Log
from shared.paper.check import DIGITS, Code, parse_code
from shared.peers import Peers
from shared.problems import Problem


@dataclass(frozen=True, slots=True)
class Finding:
    """What is told to anybody: kind, number, days and place of the event; nothing personal."""

    code: str
    kind: str
    zh: str
    number: str | None
    day: str
    recorded: str
    store: str
    position: int
    leafhash: str

    def told(self) -> dict[str, Any]:
        return {**asdict(self), "genuine": True, "proof": self.proof}

    @property
    def proof(self) -> str:
        """Where the Merkle inclusion proof of this position is, at the store that holds it."""
        return f"/log/proof?position={self.position}"


async def finding_of(log: Log, peers: Peers, text: str) -> Finding | None:
    """The event that the code names, None if it is false; another store is asked for its own."""
    code = parse_code(text)
    if code is None:
        return None
    return await _ours(log, code) if code.store == log.service else await _theirs(peers, code)


async def _ours(log: Log, code: Code) -> Finding | None:
    """The hash is recomputed from the stored bytes: a row that was altered is not found."""
    entries = await log.after(code.position - 1, 1)
    if not entries or entries[0].position != code.position:
        return None
    entry = entries[0]
    computed = leaf_hash(entry.body).hex()
    if not compare_digest(computed[:DIGITS], code.head) or computed != entry.leafhash.hex():
        return None
    about = entry.circumstances()
    event = kind_of(entry.type)
    return Finding(
        code=str(code),
        kind=entry.type,
        zh=describe(event)[1] if event else entry.type,
        number=_number(entry),
        day=legal_day(about.effective).isoformat(),
        recorded=about.recorded.isoformat(),
        store=log.service,
        position=entry.position,
        leafhash=computed,
    )


async def _theirs(peers: Peers, code: Code) -> Finding | None:
    try:
        told = await peers.get(code.store, f"/check/{code}")
    except Problem:
        return None
    names = Finding.__dataclass_fields__
    return Finding(**{name: told[name] for name in names}) if told else None


def _number(entry: Entry) -> str | None:
    """The number printed on the paper, where the event carries one."""
    fact: dict[str, Any] = entry.members()
    return fact.get("label") or fact.get("number")


def legal_day(effective: str) -> date:
    """The legal day of an `effective`: a date, or an instant with offset."""
    if len(effective) == 10:
        return date.fromisoformat(effective)
    return datetime.fromisoformat(effective).astimezone(LEGAL_ZONE).date()
