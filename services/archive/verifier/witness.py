#!/usr/bin/env python3
"""见证 A witness in one file: cosign what a log says only if it follows what it said before.

For an agency that receives events and wants to be able to prove that history was not rewritten.
Python 3.9 or later and the package `cryptography`; nothing else, and nothing of Onefile's.

    python witness.py --name witness.tax.example --log 'KEY' --folder /var/lib/witness
        [--listen 127.0.0.1:8690]                         over HTTP (C2SP tlog-witness)
        [--nats nats://host:4222 --subject cosign.tax]    over NATS request/reply

KEY is what the log's operator publishes (GET /log/vkey); compare it by another channel. Give the
operator the verifier key this program prints, and http://host:port or nats:cosign.tax. A second
--log of the same name may give its ML-DSA-44 key: its line is then checked too, where the package
`cryptography` can; without it that line is not looked at, and you are told so once. A log whose
name ends in /sm3 is a tree by SM3 (GB/T 32905).

It keeps one checkpoint per log, on disk before it answers, and every contradiction that the log's
own key signed, in FOLDER/evidence: that file is proof of a rewritten history; keep it safe.
Ends with 2 when it cannot start.
"""

import argparse
import base64
import hashlib
import http.server
import json
import os
import re
import socket
import ssl
import sys
import threading
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

LARGEST = 64 << 10
SIZES = {1: 33, 6: 1313}
MAX_SIGNATURES, MAX_PROOF = 64, 63
SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
LINE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")


class Bad(Exception):
    """What cannot be cosigned: the HTTP status and the reason."""

    def __init__(self, status: int, why: str, evidence: bool = False) -> None:
        super().__init__(why)
        self.status, self.evidence = status, evidence


def b64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise Bad(400, "not base64") from None


def key_id(name: str, key: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + key).digest()[:4]


def suite_of(origin: str) -> str:
    """By which hash a log's tree is made: its name says so."""
    return "sm3" if origin.endswith("/sm3") else "sha256"


def hashed(suite: str, *parts: bytes) -> bytes:
    return hashlib.new(suite, b"".join(parts)).digest()


def check_consistency(
    suite: str, old: int, new: int, before: bytes, after: bytes, proof: list[bytes]
) -> None:
    """Raises `Bad` unless the tree of `new` begins with that of `old` (RFC 9162, 2.1.4.2)."""
    if old in (0, new):
        if proof or before != (after if old == new else hashed(suite)):
            raise Bad(422, "the roots of the same tree differ, or the proof is not empty", True)
        return
    path = [before, *proof] if old & (old - 1) == 0 else list(proof)
    if not path:
        raise Bad(422, "the proof is empty", True)
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    first = second = path[0]
    for one in path[1:]:
        if last == 0:
            raise Bad(422, "the proof is too long", True)
        if at & 1 or at == last:
            first = hashed(suite, b"\x01", one, first)
            second = hashed(suite, b"\x01", one, second)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            second = hashed(suite, b"\x01", second, one)
        at, last = at >> 1, last >> 1
    if last or (first, second) != (before, after):
        raise Bad(422, "this history does not follow the one that was cosigned", True)


