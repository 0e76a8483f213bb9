"""A whole invented dossier of three logs, for the verifier to look at and forgers to spoil."""

from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contracts.canonical import canonical
from services.archive.domain.dossier import Attachment, Dossier, Proved, Sealed, Section
from services.archive.domain.heads import Head, Seal
from shared.tlog.checkpoint import Checkpoint
from shared.tlog.merkle import SHA256, hashes_of, inclusion_ranges, root_of
from shared.tlog.note import COSIGNATURE, Ed25519Signer, Signer, line, signed

MATTER = str(UUID(int=7))
OTHER = str(UUID(int=8))
BEGAN = datetime(2026, 11, 21, 3, tzinfo=UTC)
ROSTER = str(UUID(int=9))
"""A stream that serves both matters."""
STORES = ("intake", "supervision", "archive")
PACK = f"pack@{sha256(b'{}').hexdigest()[:16]}"
"""An edition named by its content, which is `{}`."""
SCAN = b"%PDF-1.7 an invented scan"


def key(name: str, seed: int, algorithm: Any = 0x01) -> Ed25519Signer:
    return Ed25519Signer(
        name, Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32), algorithm
    )


LOGS = {store: key(f"log.example/{store}", 1 + n) for n, store in enumerate(STORES)}
WITNESSES = [key(f"w{n}.example", 10 + n, COSIGNATURE) for n in range(3)]


def policy(quorum: str = "agencies") -> str:
    """Three logs, each with a key of its own, and two of three agencies."""
    lines = [f"log {LOGS[store].verifier.vkey}" for store in STORES]
    lines += [f"witness W{n} {w.verifier.vkey}" for n, w in enumerate(WITNESSES)]
    return "\n".join([*lines, "group agencies 2 W0 W1 W2", f"quorum {quorum}\n"])


def disclosure(name: str, value: Any) -> str:
    return _b64(canonical([_b64(b"salt" * 4), name, value]).encode())


def digest(disclosure: str) -> str:
    return _b64(sha256(disclosure.encode()).digest())


def _b64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


NAME = disclosure("unit", "测试公司")
PHONE = disclosure("phone", "000-0000001")
PAPER = disclosure("paper", {"sha256": sha256(SCAN).hexdigest(), "size": len(SCAN),
                             "media_type": "application/pdf", "name": "扫描件.pdf"})  # fmt: skip


def nodes_over(leaves: list[bytes]) -> dict[tuple[int, int], bytes]:
    """Every complete subtree over some leaves."""
    found, level, row = dict[tuple[int, int], bytes](), 0, leaves
    while row:
        found |= {(level, at): node for at, node in enumerate(row)}
        pairs = zip(row[::2], row[1::2], strict=False)
        level, row = level + 1, [SHA256.node(a, b) for a, b in pairs]
    return found


