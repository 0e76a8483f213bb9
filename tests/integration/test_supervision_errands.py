"""Papers carried, people invited, decisions at once, silent feeds, held messages: as people do it."""

import io
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import orjson
import pytest
from fastapi import FastAPI, Request, Response
from pypdf import PdfReader

from services.onebox.platform import Platform
from services.onebox.serving import address_of, answering, listening
from services.supervision.service import legal_day
from shared.effects import new_id
from shared.messages.book import AddressBook
from shared.packs import Packs
from tests.integration.supervision_scene import FILING, PERMIT, Place, placed
from tests.integration.test_messages import outbox, posting
from tests.integration.test_supervision_life import feed

CENTRE = Packs.load(None).for_area("430600").edition
"""The rules of a place where to remind is everybody's duty."""


@pytest.fixture(scope="module")
async def place(platform: Platform) -> AsyncIterator[Place]:
    async with placed(platform) as made:
        yield made


def text_of(pdf: bytes) -> str:
    pages = PdfReader(io.BytesIO(pdf)).pages
    text = "".join("".join(page.extract_text().split()) for page in pages)
    return text.replace("\u200b", "")


async def got(place: Place, path: str, person: str = "agent", **asked: Any) -> Any:
    answer = await place.world.client("supervision", person).get(path, params=asked)
    assert answer.status_code == 200, answer.text
    return answer


async def test_papers_go_to_the_department_with_a_slip_that_both_sign(place: Place) -> None:
    matter = await place.matter()
    piece = str(new_id())
    place.told(matter)["pieces"] = [
        {"piece": piece, "material": "M05", "originals": 1, "copies": 2}
    ]
    await place.granted(matter, FILING)
    await place.filed(matter, PERMIT)
    body: dict[str, Any] = {"item": PERMIT, "pieces": [piece], "handed_by": "测试甲"}
    stranger = {**body, "pieces": [str(new_id())]}
    refused = await place.ask(matter, "transfers", stranger, expect=409)
    assert refused["reason"] == "piece_unknown"
    await place.ask(matter, "transfers", body, "unit", expect=403)
    await place.ask(matter, "transfers", body)
    (slip,) = (await place.read(matter))["transfers"]
    assert (slip["both_signed"], slip["originals"], slip["copies"]) == (False, 1, 2)
    path = f"/matters/{matter}/transfers/{slip['id']}.pdf"
    before = text_of((await got(place, path)).content)
    assert "纸质材料转交单" in before and "测试甲" in before and "测试乙" not in before
    sign = {"transfer": slip["id"], "received_by": "测试乙"}
    refused = await place.ask(matter, "transfers/signed", sign, expect=409)
    assert refused["reason"] == "signed_slip_required"
    await place.ask(matter, "transfers/signed", sign, "approver")
    (slip,) = (await place.read(matter))["transfers"]
    assert slip["both_signed"]
    after = text_of((await got(place, path, language="en")).content)
    assert "测试甲" in after and "测试乙" in after and "Receivedby" in after
    missing = await place.world.client("supervision", "agent").get(
        f"/matters/{matter}/transfers/{new_id()}.pdf"
    )
    assert missing.status_code == 404


async def test_the_unit_is_invited_where_it_must_come_in_person(place: Place) -> None:
    w = place.world
    matter = await place.matter()
    await place.granted(matter, FILING)
    await place.filed(matter, PERMIT)
    at = (w.clock() + timedelta(days=1)).isoformat()
    invite = {"item": PERMIT, "starts_at": at, "place": "一号窗口", "reason": "当面核对"}
    await place.ask(matter, "presences", invite, "approver")
    shown = await place.read(matter, "unit")
    assert shown["items"][PERMIT]["presence_required"]["by"] == "depts"
    (asked,) = shown["presences"]
    told = await w.eventually(
        lambda: outbox(place, type="supervision.presence_required.v1"), lambda rows: rows
    )
    assert told[0]["sent_to"] == "applicant"
    await place.ask(matter, "presences/noted", {"presence": asked["id"], "came": True})
    assert (await place.read(matter))["items"][PERMIT]["presence_required"] is None


async def test_what_was_looked_at_early_is_decided_at_once(place: Place) -> None:
    matter = await place.matter()
    await place.granted(matter, FILING)
    await place.filed(matter, PERMIT)
    path = f"items/{PERMIT}/decision-at-once"
    refused = await place.ask(matter, path, {}, "approver", expect=409)
    assert refused["reason"] == "no_early_opinion"
    early = {"items": [PERMIT], "body": "depts", "opinion": "方案可行"}
    await place.ask(matter, "early-opinions", early, "approver")
    await place.ask(matter, path, {}, "agent", expect=403)
    await place.ask(matter, path, {}, "approver")
    item = await place.item(matter, PERMIT)
    today = legal_day(place.world.clock()).isoformat()
    assert (item["outcome"], item["accepted_on"], item["decided_on"]) == (
        "approved", today, today,
    )  # fmt: skip


