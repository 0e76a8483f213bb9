"""Messages leave by every channel, each once, again when they must, and a lost one is a problem."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from pathlib import Path
from typing import Any

import orjson
import pytest
from aiosmtpd.controller import Controller
from fastapi import FastAPI, Request, Response

from services.onebox.platform import Platform
from services.onebox.ports import free_port
from services.onebox.serving import address_of, answering, listening
from services.supervision.app import SPEC
from services.supervision.service import Supervision
from services.supervision.service.posting import Post
from shared.effects import new_id
from shared.messages.book import AddressBook
from shared.messages.channels import Mailed
from shared.messages.outgoing import Message, TryAgain, Undeliverable
from shared.runtime import Floor, Parts
from tests.integration.supervision_scene import FILING, PERMIT, Place, placed
from tests.patience import PATIENCE

SOON = tuple(timedelta(milliseconds=50) for _ in range(3))


class Mailbox:
    """A mail server's handler: keeps what it takes, refuses one address for good, one for now."""

    def __init__(self) -> None:
        self.taken: list[Any] = []

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if address.startswith("nobody"):
            return "550 no such user"
        if address.startswith("later"):
            return "451 try again"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.taken.append(message_from_bytes(envelope.content))
        return "250 taken"


@pytest.fixture
def mail() -> Iterator[tuple[Mailbox, int]]:
    box = Mailbox()
    controller = Controller(
        box, hostname="127.0.0.1", port=free_port(0), ready_timeout=PATIENCE
    )
    controller.start()
    yield box, controller.port
    controller.stop()


class Sms:
    """A gateway that is down the first time it is asked, and takes each key once."""

    def __init__(self) -> None:
        self.asked, self.kept = 0, dict[str, Any]()

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.post("/sms")
        async def take(request: Request) -> Response:
            self.asked += 1
            if self.asked == 1:
                return Response(status_code=503)
            assert request.headers["authorization"] == "Bearer s3cret"
            self.kept.setdefault(request.headers["idempotency-key"], await request.json())
            return Response("queued")

        return app


@asynccontextmanager
async def posting(platform: Platform, book: AddressBook) -> AsyncIterator[Place]:
    """Supervision with two posts beside it, as two replicas would have."""

    async def build(floor: Floor) -> Parts:
        parts = await SPEC.build(floor)
        service = parts.service
        assert isinstance(service, Supervision) and parts.agenda
        posts = [Post(service.look, book, backoff=SOON) for _ in range(2)]
        agenda = parts.agenda

        async def due(now: datetime) -> bool:
            done = await agenda(now)
            for post in posts:
                post.turn(now)
            return done

        return replace(parts, agenda=due)

    async with placed(platform, replace(SPEC, build=build)) as place:
        yield place


async def outbox(place: Place, **wanted: str) -> list[dict[str, Any]]:
    w = place.world
    found = await w.get("supervision", "/messages", "office", area=w.area, limit=200)
    rows: list[dict[str, Any]] = found["rows"]
    return [row for row in rows if all(row[k] == v for k, v in wanted.items())]


async def unreached(place: Place) -> list[str]:
    """Whom a message did not reach, of each problem that was made of one."""
    read = await place.world.client("supervision", "s:intake").get(
        "/log/messages", params={"after": 0, "limit": 500}
    )
    facts = [orjson.loads(line)["data"]["fact"] for line in read.text.splitlines()]
    return [one["unreached"] for one in facts if one.get("unreached")]


async def test_each_message_leaves_once_and_a_lost_one_becomes_a_problem(
    platform: Platform, mail: tuple[Mailbox, int], tmp_path: Path
) -> None:
    box, port = mail
    sms = Sms()
    secret = tmp_path / "token"
    secret.write_text("s3cret\n")
    sock = listening(0)
    async with answering(sms.app(), sock):
        book = AddressBook.model_validate(
            {
                "entries": [
                    {"to": "depts", "channel": "smtp", "address": "window@example.org"},
                    {"to": "applicant", "channel": "gateway", "address": "000-0000001"},
                    {"to": "culture", "channel": "print", "address": "文化窗口"},
                    {"to": "park_i", "channel": "drop", "address": "park"},
                ],
                "print": tmp_path / "print",
                "drop": tmp_path / "drop",
                "smtp": {"host": "127.0.0.1", "port": port, "sender": "box@example.org"},
                "gateway": {"url": f"{address_of(sock)}/sms", "token_file": secret},
            }
        )
        async with posting(platform, book) as place:
            await _lived(place, box, sms, tmp_path)


