#!/usr/bin/env python3
"""Verify a Onefile dossier with nothing but Python 3.10+: `verify.py DOSSIER.zip --policy FILE`.

Take this file and the policy from your own channel, never out of the dossier. Exit code: 0 valid,
1 invalid, 2 cannot decide. 只用 Python 标准库核验卷宗；本程序与信任策略须来自您自己的渠道。
"""

import argparse
import base64
import hashlib
import importlib
import json
import mmap
import re
import sys
import time
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from typing import Any, NoReturn

Point = tuple[int, int, int, int]
Key = tuple[str, bytes, bytes]
Nodes = dict[tuple[int, int], bytes]
Events = dict[int, tuple[dict[str, Any], bytes]]
Checkpoint = tuple[str, int, bytes, dict[str, int], list[str]]
KEY_BYTES = {1: 33, 4: 33, 6: 1313}  # Ed25519 of a log, of a witness; ML-DSA-44 of either
MALFORMED = (LookupError, TypeError, AttributeError, ValueError, RecursionError, zlib.error)
FORMAT = "onefile.dossier/v2"
SEAL, ENTRY, OPENED, ERASED, CORRECTED = (f"archive.{fact}.v1" for fact in (
    "heads_sealed", "entry_filed", "file_opened", "disclosures_erased", "disclosure_corrected",
))  # fmt: skip
MAX_ENTRIES, MAX_ENTRY, MAX_TOTAL, MAX_RATIO = 200_000, 256 << 20, 4 << 30, 200
NOT_PROVED = (
    ("事实在录入之前是否真实", "that a fact was true before it was entered"),
    ("封存点之后没有更多记录", "that nothing more was recorded after the seal"),
    ("被扣留或已删除的内容是什么", "what was withheld or erased"),
    ("时间戳的外部准确性，除见证签名所载", "the time of day, beyond what witnesses signed"),
    ("timeline.html 和 OCEL 的措辞：以原始字节为准", "how timeline.html and OCEL word it"),
)


class Invalid(Exception): ...  # the dossier is not what it claims to be


class Undecided(Exception): ...  # something needed is not there or not known here


# --- hashes and trees (RFC 6962, RFC 9162)
def leaf_hash(body: bytes, suite: str = "sha256") -> bytes:
    return hashlib.new(suite, b"\x00" + body).digest()


def leads_to(root: bytes, leaf: bytes, index: int, size: int, path: list[str], known: Nodes,
             suite: str = "sha256") -> bool:  # fmt: skip
    """Whether the path from a leaf leads to the root; `known` are nodes that do, and it grows."""
    need(0 <= index < size, "a leaf index lies outside its tree")
    position, last, found, level, climbed = index, size - 1, leaf, 0, Nodes()
    for text in path:
        need(last > 0, "an inclusion proof is too long")
        if known.get((level, position)) == found:
            return True
        climbed[level, position] = found
        sibling = b64(text)
        need(len(sibling) == 32, "a proof is malformed")
        if position & 1 or position == last:
            found = hashlib.new(suite, b"\x01" + sibling + found).digest()
            while not position & 1 and position:
                position, last, level = position >> 1, last >> 1, level + 1
        else:
            found = hashlib.new(suite, b"\x01" + found + sibling).digest()
        position, last, level = position >> 1, last >> 1, level + 1
    need(last == 0, "an inclusion proof is too short")
    known.update(climbed if found == root else {})
    return found == root