async def test_the_plan_is_printed_and_the_same_plan_is_the_same_file(place: Place) -> None:
    matter = await place.matter()
    first = (await got(place, f"/matters/{matter}/plan.pdf")).content
    again = (await got(place, f"/matters/{matter}/plan.pdf")).content
    assert first.startswith(b"%PDF") and first == again
    assert "项目工期" in text_of(first)
    english = (await got(place, f"/matters/{matter}/plan.pdf", language="en")).content
    assert "Planoftheproject" in text_of(english)


async def test_every_filing_says_by_which_door_it_came(place: Place) -> None:
    matter = await place.matter()
    await place.ask(matter, f"items/{FILING}/submission", {"channel": "app"})
    read = await place.world.client("supervision", "s:intake").get(
        "/log/messages", params={"after": 0, "limit": 500}
    )
    mine = [line for line in read.text.splitlines() if str(matter) in line]
    filed = [line for line in mine if "item_submitted" in line]
    assert filed and all('"channel":"app"' in line for line in filed)
    wrong = {"channel": "carrier_pigeon"}
    await place.ask(matter, f"items/{FILING}/submission", wrong, expect=422)


async def test_what_went_past_the_approval_system_is_shown_by_department(place: Place) -> None:
    w = place.world
    matter = await place.matter()
    await place.granted(matter, FILING)
    day = legal_day(w.clock()).isoformat()
    asked = {"area": w.area, "since": day, "until": day}
    listed = await w.eventually(
        lambda: w.get("supervision", "/outside-system/items", "office", limit=200, **asked),
        lambda found: any(row["matter"] == str(matter) for row in found["rows"]),
    )
    assert listed["rows"]
    report = {
        "kind": "outside_system", "items": [PERMIT], "body": "depts", "description": "线下受理",
    }  # fmt: skip
    await place.ask(matter, "issues", report)
    found = await w.eventually(
        lambda: w.get("supervision", "/outside-system", "office", **asked),
        lambda found: any(row["body"] == "depts" and row["reported"] for row in found["rows"]),
    )
    (row,) = [row for row in found["rows"] if row["body"] == "depts"]
    assert row["outside"] >= 1 and row["open"] >= 1
    stranger = await w.client("supervision", "agent").get("/outside-system", params=asked)
    assert stranger.status_code in (403, 404)
    wrong = {**asked, "since": "2027-01-01"}
    answer = await w.client("supervision", "office").get("/outside-system", params=wrong)
    assert answer.status_code == 422


async def test_the_ledger_is_printed_too_and_says_how_far_it_is(place: Place) -> None:
    w = place.world
    matter = await place.matter()
    place.intake.answers["/matters"] = {
        "items": [{"id": str(matter), "number": f"{w.area}-2026-9"}], "after": None,
    }  # fmt: skip
    await place.granted(matter, FILING)
    day = legal_day(w.clock())
    asked = {"area": w.area, "quarter": f"{day.year}-Q{(day.month + 2) // 3}"}
    cut = (await w.get("supervision", f"/matters/{matter}", "auditor"))["position"]
    first = await got(place, "/returns/ledger.pdf", "office", **asked, cut=cut)
    again = await got(place, "/returns/ledger.pdf", "office", **asked, cut=cut)
    assert first.content == again.content and f"{w.area}-2026-9" in text_of(first.content)
    run = new_id()
    await got(place, "/returns/ledger.xlsx", "office", **asked, cut=cut, run=str(run))
    told = await w.get("supervision", f"/returns/runs/{run}", "office")
    assert told["step"] == "done"
    other = await w.client("supervision", "clerk").get(f"/returns/runs/{run}")
    assert other.status_code == 404


async def came(place: Place, matter: Any, source: str) -> int:
    """A feed of this name comes, with one line about the matter; the position of the log then."""
    w = place.world
    line = f'{{"matter": "{matter}", "item": "{FILING}", "BLZT": "1", "BLSJ": "{w.clock()}"}}'
    taken = await feed(place, line, source=source)
    assert taken.status_code == 200, taken.text
    return int(taken.json()["position"])


