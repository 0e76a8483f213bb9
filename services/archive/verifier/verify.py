#!/usr/bin/env python3
"""Verify a Onefile dossier with nothing but Python 3.10+: `verify.py DOSSIER.zip --policy FILE`.

Take this file and the policy from your own channel, never out of the dossier. Exit code: 0 valid,
1 invalid, 2 cannot decide. 只用 Python 标准库核验卷宗；本程序与信任策略须来自您自己的渠道。
"""

import argparse
import base64
import hashlib
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
FORMAT = "onefile.dossier/v2"
SEAL, ENTRY, OPENED, ERASED, CORRECTED = (
    f"archive.{fact}.v1" for fact in (
        "heads_sealed", "entry_filed", "file_opened", "disclosures_erased", "disclosure_corrected")
)  # fmt: skip
MAX_ENTRIES, MAX_ENTRY, MAX_TOTAL, MAX_RATIO = 200_000, 256 << 20, 4 << 30, 200
NOT_PROVED = (
    ("事实在录入之前是否真实", "that a fact was true before it was entered"),
    ("封存点之后没有更多记录", "that nothing more was recorded after the seal"),
    ("被扣留或已删除的内容是什么", "what was withheld or erased"),
    ("时间戳的外部准确性，除见证签名所载", "the time of day, beyond what witnesses signed"),
    ("timeline.html 和 OCEL 的措辞：以原始字节为准", "how timeline.html and OCEL word it"),
)


class Invalid(Exception):
    """The dossier is not what it claims to be."""


class Undecided(Exception):
    """The dossier cannot be judged: something needed is not there or not known here."""


# --- hashes and trees (RFC 6962, RFC 9162)
def leaf_hash(body: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + body).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def leads_to(
    root: bytes, leaf: bytes, index: int, size: int, path: list[str], known: Nodes
) -> bool:
    """Whether the path from a leaf leads to the root; `known` are nodes that do, and it grows."""
    need(0 <= index < size, "a leaf index lies outside its tree")
    position, last, found, level = index, size - 1, leaf, 0
    climbed: Nodes = {}
    for text in path:
        need(last > 0, "an inclusion proof is too long")
        if known.get((level, position)) == found:
            return True
        climbed[level, position] = found
        sibling = b64(text)
        need(len(sibling) == 32, "a proof is malformed")
        if position & 1 or position == last:
            found = node_hash(sibling, found)
            while not position & 1 and position:
                position, last, level = position >> 1, last >> 1, level + 1
        else:
            found = node_hash(found, sibling)
        position, last, level = position >> 1, last >> 1, level + 1
    need(last == 0, "an inclusion proof is too short")
    known.update(climbed if found == root else {})
    return found == root