# --- Ed25519 (RFC 8032), verification only
_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_I = pow(2, (_P - 1) // 4, _P)


def _point(data: bytes) -> Point | None:
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    x2 = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    x = pow(x2, (_P + 3) // 8, _P)
    x = x if (x * x - x2) % _P == 0 else x * _I % _P
    if y >= _P or (x * x - x2) % _P or (x == 0 and sign):
        return None
    x = x if x & 1 == sign else _P - x
    return x, y, 1, x * y % _P


def _add(p: Point, q: Point) -> Point:
    a = (p[1] - p[0]) * (q[1] - q[0]) % _P
    b = (p[1] + p[0]) * (q[1] + q[0]) % _P
    c, d = 2 * p[3] * q[3] * _D % _P, 2 * p[2] * q[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _times(scalar: int, p: Point) -> Point:
    half = _times(scalar >> 1, _add(p, p)) if scalar else (0, 1, 1, 0)
    return _add(half, p) if scalar & 1 else half


_BASE = _point((4 * pow(5, _P - 2, _P) % _P).to_bytes(32, "little")) or (0, 1, 1, 0)


def ed25519_ok(public: bytes, signature: bytes, message: bytes) -> bool:
    key, r = _point(public), _point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if len(public) != 32 or len(signature) != 64 or key is None or r is None or s >= _L:
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    h = int.from_bytes(digest, "little") % _L
    left, right = _times(s, _BASE), _add(r, _times(h, key))
    return not any((left[n] * right[2] - right[n] * left[2]) % _P for n in (0, 1))


def by_library(kind: str, public: bytes, signature: bytes, message: bytes) -> bool | None:
    """What the package `cryptography` says of a signature; None where this machine cannot say."""
    try:
        package = "cryptography.hazmat.primitives.asymmetric." + kind.lower().removesuffix("44")
        key = getattr(importlib.import_module(package), f"{kind}PublicKey")
        key.from_public_bytes(public).verify(signature, message)
    except Exception as error:
        told = isinstance(error, ValueError) or type(error).__name__ == "InvalidSignature"
        return False if told else None
    return True


def signature_ok(public: bytes, signature: bytes, message: bytes) -> bool:
    found = by_library("Ed25519", public, signature, message)
    return ed25519_ok(public, signature, message) if found is None else found


# --- notes, checkpoints, policy (C2SP)
def b64(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def read_vkey(text: str) -> Key:
    """(name, key id, kind and key); the lines of one whose kind is not checked here are named."""
    name, id_hex, encoded = text.split("+", 2)
    key = b64(encoded)
    id = hashlib.sha256(name.encode() + b"\n" + key).digest()[:4]
    if id.hex() != id_hex or len(key) != KEY_BYTES.get(key[0], len(key)):
        raise Undecided(f"the policy's key of {name} is malformed")
    return name, id, key


class Policy:
    """The logs and witnesses that the reader trusts, and the quorum (C2SP tlog-policy)."""

    def __init__(self, text: str) -> None:
        self.logs: list[Key] = []
        self.witnesses: dict[str, Key] = {}
        self.groups: dict[str, tuple[int, list[str]]] = {}
        self.quorum: str | None = None
        self.fingerprint = hashlib.sha256(text.encode()).hexdigest()
        for line in text.split("\n"):
            try:
                if line.strip() and not line.strip().startswith("#"):
                    self._read(*line.split())
            except (TypeError, ValueError, IndexError) as error:
                raise Undecided(f"the policy cannot be followed: {line!r}") from error
        if self.quorum is None:
            raise Undecided("the policy has no quorum line")

    def _read(self, word: str, *rest: str) -> None:
        known = {**self.witnesses, **self.groups}
        if word == "log" and 1 <= len(rest) <= 2:
            self.logs.append(read_vkey(rest[0]))
        elif word == "witness" and 2 <= len(rest) <= 3:
            self.witnesses[rest[0]] = read_vkey(rest[1])
        elif word == "group" and len(rest) >= 3 and set(rest[2:]) <= set(known):
            name, needed, *members = rest
            count = {"all": len(members), "any": 1}.get(needed) or int(needed)
            if not 1 <= count <= len(members):
                raise ValueError(needed)
            self.groups[name] = (count, members)
        elif word == "quorum" and self.quorum is None and rest[0] in {**known, "none": 0}:
            (self.quorum,) = rest
        else:
            raise ValueError(word)

    def met(self, cosigned: dict[str, int]) -> bool:
        def witnessed(name: str) -> bool:
            if name in self.witnesses:
                return name in cosigned
            needed, members = self.groups[name]
            return sum(map(witnessed, members)) >= needed

        return self.quorum == "none" or witnessed(str(self.quorum))


def signed_by(who: str, name: str, key: bytes, rows: list[str], raw: bytes) -> bool | None:
    """Whether a line is the signature of a key, which is a witness's if it is somebody's."""
    text, at = "\n".join(rows) + "\n", raw[4:12]
    if key[0] == 6:  # the cosigned message of C2SP tlog-cosignature
        names = [bytes([len(n.encode())]) + n.encode() for n in (name, rows[0])]
        size = bytes(8) + int(rows[1]).to_bytes(8, "big")
        message = b"subtree/v1\n\0" + names[0] + at + names[1] + size + b64(rows[2])
        return by_library("MLDSA44", key[1:], raw[12:], message)
    stamp = f"cosignature/v1\ntime {int.from_bytes(at, 'big')}\n" if who else ""
    return signature_ok(key[1:], raw[12 if who else 4 :], (stamp + text).encode())


def read_checkpoint(note: str, policy: Policy) -> Checkpoint:
    """(origin, size, root, {witness: time}, whose lines were not checked) of a trusted note."""
    text, blank, lines = note.rpartition("\n\n")
    rows = text.split("\n")
    need(bool(blank) and lines.endswith("\n") and len(rows) == 3, "a checkpoint is malformed")
    need(re.fullmatch("0|[1-9][0-9]{0,18}", rows[1]), "a checkpoint's size is malformed")
    logged, seen, unchecked = False, dict[str, int](), list[str]()
    keys = [*(("", key) for key in policy.logs), *policy.witnesses.items()]
    for line in lines[:-1].split("\n"):
        found = re.fullmatch(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})", line) or refuse(line)
        name, raw = found[1], b64(found[2])
        mine = [(who, key[2]) for who, key in keys if key[:2] == (name, raw[:4])]
        who, key = mine[0] if mine else ("", b"")
        good = signed_by(who, name, key, rows, raw) if mine and key[0] in KEY_BYTES else None
        if good is None:
            kind = {2432: " (ML-DSA-44)"}.get(len(raw), " (SM2)" if key[1:4] == b"sm2" else "")
            unchecked.append(name + kind)
            continue
        need(good, f"the signature of {name} is wrong")
        logged = logged or (not who and key[0] == 1 and name == rows[0])
        seen |= {who: int.from_bytes(raw[4:12], "big")} if who else {}
    if not logged:
        raise Undecided(f"no log that the policy trusts signed as {rows[0]}")
    if not policy.met(seen):
        told = (
            f"{len(seen)} witnesses cosigned {rows[0]}, {len(unchecked)} lines were not checked"
        )
        raise Undecided(f"{told}: the policy asks for more")
    return rows[0], int(rows[1]), b64(rows[2]), seen, unchecked


def read_proof(text: str) -> tuple[int, list[str], str]:
    """(leaf index, path, note) of a C2SP tlog-proof."""
    head, _, note = text.partition("\n\n")
    lines = head.split("\n")
    need(lines[0] == "c2sp.org/tlog-proof@v1" and 1 < len(lines) <= 65, "a proof is malformed")
    need(re.fullmatch("index (0|[1-9][0-9]{0,18})", lines[1]), "a proof has no index")
    return int(lines[1][6:]), lines[2:], note


# --- the dossier
def need(condition: object, why: str) -> None:
    if not condition:
        raise Invalid(why)


def no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    need(len(found) == len(pairs), "something is said twice")
    return found


def refuse(text: str) -> NoReturn:
    raise Invalid(f"a number that is no whole number, or no signature line: {text[:40]!r}")


BODIES = json.JSONDecoder(parse_float=refuse, parse_constant=refuse)
CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def read_body(data: bytes) -> dict[str, Any]:
    """The event of an exact body; its bytes must be the canonical form of what they say."""
    value = BODIES.decode(data.decode())
    again = CANONICAL.encode(value)
    need(unicodedata.is_normalized("NFC", again), "a body is not in Unicode form NFC")
    need(again.encode() == data, "a body is not in its canonical form")
    need(isinstance(value, dict) and set(value) == {"about", "fact"}, "a body is no event")
    return dict(value)


class Dossier:
    """A BagIt bag (RFC 8493), read within limits; what is read is what its manifests say."""

    def __init__(self, file: str) -> None:
        try:
            with open(file, "rb") as opened:
                self.bytes = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
            infos = zipfile.ZipFile(file).infolist()
        except (OSError, ValueError, zipfile.BadZipFile) as error:
            raise Undecided(f"{file} cannot be opened as a ZIP file") from error
        need(len(infos) <= MAX_ENTRIES, "the dossier has too many entries")
        self.files = {info.filename: info for info in infos}
        need(len(self.files) == len(infos), "two entries have the same name")
        need(sum(info.file_size for info in infos) <= MAX_TOTAL, "the dossier is too large")
        for info in infos:
            name = info.filename
            bad = "\\" in name or ":" in name or {"", ".", ".."} & set(name.split("/"))
            need(not bad, f"an entry has a name that leads elsewhere: {name[:80]!r}")
            need(not info.flag_bits & 1, "an entry is encrypted")
            need(info.compress_type in (0, 8), "an entry is compressed in another way")
            need(info.file_size <= MAX_ENTRY, "an entry is too large")
            ratio = info.file_size // max(1, info.compress_size)
            need(
                info.file_size <= 1 << 20 or ratio <= MAX_RATIO,
                "an entry is a compression bomb",
            )
        self.listed: dict[str, str] = {}
        self.unread = set(self.files)
        bag = self.read("bagit.txt")
        need(bag.startswith(b"BagIt-Version: 1.0\n"), "this is no BagIt 1.0 bag")
        data = {name for name in self.files if name.startswith("data/")}
        for tags in (True, False):
            manifest = "tagmanifest-sha256.txt" if tags else "manifest-sha256.txt"
            mine = set(self.files) - data - {"tagmanifest-sha256.txt"} if tags else data
            rows = [line.partition("  ") for line in self.read(manifest).decode().splitlines()]
            listed = {name: digest for digest, _, name in rows}
            need(len(listed) == len(rows), f"{manifest} is malformed")
            need(
                set(listed) == mine, f"{manifest} does not list exactly what is in the dossier"
            )
            self.listed |= listed
        self.read("bagit.txt")

    def read(self, name: str) -> bytes:
        """The bytes of an entry, as the manifest lists them."""
        need(name in self.files, f"the dossier lacks {name}")
        info = self.files[name]
        header = self.bytes[info.header_offset : info.header_offset + 30]
        need(header[:4] == b"PK\x03\x04" and len(header) == 30, f"{name} is damaged")
        first = info.header_offset + 30
        begin = first + int.from_bytes(header[26:28], "little")
        need(self.bytes[first:begin] == name.encode(), f"{name} has two names")
        begin += int.from_bytes(header[28:30], "little")
        content = self.bytes[begin : begin + info.compress_size]
        if info.compress_type:
            content = zlib.decompressobj(-15).decompress(content, info.file_size + 1)
        need(len(content) == info.file_size, f"{name} is damaged")
        self.unread.discard(name)
        found = hashlib.sha256(content).hexdigest()
        need(self.listed.get(name, found) == found, f"{name} is not what its manifest says")
        return content

    def json(self, name: str) -> Any:
        return json.loads(self.read(name), object_pairs_hook=no_twins)

    def under(self, prefix: str) -> list[str]:
        return sorted(name for name in self.files if name.startswith(prefix))


def proved(dossier: Dossier, name: str, folder: str, suite: str, policy: Policy
           ) -> tuple[Checkpoint, Events]:  # fmt: skip
    """The one checkpoint that the proofs of a store lean on; {index: (event, leaf hash)}."""
    files = dossier.under(f"data/{name}/events/")
    need(files, f"the dossier has no events of {name}")
    proofs = [f"data/{name}/{folder}/{f.rsplit('/', 1)[1][:-5]}.tlog-proof" for f in files]
    first, known, found = read_proof(dossier.read(proofs[0]).decode())[2], Nodes(), Events()
    told = read_checkpoint(first, policy)
    for file, proof in zip(files, proofs, strict=True):
        event = read_body(body := dossier.read(file))
        index, path, note = read_proof(dossier.read(proof).decode())
        need(note == first, f"the proofs of {name} lean on different checkpoints")
        leaf = leaf_hash(body, suite)
        there = leads_to(told[2], leaf, index, told[1], path, known, suite)
        need(there, f"{file} is not in the log")
        need(file.endswith(f"/{index:012}.json"), f"{file} is named after another place")
        found[index] = event, leaf
    return told, found


class Store:
    """One store: no gap in its streams. Of one in `shared` only this matter's events are here."""

    def __init__(self, dossier: Dossier, name: str, policy: Policy, manifest: Any) -> None:
        self.name, self.matter = name, manifest["matter"]
        self.shared = set(manifest.get("shared", {}).get(name, []))
        need(self.matter not in self.shared, "the matter's own stream cannot be a shared one")
        told, self.events = proved(dossier, name, "proofs", "sha256", policy)
        self.origin, self.size, _, self.seen, self.unchecked = told
        need(self.origin.rsplit("/", 1)[-1] == name, f"the log of {name} is another one")
        for event, _ in self.events.values():
            need(event["about"].get("store") == name, f"{name}: an event is of another store")
        self.second = self._second(dossier, policy)
        self.streams = self._streams()

    def _second(self, dossier: Dossier, policy: Policy) -> int | str | None:
        """The size of the second tree (SM3) that holds all of it too, or why that is not known."""
        origin = f"{self.origin}/sm3"
        if not dossier.under(f"data/{self.name}/sm3/"):
            return None
        if origin not in [name for name, _, _ in policy.logs]:
            return "策略中无其公钥，未核验 no key of it in the policy: not checked"
        if "sm3" not in hashlib.algorithms_available:
            raise Undecided("the policy asks for the tree by SM3: this Python has no SM3")
        told, _ = proved(dossier, self.name, "sm3", "sm3", policy)
        need(told[0] == origin, f"the second log of {self.name} is another one")
        self.unchecked += told[4]
        return told[1]

    def _streams(self) -> dict[str, list[tuple[int, bytes]]]:
        """The streams that are here whole. A seal stands alone: it is not of this matter."""
        found: dict[str, list[tuple[int, bytes]]] = {}
        last = ""
        for index in sorted(self.events):
            about, leaf = self.events[index][0]["about"], self.events[index][1]
            recorded, last = last, str(about.get("recorded"))
            need(last > recorded, f"{self.name}: times do not rise")
            if about.get("type") == SEAL and self.name == "archive":
                continue
            if about.get("stream") in self.shared:
                need(about.get("matter") == self.matter, f"{self.name}: of another matter")
                continue
            stream = found.setdefault(about.get("stream"), [])
            prev = stream[-1][1].hex() if stream else None
            need(about.get("version") == len(stream) + 1, f"{self.name}: a version is missing")
            need(about.get("prev") == prev, f"{self.name}: the chain of a stream is broken")
            stream.append((index, leaf))
        return found


def check_seals(dossier: Dossier, stores: dict[str, Store]) -> dict[str, int]:
    """{store: size up to which nothing of its streams is left out}, by archive's newest seals."""
    archive, complete = stores["archive"], dict[str, int]()
    for name, store in stores.items():
        file = f"data/{name}/seal.json"
        if file not in dossier.files:
            continue
        seal = dossier.json(file)
        there = archive.events.get(seal["index"], ({"about": {"type": ""}, "fact": {}}, b""))[0]
        need(there["about"]["type"] == SEAL, f"the seal of {name} is not in archive's log")
        fact = there["fact"]
        need(fact["store"] == name, f"the seal of {name} is of another store")
        need(fact["log_size"] <= store.size, f"the seal of {name} is newer than its checkpoint")
        root, known = bytes.fromhex(fact["root"]), Nodes()
        for stream, places in store.streams.items():
            covered = [place for place in places if place[0] < fact["log_size"]]
            if not covered:
                continue
            head = seal["heads"].get(stream)
            need(head, f"{name}: a stream is not in the seal")
            key = hashlib.sha256(stream.encode()).digest()
            leaf = leaf_hash(key + len(covered).to_bytes(8, "big") + covered[-1][1])
            here = leads_to(root, leaf, head["index"], fact["count"], head["path"], known)
            need(here, f"{name}: an event before the seal is left out")
        complete[name] = fact["log_size"]
    return complete


def check_file(stores: dict[str, Store], manifest: Any) -> int:
    """How many facts archive put on file: every one is here, and they are of the matter named."""
    events, streams = stores["archive"].events, stores["archive"].streams
    own = [events[index][0] for index, _ in streams.get(manifest["matter"], [])]
    need(own, "archive's own file of the matter is not here")
    filed = [event["fact"] for event in own if event["about"]["type"] == ENTRY]
    for fact in filed:
        of = fact["store"]
        found = stores[of].events.get(fact["position"] - 1) if of in stores else None
        here = found and found[1].hex() == fact["leafhash"]
        need(here, f"{of}: a fact that archive put on file is left out")
    opened = [event["fact"]["number"] for event in own if event["about"]["type"] == OPENED]
    need(manifest["number"] in opened, "the file is that of another matter")
    return len(filed)


def check_disclosures(dossier: Dossier, stores: dict[str, Store]) -> dict[str, Any]:
    """What is shown, withheld and erased; each disclosure fits one event, each file one disclosure."""
    committed, erased, corrected = dict[str, str](), set[str](), 0
    for store in stores.values():
        for event, _ in store.events.values():
            kind = event["about"]["type"]
            for digest in event["fact"].get("_sd", []):
                need(digest not in committed, "two events commit to the same disclosure")
                committed[digest] = kind
            if store.name == "archive" and kind == ERASED:
                erased.update(event["fact"]["digests"])
            corrected += store.name == "archive" and kind == CORRECTED
    used, files, rest = set[str](), set[str](), iter(committed)
    for line in dossier.read("data/disclosures.txt").decode().splitlines():
        hashed = base64.urlsafe_b64encode(hashlib.sha256(line.encode()).digest())
        digest = hashed.decode().rstrip("=")
        need(digest in committed, "a disclosure is shown that no event commits to")
        need(digest in rest, "a disclosure is shown twice, or out of order")
        need(digest not in erased, "a disclosure is shown that was erased")
        used.add(digest)
        salt, _, value = json.loads(base64.urlsafe_b64decode(line + "=" * (-len(line) % 4)))
        need(isinstance(salt, str) and len(salt) >= 22, "a disclosure has no salt")
        files.update(re.findall('"sha256": "([0-9a-f]{64})"', json.dumps(value)))
    names = dossier.under("data/attachments/")
    for name in names:
        digest = hashlib.sha256(dossier.read(name)).hexdigest()
        need(name.endswith(f"/{digest}"), f"{name} is not the file it is named after")
        need(digest in files, f"{name} is named by no disclosure")
    gone = erased & set(committed)
    hidden = Counter(kind for digest, kind in committed.items() if digest not in used | gone)
    lost = Counter(committed[digest] for digest in gone)
    return {
        "disclosed": len(used), "withheld": sum(hidden.values()), "erased": len(gone),
        "corrected": corrected, "attachments": len(names),
        "withheld_in": dict(sorted(hidden.items())), "erased_in": dict(sorted(lost.items())),
    }  # fmt: skip


def check_rules(dossier: Dossier, stores: dict[str, Store]) -> dict[str, bool]:
    """The pack editions that the facts name: whether each is here. What is here is what it says."""
    files = dossier.under("data/rules/")
    for name in files:
        found = hashlib.sha256(dossier.read(name)).hexdigest()[:16]
        need(name.endswith(f"@{found}.json"), f"{name} is another edition")
    there = {name.rsplit("/", 1)[1][: -len(".json")] for name in files}
    events = [event for store in stores.values() for event, _ in store.events.values()]
    named = {event["about"].get("pack") for event in events} - {None}
    return {edition: edition in there for edition in sorted(named)}


def verify(file: str, policy_text: str) -> dict[str, Any]:
    """What was found, as a dict; raises Invalid or Undecided."""
    policy, dossier = Policy(policy_text), Dossier(file)
    manifest = dossier.json("data/manifest.json")
    if manifest.get("format") != FORMAT:
        raise Undecided(f"the dossier is of the format {manifest.get('format')!r}")
    stores = {name: Store(dossier, name, policy, manifest) for name in manifest["stores"]}
    present = {name.split("/")[1] for name in dossier.files if "/events/" in name}
    need(present == set(stores), "the manifest does not name exactly the stores that are there")
    complete = check_seals(dossier, stores)
    filed, shown = check_file(stores, manifest), check_disclosures(dossier, stores)
    rules = check_rules(dossier, stores)
    for name in sorted(dossier.unread):
        dossier.read(name)
    each = {name: {
        "origin": one.origin, "size": one.size, "complete_as_of": complete.get(name),
        "cosigned": one.seen, "shared_streams": len(one.shared), "second": one.second,
        "unchecked": sorted(set(one.unchecked)),
    } for name, one in stores.items()}  # fmt: skip
    return {
        "number": manifest["number"], "position": manifest["position"],
        "recipient": manifest["recipient"], "filed": filed, "stores": each, **shown,
        "events": sum(len(one.events) for one in stores.values()), "rules": rules,
        "policy": policy.fingerprint,
    }  # fmt: skip


def said(found: dict[str, Any], english: bool) -> Iterator[str]:
    def both(zh: str, en: str) -> str:
        return (en if english else zh).format(**found)

    yield both("有效：办件 {number}，共 {events} 条事实（入档 {filed} 条）",
               "VALID: matter {number}, {events} facts, {filed} of them filed")  # fmt: skip
    for name, store in found["stores"].items():
        seen = [f"{w} {time.strftime('%Y-%m-%dT%H:%MZ', time.gmtime(t))}"
                for w, t in store["cosigned"].items()]  # fmt: skip
        until = store["complete_as_of"]
        whole = both("未封存：不能证明无遗漏", "no seal: omissions cannot be excluded")
        if until is not None:
            whole = both(f"截至第 {until} 条无遗漏", f"nothing left out up to {until}")
        by = ", ".join(seen) or both("无", "none")
        yield f"  {name}: {store['origin']} {store['size']}; {whole}; {both('见证', 'cosigned')}: {by}"
        more = {"第二棵树 second tree (SM3)": store["second"],
                "未核验的签名 signatures not checked": ", ".join(store["unchecked"])}  # fmt: skip
        yield from (f"    {word}: {told}" for word, told in more.items() if told)
    yield both("  已披露 {disclosed} 项，扣留 {withheld} 项，已删除 {erased} 项，更正 {corrected} 项；"
               "附件 {attachments} 份",
               "  {disclosed} fields shown, {withheld} withheld, {erased} erased, {corrected} "
               "corrected; {attachments} attachments")  # fmt: skip
    for word, kinds in (("扣留 withheld", "withheld_in"), ("已删除 erased", "erased_in")):
        yield from (f"    {word}: {kind} × {count}" for kind, count in found[kinds].items())
    here = both("规则不在内", "rules NOT here"), both("规则在内", "rules here")
    yield from (f"  {edition}: {here[there]}" for edition, there in found["rules"].items())
    yield both("  信任策略指纹 {policy}", "  policy fingerprint {policy}")
    yield both("本结果不能证明：", "This does not prove:")
    yield from (f"  - {both(*one)}" for one in NOT_PROVED)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("dossier", help="the .dossier.zip file 卷宗文件")
    trust = __file__.rpartition("verify.py")[0] + "policy.txt"
    parser.add_argument("--policy", default=trust, help="whom you trust 信任策略")
    parser.add_argument("--json", action="store_true", help="the report as JSON")
    parser.add_argument("--english", action="store_true", help="the report in English")
    given = parser.parse_args(arguments)
    try:
        with open(given.policy, encoding="utf-8", errors="replace") as policy:
            found = {"verdict": "valid", **verify(given.dossier, policy.read())}
    except (Invalid, Undecided, OSError, *MALFORMED) as error:
        known, unsure = isinstance(error, (Invalid, Undecided, OSError)), (Undecided, OSError)
        why = str(error) if known else f"the dossier is malformed: {error!r}"
        found = {"verdict": "undecided" if isinstance(error, unsure) else "invalid", "why": why}
    words = {"invalid": ("无效", "INVALID"), "undecided": ("不能判定", "CANNOT DECIDE")}
    word = words.get(found["verdict"], ("", ""))[given.english]
    told = [f"{word}: {found['why']}"] if word else said(found, given.english)
    print(json.dumps(found, ensure_ascii=False, indent=1) if given.json else "\n".join(told))
    return {"valid": 0, "invalid": 1, "undecided": 2}[found["verdict"]]


if __name__ == "__main__":
    sys.exit(main())
