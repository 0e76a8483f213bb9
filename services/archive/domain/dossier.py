"""What goes into a dossier (卷宗): exact events, their proofs, the seal, and how to check them?

One ZIP file, a BagIt 1.0 bag. The same content makes the same bytes: nothing of today is written
into it but what the caller gives.
"""

import io
import zipfile
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from types import MappingProxyType
from typing import IO, Any

import orjson

from services.archive.domain.dossier_words import README
from services.archive.domain.heads import Place

FORMAT = "onefile.dossier/v2"
EPOCH = (1980, 1, 1, 0, 0, 0)
MANIFEST, TAG_MANIFEST = "manifest-sha256.txt", "tagmanifest-sha256.txt"


@dataclass(frozen=True, slots=True)
class Proved:
    """An event's exact body, its place in the log from 1, and its inclusion path."""

    position: int
    body: bytes
    path: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class Sealed:
    """Archive's position of the seal event, and where each stream stands in the seal."""

    position: int
    heads: Mapping[str, Place]


@dataclass(frozen=True, slots=True)
class Second:
    """The proofs of the same events in the store's second tree (SM3): its checkpoint, the paths."""

    note: str
    paths: Mapping[int, Sequence[bytes]]


@dataclass(frozen=True, slots=True)
class Section:
    """What one store gives: events, the one checkpoint they are proved under, the seal.

    `shared` are streams that serve other matters too: of those only what is of this matter is
    here, so that their versions have gaps.
    """

    store: str
    note: str
    events: Sequence[Proved]
    seal: Sealed | None = None
    shared: Sequence[str] = ()
    second: Second | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A document on file, read in parts: it may be larger than memory."""

    sha256: str
    size: int
    parts: Callable[[], Iterable[bytes]]

    @classmethod
    def of(cls, content: bytes) -> "Attachment":
        return cls(sha256(content).hexdigest(), len(content), lambda: (content,))


@dataclass(frozen=True, slots=True)
class Dossier:
    """All of it, as it stood at archive's `position`.

    `recipient` is to whom it was given; `disclosures` are what he may see; `more` are further
    files.
    """

    number: str
    matter: str
    sections: Sequence[Section]
    disclosures: Sequence[str] = ()
    attachments: Sequence[Attachment] = ()
    more: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}))
    position: int = 0
    recipient: str = ""
    personal: bool = False
    left_out: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Documents that would belong in it, and why they are not: infected, or not scanned yet."""

    def files(self) -> Iterator[tuple[str, bytes]]:
        """The payload below `data/`, without the attachments."""
        manifest = {
            "format": FORMAT,
            "number": self.number,
            "matter": self.matter,
            "position": self.position,
            "recipient": self.recipient,
            "personal": self.personal,
            "left_out": dict(self.left_out),
            "stores": [section.store for section in self.sections],
            "shared": {s.store: sorted(s.shared) for s in self.sections if s.shared},
        }
        yield "data/manifest.json", json_of(manifest)
        yield "data/disclosures.txt", "".join(f"{d}\n" for d in self.disclosures).encode()
        for section in self.sections:
            yield from _section(section)
        yield from ((f"data/{name}", content) for name, content in self.more.items())


def packed(dossier: Dossier) -> bytes:
    """The ZIP file, in memory."""
    out = io.BytesIO()
    write(dossier, out)
    return out.getvalue()


def write(dossier: Dossier, out: IO[bytes]) -> None:
    """The ZIP file. Raises ValueError for an attachment that is not what it is named after."""
    payload = dict(sorted(dossier.files()))
    digests = {name: sha256(content).hexdigest() for name, content in payload.items()}
    attached = {f"data/attachments/{one.sha256}": one for one in dossier.attachments}
    digests |= {name: one.sha256 for name, one in attached.items()}
    size = sum(map(len, payload.values())) + sum(one.size for one in attached.values())
    tags = {
        "README.txt": README.format(number=dossier.number, position=dossier.position).encode(),
        "bag-info.txt": (
            f"External-Identifier: {dossier.number}\n"
            f"Internal-Sender-Identifier: {dossier.matter}@{dossier.position}\n"
            f"Payload-Oxum: {size}.{len(digests)}\n"
        ).encode(),
        "bagit.txt": b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
        MANIFEST: _listed(digests),
    }
    tags[TAG_MANIFEST] = _listed({n: sha256(c).hexdigest() for n, c in tags.items()})
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as bag:
        for name, content in {**tags, **payload}.items():
            bag.writestr(_entry(name), content)
        for name, one in sorted(attached.items()):
            _attach(bag, name, one)


def _attach(bag: zipfile.ZipFile, name: str, one: Attachment) -> None:
    digest, size = sha256(), 0
    with bag.open(_entry(name, zipfile.ZIP_STORED), "w") as file:
        for part in one.parts():
            digest.update(part)
            size += len(part)
            file.write(part)
    if (digest.hexdigest(), size) != (one.sha256, one.size):
        raise ValueError(f"{name} is not what it is named after")


def _entry(name: str, how: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.compress_type, entry.external_attr = how, 0o644 << 16
    entry.create_system = 3  # the same bytes on every system
    return entry


def _section(section: Section) -> Iterator[tuple[str, bytes]]:
    root = f"data/{section.store}"
    for event in section.events:
        index = event.position - 1
        yield f"{root}/events/{index:012}.json", event.body
        proof = _proof(index, event.path, section.note)
        yield f"{root}/proofs/{index:012}.tlog-proof", proof
        if section.second:
            proof = _proof(index, section.second.paths[event.position], section.second.note)
            yield f"{root}/sm3/{index:012}.tlog-proof", proof
    if section.seal:
        heads = {
            stream: {"index": place.index, "path": [b64encode(p).decode() for p in place.path]}
            for stream, place in sorted(section.seal.heads.items())
        }
        seal = {"index": section.seal.position - 1, "heads": heads}
        yield f"{root}/seal.json", json_of(seal)


def _proof(index: int, path: Sequence[bytes], note: str) -> bytes:
    lines = "".join(f"{b64encode(one).decode()}\n" for one in path)
    return f"c2sp.org/tlog-proof@v1\nindex {index}\n{lines}\n{note}".encode()


def _listed(digests: Mapping[str, str]) -> bytes:
    return "".join(f"{digests[name]}  {name}\n" for name in sorted(digests)).encode()


def json_of(value: Any) -> bytes:
    """The same value, the same bytes."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2)
