#!/usr/bin/env python3
"""Verify a Onefile dossier with nothing but Python 3.10+: `verify.py DOSSIER.zip --policy FILE`.

Take this file and the policy from your own channel, never out of the dossier. Exit code: 0 valid,
1 invalid, 2 cannot decide. 只用 Python 标准库核验卷宗；本程序与信任策略须来自您自己的渠道。
"""

import argparse
import base64
import hashlib
import json
import re
import sys
import unicodedata
import zipfile
from collections.abc import Iterator
from typing import Any, NoReturn

Point = tuple[int, int, int, int]
Key = tuple[str, int, bytes]
FORMAT = "onefile.dossier/v1"
MAX_ENTRIES, MAX_ENTRY, MAX_TOTAL, MAX_RATIO = 200_000, 256 << 20, 4 << 30, 200
NOT_PROVED = (
    ("事实在录入之前是否真实", "that a fact was true before it was entered"),
    ("封存点之后没有更多记录", "that nothing more was recorded after the seal"),
    ("被扣留或已删除的内容是什么", "what was withheld or erased"),
    ("时间戳的外部准确性，除见证签名所载", "the time of day, beyond what witnesses signed"),
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


def root_by_inclusion(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    need(0 <= index < size, "a leaf index lies outside its tree")
    position, last, found = index, size - 1, leaf
    for sibling in path:
        need(last > 0, "an inclusion proof is too long")
        if position & 1 or position == last:
            found = node_hash(sibling, found)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        position, last = position >> 1, last >> 1
    need(last == 0, "an inclusion proof is too short")
    return found


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
    x = pow(x2, (_P + 3) // 8, _P)
    if (x * x - x2) % _P:
        x = x * _I % _P
    if (x * x - x2) % _P:
        return None
    return _P - x if (x & 1) != sign else x


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
    if len(public) != 32 or len(signature) != 64:
        return False
    key, r = _point(public), _point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if key is None or r is None or s >= _L:
        return False
    h = (
        int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little")
        % _L
    )
    left, right = _times(s, _BASE), _add(r, _times(h, key))
    same_x = (left[0] * right[2] - right[0] * left[2]) % _P == 0
    return same_x and (left[1] * right[2] - right[1] * left[2]) % _P == 0


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
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise Invalid("something that should be base64 is not") from None


def key_id(name: str, key: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + key).digest()[:4]


def read_vkey(text: str) -> Key:
    """(name, algorithm byte, public key)"""
    parts = text.split("+", 2)
    if len(parts) != 3:
        raise Undecided("the policy holds a key that is no verifier key")
    name, id_hex, key = parts[0], parts[1], b64(parts[2])
    if len(key) != 33 or key[0] not in (1, 4) or key_id(name, key).hex() != id_hex:
        raise Undecided(f"the policy's key of {name} is malformed or of an unknown kind")
    return name, key[0], key[1:]


class Policy:
    """The logs and witnesses that the reader trusts, and the quorum (C2SP tlog-policy)."""

    def __init__(self, text: str) -> None:
        self.logs: list[Key] = []
        self.witnesses: dict[str, Key] = {}
        self.groups: dict[str, tuple[int, list[str]]] = {}
        self.quorum: str | None = None
        self.fingerprint = hashlib.sha256(text.encode()).hexdigest()
        for line in text.split("\n"):
            words = line.split()
            if not words or words[0].startswith("#"):
                continue
            try:
                self._read(*words)
            except (TypeError, ValueError, KeyError) as error:
                raise Undecided(f"the policy cannot be followed: {line!r}") from error
        if self.quorum is None:
            raise Undecided("the policy has no quorum line")

    def _read(self, word: str, *rest: str) -> None:
        if word == "log" and 1 <= len(rest) <= 2:
            self.logs.append(read_vkey(rest[0]))
        elif word == "witness" and 2 <= len(rest) <= 3:
            self.witnesses[rest[0]] = read_vkey(rest[1])
        elif word == "group" and len(rest) >= 3:
            name, needed, *members = rest
            for member in members:
                if member not in self.witnesses and member not in self.groups:
                    raise KeyError(member)
            count = {"all": len(members), "any": 1}.get(needed) or int(needed)
            if not 1 <= count <= len(members):
                raise ValueError(needed)
            self.groups[name] = (count, members)
        elif word == "quorum" and len(rest) == 1 and self.quorum is None:
            known = rest[0] in self.witnesses or rest[0] in self.groups or rest[0] == "none"
            if not known:
                raise KeyError(rest[0])
            self.quorum = rest[0]
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
    logged = False
    seen: dict[str, int] = {}
    for line in lines[:-1].split("\n"):
        found = re.fullmatch(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})", line)
        if found is None:
            raise Invalid("a signature line is malformed")
        name, raw = found[1], b64(found[2])
        for key_name, algorithm, public in policy.logs:
            if (key_name, key_id(key_name, bytes([algorithm]) + public)) == (name, raw[:4]):
                need(
                    signature_ok(public, raw[4:], message), f"the signature of {name} is wrong"
                )
                logged = logged or name == rows[0]
        for witness, (key_name, algorithm, public) in policy.witnesses.items():
            if (key_name, key_id(key_name, bytes([algorithm]) + public)) == (name, raw[:4]):
                time = int.from_bytes(raw[4:12], "big")
                signed = f"cosignature/v1\ntime {time}\n".encode() + message
                need(
                    signature_ok(public, raw[12:], signed), f"the signature of {name} is wrong"
                )
                seen[witness] = time
    if not logged:
        raise Undecided(f"no log that the policy trusts signed as {rows[0]}")
    if not policy.met(seen):
        raise Undecided(f"{len(seen)} witnesses cosigned {rows[0]}: the policy asks for more")
    return rows[0], int(rows[1]), b64(rows[2]), seen


def read_proof(text: str) -> tuple[int, list[bytes], str]:
    """(leaf index, path, note) of a C2SP tlog-proof."""
    head, _, note = text.partition("\n\n")
    lines = head.split("\n")
    need(lines[0] == "c2sp.org/tlog-proof@v1" and len(lines) > 1, "a proof is malformed")
    need(re.fullmatch("index (0|[1-9][0-9]{0,18})", lines[1]), "a proof has no index")
    path = [b64(line) for line in lines[2:]]
    need(len(path) <= 63 and all(len(one) == 32 for one in path), "a proof is malformed")
    return int(lines[1][6:]), path, note


# --- the dossier
def need(condition: object, why: str) -> None:
    if not condition:
        raise Invalid(why)


def no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    need(len(found) == len(pairs), "something is said twice")
    return found


def no_fraction(text: str) -> NoReturn:
    raise Invalid(f"a body holds a number that is no whole number: {text[:20]}")


def read_body(data: bytes) -> dict[str, Any]:
    """The event of an exact body; its bytes must be the canonical form of what they say."""
    try:
        value = json.loads(
            data.decode(), object_pairs_hook=no_twins, parse_float=no_fraction,
            parse_constant=no_fraction,
        )  # fmt: skip
    except (ValueError, RecursionError) as error:
        raise Invalid("a body is not JSON") from error
    again = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    need(unicodedata.is_normalized("NFC", again), "a body is not in Unicode form NFC")
    need(again.encode() == data, "a body is not in its canonical form")
    need(isinstance(value, dict) and set(value) == {"about", "fact"}, "a body is no event")
    return dict(value)


class Dossier:
    """The files of a dossier, read within limits; nothing in it is believed."""

    def __init__(self, file: str) -> None:
        try:
            self.zip = zipfile.ZipFile(file)
        except (OSError, zipfile.BadZipFile) as error:
            raise Undecided(f"{file} cannot be opened as a ZIP file") from error
        infos = self.zip.infolist()
        need(len(infos) <= MAX_ENTRIES, "the dossier has too many entries")
        names = [info.filename for info in infos]
        need(len(set(names)) == len(names), "two entries have the same name")
        need(sum(info.file_size for info in infos) <= MAX_TOTAL, "the dossier is too large")
        for info in infos:
            self._sound(info)
        self.names = set(names)

    def _sound(self, info: zipfile.ZipInfo) -> None:
        name = info.filename
        parts = name.split("/")
        bad = (
            name.startswith("/") or "\\" in name or ":" in name or {"", ".", ".."} & set(parts)
        )
        need(not bad, f"an entry has a name that leads elsewhere: {name[:80]!r}")
        need(not info.flag_bits & 1, "an entry is encrypted")
        need(info.file_size <= MAX_ENTRY, "an entry is too large")
        ratio = info.file_size // max(1, info.compress_size)
        need(info.file_size <= 1 << 20 or ratio <= MAX_RATIO, "an entry is a compression bomb")

    def read(self, name: str) -> bytes:
        if name not in self.names:
            raise Invalid(f"the dossier lacks {name}")
        try:
            return self.zip.read(name)
        except (zipfile.BadZipFile, EOFError, RuntimeError, ValueError) as error:
            raise Invalid(f"{name} is damaged") from error

    def text(self, name: str) -> str:
        try:
            return self.read(name).decode()
        except UnicodeDecodeError:
            raise Invalid(f"{name} is not UTF-8") from None

    def json(self, name: str) -> Any:
        try:
            return json.loads(self.text(name), object_pairs_hook=no_twins)
        except (ValueError, RecursionError):
            raise Invalid(f"{name} is not JSON") from None

    def under(self, prefix: str) -> list[str]:
        return sorted(name for name in self.names if name.startswith(prefix))


def check_bag(dossier: Dossier) -> None:
    """Every file is listed, and is what the list says (BagIt, RFC 8493)."""
    need(
        dossier.text("bagit.txt").startswith("BagIt-Version: 1.0\n"), "this is no BagIt 1.0 bag"
    )
    data = {name for name in dossier.names if name.startswith("data/")}
    tags = dossier.names - data - {"tagmanifest-sha256.txt"}
    for manifest, mine in (("manifest-sha256.txt", data), ("tagmanifest-sha256.txt", tags)):
        listed: dict[str, str] = {}
        for line in dossier.text(manifest).splitlines():
            digest, _, name = line.partition("  ")
            need(name and name not in listed, f"{manifest} is malformed")
            listed[name] = digest
        need(set(listed) == mine, f"{manifest} does not list exactly what is in the dossier")
        for name, digest in listed.items():
            found = hashlib.sha256(dossier.read(name)).hexdigest()
            need(found == digest, f"{name} is not what {manifest} says")


class Store:
    """The events of one store: each proved to be in its log, streams without gaps."""

    def __init__(self, dossier: Dossier, name: str, policy: Policy) -> None:
        self.name = name
        self.events: dict[int, tuple[dict[str, Any], bytes]] = {}
        checkpoint = None
        for file in dossier.under(f"data/{name}/events/"):
            body = dossier.read(file)
            event = read_body(body)
            index, path, note = read_proof(
                dossier.text(f"data/{name}/proofs/{file.rsplit('/', 1)[1][:-5]}.tlog-proof")
            )
            if checkpoint is None:
                self.origin, self.size, self.root, self.seen = read_checkpoint(note, policy)
                need(
                    self.origin.rsplit("/", 1)[-1] == name, f"the log of {name} is another one"
                )
                checkpoint = note
            need(note == checkpoint, f"the proofs of {name} lean on different checkpoints")
            leaf = leaf_hash(body)
            found = root_by_inclusion(leaf, index, self.size, path)
            need(found == self.root, f"{file} is not in the log")
            need(file.endswith(f"/{index:012}.json"), f"{file} is named after another place")
            need(event["about"].get("store") == name, f"{file} is of another store")
            self.events[index] = event, leaf
        need(self.events, f"the dossier has no events of {name}")
        self.streams = self._streams()

    def _streams(self) -> dict[str, list[tuple[int, bytes]]]:
        found: dict[str, list[tuple[int, bytes]]] = {}
        last = ""
        for index in sorted(self.events):
            event, leaf = self.events[index]
            about = event["about"]
            stream = found.setdefault(about.get("stream"), [])
            prev = stream[-1][1].hex() if stream else None
            need(about.get("version") == len(stream) + 1, f"{self.name}: a version is missing")
            need(about.get("prev") == prev, f"{self.name}: the chain of a stream is broken")
            recorded = about.get("recorded")
            need(str(recorded) > last, f"{self.name}: times do not rise")
            stream.append((index, leaf))
            last = str(recorded)
        return found


def check_seals(dossier: Dossier, stores: dict[str, Store]) -> dict[str, int]:
    """{store: size up to which nothing of its streams is left out}, by archive's newest seals."""
    archive, complete = stores.get("archive"), dict[str, int]()
    for name, store in stores.items():
        file = f"data/{name}/seal.json"
        if file not in dossier.names:
            continue
        seal = dossier.json(file)
        event, _ = archive.events.get(seal["index"], (None, b"")) if archive else (None, b"")
        if event is None or event["about"]["type"] != "archive.heads_sealed.v1":
            raise Invalid(f"the seal of {name} is not in archive's log")
        fact = event["fact"]
        need(fact["store"] == name, f"the seal of {name} is of another store")
        need(fact["log_size"] <= store.size, f"the seal of {name} is newer than its checkpoint")
        root = bytes.fromhex(fact["root"])
        for stream, places in store.streams.items():
            covered = [place for place in places if place[0] < fact["log_size"]]
            if not covered:
                continue
            head = seal["heads"].get(stream)
            need(head, f"{name}: a stream is not in the seal")
            key = hashlib.sha256(stream.encode()).digest()
            leaf = leaf_hash(key + len(covered).to_bytes(8, "big") + covered[-1][1])
            path = [b64(one) for one in head["path"]]
            found = root_by_inclusion(leaf, head["index"], fact["count"], path)
            need(found == root, f"{name}: an event before the seal is left out")
        complete[name] = fact["log_size"]
    return complete


def check_disclosures(
    dossier: Dossier, stores: dict[str, Store]
) -> tuple[int, int, int, set[str]]:
    """(disclosed, withheld, erased, file hashes disclosed); each disclosure fits one event."""
    committed: dict[str, tuple[str, int]] = {}
    erased: set[str] = set()
    for store in stores.values():
        for index, (event, _) in store.events.items():
            for digest in event["fact"].get("_sd", []):
                need(digest not in committed, "two events commit to the same disclosure")
                committed[digest] = store.name, index
            if event["about"]["type"].endswith(".disclosure_erased.v1"):
                erased.update(event["fact"].get("digests", []))
    used: set[str] = set()
    files: set[str] = set()
    for line in dossier.text("data/disclosures.txt").splitlines():
        hashed = base64.urlsafe_b64encode(hashlib.sha256(line.encode()).digest())
        digest = hashed.rstrip(b"=").decode()
        need(digest in committed, "a disclosure is shown that no event commits to")
        need(digest not in used, "a disclosure is shown twice")
        need(digest not in erased, "a disclosure is shown that was erased")
        used.add(digest)
        try:
            _, _, value = json.loads(base64.urlsafe_b64decode(line + "=" * (-len(line) % 4)))
        except (ValueError, RecursionError) as error:
            raise Invalid("a disclosure is malformed") from error
        files.update(hashes_in(value))
    gone = len(erased & set(committed))
    return len(used), len(committed) - len(used) - gone, gone, files


def hashes_in(value: Any) -> Iterator[str]:
    pending = [value]
    while pending:
        one = pending.pop()
        if isinstance(one, dict):
            pending.extend(one.values())
            if isinstance(one.get("sha256"), str):
                yield one["sha256"]
        elif isinstance(one, list):
            pending.extend(one)


def check_attachments(dossier: Dossier, files: set[str]) -> int:
    for name in dossier.under("data/attachments/"):
        digest = name.rsplit("/", 1)[1]
        found = hashlib.sha256(dossier.read(name)).hexdigest()
        need(found == digest, f"{name} is not the file it is named after")
        need(digest in files, f"{name} is named by no disclosure")
    return len(dossier.under("data/attachments/"))


def verify(file: str, policy_text: str) -> dict[str, Any]:
    """What was found, as a dict; raises Invalid or Undecided."""
    policy = Policy(policy_text)
    dossier = Dossier(file)
    check_bag(dossier)
    manifest = dossier.json("data/manifest.json")
    if manifest.get("format") != FORMAT:
        raise Undecided(f"the dossier is of the format {manifest.get('format')!r}")
    stores = {name: Store(dossier, name, policy) for name in manifest["stores"]}
    present = {name.split("/")[1] for name in dossier.names if "/events/" in name}
    need(present == set(stores), "the manifest does not name exactly the stores that are there")
    complete = check_seals(dossier, stores)
    disclosed, withheld, erased, files = check_disclosures(dossier, stores)
    return {
        "number": manifest.get("number"),
        "events": sum(len(store.events) for store in stores.values()),
        "stores": {
            name: {
                "origin": store.origin,
                "size": store.size,
                "complete_as_of": complete.get(name),
                "cosigned": store.seen,
            }
            for name, store in stores.items()
        },
        "disclosed": disclosed,
        "withheld": withheld,
        "erased": erased,
        "attachments": check_attachments(dossier, files),
        "policy": policy.fingerprint,
    }


def said(found: dict[str, Any], english: bool) -> Iterator[str]:
    """The report in words."""

    def both(zh: str, en: str) -> str:
        return en if english else zh

    yield both(f"有效：办件 {found['number']}，共 {found['events']} 条事实",
               f"VALID: matter {found['number']}, {found['events']} facts")  # fmt: skip
    for name, store in found["stores"].items():
        seen = ", ".join(f"{w} @{t}" for w, t in store["cosigned"].items()) or both(
            "无", "none"
        )
        until = store["complete_as_of"]
        whole = (
            both("未封存：不能证明无遗漏", "no seal: omissions cannot be excluded")
            if until is None
            else both(f"截至第 {until} 条无遗漏", f"nothing left out up to {until}")
        )
        yield f"  {name}: {store['origin']} {store['size']}; {whole}; "\
              f"{both('见证', 'cosigned')}: {seen}"  # fmt: skip
    yield both(
        f"  已披露 {found['disclosed']} 项，扣留 {found['withheld']} 项，已删除 {found['erased']} 项；"
        f"附件 {found['attachments']} 份",
        f"  {found['disclosed']} fields shown, {found['withheld']} withheld, {found['erased']} "
        f"erased; {found['attachments']} attachments",
    )
    yield both("  信任策略指纹 ", "  policy fingerprint ") + found["policy"]
    yield both("本结果不能证明：", "This does not prove:")
    for zh, en in NOT_PROVED:
        yield f"  - {both(zh, en)}"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("dossier", help="the .dossier.zip file 卷宗文件")
    parser.add_argument(
        "--policy", required=True, help="whom you trust 信任策略 (C2SP tlog-policy)"
    )
    parser.add_argument("--json", action="store_true", help="the report as JSON")
    parser.add_argument("--english", action="store_true", help="the report in English")
    given = parser.parse_args(arguments)
    try:
        with open(given.policy, encoding="utf-8") as policy:
            text = policy.read()
        found = {"verdict": "valid", **verify(given.dossier, text)}
    except Invalid as error:
        found = {"verdict": "invalid", "why": str(error)}
    except (Undecided, OSError, UnicodeDecodeError) as error:
        found = {"verdict": "undecided", "why": str(error)}
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        found = {"verdict": "invalid", "why": f"the dossier is malformed: {error!r}"}
    if given.json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
    elif found["verdict"] == "valid":
        print("\n".join(said(found, given.english)))
    else:
        word = {"invalid": ("无效", "INVALID"), "undecided": ("不能判定", "CANNOT DECIDE")}
        print(f"{word[found['verdict']][given.english]}: {found['why']}")
    return {"valid": 0, "invalid": 1, "undecided": 2}[found["verdict"]]


if __name__ == "__main__":
    sys.exit(main())
