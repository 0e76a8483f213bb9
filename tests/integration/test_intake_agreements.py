"""No act before its papers and none after they end, over HTTP, PostgreSQL and NATS (X-03)."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.onebox.people import demos
from services.onebox.platform import Platform
from shared.clock import LEGAL_ZONE
from tests.integration.agreed_place import agreed_place
from tests.integration.stand_in import Serving
from tests.integration.test_intake_service import PAPER, act, registered, requested
from tests.world import World, home_of, world


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return agreed_place(tmp_path_factory.mktemp("packs"))


@pytest.fixture(scope="module")
async def w(platform: Platform, packs: Path) -> AsyncIterator[World]:
    """One world for all: its clock moves on from test to test."""
    serving = Serving(home_of(demos(packs)).person("agent").id).spec
    async with world(platform, [serving, "intake"], packs=packs) as made:
        yield made


def today(w: World) -> date:
    return w.clock().astimezone(LEGAL_ZONE).date()


async def agency(w: World) -> str:
    matter = await requested(w, await registered(w))
    await act(w, matter, "acceptance", {"body": "zone"})
    await act(w, matter, "mode", {"mode": "agent"}, "unit")
    await act(w, matter, "scope", {"items": ["S1-01", "S1-05"]})
    return matter


async def agreed(w: World, **terms: Any) -> str:
    matter = await agency(w)
    await act(w, matter, "application", {"content": PAPER}, "unit")
    await act(w, matter, "agreements", {"move": "sign", **terms}, "unit")
    await act(w, matter, "agreements", {"move": "sign"}, "clerk")
    return matter


async def collect(
    w: World, matter: str, expect: int = 200, material: str = "M01", **more: Any
) -> Any:
    body = {"material": material, "originals": 1, **more}
    return await act(w, matter, "materials", body, "agent", expect=expect)


def advance_to(w: World, moment: datetime) -> None:
    w.advance(seconds=(moment - w.clock()).total_seconds())


async def test_the_box_turns_green_when_both_sides_have_signed(w: World) -> None:
    matter = await agency(w)
    gate = await w.get("intake", f"/matters/{matter}/gate")
    assert gate["to_sign"] == [{"kind": "agreement", "zh": "服务协议", "moves": ["sign"]}]
    refused = await collect(w, matter, expect=409)
    assert refused["reason"] == "agreement_not_signed"
    assert refused["details"]["missing"] == ["agreement", "application"]

    await act(w, matter, "application", {"content": PAPER}, "unit")
    await act(w, matter, "agreements", {"move": "sign"}, "unit")
    read = await w.get("intake", f"/matters/{matter}")
    (agreement,) = read["agreements"]
    assert agreement["state"] == "proposed" and agreement["awaits"] == ["window"]
    assert read["papers"] == {
        "online_application": True, "commission_written": False, "agreement": False,
        "application": True,
    }  # fmt: skip
    refused = await collect(w, matter, expect=409)
    assert refused["reason"] == "agreement_awaits_signature"

    await act(w, matter, "agreements", {"move": "sign"}, "clerk")
    read = await w.get("intake", f"/matters/{matter}")
    (agreement,) = read["agreements"]
    assert agreement["in_force"] and agreement["application"] == 1
    area, year, serial = agreement["number"].split("-")
    assert (area, year) == (w.area, str(today(w).year))
    assert agreement["label"] == f"{year}年第{serial}号"
    assert read["papers"]["agreement"] is True
    await collect(w, matter)
    await listed(w, matter, lambda row: row["in_force"])


async def listed(w: World, matter: str, true: Callable[[Any], object]) -> None:
    """The list of the place shows the agreement of `matter` as wished."""

    def found(page: Any) -> bool:
        return any(true(row) for row in page["items"] if row["matter"] == matter)

    await w.until("intake", f"/agreements?area={w.area}&limit=200", found)


async def test_numbers_of_agreements_have_no_gap_and_keep_what_was_voided(w: World) -> None:
    first, second = await agreed(w), await agreed(w)
    numbers = []
    for matter in (first, second):
        (agreement,) = (await w.get("intake", f"/matters/{matter}"))["agreements"]
        numbers.append(agreement["number"])
    series = await agreement_numbers(w)
    assert series["numbers"][-2:] == numbers and series["last"] == len(series["numbers"])
    void = {"number": numbers[0], "cause": "spoilt_paper"}
    path, seen = f"/numbers/{series['id']}/voids", {"if_match": series["version"]}
    await listed(w, first, lambda row: row["in_force"])
    await w.post("intake", path, void, "clerk", **seen, expect=409)
    await act(w, first, "agreement-end", {"reason": "重新签订"}, "unit")
    await listed(w, first, lambda row: row["ended"])
    await w.post("intake", path, void, "clerk", **seen, expect=200)
    series = await agreement_numbers(w)
    assert series["voided"] == [numbers[0]] and numbers[0] in series["numbers"]


async def agreement_numbers(w: World) -> Any:
    year = today(w).year
    return await w.get("intake", "/numbers", area=w.area, year=year, series="agreement")


async def test_one_minute_after_the_unit_ended_it_nothing_is_collected(w: World) -> None:
    matter = await agreed(w)
    await collect(w, matter)
    await act(w, matter, "agreement-end", {"reason": "改为自行办理"}, "unit")
    w.advance(minutes=1)
    refused = await collect(w, matter, expect=409, material="M08")
    assert refused["reason"] == "agreement_ended"
    again = await act(w, matter, "agreement-end", {"reason": "改为自行办理"}, "unit")
    assert again["recorded"] == []


async def test_an_agreement_ends_at_midnight_of_the_legal_day(w: World) -> None:
    last = today(w) + timedelta(days=1)
    matter = await agreed(w, ends_on=last)
    midnight = datetime.combine(last + timedelta(days=1), time(), LEGAL_ZONE)
    advance_to(w, midnight - timedelta(seconds=30))
    await collect(w, matter)
    advance_to(w, midnight + timedelta(seconds=1))
    read = await w.until("intake", f"/matters/{matter}", lambda m: m["agreements"][0]["ended"])
    assert read["agreements"][0]["ended"] == "period_over"
    refused = await collect(w, matter, expect=409, material="M08")
    assert refused["reason"] == "agreement_ended"


async def test_of_two_clerks_who_accept_at_once_one_is_told_so(w: World) -> None:  # B67
    matter = await requested(w, await registered(w))
    seen = (await w.get("intake", f"/matters/{matter}"))["version"]
    answers = await asyncio.gather(
        *(
            w.post(
                "intake", f"/matters/{matter}/acceptance", {"body": "zone"}, "clerk",
                if_match=seen,
            )
            for _ in range(2)
        )
    )  # fmt: skip
    assert sorted(a.status_code for a in answers) == [200, 412]
    read = await w.get("intake", f"/matters/{matter}")
    assert read["version"] == seen + 1


async def test_of_two_signatures_at_once_one_number_is_taken(w: World) -> None:
    matter = await agency(w)
    await act(w, matter, "application", {"content": PAPER}, "unit")
    before = (await agreement_numbers(w))["last"]
    seen = (await w.get("intake", f"/matters/{matter}"))["version"]
    answers = await asyncio.gather(
        *(
            w.post(
                "intake", f"/matters/{matter}/agreements", {"move": "sign"}, "unit",
                if_match=seen,
            )
            for _ in range(3)
        )
    )  # fmt: skip
    codes = sorted(a.status_code for a in answers)
    assert codes[0] == 200 and set(codes[1:]) <= {409, 412}
    assert (await agreement_numbers(w))["last"] == before + 1


async def test_what_was_taken_in_offline_sorts_by_when_it_was(w: World) -> None:
    matter = await agreed(w)
    happened = w.clock() + timedelta(hours=1)
    w.advance(days=2)
    await collect(w, matter, material="M08")
    await collect(w, matter, effective=happened.isoformat(), channel="visit")
    read = await w.until(
        "intake", f"/matters/{matter}/receipt", lambda r: len(r["items"]) == 2, "clerk"
    )
    first, second = read["items"]
    assert (first["material"], second["material"]) == ("M01", "M08")
    assert first["effective"] == happened.isoformat() and first["recorded"]
    assert first["effective"] < second["effective"] and first["recorded"] > second["recorded"]


async def test_a_suspended_agreement_bears_nothing_until_it_is_resumed(w: World) -> None:
    matter = await agreed(w)
    stop = {"move": "suspend", "reason": "资金未到位"}
    await act(w, matter, "agreements", stop, "unit")
    assert (await collect(w, matter, expect=409))["reason"] == "agreement_suspended"
    await act(w, matter, "agreements", {"move": "resume"}, "unit")
    await collect(w, matter)


async def test_a_stranger_signs_nothing(w: World) -> None:
    matter = await agency(w)
    body = {"move": "sign"}
    await act(w, matter, "agreements", body, "other", expect=404)
    await act(w, matter, "agreements", body, "auditor", expect=403)
    await act(w, matter, "registration", {"needs": "立项"}, "unit", expect=403)


async def test_lists_follow_the_day_a_matter_was_asked_for(w: World) -> None:
    project = await registered(w)
    w.advance(days=2)
    late = await requested(w, await registered(w))
    early_day = today(w) - timedelta(days=1)
    entered_after = await requested(w, project, effective=early_day)
    position = (await w.get("intake", f"/matters/{late}"))["position"]
    found: list[str] = []
    more: dict[str, Any] = {"min_position": position}
    while True:
        page = await w.get("intake", "/matters", "clerk", limit=2, **more)
        found += [row["id"] for row in page["items"]]
        if page["after"] is None:
            break
        more = {"after": page["after"]}
    assert len(found) == len(set(found))
    assert found.index(entered_after) < found.index(late)


async def test_what_was_given_years_ago_is_offered_again(w: World) -> None:
    first = await agreed(w)
    await collect(w, first)
    second = await agency(w)
    body = await w.until("intake", f"/matters/{second}/offers", lambda o: o["items"], "unit")
    offer = next(one for one in body["items"] if one["material"] == "M01")
    borrow = {
        "material": "M01", "origin": "piece", "from_matter": offer["from_matter"],
    }  # fmt: skip
    await act(w, second, "material-reuses", borrow)
    read = await w.get("intake", f"/matters/{second}/offers", "unit")
    assert all(one["material"] != "M01" for one in read["items"])


async def test_guiding_a_visitor_ends_when_he_is_handed_over(w: World) -> None:
    matter = await requested(w, await registered(w))
    await act(w, matter, "acceptance", {"body": "zone"})
    await act(w, matter, "mode", {"mode": "lead"}, "unit")
    came = {"area": w.area, "matter": matter, "visitor": "甲", "wish": "办理立项"}
    made = await w.post("intake", "/contacts", came, "clerk", expect=201)
    contact = made.json()["id"]
    offer = {"to_person": w.person("agent").id}
    await w.post("intake", f"/contacts/{contact}/handover-offers", offer, "clerk", expect=200)
    assert (await w.get("intake", f"/matters/{matter}"))["mode"] == "lead"
    await w.post("intake", f"/contacts/{contact}/handover", {}, "agent", expect=200)
    assert (await w.get("intake", f"/matters/{matter}"))["mode"] == "none"
