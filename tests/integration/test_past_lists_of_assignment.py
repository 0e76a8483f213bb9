"""The lists of the chief agent as of an earlier position say what they said then."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from contracts.intake import ItemScopeFixed, ModeChosen
from contracts.supervision import ItemClosed
from services.onebox.platform import Platform
from shared.effects import new_id, system_clock
from shared.packs import Packs
from tests.integration.past_scene import Asked, Lists, patient
from tests.integration.test_assignment_handing import served
from tests.integration.test_assignment_people import town
from tests.integration.test_assignment_service import place

ELSEWHERE = Packs.load(None).for_area("210300")
"""A place that tells its centre, and where items go to another level."""


def of_area(area: str, other: str) -> Sequence[Asked]:
    return (
        (f"/matters/queue/{area}", "office", {}),
        ("/unacknowledged", "office", {"area": area}),
        ("/unowned", "office", {"area": area}),
        ("/load", "office", {"area": area}),
        ("/notices", "unit", {}),
        ("/transfers", "auditor", {"area": other}),
        ("/centre-notices", "auditor", {"area": other}),
    )


async def test_each_list_of_the_chief_says_at_every_position_what_it_said_then(
    platform: Platform,
) -> None:
    async with place(platform) as at:
        other = ELSEWHERE.pack.jurisdiction.code
        lists = Lists(at.world, "assignment", of_area(at.world.area, other))
        await lists.look()
        matter = await served(at)
        waits = await at.accept()
        await lists.look()
        call = {"promised_at": at.world.clock().isoformat()}
        await at.ask(matter, "acknowledgement", call, "agent")
        owner = {"person": at.id("approver"), "body": "depts", "name": "辛"}
        await at.ask(matter, "items/S1-01/owner", owner, "approver")
        await lists.look()
        await at.ask(waits, "dispatch", {}, "clerk")
        await lists.look()
        sent = new_id()
        at.intake.answers[f"/matters/{sent}"] = at.intake.answers[f"/matters/{waits}"] | {
            "id": str(sent), "area": other, "pack": ELSEWHERE.edition, "site": None,
            "wanted": "agent", "facts": {},
        }  # fmt: skip
        fixed = ItemScopeFixed(
            catalogue=ELSEWHERE.catalogue.edition, stages=("S1",), items=("S1-01", "S2-02")
        )
        await at.intake.say(sent, fixed, area=other, pack=ELSEWHERE.edition)
        await at.world.until("assignment", f"/matters/{sent}", lambda m: m["to"])
        await lists.look()
        await at.ask(sent, "transfer", {"items": ["S2-02"]}, "admin")
        await lists.look()
        await lists.hold()


async def test_the_roster_of_then_says_who_was_away_and_who_stood_in(
    platform: Platform,
) -> None:
    async with town(platform, "one_plus_n") as at:
        office = at.person("office", body="ro")
        chief = await at.add("team", "chief_agent")
        agent, reserve = await at.add("team", "agent"), await at.add("team", "reserve_agent")
        client = at.world.client("assignment")
        headers = {"Authorization": f"Bearer {at.world.issuer.token_of(office)}"}
        said: dict[int, Any] = {}

        async def look() -> None:
            found = await client.get("/log/position", headers=headers)
            said[found.json()["position"]] = await lists()

        async def lists(**asked: Any) -> list[Any]:
            paths = ("/absences", "/reserves", "/vacancies")
            return [await at.get(office, path, **asked) for path in paths]

        await look()
        today = at.world.today()
        begun = await at.say(
            chief, "/reserves", person=reserve.id, covers=agent.id, matters=[],
            cause="absence", ends_on=str(today + timedelta(days=21)), reason="顶岗三周",
        )  # fmt: skip
        assert begun["recorded"] == ["assignment.reserve_activated.v1"]
        await at.say(
            at.person("agent", body="team", id=agent.id), "/absences", person=agent.id,
            kind="sick", begins_on=str(today + timedelta(days=1)),
            ends_on=str(today + timedelta(days=3)),
        )  # fmt: skip
        await look()
        acting = said[max(said)][1]["reserves"]
        await at.say(
            chief, "/reserves/ends", activation=acting[0]["activation"], cause="returned"
        )
        await look()
        assert len({str(one) for one in said.values()}) == 3
        at.world.advance(days=2)
        for position, was in said.items():
            assert await lists(at=position) == was, position
        (away,) = (await at.get(office, "/absences"))["absences"]
        assert away["away"] and not said[max(said)][0]["absences"][0]["away"]


async def test_what_had_not_been_heard_then_changes_nothing_of_a_list_of_then(
    platform: Platform,
) -> None:
    """What the others said is kept beside the log: by when it was heard, it counts or not."""
    async with place(platform) as at:
        matter, waits = await served(at), await at.accept()
        area = at.world.area

        async def lists(**asked: Any) -> tuple[list[str], list[str]]:
            queue, rows = [
                (
                    await patient(at.world, "assignment", "office", path, area=area, **asked)
                ).json()
                for path in (f"/matters/queue/{area}", "/unowned")
            ]
            return (
                [row["matter"] for row in queue["waiting"]],
                [row["item"] for row in rows["rows"]],
            )

        before = await at.world.eventually(
            lists, lambda found: found == ([str(waits)], ["S1-01", "S2-02"])
        )
        then = system_clock().isoformat()
        await at.say(at.intake, waits, ModeChosen(mode="none"))
        await at.say(at.supervision, matter, ItemClosed(item="S1-01", evidence=(new_id(),)))
        await at.world.eventually(lists, lambda found: found == ([], ["S2-02"]))
        assert await lists(at=then) == before
        assert await lists(at=system_clock().isoformat()) == ([], ["S2-02"])
