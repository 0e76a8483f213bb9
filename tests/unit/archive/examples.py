"""One of each, to vary: a matter, the facts the services tell of it, and the file they make."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from contracts.archive import EntryFiled, FileOpened
from contracts.assignment import AgentAssigned
from contracts.canonical import body_of, canonical, leaf_hash
from contracts.evaluation import EvaluationInvited
from contracts.event import Event, Personal
from contracts.intake import (
    ItemScopeFixed,
    MaterialReceived,
    ProjectRegistered,
    ServiceAccepted,
    ServiceRequested,
)
from contracts.supervision import (
    ItemClosed,
    ItemDecided,
    OriginalsReturned,
    ResultDelivered,
    WorkLogged,
)
from contracts.vocabulary import Reliance
from services.archive.domain import DECIDER
from services.archive.domain.commands import Asking, Facts, FileEntry
from services.archive.domain.file import Entry, Filed, Leaf, facts_in
from services.archive.domain.matter import Matter
from services.archive.domain.state import File
from services.archive.domain.telling import fold
from shared.envelope import Heard
from shared.eventstore.identity import NAMESPACE, derived
from shared.packs import Packs
from shared.testing.spec import Spec

RULES = Packs.load(None).for_area("500242")
PACK, CATALOGUE = RULES.pack, RULES.catalogue
AREA = PACK.jurisdiction.code
NUMBER = f"{AREA}-2026-17"

MATTER = UUID("01990000-0000-7000-8000-00000000000a")
PROJECT = UUID("01990000-0000-7000-8000-00000000000b")
PIECE = UUID("01990000-0000-7000-8000-00000000000c")
CHECK = UUID("01990000-0000-7000-8000-00000000000d")
DOCUMENT = UUID("01990000-0000-7000-8000-00000000000e")
INVITATION = UUID("01990000-0000-7000-8000-00000000000f")

UNIT, AGENT, CLERK, APPROVER = (
    f"p:01990000-0000-7000-8000-00000000a{n:03d}" for n in range(1, 5)
)
ITEM = "S1-01"
BEGAN = datetime(2026, 4, 14, 1, 0, tzinfo=UTC)
"""Nine in the morning in the legal time zone."""

known = ProjectRegistered(facts={}, name=Personal("测试项目"), unit=Personal("测试公司"))
requested = ServiceRequested(
    number=NUMBER, applicant=UNIT, lead_name=Personal("甲"), lead_phone=Personal("000-0001")
)
accepted = ServiceAccepted(body="hall")
scoped = ItemScopeFixed(catalogue=CATALOGUE.edition, stages=("S1",), items=(ITEM,))
received = MaterialReceived(piece=PIECE, material="M04", originals=1, sheets=3)
assigned = AgentAssigned(agent=AGENT, body="depts", lead=True)
logged = WorkLogged(kind="errand", entry=Personal("跑办一次"))
decided = ItemDecided(item=ITEM, outcome="approved", body="depts")
delivered = ResultDelivered(items=(ITEM,), delivery="hand")
returned = OriginalsReturned(pieces=(PIECE,), originals=1, delivery="hand")
closed = ItemClosed(item=ITEM, evidence=(PIECE,))
invited = EvaluationInvited(
    invitation=INVITATION,
    instrument="overall",
    agent=AGENT,
    asked_by="hall",
    respondent="applicant_lead",
    rule="evaluation.instruments.overall",
    contact=Personal("000-0001"),
)
COURSE: tuple[Event, ...] = (
    requested, accepted, scoped, received, assigned, logged, decided, delivered, returned,
    closed, invited,
)  # fmt: skip
"""A matter that lacks nothing, as it is told."""

RELIED_ON = (Reliance(store="intake", position=4),)


@dataclass
class Telling:
    """The logs of five stores while a test tells a matter; every body is canonical and chained."""

    leaves: list[Leaf] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    beside: list[Leaf] = field(default_factory=list)
    now: datetime = BEGAN

    def body(self, store: str, event: Event, stream: UUID, **about: Any) -> Leaf:
        """The next event of a store, as the store would hold it."""
        before = [leaf for leaf in self.leaves if leaf.store == store]
        same = [leaf for leaf in before if leaf.parts()[0].stream == stream]
        self.now += timedelta(minutes=1)
        position, version = len(before) + 1, len(same) + 1
        given = {
            "actor": CLERK,
            "area": AREA,
            "authority": None,
            "behalf": None,
            "cause": str(derived(NAMESPACE, f"cause/{store}/{position}")),
            "channel": None,
            "effective": self.now.isoformat(timespec="milliseconds"),
            "id": str(derived(NAMESPACE, f"event/{store}/{position}")),
            "matter": str(MATTER),
            "pack": PACK.edition,
            "prev": same[-1].leafhash if same else None,
            "project": str(PROJECT),
            "recorded": self.now.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "store": store,
            "stream": str(stream),
            "type": event.type,
            "version": version,
            **about,
        }
        body = body_of(canonical(given), canonical(event.public()))
        leaf = Leaf(store, position, leaf_hash(body).hex(), body)  # type: ignore[arg-type]
        self.leaves.append(leaf)
        return leaf

    def say(self, *events: Event, **about: Any) -> "Telling":
        """What a service says of the matter, and archive files."""
        for event in events:
            copy = self.body(event.type.split(".")[0], event, MATTER, **about)
            if isinstance(event, ServiceRequested):
                self.own(FileOpened(number=event.number))
            entry = EntryFiled(
                store=copy.store,
                position=copy.position,
                leafhash=copy.leafhash,
                entry_type=event.type,
            )
            self.own(entry, copy)
        return self

    def own(self, event: Event, copy: Leaf | None = None, **about: Any) -> "Telling":
        """What archive itself says in the file."""
        given = {"actor": "s:archive", **about}
        self.entries.append(Entry(self.body("archive", event, MATTER, **given), copy))
        return self

    def project(self, *events: Event) -> "Telling":
        """What is said of the project beside its matters."""
        for event in events:
            self.beside.append(self.body("intake", event, PROJECT, matter=None))
        return self

    def filed(self) -> Filed:
        return Filed(MATTER, tuple(self.entries), tuple(self.beside))

    def bodies(self) -> dict[tuple[str, int], bytes]:
        """What the stores hold, byte for byte."""
        return {(leaf.store, leaf.position): leaf.body for leaf in self.leaves}


def told(*events: Event, **about: Any) -> Telling:
    return Telling().project(known).say(*events, **about)


def matter(*events: Event) -> Matter:
    """The matter that `events` tell."""
    return fold(facts_in(told(*events).filed()))


def without(*kinds: type[Event]) -> Matter:
    """The whole course without some kinds of event."""
    return matter(*(event for event in COURSE if not isinstance(event, kinds)))


def heard(leaf: Leaf, origin: UUID | None = None, origin_store: str | None = None) -> Heard:
    """What archive hears when a store says `leaf`."""
    about, fact = leaf.parts()
    return Heard(
        leaf.position, about.id, about.type, about, fact, leaf.leafhash, leaf.body, origin,
        origin_store,
    )  # fmt: skip


FACTS = Facts(
    actor=CLERK,
    matter=matter(*COURSE),
    rules=PACK.archive,
    relied_on=RELIED_ON,
    defaults=("archive.contents",),
    check=CHECK,
    document=DOCUMENT,
)

opened = FileOpened(number=NUMBER)
paper = FileEntry(store="intake", position=1, leafhash="0" * 64, entry_type=requested.type)
spec: Spec[Asking, File, Event, Facts] = Spec(DECIDER, FACTS)
given = spec.given
