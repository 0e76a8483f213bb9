"""Does a subscriber hold out: a door that plays what happens over years, and watches what it does?

The subscriber is any program. It is started with ONEFILE_URL, ONEFILE_AGENCY and ONEFILE_SEED (a file)
in its environment and must follow the feed and, now and then, show what it holds (POST /feed/proof).
"""

import gzip
import json
import os
import random
import subprocess
import tempfile
import threading
import time
import uuid
from base64 import urlsafe_b64decode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from onefile_client.keys import Key
from onefile_client.tree import leaf, root

AGENCY, FEED = "kit", "kit-000000000000"
_BEGAN = datetime(2026, 4, 13, 1, 20, 30, 123456, tzinfo=UTC)
_UNKNOWN = b'{"type":"urn:onefile:problem:unauthenticated"}'
_NOT_FOUND = b'{"type":"urn:onefile:problem:not_found"}'
PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One trial and how the subscriber stood it."""

    trial: str
    passed: bool
    said: str

    def __str__(self) -> str:
        mark = "通过 pass" if self.passed else "未过 FAIL"
        return f"{mark}  {self.trial}：{self.said}"


@dataclass
class Feed:
    """An invented feed, and what goes wrong on its way."""

    types: Sequence[str]
    messages: list[bytes] = field(default_factory=list)
    spoil: str = ""
    down: bool = False
    passed: float = 0.0
    expired: int = 0
    asked: list[int] = field(default_factory=list)
    shown: list[tuple[int, str]] = field(default_factory=list)

    def say(self, type: str, fact: dict[str, Any], subject: str | None = None) -> None:
        """One message more; it is always whole and in its place: only its delivery is spoilt."""
        number = len(self.messages) + 1
        at = _BEGAN + timedelta(seconds=self.passed)
        about = {"area": "990102", "store": type.split(".")[0], "type": type, "version": 1,
                 "effective": f"{at:%Y-%m-%d}", "recorded": f"{at:%Y-%m-%dT%H:%M:%S.%fZ}"}  # fmt: skip
        data = json.dumps({"about": about, "fact": fact}, sort_keys=True, separators=(",", ":"))
        before = leaf(self.messages[-1]).hex() if self.messages else None
        digest = leaf(data.encode()).hex()
        head = {"specversion": "1.0", "id": str(uuid.uuid4()), "source": "urn:onefile:kit",
                "type": type, "subject": subject or str(uuid.uuid4()), "time": about["recorded"],
                "datacontenttype": "application/json", "position": number, "leafhash": digest,
                "causationid": str(uuid.uuid4()), "feed": FEED, "feedposition": number,
                "feedprevious": number - 1, "feedprevhash": before, "viewhash": digest,
                "newmember": "readers pass over what they do not know"}  # fmt: skip
        text = json.dumps(head, separators=(",", ":"))[:-1] + ',"data":' + data + "}"
        self.messages.append(text.encode())

    def page(self, after: int, limit: int) -> list[bytes]:
        """What is handed out; the trial that runs decides how it is spoilt, once."""
        page = self.messages[after : after + limit]
        spoil, self.spoil = self.spoil, ""
        match spoil:
            case "twice":
                return [one for message in page for one in (message, message)]
            case "gap":
                return page[1:2] + page[3:]
            case "backwards":
                return page[::-1]
            case "broken":
                return [*page[:1], b"{not json", *page[2:]]
            case "forged":
                return [page[0][:-3] + b"}}}", *page[1:]]
        self.spoil = spoil if not page else ""
        return page

    def told(self, path: str, asked: dict[str, str]) -> bytes | None:
        """The answer to a reading request; None for a path there is not."""
        match path:
            case "/feed":
                return json.dumps({"feed": FEED, "size": len(self.messages)}).encode()
            case "/feed/snapshot":
                empty = {"feed": FEED, "size": 0, "part": 4096, "parts": [], "root": "",
                         "checkpoint": ""}  # fmt: skip
                return json.dumps(empty).encode()
            case "/events":
                after, limit = int(asked.get("after", 0)), int(asked.get("limit", 500))
                self.asked.append(after)
                return b"".join(one + b"\n" for one in self.page(after, limit))
        return None

    def refusal(self, authorization: str | None) -> int:
        """Why nothing is answered now: away, or a token signed before the clock was moved; or 0."""
        if self.down:
            return 503
        try:
            claims = (authorization or "").split(".")[1]
            told = json.loads(urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
            return 0 if int(told["iat"]) >= self.expired else 401
        except (IndexError, ValueError, KeyError, TypeError):
            return 0

    def answer(self, size: int, shown: str) -> dict[str, Any]:
        mine = root(leaf(one) for one in self.messages[:size]).hex()
        self.shown.append((size, shown if shown == mine else ""))
        return {"equal": shown == mine, "size": size, "root": mine, "head": len(self.messages)}


def play(
    command: Sequence[str], *, outage: float = 1800.0, silence: float = 5.0,
    types: Sequence[str] = (), golden: Path | None = None, seed: int = 1,
) -> Iterator[Finding]:  # fmt: skip
    """Start `command` and try it; a finding for each trial, as it ends.

    `outage` is played, not waited for: its events pile up, and tokens of before have run out.
    `silence` is how long nobody really answers. `golden`: what each version ever said.
    """
    feed = Feed(types or ["supervision.fee_due.v1"])
    chance = random.Random(seed)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _door(feed))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory(prefix="onefile-kit-") as folder:
        key = Key.made()
        key.save(Path(folder) / "seed")
        known = {
            "ONEFILE_URL": f"http://127.0.0.1:{server.server_address[1]}",
            "ONEFILE_AGENCY": AGENCY,
            "ONEFILE_SEED": str(Path(folder) / "seed"),
        }
        process = subprocess.Popen(list(command), env=os.environ | known)
        try:
            for name, said, spoil in _TRIALS:
                yield _tried(feed, process, chance, name, said, spoil)
            if golden:
                yield _released(feed, process, golden)
            yield _outage(feed, process, chance, outage, silence)
        finally:
            process.terminate()
            process.wait(10)
            server.shutdown()
            server.server_close()


_TRIALS = (
    ("从零 from zero", "takes everything and proves it", ""),
    ("重复 duplicates", "each message twice is once", "twice"),
    ("缺口 gap", "what is missing is asked for again", "gap"),
    ("乱序 out of order", "order is made again, or asked for again", "backwards"),
    ("坏消息 broken", "a message that is no JSON is asked for again", "broken"),
    ("伪造 forged", "a message whose bytes were changed is not believed", "forged"),
    ("未知类型 unknown type", "news is noted and passed over", "unknown"),
    ("旧版本 old version", "a version of long ago does not stop it", "old"),
    ("毒消息 poison", "a fact that makes no sense holds up nothing else", "poison"),
)


def _tried(
    feed: Feed, process: subprocess.Popen[bytes], chance: random.Random, name: str, said: str,
    spoil: str,
) -> Finding:  # fmt: skip
    feed.spoil = spoil if spoil in ("twice", "gap", "backwards", "broken", "forged") else ""
    for n in range(chance.randint(8, 20)):
        if spoil == "unknown" and n == 3:
            feed.say("kit.never_heard_of.v1", {"what": "news"})
        if spoil == "old" and n == 3:
            feed.say(feed.types[0].rpartition(".")[0] + ".v0", {"long": "ago"})
        if spoil == "poison" and n == 3:
            feed.say(feed.types[0], {"amount": None, "fee": [], "item": {"not": "a code"}})
        feed.say(chance.choice(list(feed.types)), _fact(chance))
    return _held(feed, process, name, said)


def _fact(chance: random.Random) -> dict[str, Any]:
    return {"fee": str(uuid.UUID(int=chance.getrandbits(128))), "item": "S3-06",
            "kind": "infrastructure_fee", "amount": f"{chance.randint(1, 9999)}.00",
            "number": "990102-2026-1", "newmember": "passed over"}  # fmt: skip


def _held(feed: Feed, process: subprocess.Popen[bytes], name: str, said: str) -> Finding:
    """Whether it comes to show the whole feed with the right root, in time."""
    deadline, wanted = time.monotonic() + PATIENCE, len(feed.messages)
    while time.monotonic() < deadline:
        if process.poll() is not None:
            return Finding(name, False, f"程序退出 it ended with code {process.returncode}")
        if any(size >= wanted and right for size, right in list(feed.shown)):
            return Finding(name, True, said)
        time.sleep(0.05)
    reached = max((size for size, right in feed.shown if right), default=0)
    return Finding(
        name,
        False,
        f"{PATIENCE:.0f} 秒内只核对到 {reached}/{wanted} · proved only {reached} of {wanted}",
    )


def _released(feed: Feed, process: subprocess.Popen[bytes], golden: Path) -> Finding:
    """Every version of every event that was ever released, as it was said."""
    files = sorted(golden.glob("*/*.json"))
    for file in files:
        told = json.loads(file.read_bytes())
        feed.say(told["type"], told["data"]["fact"])
    name = f"历次版本 every version ever said ({len(files)})"
    if not files:
        return Finding(name, False, f"{golden} 中没有消息 · holds no messages")
    return _held(feed, process, name, "reads what was said years ago, or passes over it")


def _outage(
    feed: Feed, process: subprocess.Popen[bytes], chance: random.Random, seconds: float,
    silence: float,
) -> Finding:  # fmt: skip
    feed.down = True
    time.sleep(silence)
    for _ in range(max(50, int(seconds))):
        feed.passed += 1.0
        feed.say(chance.choice(list(feed.types)), _fact(chance))
    feed.expired = int(time.time())
    feed.down = False
    name = f"中断 {seconds / 60:.0f} 分钟 outage"
    return _held(feed, process, name, "comes back by itself and takes everything")


def _door(feed: Feed) -> type[BaseHTTPRequestHandler]:
    class Door(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
            if refusal := feed.refusal(self.headers.get("authorization")):
                return self._say(refusal, _UNKNOWN)
            told = feed.told(parts.path, asked)
            return self._say(404 if told is None else 200, _NOT_FOUND if told is None else told)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            if refusal := feed.refusal(self.headers.get("authorization")):
                return self._say(refusal, _UNKNOWN)
            told = json.loads(body)
            self._json(feed.answer(told["size"], told["root"]))
            return None

        def _json(self, told: dict[str, Any]) -> None:
            self._say(200, json.dumps(told).encode())

        def _say(self, status: int, content: bytes) -> None:
            packed = "gzip" in self.headers.get("accept-encoding", "") and len(content) > 2_000
            sent = gzip.compress(content, 1) if packed else content
            self.send_response(status)
            if packed:
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        def log_message(self, format: str, *args: Any) -> None:
            """What it asks is counted, not printed."""

    return Door
