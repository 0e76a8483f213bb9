"""What goes into a dossier (卷宗): exact events, their proofs, the seal, and how to check them?

One ZIP file, a BagIt 1.0 bag. Same content, same bytes: nothing of today is written into it
but what the caller gives.
"""

import io
import zipfile
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from types import MappingProxyType
from typing import Any

import orjson

from services.archive.domain.heads import Place

FORMAT = "onefile.dossier/v1"
EPOCH = (1980, 1, 1, 0, 0, 0)

README = """\
卷宗 {number}

这个文件夹里是一件事的全部事实（data/*/events），每条事实都是当时写入的原始字节，并附有它在该库日志中的
证明（data/*/proofs）。请用您自己渠道取得的 verify.py 和信任策略核验：
    python3 verify.py 本文件.zip --policy policy.txt
核验不需要联网，也不需要我们的软件。
没有出现在 data/disclosures.txt 里的受保护内容，或未向您提供，或已依法删除。

Dossier {number}

This folder holds every fact of one matter (data/*/events) in the exact bytes in which it was recorded,
each with the proof that it is in its store's log (data/*/proofs). Check it with verify.py and a trust
policy that you got from your own channel:
    python3 verify.py THIS.zip --policy policy.txt
No network and none of our software is needed. Personal content that is not in data/disclosures.txt was
not given to you, or was erased by law.
"""


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
class Section:
    """What one store gives: events, the one checkpoint they are proved under, the seal."""

    store: str
    note: str
    events: Sequence[Proved]
    seal: Sealed | None = None


@dataclass(frozen=True, slots=True)
class Dossier:
    """All of it. `disclosures` are what this recipient may see; `more` are further files."""

    number: str
    matter: str
    sections: Sequence[Section]
    disclosures: Sequence[str] = ()
    attachments: Sequence[bytes] = ()
    more: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}))

    def files(self) -> Iterator[tuple[str, bytes]]:
        """The payload: names below `data/`."""
        manifest = {
            "format": FORMAT,
            "number": self.number,
            "matter": self.matter,
            "stores": [section.store for section in self.sections],
        }
        yield "data/manifest.json", _json(manifest)
        yield "data/disclosures.txt", "".join(f"{d}\n" for d in self.disclosures).encode()
        for section in self.sections:
            yield from _section(section)
        for content in self.attachments:
            yield f"data/attachments/{sha256(content).hexdigest()}", content
        yield from ((f"data/{name}", content) for name, content in self.more.items())


def packed(dossier: Dossier) -> bytes:
    """The ZIP file."""
    payload = dict(sorted(dossier.files()))
    size = sum(map(len, payload.values()))
    tags = {
        "README.txt": README.format(number=dossier.number).encode(),
        "bag-info.txt": (
            f"External-Identifier: {dossier.number}\nPayload-Oxum: {size}.{len(payload)}\n"
        ).encode(),
        "bagit.txt": b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
        "manifest-sha256.txt": _listed(payload),
    }
    tags["tagmanifest-sha256.txt"] = _listed(tags)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bag:
        for name, content in {**tags, **payload}.items():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            bag.writestr(entry, content)
    return out.getvalue()


def _section(section: Section) -> Iterator[tuple[str, bytes]]:
    root = f"data/{section.store}"
    for event in section.events:
        index = event.position - 1
        path = "".join(f"{b64encode(one).decode()}\n" for one in event.path)
        proof = f"c2sp.org/tlog-proof@v1\nindex {index}\n{path}\n{section.note}"
        yield f"{root}/events/{index:012}.json", event.body
        yield f"{root}/proofs/{index:012}.tlog-proof", proof.encode()
    if section.seal:
        heads = {
            stream: {"index": place.index, "path": [b64encode(p).decode() for p in place.path]}
            for stream, place in section.seal.heads.items()
        }
        seal = {"index": section.seal.position - 1, "heads": heads}
        yield f"{root}/seal.json", _json(seal)


def _listed(files: Mapping[str, bytes]) -> bytes:
    lines = (f"{sha256(content).hexdigest()}  {name}\n" for name, content in files.items())
    return "".join(sorted(lines, key=lambda line: line[66:])).encode()


def _json(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2)
