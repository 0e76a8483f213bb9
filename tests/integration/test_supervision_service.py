"""Supervision over HTTP, on a real database and a real bus: from the plan to the last item closed."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from itertools import count

import httpx
import orjson
import pytest

from contracts.intake import ItemScopeAmended, MaterialSetCompleted
from services.onebox.platform import Platform
from services.supervision.service import legal_day
from shared.effects import new_id
from tests.integration.supervision_scene import FILING, PERMIT, RULES, SCOPE, Place, placed

ANY = 99
"""A version no matter has: what is refused with it is refused before the version is looked at."""


@pytest.fixture(scope="module")
async def place(platform: Platform) -> AsyncIterator[Place]:
    async with placed(platform) as made:
        yield made


async def test_a_fixed_scope_gets_a_plan_with_owners_and_days(place: Place) -> None:
    matter = await place.matter()
    read = await place.read(matter)

    assert [line["owner"] for line in read["plan"]["lines"]] == ["depts", "depts"]
    assert (
        read["plan"]["saved_days"]
        == read["plan"]["serial_days"] - read["plan"]["critical_days"]
    )
    assert read["open_items"] == list(SCOPE)
    assert not read["complete"]


async def test_an_amended_scope_revises_the_plan(place: Place) -> None:
    matter = await place.matter()
    changed = ItemScopeAmended(catalogue=RULES.catalogue.edition, added=("S1-06",))
    await place.hear(matter, changed)
    read = await place.world.until(
        "supervision", f"/matters/{matter}", lambda m: m["plan"]["number"] == 2
    )

    assert "S1-06" in read["items"]


async def test_whole_papers_make_an_item_ready(place: Place) -> None:
    matter = await place.matter()
    whole = MaterialSetCompleted(
        item=FILING, catalogue=RULES.catalogue.edition, materials=("M41", "M01")
    )
    await place.hear(matter, whole)
    await place.world.until(
        "supervision", f"/matters/{matter}", lambda m: m["items"][FILING]["state"] == "ready"
    )


async def test_an_item_goes_from_filing_to_the_end(place: Place) -> None:
    matter = await place.matter()
    await place.granted(matter, FILING)
    assert (await place.item(matter, PERMIT))["state"] == "ready"
    await place.ask(matter, f"items/{FILING}/collection", {"originals": 1})
    lacking = await place.ask(matter, f"items/{FILING}/closing", {}, expect=409)
    assert lacking["details"]["missing"] == ["delivery"]
    handed = {"items": [FILING], "delivery": "hand", "recipient": "乙"}
    await place.ask(matter, "delivery", handed)
    await place.ask(matter, f"items/{FILING}/closing", {})
    await place.granted(matter, PERMIT, e_certificate=True)
    download = {"items": [PERMIT], "delivery": "e_certificate"}
    refused = await place.ask(matter, "delivery", download, expect=409)
    assert refused["reason"] == "the_unit_downloads_itself"
    await place.ask(matter, "delivery", download, "unit")
    await place.ask(matter, f"items/{PERMIT}/closing", {})

    read = await place.read(matter, "s:intake")
    assert read["open_items"] == []
    assert read["complete"]


async def test_the_agents_act_carries_the_commission_and_the_unit(place: Place) -> None:
    matter = await place.matter()
    await place.filed(matter)
    read = await place.world.client("supervision", "s:intake").get(
        "/log/messages", params={"after": 0, "limit": 500}
    )
    bodies = [line for line in read.text.splitlines() if "item_submitted" in line]
    commission = place.told(matter)["commission"]["id"]

    assert any(f'"authority":"{commission}"' in line for line in bodies)
    assert any(f'"behalf":"{place.id("unit")}"' in line for line in bodies)


async def test_after_the_commission_ended_nothing_is_filed(place: Place) -> None:
    matter = await place.matter()
    place.told(matter)["commission"] = None
    refused = await place.ask(matter, f"items/{FILING}/submission", {}, expect=409)

    assert refused["reason"] == "no_commission"


async def test_in_assistance_only_the_unit_files(place: Place) -> None:
    matter = await place.matter("assist")
    refused = await place.ask(matter, f"items/{FILING}/submission", {}, expect=409)
    assert refused["details"]["rule"] == "modes.assist.filed_by"

    await place.ask(matter, f"items/{FILING}/submission", {}, "unit")
    assert (await place.item(matter, FILING))["state"] == "submitted"


async def test_strangers_do_not_learn_that_there_is_a_matter(place: Place) -> None:
    matter = await place.matter()
    client = place.world.client("supervision", "other")

    assert (await client.get(f"/matters/{matter}")).status_code == 404
    assert (await client.get(f"/matters/{new_id()}")).status_code == 404
    await place.ask(matter, f"items/{FILING}/decision", {"outcome": "approved"}, "clerk", 409)
    await place.ask(matter, f"items/{FILING}/submission", {}, "clerk", 403)


async def test_a_repeated_filing_is_answered_as_the_first(place: Place) -> None:
    matter = await place.matter()
    path = f"/matters/{matter}/items/{FILING}/submission"
    tries = count(1)

    async def filed() -> tuple[int, str, httpx.Response]:
        """On the version seen now; when the agenda was faster, on the one after it."""
        seen, key = await place.world.version("supervision", path, "agent"), f"k{next(tries)}"
        return (
            seen,
            key,
            await place.world.post(
                "supervision", path, {}, "agent", if_match=seen, key=key, expect=(200, 412)
            ),
        )

    seen, key, first = await place.world.eventually(filed, lambda a: a[2].status_code == 200)
    again = await place.world.post(
        "supervision", path, {}, "agent", if_match=seen, key=key, expect=200
    )

    assert first.content == again.content
    assert again.headers["idempotency-replayed"] == "true"


async def test_the_clocks_are_shown_day_by_day(place: Place) -> None:
    matter = await place.matter()
    await place.granted(matter, FILING)
    await place.filed(matter, PERMIT)
    await place.ask(matter, f"items/{PERMIT}/acceptance", {}, "approver")
    shown = await place.world.get(
        "supervision", f"/matters/{matter}/items/{PERMIT}/clocks", "approver"
    )

    assert [clock["kind"] for clock in shown["clocks"]] == [
        "statutory",
        "commitment",
        "service",
        "applicant",
    ]
    assert "clocks.count_from" in shown["defaults"]


async def test_a_visit_made_without_a_network_shows_both_times(place: Place) -> None:
    matter = await place.matter()
    now = place.world.clock()
    earlier = now - timedelta(days=2)
    place.told(matter)["opened_on"] = (legal_day(now) - timedelta(days=9)).isoformat()
    made = {
        "arrived_at": earlier.isoformat(),
        "effective": earlier.isoformat(),
        "offline": True,
        "met": "乙",
    }
    await place.ask(matter, "visits/made", made)
    found = await place.world.client("supervision", "s:intake").get(
        "/log/messages", params={"after": 0, "limit": 500}
    )
    (line,) = [
        one for one in found.text.splitlines() if str(matter) in one and "visit_made" in one
    ]
    about = orjson.loads(line)["data"]["about"]

    assert datetime.fromisoformat(about["effective"]).date() == earlier.date()
    assert datetime.fromisoformat(about["recorded"]).date() > earlier.date()
    assert (await place.read(matter))["duties"]["visits"] == 1


async def test_a_department_that_never_logs_in_is_served_by_a_slip(place: Place) -> None:
    matter = await place.matter()
    slip = {"kind": "co_handling_slip", "to": "depts", "items": [PERMIT], "wording": "请协办"}
    await place.ask(matter, "letters", slip)
    (sent,) = (await place.read(matter))["letters"]
    assert not sent["answered"]
    await place.ask(matter, "letters/answer", {"letter": sent["id"], "answer": "同意"}, "clerk")
    (sent,) = (await place.read(matter))["letters"]
    assert sent["answered"]


async def test_the_handler_of_the_unit_is_the_unit(place: Place) -> None:
    matter = await place.matter("assist")
    client = place.world.client("supervision", "handler")
    assert (await client.get(f"/matters/{matter}")).status_code == 404
    place.told(matter)["handler"] = place.id("handler")
    await place.ask(matter, f"items/{FILING}/submission", {}, "handler")

    assert (await place.item(matter, FILING, "handler"))["state"] == "submitted"


async def test_a_fee_names_its_law_or_is_not_taken(place: Place) -> None:
    matter = await place.matter()
    fee = {"item": FILING, "kind": "test_fee", "amount": "12.50", "payee": "treasury"}
    await place.ask(matter, "fees", {**fee, "basis": "服务费"}, expect=422)
    await place.ask(matter, "fees", {**fee, "basis": "《样例办法》第五条"})
    (owed,) = (await place.read(matter))["fees_unpaid"]
    await place.ask(matter, "fees/paid", {"fee": owed}, "unit")

    assert (await place.read(matter))["fees_unpaid"] == []


async def test_when_a_neighbour_answers_nonsense_nothing_is_decided(place: Place) -> None:
    matter = await place.matter()
    place.told(matter)["applicant"] = 5
    path = f"/matters/{matter}/items/{FILING}/submission"
    await place.world.post("supervision", path, {}, "agent", if_match=ANY, expect=503)
    place.told(matter)["applicant"] = place.id("unit")
    assert (await place.item(matter, FILING))["state"] == "waiting"


async def test_the_item_in_the_body_is_the_one_in_the_path(place: Place) -> None:
    matter = await place.matter()
    await place.ask(matter, f"items/{FILING}/submission", {"item": PERMIT}, expect=422)
    await place.ask(matter, f"items/{FILING}/submission", {"item": FILING})