class Log:
    """A log to follow, by its Ed25519 key and, if it has one, its ML-DSA-44 key beside that."""

    def __init__(self, vkeys: list[str]) -> None:
        self.keys: dict[bytes, bytes] = {}
        for vkey in vkeys:
            self.origin, id, key = vkey.strip().split("+", 2)
            raw = base64.b64decode(key, validate=True)
            if (
                len(raw) != SIZES.get(raw[0] if raw else 0)
                or key_id(self.origin, raw).hex() != id
            ):
                raise ValueError(f"{vkey[:80]}: not an Ed25519 or ML-DSA-44 key of a log")
            self.keys[key_id(self.origin, raw)] = raw
        if [key[0] for key in self.keys.values()].count(1) != 1:
            raise ValueError(f"{self.origin}: one Ed25519 key of each log is needed")
        self.suite, self.told = suite_of(self.origin), False
        if self.suite not in hashlib.algorithms_available:
            raise ValueError(f"{self.origin}: this Python has no {self.suite}")

    def check(self, body: str, lines: list[tuple[str, bytes]]) -> None:
        """Raises `Bad` unless its Ed25519 key signed, and no known key signed wrongly."""
        mine, signed = [raw for name, raw in lines if name == self.origin], False
        for raw in mine:
            key = self.keys.get(raw[:4])
            good = self._good(key, raw, body) if key else None
            if good is False:
                raise Bad(403, "the signature of the log does not fit")
            if good is None and not self.told:
                self.told = True
                print(f"未核验的签名行 a line of {self.origin} is not checked here: no key of it was "
                      "given, or this machine has no ML-DSA", file=sys.stderr, flush=True)  # fmt: skip
            signed = signed or bool(good and key and key[0] == 1)
        if not signed:
            raise Bad(403, "no known key signed this checkpoint")

    def _good(self, key: bytes, raw: bytes, body: str) -> bool | None:
        """Whether a line fits; None where this machine cannot say."""
        try:
            if key[0] == 1:
                Ed25519PublicKey.from_public_bytes(key[1:]).verify(raw[4:], body.encode())
            else:
                from cryptography.hazmat.primitives.asymmetric import mldsa

                public = mldsa.MLDSA44PublicKey.from_public_bytes(key[1:])
                public.verify(raw[12:], self._subtree(raw[4:12], body))
        except (ImportError, UnsupportedAlgorithm):
            return None
        except (InvalidSignature, ValueError):
            return False
        return True

    def _subtree(self, time: bytes, body: str) -> bytes:
        """What an ML-DSA-44 line signs (C2SP tlog-cosignature)."""
        _, size, root, _ = body.split("\n")
        name = self.origin.encode()
        named = bytes([len(name)]) + name
        sizes = bytes(8) + int(size).to_bytes(8, "big")
        return b"subtree/v1\n\0" + named + time + named + sizes + b64(root)


