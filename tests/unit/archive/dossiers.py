"""A whole invented dossier of three logs, for the verifier to look at and forgers to spoil."""

from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contracts.canonical import canonical
from services.archive.domain.dossier import Dossier, Proved, Sealed, Section
from services.archive.domain.heads import Head, Seal
from shared.tlog.checkpoint import Checkpoint
from shared.tlog.merkle import SHA256, complete, hashes_of, inclusion_ranges, nodes_of, root_of
from shared.tlog.note import COSIGNATURE, Ed25519Signer, Signer, line, signed

MATTER = str(UUID(int=7))
OTHER = str(UUID(int=8))
STORES = ("intake", "supervision", "archive")
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


@dataclass
class Log:
    """One store's log, growing."""

    store: str
    bodies: list[bytes] = field(default_factory=list)
    heads: dict[str, Head] = field(default_factory=dict)
    places: dict[str, list[int]] = field(default_factory=dict)

    def append(self, stream: str, type: str, fact: Mapping[str, Any]) -> int:
        """The position of the new event."""
        head = self.heads.get(stream)
        version = head.version + 1 if head else 1
        position = len(self.bodies) + 1
        about = {
            "actor": "p:x", "prev": head.leafhash.hex() if head else None, "store": self.store,
            "recorded": f"2026-11-21T03:00:{position:02}.000000Z", "stream": stream,
            "type": f"{self.store}.{type}.v1", "version": version,
        }  # fmt: skip
        body = canonical({"about": about, "fact": dict(fact)}).encode()
        self.bodies.append(body)
        self.heads[stream] = Head(stream, version, SHA256.leaf(body))
        self.places.setdefault(stream, []).append(position)
        return position

    @property
    def leaves(self) -> list[bytes]:
        return [SHA256.leaf(body) for body in self.bodies]

    def path(self, position: int) -> list[bytes]:
        leaves = self.leaves
        ranges = inclusion_ranges(position - 1, len(leaves))
        nodes = {
            (level, at): complete(level, at, lambda low, high: leaves[low:high])
            for level, at in nodes_of(ranges)
        }
        return hashes_of(ranges, nodes)

    def note(self, signer: Signer, witnesses: Sequence[Signer]) -> str:
        text = str(
            Checkpoint(f"log.example/{self.store}", len(self.bodies), root_of(self.leaves))
        )
        note = signed(text, [signer])
        return str(note.plus(*(line(text, one, 1_795_000_000) for one in witnesses)))

    def events(self, *streams: str) -> list[Proved]:
        places = sorted(place for stream in streams for place in self.places.get(stream, ()))
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
    found["archive"].append(MATTER, "file_opened", {"number": "990100-2026-2"})
    return found


def sealed(found: dict[str, Log]) -> dict[str, Sealed]:
    """Archive seals the heads of the others as they are now."""
    seals = {}
    for store in ("intake", "supervision"):
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
        )
        for store, log in found.items()
    ]
    return Dossier("990100-2026-2", MATTER, sections, [NAME, PAPER], [SCAN])