async def test_a_feed_that_does_not_come_is_said_to_be_silent_once(place: Place) -> None:
    w = place.world
    matter = await place.matter()
    before = await came(place, matter, "half_hourly")
    w.advance(minutes=31)

    async def silent() -> list[str]:
        read = await w.client("supervision", "s:intake").get(
            "/log/messages", params={"after": before, "limit": 500}
        )
        said = [orjson.loads(line)["data"] for line in read.text.splitlines()]
        return [one["fact"]["source"] for one in said if "feed_silent" in one["about"]["type"]]

    async def is_silent(source: str) -> bool:
        return source in await silent()

    await w.eventually(partial(is_silent, "half_hourly"))
    feeds = await w.get("supervision", "/imports", "office", area=w.area)
    assert next(f for f in feeds["imports"] if f["source"] == "half_hourly")["late"]
    await w.eventually(
        lambda: outbox(place, type="supervision.feed_silent.v1", sent_to="office")
    )
    later = ["second", "third"]  # what looks at these looks at the first again
    for source in later:
        await came(place, matter, source)
        w.advance(minutes=45)
        await w.eventually(partial(is_silent, source))
    assert await silent() == ["half_hourly", *later]


async def test_a_reminder_that_nobody_gave_can_be_read_and_counted(place: Place) -> None:
    w = place.world
    matter = await place.matter()
    await place.granted(matter, FILING)
    await place.filed(matter, PERMIT)
    await place.ask(matter, f"items/{PERMIT}/acceptance", {}, "approver")
    place.told(matter)["pack"] = CENTRE
    await place.ask(matter, "log", {"kind": "note", "entry": "按另一地方案办理"})
    since = legal_day(w.clock())
    w.advance(days=60)
    until = legal_day(w.clock())
    found = await w.eventually(
        lambda: w.get(
            "supervision", "/reminders/missed", "office",
            area=w.area, since=since.isoformat(), until=until.isoformat(), limit=200,
        ),
        lambda found: any(row["matter"] == str(matter) for row in found["rows"]),
    )  # fmt: skip
    row = next(row for row in found["rows"] if row["matter"] == str(matter))
    assert (row["item"], row["person"]) == (PERMIT, place.id("agent"))


class Wary:
    """A gateway that refuses for good until it is told to take what comes."""

    def __init__(self) -> None:
        self.takes, self.kept = False, dict[str, Any]()

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.post("/sms")
        async def take(request: Request) -> Response:
            if not self.takes:
                return Response(status_code=400)
            self.kept[request.headers["idempotency-key"]] = await request.json()
            return Response("queued")

        return app


async def test_a_held_message_is_sent_again_or_let_be_by_a_person(
    platform: Platform, tmp_path: Path
) -> None:
    wary, sock = Wary(), listening(0)
    async with answering(wary.app(), sock):
        book = AddressBook.model_validate(
            {
                "entries": [{"to": "depts", "channel": "gateway", "address": "000-0000002"}],
                "gateway": {"url": f"{address_of(sock)}/sms"},
            }
        )
        async with posting(platform, book) as place:
            await _settled(place, wary)


async def _settled(place: Place, wary: Wary) -> None:
    w = place.world
    matter = await place.matter()
    slips = [
        {"kind": "co_handling_slip", "to": "depts", "wording": f"请协办{n}"} for n in "一二"
    ]
    for slip in slips:
        await place.ask(matter, "letters", slip)

    async def held() -> list[dict[str, Any]]:
        return await outbox(place, type="supervision.letter_sent.v1", state="unreached")

    first, second = await w.eventually(held, lambda rows: len(rows) == 2)
    await _settle(place, first["event"], "release", {"to": "depts"}, "agent", 404)
    await _settle(place, str(new_id()), "release", {"to": "depts"}, "office", 404)
    wary.takes = True
    await _settle(place, first["event"], "release", {"to": "depts"}, "office", 200)
    await w.eventually(
        lambda: outbox(place, event=first["event"], state="sent"), lambda rows: rows
    )
    refused = await _settle(place, first["event"], "skip", _note(), "office", 409)
    assert refused["reason"] == "message_not_held"
    await _settle(place, second["event"], "skip", {"to": "depts"}, "office", 422)
    await _settle(place, second["event"], "skip", _note(), "office", 200)
    await w.eventually(
        lambda: outbox(place, event=second["event"], state="skipped"), lambda rows: rows
    )
    assert len(wary.kept) == 1


def _note() -> dict[str, str]:
    return {"to": "depts", "note": "已电话告知"}


async def _settle(
    place: Place, event: str, what: str, body: dict[str, str], person: str, expect: int
) -> Any:
    answer = await place.world.post(
        "supervision", f"/messages/{event}/{what}", body, person, expect=expect
    )
    return answer.json()
