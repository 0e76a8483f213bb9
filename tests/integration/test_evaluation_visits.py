"""One visit, one rating: beside the matter's, by the unit alone, never added to it."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from contracts.event import Personal
from contracts.intake import ConsultationAnswered
from contracts.supervision import VisitMade
from services.evaluation.app import SPEC
from services.evaluation.domain.visits import stream_of
from services.onebox.platform import Platform
from shared.effects import new_id
from shared.runtime import Floor, Parts
from tests.integration.evaluation_scene import EDITION, Place, place


async def visited(at: Place, matter: Any) -> Any:
    visit = new_id()
    now = at.world.clock()
    await at.others["supervision"].say(
        matter,
        VisitMade(visit=visit, agent=at.id("agent"), arrived_at=now, purposes=("take_in",)),
        area=at.world.area,
        pack=EDITION,
    )
    return visit


async def links(at: Place, matter: Any) -> Any:
    answer = await at.world.get("evaluation", f"/matters/{matter}/visits", "unit")
    return {row["visit"]: row["invitation"] for row in answer["visits"]}


async def test_each_visit_is_rated_once_and_apart_from_the_matter(platform: Platform) -> None:
    async with place(platform) as at:
        matter = await at.serve()
        visits = [str(await visited(at, matter)) for _ in range(2)]
        asked = await at.world.eventually(
            lambda: links(at, matter), lambda found: len(found) == 2
        )
        assert set(asked) == set(visits)
        form = await at.world.get("evaluation", f"/invitations/{asked[visits[0]]}", "unit")
        assert (form["instrument"], len(form["levels"])) == ("visit", 5)

        path = f"/invitations/{asked[visits[0]]}/rating"
        good = {"level": "very_satisfied"}
        await at.world.post("evaluation", path, good, "agent", expect=404)
        await at.world.post("evaluation", path, good, "unit", expect=200)
        twice = (await at.world.post("evaluation", path, good, "unit", expect=409)).json()
        assert twice["reason"] == "already_rated"
        found = await at.world.eventually(
            lambda: links(at, matter), lambda found: len(found) == 1
        )
        assert set(found) == {visits[1]}
        assert (await at.read(matter))["recorded"] == []
        await at.rate(await at.link(matter), "satisfied")

        quarter = at.quarter
        counted = await at.office("/appraisals/count", agent=at.id("agent"), quarter=quarter)
        figures = {m["measure"]: m for m in counted["measures"]}
        assert figures["visit_mean"]["value"] == "5.0000"
        assert figures["overall_mean"]["value"] == "4.0000"
        assert (figures["matters"]["value"], figures["participation"]["value"]) == ("1", "1")


async def test_a_bad_visit_has_an_owner_who_was_not_there(platform: Platform) -> None:
    async with place(platform) as at:
        matter = await at.serve()
        visit = await visited(at, matter)
        (link,) = (await at.world.eventually(lambda: links(at, matter))).values()
        await at.world.post(
            "evaluation", f"/invitations/{link}/rating", {"level": "dissatisfied"}, "unit",
            expect=200,
        )  # fmt: skip
        tasks = await at.world.eventually(
            lambda: at.office("/tasks"), lambda t: t["bad_ratings"]
        )
        (bad,) = tasks["bad_ratings"]
        assert bad["matter"] == str(stream_of(visit)) and "park_i" not in bad["owner"]


async def consulted(at: Place) -> Any:
    """A question that was answered online, of somebody who has no matter."""
    consultation = new_id()
    await at.others["intake"].say(
        consultation,
        ConsultationAnswered(
            consultation=consultation,
            topic="policy",
            answered_by="park_i",
            question=Personal("问"),
            answer=Personal("答"),
        ),
        area=at.world.area,
        pack=EDITION,
        actor=at.id("clerk"),
        channel="online_zone",
        matter=False,
    )
    return consultation


async def test_who_asked_online_is_sent_a_link_and_rates_by_it_once(
    platform: Platform, tmp_path: Path
) -> None:
    drop = tmp_path / "drop"
    entry = {"to": "applicant", "channel": "drop", "address": "nobody"}
    book = tmp_path / "book.json"
    book.write_text(json.dumps({"entries": [entry], "drop": str(drop)}))

    async def build(floor: Floor) -> Parts:
        told = {"messages": book, "desks_address": "https://desks.example"}
        return await SPEC.build(replace(floor, settings=floor.settings.model_copy(update=told)))

    def letters() -> list[Any]:
        return [json.loads(one.read_text()) for one in drop.glob("*.json")]

    async def came() -> list[Any]:
        return letters()

    async with place(platform, replace(SPEC, build=build)) as at:
        consultation = await consulted(at)
        stream = stream_of(consultation)

        async def listed() -> Any:
            return (await at.office("/visits"))["rows"]

        await at.world.eventually(listed)
        refused = await at.ask(stream, "reminders", {"instrument": "visit"}, "evaluator", 409)
        assert (refused["reason"], bool(refused["details"]["remedy"])) == (
            "contact_missing",
            True,
        )
        send = {"instrument": "visit", "contact": "000-0000001"}
        for person in ("clerk", "agent", "unit"):
            assert (
                await at.world.post(
                    "evaluation", f"/matters/{stream}/reminders", send, person, if_match=1
                )
            ).status_code in (403, 404), person
        assert letters() == []  # nobody is written to before it is known who asked
        sent = await at.ask(stream, "reminders", send, "evaluator")
        assert sent["recorded"] == ["evaluation.evaluation_invited.v1"]
        again = await at.ask(stream, "reminders", send, "evaluator", 409)
        assert again["reason"] == "invited_often_enough"

        (letter,) = await at.world.eventually(came)
        assert letter["to"] == "000-0000001"
        (way,) = set(re.findall(r"https://desks\.example/rate/(\S+)", letter["text"]))
        path = f"/public/invitations/{way}"
        nobody = at.world.client("evaluation")
        for _ in range(3):  # a preview of the link uses nothing up
            form = (await nobody.get(path)).json()
            assert (form["instrument"], len(form["levels"]), form["rated"]) == (
                "visit",
                5,
                False,
            )
        assert (await nobody.get(path[:-1] + "_")).status_code == 404  # guessed

        async def rate(client: Any) -> Any:
            return await client.post(
                f"{path}/rating",
                json={"level": "satisfied"},
                headers={"Idempotency-Key": str(new_id())},
            )

        answered = at.world.client("evaluation", "clerk")  # forwarded to who answered
        assert (await rate(answered)).status_code == 404
        assert (await rate(nobody)).status_code == 200
        twice = await rate(nobody)
        assert (twice.status_code, twice.json()["reason"]) == (409, "already_rated")
        await at.world.eventually(listed, lambda rows: rows[0]["rated"])


async def test_a_consultation_is_rated_by_telephone_never_through_who_answered(
    platform: Platform,
) -> None:
    async with place(platform) as at:
        consultation = await consulted(at)

        async def listed(person: str = "office") -> Any:
            found = await at.world.get("evaluation", "/visits", person, area=at.world.area)
            return found["rows"]

        (row,) = await at.world.eventually(listed)
        assert row["id"] == str(stream_of(consultation)) and not row["rated"]
        assert "invitation" not in row
        said = {
            "instrument": "visit",
            "entry": "phone",
            "respondent": "applicant_handler",
            "level": "satisfied",
        }
        answer = await at.ask(stream_of(consultation), "ratings", said, "evaluator")
        assert answer["recorded"] == ["evaluation.evaluation_recorded.v1"]
        await at.world.eventually(listed, lambda rows: rows[0]["rated"])
        assert await at.status(f"/visits?area={at.world.area}", "clerk") in (403, 404)
