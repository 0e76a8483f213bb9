"""The people side of assignment over HTTP: tables in and out, posts, teams, absences, reserves."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import httpx
from openpyxl import load_workbook

from contracts.intake import ServiceAccepted
from services.onebox.people import Person
from services.onebox.platform import Platform
from shared.effects import new_id
from shared.packs import Packs, Rules
from shared.runtime import ServiceSpec
from shared.sheets.reading import CSV, XLSX
from shared.sheets.writing import workbook_of
from tests.integration.stand_in import StandIn
from tests.world import World, world

HEADER = ("姓名", "单位", "岗位角色", "联系电话")


class Town:
    """Assignment among stand-ins, and people of any post who sign in for one place."""

    def __init__(self, running: World, intake: StandIn, rules: Rules) -> None:
        self.world, self.intake, self.rules = running, intake, rules
        self.area = rules.pack.jurisdiction.code
        self._clients: list[httpx.AsyncClient] = []

    def person(self, *roles: str, body: str = "nowhere", id: str | None = None) -> Person:
        return Person(
            key="somebody", id=id or f"p:{new_id()}", zh="测试员", post="岗位", roles=roles,
            areas=(self.area,), bodies=(body,),
        )  # fmt: skip

    async def ask(
        self, who: Person, method: str, path: str, expect: int = 200, **more: Any
    ) -> httpx.Response:
        headers = {
            "Authorization": f"Bearer {self.world.issuer.token_of(who)}",
            "Idempotency-Key": new_id().hex,
            **more.pop("headers", {}),
        }
        client = self.world.client("assignment")
        answer = await client.request(method, path, headers=headers, **more)
        assert answer.status_code == expect, f"{path}: {answer.status_code} {answer.text}"
        return answer

    async def say(self, who: Person, path: str, expect: int = 201, **body: Any) -> Any:
        answer = await self.ask(who, "POST", path, expect, json={"area": self.area, **body})
        return answer.json()

    async def get(self, who: Person, path: str, **more: Any) -> Any:
        answer = await self.ask(who, "GET", path, params={"area": self.area, **more})
        return answer.json()

    async def table(
        self, who: Person, path: str, content: bytes, expect: int = 200, media: str = XLSX
    ) -> Any:
        answer = await self.ask(
            who, "POST", path, expect, params={"area": self.area}, content=content,
            headers={"Content-Type": media},
        )  # fmt: skip
        return answer.json()

    async def add(self, body: str, *roles: str) -> Person:
        """Somebody on the roster, who can sign in."""
        somebody = self.person(*roles, body=body)
        await self.say(
            self.person("office", body="ro"), "/staff",
            person=somebody.id, body=body, roles=list(roles), name="测试员", phone="000-0000001",
        )  # fmt: skip
        return somebody

    async def accept(self, **more: Any) -> UUID:
        """A matter that intake accepted."""
        matter = new_id()
        site = more.pop("site", "park-industrial")
        self.intake.answers[f"/matters/{matter}"] = {
            "id": str(matter),
            "area": self.area,
            "project": None,
            "pack": self.rules.edition,
            "state": "accepted",
            "site": site,
            "mode": "agent",
            "items": ["S1-01", "S2-02"],
            "body": "zone",
            "applicant": f"p:{new_id()}",
            "opened_on": self.world.today().isoformat(),
            "facts": {"site": site, "flags": []},
            **more,
        }
        await self.intake.say(
            matter, ServiceAccepted(body="zone"), area=self.area, pack=self.rules.edition
        )
        return matter

    async def matter(self, id: UUID, who: Person, expect: int = 200) -> Any:
        return (await self.ask(who, "GET", f"/matters/{id}", expect)).json()

    async def dispatch(self, id: UUID, who: Person, **body: Any) -> None:
        auditor = self.person("auditor")

        async def version() -> str | None:
            headers = {"Authorization": f"Bearer {self.world.issuer.token_of(auditor)}"}
            found = await self.world.client("assignment").get(f"/matters/{id}", headers=headers)
            return found.headers.get("etag") if found.status_code == 200 else None

        seen = await self.world.eventually(version)
        assert seen is not None
        await self.ask(
            who, "POST", f"/matters/{id}/dispatch", json=body, headers={"If-Match": seen}
        )

    async def rows(self, sql: str) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(self.world.databases.services["assignment"])
        try:
            return list(await connection.fetch(sql))
        finally:
            await connection.close()


@asynccontextmanager
async def town(platform: Platform, model: str = "by_site") -> AsyncIterator[Town]:
    intake, supervision = StandIn("intake"), StandIn("supervision")
    services: list[str | ServiceSpec] = [intake.spec, supervision.spec, "assignment"]
    rules = next(r for r in Packs.load(None).all() if r.pack.team.model == model)
    async with world(platform, services) as running:
        yield Town(running, intake, rules)


def people(count: int, body: str = "工业园区管委会") -> bytes:
    rows = [(f"测试{n}", body, "代办专员", "000-0000001") for n in range(count)]
    return workbook_of("花名册", HEADER, rows)


async def test_a_table_is_looked_through_and_then_taken_in_whole(platform: Platform) -> None:
    async with town(platform) as at:
        office = at.person("office", body="ro")
        bad = workbook_of(
            "花名册",
            HEADER,
            [
                ("甲", "工业园区管委会", "代办专员", "000-0000001"),
                ("乙", "月球管委会", "代办专员", "０００"),
                ("", "工业园区管委会", "代办专员", ""),
                ("丙", "县工改办", "代办专员", ""),
            ],
        )
        found = await at.table(office, "/roster-imports/preview", bad)
        assert not found["ready"] and found["rows"] == 4
        assert [(e["row"], e["column"], e["code"]) for e in found["errors"]] == [
            (3, "单位", "body_unknown"),
            (3, "联系电话", "phone_full_width"),
            (4, "姓名", "missing"),
            (5, None, "role_not_for_this_body"),
        ]
        refused = await at.table(office, "/roster-imports", bad, 422)
        assert refused["errors"] == found["errors"]
        assert not await at.rows("SELECT 1 FROM events WHERE type LIKE '%.staff_%'")

        good = people(25)
        seen = await at.table(office, "/roster-imports/preview", good)
        assert (seen["ready"], seen["rows"], seen["added"]) == (True, 25, 25)
        assert not await at.rows("SELECT 1 FROM events WHERE type LIKE '%.staff_%'")
        done = await at.table(office, "/roster-imports", good)
        assert (done["added"], done["unchanged"]) == (25, 0)
        again = await at.table(office, "/roster-imports", good)
        assert (again["added"], again["unchanged"], again["version"]) == (
            0,
            25,
            done["version"],
        )
        page = await at.get(office, "/staff", limit=200, min_position=done["position"])
        assert len(page["rows"]) == 25 and "测试0" not in str(page)


async def test_a_body_imports_its_own_people_alone(platform: Platform) -> None:
    async with town(platform) as at:
        liaison = at.person("liaison", body="park_i")
        await at.table(liaison, "/roster-imports/preview", people(2, "农业园区管委会"), 403)
        await at.table(liaison, "/roster-imports", people(2, "农业园区管委会"), 403)
        done = await at.table(liaison, "/roster-imports", people(2))
        assert done["added"] == 2
        await at.table(at.person("agent", body="park_i"), "/roster-imports", people(2), 404)


async def test_a_table_without_an_idempotency_key_is_refused_and_nobody_is_added(
    platform: Platform,
) -> None:
    async with town(platform) as at:
        office = at.person("office", body="ro")
        answer = await at.world.client("assignment").post(
            "/roster-imports", params={"area": at.area}, content=people(2),
            headers={
                "Authorization": f"Bearer {at.world.issuer.token_of(office)}",
                "Content-Type": XLSX,
            },
        )  # fmt: skip
        assert answer.status_code == 400
        assert answer.json()["type"].endswith("idempotency_key_missing")
        assert not await at.rows("SELECT 1 FROM events WHERE type LIKE '%.staff_%'")
        assert (await at.table(office, "/roster-imports", people(2)))["added"] == 2


async def test_a_file_that_is_no_table_is_refused_at_the_door(platform: Platform) -> None:
    async with town(platform) as at:
        office = at.person("office", body="ro")
        huge = await at.table(office, "/roster-imports", b"x" * 5_000_001, 413)
        assert huge["type"].endswith("file_too_large")
        odd = await at.table(office, "/roster-imports", b"%PDF", 415, media="application/pdf")
        assert odd["accepts"] == [XLSX, CSV]
        html = await at.table(office, "/roster-imports", b"<html></html>", 422)
        assert html["errors"][0]["code"] == "not_a_table"
        formula = "姓名,单位,岗位角色\n=1+1,工业园区管委会,代办专员\n".encode()
        told = await at.table(office, "/roster-imports", formula, 422, media=CSV)
        assert [(e["row"], e["code"]) for e in told["errors"]] == [(2, "formula")]
        assert not await at.rows("SELECT 1 FROM events WHERE type LIKE '%.staff_%'")


async def test_names_leave_by_one_door_and_who_looked_is_kept(platform: Platform) -> None:
    async with town(platform) as at:
        office, agent = at.person("office", body="ro"), await at.add("park_i", "agent")
        await at.add("depts", "helper")
        seen = await at.say(
            office, "/staff/views", 200, persons=[agent.id], purpose="contact", reason="联系"
        )
        assert seen["people"] == [
            {"person": agent.id, "name": "测试员", "phone": "000-0000001"}
        ]
        facts = await at.rows("SELECT fact FROM events WHERE type LIKE '%roster_viewed%'")
        assert len(facts) == 1 and "联系" not in facts[0]["fact"]
        reads = await at.rows("SELECT actor, purpose FROM reads")
        assert [(r["actor"], r["purpose"]) for r in reads] == [(office.id, "roster/contact")]

        peer = at.person("liaison", body="depts")
        await at.say(peer, "/staff/views", 403, persons=[agent.id], purpose="contact")
        await at.say(agent, "/staff/views", 403, persons=[agent.id], purpose="contact")
        assert len(await at.rows("SELECT 1 FROM reads")) == 1


async def test_the_register_leaves_as_text_and_of_the_own_body_alone(
    platform: Platform,
) -> None:
    async with town(platform) as at:
        office = at.person("office", body="ro")
        await at.say(
            office, "/staff", person=f"p:{new_id()}", body="depts", roles=["liaison"],
            name="=HYPERLINK(1)", staff_kind="civil_servant",
        )  # fmt: skip
        await at.add("park_i", "agent")
        for who, count in ((office, 2), (at.person("liaison", body="depts"), 1)):
            answer = await at.ask(who, "POST", "/roster-exports", json={"area": at.area})
            sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
            rows = list(sheet.iter_rows(min_row=2))
            assert len(rows) == count
            assert {cell.data_type for row in rows for cell in row if cell.value} == {"s"}
            assert "=HYPERLINK(1)" in {row[1].value for row in rows}
        viewed = await at.rows("SELECT 1 FROM events WHERE type LIKE '%roster_viewed%'")
        assert len(viewed) == 2


async def test_the_template_offers_the_bodies_and_roles_of_the_place(
    platform: Platform,
) -> None:
    async with town(platform) as at:
        office = at.person("office", body="ro")
        answer = await at.ask(office, "GET", "/roster-template.xlsx", params={"area": at.area})
        lists = load_workbook(io.BytesIO(answer.content))["选项"]
        words = {cell.value for row in lists.iter_rows() for cell in row}
        assert {b.zh for b in at.rules.pack.bodies} | {"公务员", "代办专员"} <= words


async def test_posts_are_filled_by_slot_and_the_gaps_are_shown_with_their_source(
    platform: Platform,
) -> None:
    async with town(platform, "roster") as at:
        office = at.person("office", body="ro")
        specialist = await at.add("housing", "specialist")

        async def vacant() -> dict[str, Any]:
            found = await at.get(office, "/vacancies")
            return {v["post"]: v for v in found["vacancies"]}

        gap = (await vacant())["specialist-housing"]
        assert gap["source"] and not gap["default"] and gap["missing"] == 1
        await at.say(
            office, "/posts", person=specialist.id, slot="specialist", duty_phone="0000-0000001"
        )
        assert "specialist-housing" not in await vacant()
        unit = at.person("applicant_lead")
        directory = await at.get(unit, "/directory")
        assert [(p["post"], p["duty_phone"]) for p in directory["posts"]] == [
            ("specialist-housing", "0000-0000001")
        ]
        assert specialist.id not in str(directory) and '000-0000001"' not in str(directory)


async def test_a_head_sees_his_body_and_the_office_the_place(platform: Platform) -> None:
    async with town(platform) as at:
        office, head = at.person("office", body="ro"), at.person("head", body="park_i")
        mine, other = await at.add("park_i", "agent"), await at.add("depts", "helper")
        position = (await at.say(office, "/posts", person=mine.id, slot="item_agents"))[
            "position"
        ]
        own = await at.get(head, "/staff", min_position=position)
        assert [row["person"] for row in own["rows"]] == [mine.id]
        everybody = await at.get(office, "/staff", min_position=position)
        assert {row["person"] for row in everybody["rows"]} == {mine.id, other.id}
        teams = await at.get(head, "/teams")
        assert [team["id"] for team in teams["teams"]] == ["park_i"]
        await at.ask(head, "GET", "/staff", 403, params={"area": at.area, "body": "depts"})


async def test_the_chief_changes_and_one_leads_at_any_time(platform: Platform) -> None:
    async with town(platform, "one_plus_n") as at:
        office = at.person("office", body="bureau")
        first, second = [await at.add("team", "chief_agent", "agent") for _ in range(2)]
        await at.say(office, "/teams/chiefs", person=first.id)
        changed = await at.say(office, "/teams/chiefs", person=second.id)
        assert changed["recorded"] == [
            "assignment.post_vacated.v1",
            "assignment.post_filled.v1",
            "assignment.chief_appointed.v1",
        ]
        team = next(t for t in (await at.get(office, "/teams"))["teams"] if t["id"] == "team")
        assert team["chief"] == second.id
        formed = await at.say(office, "/teams", team="team")
        assert formed["recorded"] == ["assignment.team_formed.v1"]
        history = await at.get(office, "/posts", min_position=formed["position"], post="chief")
        assert [(p["person"], p["vacated_on"] is None) for p in history["posts"]] == [
            (first.id, False),
            (second.id, True),
        ]


async def test_a_substitute_has_the_tasks_until_the_absent_one_is_back(
    platform: Platform,
) -> None:
    async with town(platform) as at:
        office, clerk = at.person("office", body="ro"), at.person("window_clerk", body="zone")
        away, there = await at.add("park_i", "agent"), await at.add("park_i", "agent")
        matter = await at.accept()
        await at.dispatch(matter, clerk, agent=away.id)
        today = at.world.today()
        tomorrow, last = today + timedelta(days=1), today + timedelta(days=3)
        await at.say(
            at.person("agent", body="park_i", id=away.id), "/absences", person=away.id,
            kind="sick", begins_on=str(tomorrow), ends_on=str(last), substitute=there.id,
        )  # fmt: skip
        warned = (await at.get(office, "/absences"))["absences"]
        assert [(a["tomorrow"], a["away"]) for a in warned] == [(True, False)]
        assert "sick" not in str(warned)

        async def lead() -> Any:
            return (await at.matter(matter, at.person("auditor")))["lead_agent"]

        assert await lead() == away.id
        at.world.advance(days=1)
        await at.world.eventually(lead, lambda who: who == there.id)
        listed = await at.get(office, "/staff")
        state = {row["person"]: row["why_not"] for row in listed["rows"]}
        assert state == {away.id: "absent", there.id: None}
        at.world.advance(days=3)
        await at.world.eventually(lead, lambda who: who == away.id)
        assert (await at.get(office, "/absences"))["absences"] == []


async def test_a_reserve_sees_what_is_handed_to_him_and_nothing_else(
    platform: Platform,
) -> None:
    async with town(platform, "one_plus_n") as at:
        chief = await at.add("team", "chief_agent")
        clerk = at.person("window_clerk", body="zone")
        agent, reserve = await at.add("team", "agent"), await at.add("team", "reserve_agent")
        mine, other = (
            await at.accept(site="elsewhere", facts={"site": "elsewhere", "flags": []}),
            await at.accept(site="elsewhere", facts={"site": "elsewhere", "flags": []}),
        )
        for id in (mine, other):
            await at.dispatch(id, clerk, agent=agent.id)
            await at.matter(id, reserve, 404)
        ends = at.world.today() + timedelta(days=21)
        begun = await at.say(
            chief, "/reserves", person=reserve.id, covers=agent.id, matters=[str(mine)],
            cause="absence", ends_on=str(ends), reason="顶岗三周",
        )  # fmt: skip

        async def agents() -> Any:
            return (await at.matter(mine, at.person("auditor")))["agents"]

        await at.world.eventually(agents, lambda found: found == [reserve.id])
        assert (await at.matter(mine, reserve))["lead_agent"] == reserve.id
        await at.matter(other, reserve, 404)
        acting = (await at.get(chief, "/reserves"))["reserves"]
        assert [(r["person"], r["acts"]) for r in acting] == [(reserve.id, True)]

        await at.say(
            chief, "/reserves/ends", activation=acting[0]["activation"], cause="returned"
        )
        assert await agents() == [agent.id]
        await at.matter(mine, reserve, 404)
        assert begun["recorded"] == ["assignment.reserve_activated.v1"]


async def test_who_was_never_trained_is_known_topic_by_topic(platform: Platform) -> None:
    async with town(platform) as at:
        office = at.person("office", body="ro")
        came, missed = await at.add("park_i", "agent"), await at.add("depts", "helper")
        held = await at.say(
            office, "/trainings", body="ro", topics=["policy"], title="业务培训"
        )
        await at.say(office, "/trainings/attendance", training=held["id"], persons=[came.id])
        found = await at.get(office, "/trainings/untrained")
        assert found["topics"]["policy"] == [missed.id]
        assert set(found["topics"]["business"]) == {came.id, missed.id}