async def _lived(place: Place, box: Mailbox, sms: Sms, folder: Path) -> None:
    w = place.world
    matter = await place.matter()
    await place.granted(matter, FILING)
    await place.filed(matter, PERMIT)
    await place.ask(
        matter, f"items/{PERMIT}/urges", {"signal": "stalled", "wording": "请抓紧办理"}
    )
    slip = {"kind": "co_handling_slip", "to": "culture", "wording": "请协办"}
    await place.ask(matter, "letters", slip)
    call = {
        "bodies": ["park_i", "town"], "topic": "管线",
        "starts_at": (w.clock() + timedelta(days=1)).isoformat(),
    }  # fmt: skip
    await place.ask(matter, "meetings", call, "office")
    ends = {"depts": "sent", "culture": "sent", "park_i": "sent", "town": "unreached"}
    await w.eventually(
        lambda: outbox(place),
        lambda rows: (
            ends.items() <= {(r["sent_to"], r["state"]) for r in rows}
            and not {r["state"] for r in rows} & {"waiting", "sending"}
        ),
    )
    urged = [mail for mail in box.taken if "请抓紧办理" in _text(mail)]
    assert len(urged) == 1
    assert "Please go on" in _text(urged[0])
    assert "催办" in str(make_header(decode_header(urged[0]["Subject"])))
    (told,) = await outbox(place, type="supervision.urge_sent.v1")
    assert (told["state"], told["channel"], told["attempts"]) == ("sent", "smtp", 1)
    assert sms.kept and sms.asked > len(sms.kept)
    assert len({body["text"] for body in sms.kept.values()}) == len(sms.kept)
    (printed,) = (folder / "print").glob("*.txt")
    assert "请协办" in printed.read_text()
    (dropped,) = (folder / "drop").glob("*.json")
    assert "管线" in orjson.loads(dropped.read_bytes())["text"]
    (lost,) = await outbox(place, sent_to="town")
    assert lost["state"] == "unreached"
    read = await w.until("supervision", f"/matters/{matter}", lambda m: m["issues"]["open"])
    (problem,) = read["issues"]["open"]
    assert (problem["kind"], problem["owner"]) == ("coordination", "park_i")
    await place.ask(matter, "meetings", call, "office")
    await w.eventually(
        lambda: outbox(place, sent_to="town", state="unreached"), lambda rows: len(rows) == 2
    )
    # Problems are made in the order in which messages were lost: with this one, all are there.
    await place.ask(matter, "letters", {**slip, "to": "park_a"})
    lost_by = await w.eventually(lambda: unreached(place), lambda found: "park_a" in found)
    assert lost_by == ["town", "park_a"]
    stranger = await w.client("supervision", "agent").get("/messages", params={"area": w.area})
    assert stranger.status_code in (403, 404)


def _text(mail: Any) -> str:
    found: str = mail.get_payload(decode=True).decode()
    return found


def message(address: str) -> Message:
    return Message(new_id(), "notify/depts", address, "提醒", "请办理")


async def test_a_mail_server_says_no_for_good_or_for_now(mail: tuple[Mailbox, int]) -> None:
    box, port = mail
    post = Mailed("127.0.0.1", port, "box@example.org")
    with pytest.raises(Undeliverable):
        await post.send(message("nobody@example.org"))
    with pytest.raises(TryAgain):
        await post.send(message("later@example.org"))
    await post.send(message("window@example.org"))
    assert len(box.taken) == 1


async def test_a_mail_server_that_is_not_there_is_asked_again() -> None:
    with pytest.raises(TryAgain):
        await Mailed("127.0.0.1", free_port(0), "box@example.org").send(message("a@b.org"))


async def test_a_header_cannot_be_smuggled_in() -> None:
    with pytest.raises(ValueError):
        AddressBook.model_validate(
            {
                "entries": [
                    {"to": "depts", "channel": "smtp", "address": "a@b.org\r\nBcc: x@y.org"}
                ]
            }
        )


async def test_the_same_file_is_dropped_once(tmp_path: Path) -> None:
    channels = AddressBook(drop=tmp_path, print=tmp_path).channels()
    one = message("park")
    await asyncio.gather(*(channels["drop"].send(one) for _ in range(3)))
    assert len(list(tmp_path.glob("*.json"))) == 1