# --- Ed25519 (RFC 8032), verification only
_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_I = pow(2, (_P - 1) // 4, _P)


def _recover_x(y: int, sign: int) -> int | None:
    if y >= _P:
        return None
    x2 = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    if x2 == 0:
        return None if sign else 0
    for x in (pow(x2, (_P + 3) // 8, _P), pow(x2, (_P + 3) // 8, _P) * _I % _P):
        if (x * x - x2) % _P == 0:
            return _P - x if (x & 1) != sign else x
    return None


def _point(data: bytes) -> Point | None:
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    x = _recover_x(y, sign)
    return None if x is None else (x, y, 1, x * y % _P)


def _add(p: Point, q: Point) -> Point:
    a = (p[1] - p[0]) * (q[1] - q[0]) % _P
    b = (p[1] + p[0]) * (q[1] + q[0]) % _P
    c, d = 2 * p[3] * q[3] * _D % _P, 2 * p[2] * q[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _times(scalar: int, p: Point) -> Point:
    found = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            found = _add(found, p)
        p, scalar = _add(p, p), scalar >> 1
    return found


_BASE = _point((4 * pow(5, _P - 2, _P) % _P).to_bytes(32, "little")) or (0, 1, 1, 0)


def ed25519_ok(public: bytes, signature: bytes, message: bytes) -> bool:
    key, r = _point(public), _point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if len(public) != 32 or len(signature) != 64 or key is None or r is None or s >= _L:
        return False
    h = (
        int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little")
        % _L
    )
    left, right = _times(s, _BASE), _add(r, _times(h, key))
    return not any((left[n] * right[2] - right[n] * left[2]) % _P for n in (0, 1))


try:  # the same answer, a hundred times quicker, where the machine has it
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    def signature_ok(public: bytes, signature: bytes, message: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True
except ImportError:
    signature_ok = ed25519_ok


# --- notes, checkpoints, policy (C2SP)
def b64(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def read_vkey(text: str) -> Key:
    """(name, key id, public key); one of a kind that is not checked here fits no signature."""
    name, id_hex, encoded = text.split("+", 2)
    key = b64(encoded)
    id = hashlib.sha256(name.encode() + b"\n" + key).digest()[:4]
    if id.hex() != id_hex or (key[0] in (1, 4) and len(key) != 33):
        raise Undecided(f"the policy's key of {name} is malformed")
    return name, id if key[0] in (1, 4) else b"", key[1:]


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


def read_checkpoint(note: str, policy: Policy) -> tuple[str, int, bytes, dict[str, int]]:
    """(origin, size, root, {witness: time}) of a checkpoint that the policy trusts."""
    text, blank, lines = note.rpartition("\n\n")
    rows = text.split("\n")
    need(bool(blank) and lines.endswith("\n") and len(rows) == 3, "a checkpoint is malformed")
    need(re.fullmatch("0|[1-9][0-9]{0,18}", rows[1]), "a checkpoint's size is malformed")
    message = (text + "\n").encode()
    logged, seen = False, dict[str, int]()
    keys = [*(("", key) for key in policy.logs), *policy.witnesses.items()]
    for line in lines[:-1].split("\n"):
        found = re.fullmatch(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})", line) or refuse(line)
        name, raw = found[1], b64(found[2])
        for who, (key_name, id, public) in keys:
            if (key_name, id) != (name, raw[:4]):
                continue
            at = int.from_bytes(raw[4:12], "big")
            stamp = f"cosignature/v1\ntime {at}\n".encode() if who else b""
            good = signature_ok(public, raw[12 if who else 4 :], stamp + message)
            need(good, f"the signature of {name} is wrong")
            logged = logged or (not who and name == rows[0])
            seen |= {who: at} if who else {}
    if not logged:
        raise Undecided(f"no log that the policy trusts signed as {rows[0]}")
    if not policy.met(seen):
        raise Undecided(f"{len(seen)} witnesses cosigned {rows[0]}: the policy asks for more")
    return rows[0], int(rows[1]), b64(rows[2]), seen


def read_proof(text: str) -> tuple[int, list[str], str]:
    """(leaf index, path, note) of a C2SP tlog-proof."""
    head, _, note = text.partition("\n\n")
    lines = head.split("\n")
    need(lines[0] == "c2sp.org/tlog-proof@v1" and len(lines) > 1, "a proof is malformed")
    need(re.fullmatch("index (0|[1-9][0-9]{0,18})", lines[1]), "a proof has no index")
    need(len(lines) <= 65, "a proof is malformed")
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
    """The files of a dossier, read within limits; nothing in it is believed.

    It is a BagIt bag (RFC 8493): what is read is first compared with what the manifests say.
    """

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
            self._sound(info)
        self.listed: dict[str, str] = {}
        self.unread = set(self.files)
        bag = self.read("bagit.txt").decode().startswith("BagIt-Version: 1.0\n")
        need(bag, "this is no BagIt 1.0 bag")
        data = {name for name in self.files if name.startswith("data/")}
        for tags in (True, False):
            manifest = "tagmanifest-sha256.txt" if tags else "manifest-sha256.txt"
            mine = set(self.files) - data - {"tagmanifest-sha256.txt"} if tags else data
            rows = [line.partition("  ") for line in self.read(manifest).decode().splitlines()]
            listed = {name: digest for digest, _, name in rows}
            need(len(listed) == len(rows), f"{manifest} is malformed")
            whole = set(listed) == mine
            need(whole, f"{manifest} does not list exactly what is in the dossier")
            self.listed |= listed
        self.read("bagit.txt")

    def _sound(self, info: zipfile.ZipInfo) -> None:
        name = info.filename
        bad = "\\" in name or ":" in name or {"", ".", ".."} & set(name.split("/"))
        need(not bad, f"an entry has a name that leads elsewhere: {name[:80]!r}")
        need(not info.flag_bits & 1, "an entry is encrypted")
        need(info.compress_type in (0, 8), "an entry is compressed in another way")
        need(info.file_size <= MAX_ENTRY, "an entry is too large")
        ratio = info.file_size // max(1, info.compress_size)
        need(info.file_size <= 1 << 20 or ratio <= MAX_RATIO, "an entry is a compression bomb")

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


class Store:
    """The events of one store: each proved to be in its log, streams without gaps.

    Of a stream that serves other matters too (`shared`) only this matter's events are here.
    """

    def __init__(self, dossier: Dossier, name: str, policy: Policy, manifest: Any) -> None:
        self.name, self.matter = name, manifest["matter"]
        self.shared = set(manifest.get("shared", {}).get(name, []))
        need(self.matter not in self.shared, "the matter's own stream cannot be a shared one")
        self.events: dict[int, tuple[dict[str, Any], bytes]] = {}
        checkpoint, known = None, Nodes()
        for file in dossier.under(f"data/{name}/events/"):
            body = dossier.read(file)
            event = read_body(body)
            proof = f"data/{name}/proofs/{file.rsplit('/', 1)[1][:-5]}.tlog-proof"
            index, path, note = read_proof(dossier.read(proof).decode())
            if checkpoint is None:
                self.origin, self.size, self.root, self.seen = read_checkpoint(note, policy)
                own = self.origin.rsplit("/", 1)[-1] == name
                need(own, f"the log of {name} is another one")
                checkpoint = note
            need(note == checkpoint, f"the proofs of {name} lean on different checkpoints")
            leaf = leaf_hash(body)
            there = leads_to(self.root, leaf, index, self.size, path, known)
            need(there, f"{file} is not in the log")
            need(file.endswith(f"/{index:012}.json"), f"{file} is named after another place")
            need(event["about"].get("store") == name, f"{file} is of another store")
            self.events[index] = event, leaf
        need(self.events, f"the dossier has no events of {name}")
        self.streams = self._streams()

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
    archive = stores["archive"]
    own = [archive.events[index][0] for index, _ in archive.streams.get(manifest["matter"], [])]
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
    used, files = set[str](), set[str]()
    for line in dossier.read("data/disclosures.txt").decode().splitlines():
        hashed = base64.urlsafe_b64encode(hashlib.sha256(line.encode()).digest())
        digest = hashed.decode().rstrip("=")
        need(digest in committed, "a disclosure is shown that no event commits to")
        need(digest not in used, "a disclosure is shown twice")
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
    there = set()
    for name in dossier.under("data/rules/"):
        edition = name.rsplit("/", 1)[1][: -len(".json")]
        found = hashlib.sha256(dossier.read(name)).hexdigest()[:16]
        need(edition.endswith(f"@{found}"), f"{name} is another edition")
        there.add(edition)
    events = [event for store in stores.values() for event, _ in store.events.values()]
    named = {event["about"].get("pack") for event in events} - {None}
    return {edition: edition in there for edition in sorted(named)}


def verify(file: str, policy_text: str) -> dict[str, Any]:
    """What was found, as a dict; raises Invalid or Undecided."""
    policy = Policy(policy_text)
    dossier = Dossier(file)
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
    each = {
        name: {
            "origin": one.origin, "size": one.size, "complete_as_of": complete.get(name),
            "cosigned": one.seen, "shared_streams": len(one.shared),
        }
        for name, one in stores.items()
    }  # fmt: skip
    return {
        "number": manifest["number"], "position": manifest["position"],
        "recipient": manifest["recipient"], "filed": filed, "stores": each, **shown,
        "events": sum(len(one.events) for one in stores.values()), "rules": rules,
        "policy": policy.fingerprint,
    }  # fmt: skip


def said(found: dict[str, Any], english: bool) -> Iterator[str]:
    """The report in words."""

    def both(zh: str, en: str) -> str:
        return (en if english else zh).format(**found)

    yield both("有效：办件 {number}，共 {events} 条事实（入档 {filed} 条）",
               "VALID: matter {number}, {events} facts, {filed} of them filed")  # fmt: skip
    for name, store in found["stores"].items():
        seen = [f"{w} {time.strftime('%Y-%m-%dT%H:%MZ', time.gmtime(t))}"
                for w, t in store["cosigned"].items()]  # fmt: skip
        until = store["complete_as_of"]
        whole = both(f"截至第 {until} 条无遗漏", f"nothing left out up to {until}")
        if until is None:
            whole = both("未封存：不能证明无遗漏", "no seal: omissions cannot be excluded")
        by = ", ".join(seen) or both("无", "none")
        yield f"  {name}: {store['origin']} {store['size']}; {whole}; {both('见证', 'cosigned')}: {by}"
    yield both("  已披露 {disclosed} 项，扣留 {withheld} 项，已删除 {erased} 项，更正 {corrected} 项；"
               "附件 {attachments} 份",
               "  {disclosed} fields shown, {withheld} withheld, {erased} erased, {corrected} "
               "corrected; {attachments} attachments")  # fmt: skip
    for word, kinds in (("扣留 withheld", "withheld_in"), ("已删除 erased", "erased_in")):
        yield from (f"    {word}: {kind} × {count}" for kind, count in found[kinds].items())
    for edition, there in found["rules"].items():
        word = both("规则在内", "rules here") if there else both("规则不在内", "rules NOT here")
        yield f"  {edition}: {word}"
    yield both("  信任策略指纹 {policy}", "  policy fingerprint {policy}")
    yield both("本结果不能证明：", "This does not prove:")
    yield from (f"  - {both(*one)}" for one in NOT_PROVED)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("dossier", help="the .dossier.zip file 卷宗文件")
    parser.add_argument("--policy", required=True, help="whom you trust 信任策略 (tlog-policy)")
    parser.add_argument("--json", action="store_true", help="the report as JSON")
    parser.add_argument("--english", action="store_true", help="the report in English")
    given = parser.parse_args(arguments)
    try:
        with open(given.policy, encoding="utf-8", errors="replace") as policy:
            found = {"verdict": "valid", **verify(given.dossier, policy.read())}
    except Invalid as error:
        found = {"verdict": "invalid", "why": str(error)}
    except (Undecided, OSError) as error:
        found = {"verdict": "undecided", "why": str(error)}
    except (
        LookupError,
        TypeError,
        AttributeError,
        ValueError,
        RecursionError,
        zlib.error,
    ) as error:
        found = {"verdict": "invalid", "why": f"the dossier is malformed: {error!r}"}
    words = {"invalid": ("无效", "INVALID"), "undecided": ("不能判定", "CANNOT DECIDE")}
    if given.json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
    elif found["verdict"] in words:
        print(f"{words[found['verdict']][given.english]}: {found['why']}")
    else:
        print("\n".join(said(found, given.english)))
    return {"valid": 0, "invalid": 1, "undecided": 2}[found["verdict"]]


if __name__ == "__main__":
    sys.exit(main())