class Witness:
    """One key, one folder, some logs; one submission at a time."""

    def __init__(self, name: str, folder: Path, logs: list[Log]) -> None:
        if not name or re.search(r"[\s+]", name):
            raise ValueError("a witness's name has no space and no plus sign")
        self.name, self.folder = name, folder
        self.logs = {log.origin: log for log in logs}
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = folder / "witness.key"
        if not file.exists():
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as out:
                out.write(os.urandom(32))
                os.fsync(out.fileno())
        self.private = Ed25519PrivateKey.from_private_bytes(file.read_bytes())
        raw = b"\x04" + self.private.public_key().public_bytes_raw()
        self.id = key_id(name, raw)
        self.vkey = f"{name}+{self.id.hex()}+{base64.b64encode(raw).decode()}"
        self.turn = threading.Lock()

    def add(self, source: bytes) -> tuple[int, str]:
        """The status and the body of the answer (C2SP tlog-witness)."""
        with self.turn:
            try:
                return 200, self._cosigned(source)
            except Bad as bad:
                if bad.evidence:
                    name = hashlib.sha256(source).hexdigest()
                    self._keep(self.folder / "evidence" / name, source)
                    print(
                        f"!! 历史分叉 FORK kept in evidence/{name}", file=sys.stderr, flush=True
                    )
                return bad.status, f"{bad}\n"

    def _cosigned(self, source: bytes) -> str:
        if len(source) > LARGEST:
            raise Bad(413, "larger than 64 KiB")
        try:
            text = source.decode()
        except UnicodeDecodeError:
            raise Bad(400, "not UTF-8") from None
        head, _, note = text.partition("\n\n")
        first, *lines = head.split("\n")
        body, blank, tail = note.rpartition("\n\n")
        parts = body.split("\n")
        said = first[4:]
        if (
            not first.startswith("old ")
            or not SIZE.fullmatch(said)
            or not blank
            or not tail.endswith("\n")
            or len(parts) != 3
            or not SIZE.fullmatch(parts[1])
            or len(lines) > MAX_PROOF
            or any(c < " " and c != "\n" for c in text)
        ):
            raise Bad(400, "not a submission to a witness")
        proof, root = [b64(one) for one in lines], b64(parts[2])
        if any(len(one) != 32 for one in (*proof, root)):
            raise Bad(400, "a hash has 32 bytes")
        old, size, body = int(said), int(parts[1]), body + "\n"
        log = self.logs.get(parts[0])
        signatures = self._lines(tail)
        if log is None:
            raise Bad(404, "this witness does not follow that log")
        log.check(body, signatures)
        if old > size:
            raise Bad(400, "the old size is larger than the checkpoint")
        kept_size, kept_root = self.kept(log)
        if old != kept_size:
            raise Bad(409, str(kept_size))
        check_consistency(log.suite, kept_size, size, kept_root, root, proof)
        if size == 0 and root != hashed(log.suite):
            raise Bad(422, "an empty tree has another root", True)
        now = int(time.time())  # noqa: TID251 a program of its own
        signed = self.private.sign(f"cosignature/v1\ntime {now}\n{body}".encode())
        raw = base64.b64encode(self.id + now.to_bytes(8, "big") + signed).decode()
        line = f"— {self.name} {raw}\n"
        self._keep(self.file(log.origin), f"{body}\n{tail}{line}".encode())
        return line

    @staticmethod
    def _lines(tail: str) -> list[tuple[str, bytes]]:
        lines = tail[:-1].split("\n")
        if len(lines) > MAX_SIGNATURES:
            raise Bad(400, f"more than {MAX_SIGNATURES} signatures")
        found = []
        for one in lines:
            match = LINE.fullmatch(one)
            raw = b64(match[2]) if match else b""
            if match is None or len(raw) < 5:
                raise Bad(400, "not a signature line")
            found.append((match[1], raw))
        return found

    def kept(self, log: Log) -> tuple[int, bytes]:
        """Size and root of what was cosigned last."""
        try:
            lines = self.file(log.origin).read_text("utf-8").split("\n")
        except FileNotFoundError:
            return 0, hashed(log.suite)
        return int(lines[1]), base64.b64decode(lines[2])

    def file(self, origin: str) -> Path:
        return self.folder / f"{hashlib.sha256(origin.encode()).hexdigest()}.checkpoint"

    @staticmethod
    def _keep(file: Path, content: bytes) -> None:
        """On disk, whole, before anything is answered."""
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_name(file.name + ".new")
        with fresh.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(file)
        folder = os.open(file.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def http_server(witness: Witness, host: str, port: int) -> http.server.ThreadingHTTPServer:
    """POST /add-checkpoint, GET /<sha-256 of an origin>/checkpoint."""

    class Door(http.server.BaseHTTPRequestHandler):
        timeout = 15

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if self.path != "/add-checkpoint" or not length.isdigit():
                return self.say(404 if length.isdigit() else 411, "POST /add-checkpoint\n")
            if int(length) > LARGEST:
                return self.say(413, "larger than 64 KiB\n")
            return self.say(*witness.add(self.rfile.read(int(length))))

        def do_GET(self) -> None:
            match = re.fullmatch(r"/([0-9a-f]{64})/checkpoint", self.path)
            file = witness.folder / f"{match[1] if match else ''}.checkpoint"
            if match and file.exists():
                return self.say(200, file.read_text("utf-8"))
            return self.say(404, "nothing cosigned of that log\n")

        def say(self, status: int, text: str) -> None:
            body = text.encode()
            self.send_response(status)
            kind = "text/x.tlog.size" if status == 409 else "text/plain; charset=utf-8"
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Silence: who asks is nobody's business."""

    return http.server.ThreadingHTTPServer((host, port), Door)


def serve_nats(witness: Witness, url: str, subject: str, stop: threading.Event) -> None:
    """Answer requests on `subject` until stopped; a broken link is made again.

    A request is a submission; the answer is the status, a newline, and the body.
    """
    while not stop.is_set():
        try:
            _one_link(witness, url, subject, stop)
        except (OSError, ValueError) as error:
            print(f"NATS: {error!r}", file=sys.stderr, flush=True)
            stop.wait(1)


def _one_link(witness: Witness, url: str, subject: str, stop: threading.Event) -> None:
    parts = urlsplit(url)
    link: Any = socket.create_connection(
        (parts.hostname or "127.0.0.1", parts.port or 4222), 10
    )
    with link:
        stream = link.makefile("rb")
        about: dict[str, Any] = json.loads(stream.readline().split(b" ", 1)[1])
        if parts.scheme == "tls" or about.get("tls_required"):
            link = ssl.create_default_context().wrap_socket(
                link, server_hostname=parts.hostname
            )
            stream = link.makefile("rb")
        asked: dict[str, Any] = {"verbose": False, "pedantic": False, "lang": "python",
                                 "version": "1", "name": witness.name, "headers": False}  # fmt: skip
        if parts.password:
            asked.update(user=parts.username, **{"pass": parts.password})
        elif parts.username:
            asked["auth_token"] = parts.username
        link.sendall(f"CONNECT {json.dumps(asked)}\r\nSUB {subject} 1\r\nPING\r\n".encode())
        link.settimeout(1)
        buffer = b""
        while not stop.is_set():
            try:
                more = link.recv(65536)
            except TimeoutError:
                continue
            if not more:
                raise OSError("the server closed the link")
            buffer = _taken(witness, link, buffer + more)


def _taken(witness: Witness, link: Any, buffer: bytes) -> bytes:
    """Handle every whole protocol line in `buffer`; what is left of it."""
    while b"\r\n" in buffer:
        line, rest = buffer.split(b"\r\n", 1)
        word = line.split(b" ")
        if word[0] == b"PING":
            link.sendall(b"PONG\r\n")
        elif word[0] == b"-ERR":
            raise ValueError(line.decode("utf-8", "replace"))
        elif word[0] == b"MSG":
            length = int(word[-1])
            if length > LARGEST * 2:
                raise ValueError("a message larger than a submission can be")
            if len(rest) < length + 2:
                return buffer
            source, rest = rest[:length], rest[length + 2 :]
            if len(word) == 5:
                status, text = witness.add(source)
                body = f"{status}\n{text}".encode()
                link.sendall(b"PUB %s %d\r\n%s\r\n" % (word[3], len(body), body))
        buffer = rest
    return buffer


def main(arguments: list[str] | None = None) -> int:
    words = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    words.add_argument("--name", required=True, help="见证方名称 e.g. witness.tax.example")
    words.add_argument(
        "--log", required=True, action="append", help="日志公钥 a log's verifier key"
    )
    words.add_argument(
        "--folder", type=Path, default=Path("witness"), help="状态目录 its state"
    )
    words.add_argument("--listen", help="HTTP 地址 host:port")
    words.add_argument("--nats", help="NATS 地址 nats://[token@ or user:password@]host:port")
    words.add_argument("--subject", default="cosign.witness", help="NATS 主题")
    asked = words.parse_args(arguments)
    try:
        names = dict.fromkeys(text.partition("+")[0].strip() for text in asked.log)
        keys = {n: [one for one in asked.log if one.strip().startswith(f"{n}+")] for n in names}
        witness = Witness(asked.name, asked.folder, [Log(texts) for texts in keys.values()])
    except (ValueError, OSError) as error:
        print(f"不能启动 cannot start: {error}", file=sys.stderr)
        return 2
    print(f"见证公钥 verifier key  {witness.vkey}", flush=True)
    stop = threading.Event()
    if asked.nats:
        told = (witness, asked.nats, asked.subject, stop)
        threading.Thread(target=serve_nats, args=told, daemon=True).start()
        print(f"NATS                   nats:{asked.subject}", flush=True)
    try:
        if asked.listen or not asked.nats:
            host, _, port = (asked.listen or "127.0.0.1:8690").rpartition(":")
            server = http_server(witness, host or "127.0.0.1", int(port))
            print(f"HTTP                   http://{host}:{server.server_port}", flush=True)
            server.serve_forever()
        stop.wait()
    except KeyboardInterrupt:
        stop.set()
    except (OSError, ValueError) as error:
        print(f"不能启动 cannot start: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