@dataclass
class Log:
    """One store's log, growing."""

    store: str
    pack: str | None = None
    bodies: list[bytes] = field(default_factory=list)
    heads: dict[str, Head] = field(default_factory=dict)
    places: dict[str, list[int]] = field(default_factory=dict)
    _nodes: dict[tuple[int, int], bytes] = field(default_factory=dict)
    _grown: int = 0

    def append(
        self,
        stream: str,
        type: str,
        fact: Mapping[str, Any],
        matter: str | None = None,
        effective: str = "2026-11-21",
        actor: str = "p:x",
    ) -> int:
        """The position of the new event."""
        head = self.heads.get(stream)
        version = head.version + 1 if head else 1
        position = len(self.bodies) + 1
        recorded = (BEGAN + timedelta(seconds=position)).isoformat(timespec="microseconds")
        about = {
            "actor": actor, "effective": effective, "matter": matter or stream,
            "pack": self.pack or PACK, "prev": head.leafhash.hex() if head else None,
            "store": self.store, "recorded": recorded.replace("+00:00", "Z"), "stream": stream,
            "type": f"{self.store}.{type}.v1", "version": version,
        }  # fmt: skip
        body = canonical({"about": about, "fact": dict(fact)}).encode()
        self.bodies.append(body)
        self.heads[stream] = Head(stream, version, SHA256.leaf(body))
        self.places.setdefault(stream, []).append(position)
        return position

    def mine(self, stream: str) -> list[int]:
        """The places of a stream that are of the matter."""
        said = f'"matter":"{MATTER}"'.encode()
        return [
            place for place in self.places.get(stream, ()) if said in self.bodies[place - 1]
        ]

    @property
    def leaves(self) -> list[bytes]:
        return [SHA256.leaf(body) for body in self.bodies]

    def path(self, position: int) -> list[bytes]:
        size = len(self.bodies)
        if self._grown != size:
            self._grown, self._nodes = size, nodes_over(self.leaves)
        return hashes_of(inclusion_ranges(position - 1, size), self._nodes)

    def note(self, signer: Signer, witnesses: Sequence[Signer]) -> str:
        text = str(
            Checkpoint(f"log.example/{self.store}", len(self.bodies), root_of(self.leaves))
        )
        note = signed(text, [signer])
        return str(note.plus(*(line(text, one, 1_795_000_000) for one in witnesses)))

    def events(self, *streams: str) -> list[Proved]:
        whole = {place for stream in streams for place in self.places.get(stream, ())}
        places = sorted(whole | {*self.mine(ROSTER)})
        return [Proved(p, self.bodies[p - 1], self.path(p)) for p in places]


def logs() -> dict[str, Log]:
    """Two matters in three stores; the other one is not in the dossier."""
    found = {store: Log(store) for store in STORES}
    intake, supervision = found["intake"], found["supervision"]
    commits = [sorted([digest(NAME), digest(PHONE)]), [digest(PAPER)]]
    intake.append(OTHER, "service_requested", {"number": "990100-2026-1"})
    intake.append(MATTER, "service_requested", {"number": "990100-2026-2", "_sd": commits[0]})
    intake.append(MATTER, "commission_filed", {"_sd": commits[1]})
    intake.append(OTHER, "service_declined", {})
    for item in ("S1-01", "S1-02", "S1-03"):
        supervision.append(MATTER, "item_decided", {"item": item})
    supervision.append(ROSTER, "agent_named", {}, OTHER)
    supervision.append(ROSTER, "agent_named", {}, MATTER)
    found["archive"].append(MATTER, "file_opened", {"number": "990100-2026-2"})
    for log in (intake, supervision):
        for place in sorted((*log.places[MATTER], *log.mine(ROSTER))):
            file(found, log.store, place)
    return found


def file(found: dict[str, Log], store: str, place: int) -> None:
    """Archive puts a fact on file."""
    leaf = SHA256.leaf(found[store].bodies[place - 1]).hex()
    fact = {"store": store, "position": place, "leafhash": leaf}
    found["archive"].append(MATTER, "entry_filed", fact)


def sealed(found: dict[str, Log]) -> dict[str, Sealed]:
    """Archive seals the heads of the others as they are now, and then its own."""
    seals = {}
    for store in STORES:
        log = found[store]
        seal = Seal(log.heads.values())
        position = found["archive"].append(
            "seals",
            "heads_sealed",
            {"store": store, "log_size": len(log.bodies), "count": seal.count,
             "root": seal.root.hex()},
        )  # fmt: skip
        place = seal.place_of(MATTER)
        assert place
        seals[store] = Sealed(position, {MATTER: place})
    return seals


def dossier(
    found: dict[str, Log],
    seals: Mapping[str, Sealed],
    *,
    witnesses: int = 2,
    signer: Callable[[str], Signer] = LOGS.__getitem__,
) -> Dossier:
    sections = [
        Section(
            store,
            log.note(signer(store), WITNESSES[:witnesses]),
            log.events(MATTER, "seals"),
            seals.get(store),
            [ROSTER] if store == "supervision" else [],
        )
        for store, log in found.items()
    ]
    return Dossier(
        "990100-2026-2", MATTER, sections, [NAME, PAPER], [Attachment.of(SCAN)],
        {f"rules/packs/{PACK}.json": b"{}"}, len(found["archive"].bodies), "p:y", True,
    )  # fmt: skip
