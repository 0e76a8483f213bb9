"""Personal data restricted, erased and corrected: by two people, for good, with every proof intact."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest
from typer.testing import CliRunner

from contracts.assignment import StaffAdded
from contracts.event import Personal
from contracts.intake import ServiceRequested
from services.archive.service import SPEAKERS
from services.onebox import protection
from services.onebox.platform import Platform
from shared.effects import new_id
from shared.eventstore.forgetting import (
    Erasure,
    ErasureList,
    Forgetting,
    ListNotWritable,
    Protection,
)
from shared.eventstore.reading import read_personal
from shared.runtime import Floor
from tests.integration.archive_scene import Scene, Speaker
from tests.world import world

pytestmark = pytest.mark.attack
ARCHIVIST, OFFICE, APPROVER, CLERK, AGENT = (
    f"500242/{key}" for key in ("archivist", "office", "approver", "clerk", "agent")
)
WRONG = {
    "protection": "erase",
    "of": "applicant",
    "ground": "wrong_subject",
    "reason": "录错了人",
}


@pytest.fixture(scope="module")
async def stage(platform: Platform) -> AsyncIterator[Scene]:
    speakers = {name: Speaker(name) for name in SPEAKERS}
    async with world(platform, [*(s.spec() for s in speakers.values()), "archive"]) as w:
        yield Scene(w, speakers, 0)


@pytest.fixture
async def s(stage: Scene) -> Scene:
    return await stage.opened()


def floor_of(s: Scene, store: str = "intake") -> Floor:
    return s.speakers[store].floors[0]


async def names(s: Scene, stream: UUID | None = None) -> dict[str, Any]:
    """What intake can still read of a stream, event by event."""
    floor = floor_of(s)
    found = await read_personal(
        floor.log, floor.keeper, stream or s.matter, actor="p:test", purpose="test"
    )
    return {k: v for said in found.values() for k, v in said.items()}


async def proposed(s: Scene, body: dict[str, Any], person: str = ARCHIVIST) -> str:
    await s.w.post("archive", f"{s.path}/protections", body, person, expect=200)
    read = await s.w.get("archive", f"{s.path}/protections", ARCHIVIST)
    return str(read["decisions"][-1]["decision"])


async def approve(s: Scene, decision: str, person: str = OFFICE) -> httpx.Response:
    return await s.w.post("archive", f"{s.path}/protections/{decision}/approval", {}, person)


async def rows_of(s: Scene, store: str, stream: UUID) -> int:
    connection = await asyncpg.connect(s.w.databases.services[store])
    try:
        return int(
            await connection.fetchval(
                "SELECT count(*) FROM read_disclosures_v1($1)",
                await _noted(connection, stream),
            )
        )
    finally:
        await connection.close()


async def _noted(connection: Any, stream: UUID) -> UUID:
    read = new_id()
    await connection.execute("SELECT begin_read_v1($1, 'p:test', 'count', $2)", read, stream)
    return read


async def test_two_people_erase_and_nothing_can_be_read_any_more(s: Scene) -> None:
    assert await names(s) == {"lead_name": "甲", "lead_phone": "000-0001"}
    decision = await proposed(s, WRONG)
    same = await approve(s, decision, ARCHIVIST)
    assert (same.status_code, same.json()["type"]) == (403, "urn:onefile:problem:four_eyes")
    assert await names(s) != {}
    assert (await approve(s, decision)).status_code == 200
    assert await names(s) == {}
    assert await names(s, s.project) == {"name": "测试项目", "unit": "测试公司"}
    await s.w.eventually(lambda: rows_of(s, "intake", s.matter), lambda n: n == 0)
    found = await s.w.get("archive", f"{s.path}/verification", "auditor")
    assert found["verdict"] == "valid", found
    # told to whoever listens, with the digests and no word of anybody
    said = await s.w.client("archive", "auditor").get("/log/messages")
    told = [json.loads(line) for line in said.text.splitlines() if "disclosures_erased" in line]
    fact = told[-1]["data"]["fact"]
    assert len(fact["digests"]) == 2
    assert fact["approved_by"] == [s.w.person(p).id for p in (ARCHIVIST, OFFICE)]
    assert "甲" not in said.text


async def test_said_twice_it_is_once_and_rejected_it_is_not_done(s: Scene) -> None:
    decision = await proposed(s, WRONG)
    assert await proposed(s, WRONG) == decision
    rejected = f"{s.path}/protections/{decision}/rejection"
    await s.w.post("archive", rejected, {"reason": "查无此事"}, OFFICE, expect=200)
    after = await approve(s, decision, APPROVER)
    assert (after.status_code, after.json()["reason"]) == (409, "decision_settled")
    assert await names(s) != {}
    again = await proposed(s, WRONG)
    assert again != decision
    for _ in range(2):
        assert (await approve(s, again)).status_code == 200
    once = await s.w.post("archive", f"{s.path}/protections", WRONG, ARCHIVIST)
    assert (once.status_code, once.json()["reason"]) == (409, "nothing_kept")


async def test_a_restored_key_database_and_store_are_emptied_again(s: Scene) -> None:
    """The keys and the rows come back, as from a backup of yesterday; a start takes them away."""
    keys = await asyncpg.connect(s.w.databases.keys)
    owner = await asyncpg.connect(floor_of(s).settings.dsn())
    kept_keys = await keys.fetch("SELECT * FROM data_keys WHERE stream = $1", s.matter)
    read = await _noted(owner, s.matter)
    kept_rows = await owner.fetch("SELECT * FROM read_disclosures_v1($1)", read)
    decision = await proposed(s, WRONG)
    assert (await approve(s, decision)).status_code == 200
    await s.w.eventually(lambda: rows_of(s, "intake", s.matter), lambda n: n == 0)
    await _restored(s, kept_keys, kept_rows)
    assert await names(s) == {"lead_name": "甲", "lead_phone": "000-0001"}  # it is back

    floor = floor_of(s)
    pool = floor.protection._keys
    listed = floor.settings.erasure_list()
    assert await Protection(pool, listed).again() >= 1
    starting = Forgetting("intake", floor.log.pool, pool, s.w.databases.keys, floor.keeper)
    await starting.catch_up()
    assert await names(s) == {}
    assert await rows_of(s, "intake", s.matter) == 0
    await keys.close()
    await owner.close()


async def _restored(s: Scene, kept_keys: list[Any], kept_rows: list[Any]) -> None:
    """What a restore does: a superuser puts yesterday's rows back past every trigger."""
    admin = await _admin(s, s.w.databases.keys)
    await admin.execute("SET session_replication_role = replica")
    await admin.execute("ALTER TABLE data_keys DISABLE TRIGGER ALL")
    await admin.execute("ALTER TABLE erased DISABLE TRIGGER ALL")
    for row in kept_keys:
        await admin.execute(
            "UPDATE data_keys SET wrapped = $2, destroyed = NULL WHERE id = $1",
            row["id"], row["wrapped"],
        )  # fmt: skip
    await admin.execute("DELETE FROM erased")
    await admin.execute("ALTER TABLE data_keys ENABLE TRIGGER ALL")
    await admin.execute("ALTER TABLE erased ENABLE TRIGGER ALL")
    await admin.close()
    store = await _admin(s, s.w.databases.services["intake"])
    for row in kept_rows:
        await store.execute(
            "INSERT INTO disclosures (event, digest, subject, data_key, ciphertext)"
            " VALUES ($1, $2, $3, $4, $5)", *row.values(),
        )  # fmt: skip
    await store.close()


async def _admin(s: Scene, dsn: str) -> Any:
    name = dsn.rpartition("/")[2]
    return await asyncpg.connect(f"{PLATFORM['dsn'].rpartition('/')[0]}/{name}")


PLATFORM: dict[str, str] = {}


@pytest.fixture(autouse=True)
def known_platform(platform: Platform) -> None:
    PLATFORM["dsn"] = platform.pg_dsn()


async def test_a_destroyed_key_never_comes_back_by_the_services_own_login(s: Scene) -> None:
    decision = await proposed(s, WRONG)
    await approve(s, decision)
    keys = await asyncpg.connect(s.w.databases.keys)
    for attempt in (
        "UPDATE data_keys SET wrapped = 'x', destroyed = NULL WHERE stream = $1",
        "DELETE FROM data_keys WHERE stream = $1",
        "DELETE FROM erased WHERE decision = $1",
    ):
        with pytest.raises(asyncpg.PostgresError):
            await keys.execute(attempt, s.matter)
    await keys.close()


async def test_new_data_after_an_erasure_are_sealed_with_a_new_key(s: Scene) -> None:
    await approve(s, await proposed(s, WRONG))
    await s.w.eventually(lambda: rows_of(s, "intake", s.matter), lambda n: n == 0)
    await s.request()
    assert await names(s) == {"lead_name": "甲", "lead_phone": "000-0001"}


async def test_restricted_data_are_read_with_a_reason_alone_and_lifted_again(s: Scene) -> None:
    body = {"protection": "restrict", "of": "applicant", "ground": "disputed", "reason": "异议"}
    assert (await approve(s, await proposed(s, body))).status_code == 200
    assert await names(s) == {}
    path = f"/log/restricted/{s.matter}"
    client = s.w.client("intake", ARCHIVIST)
    assert (await client.get(path)).status_code == 422
    reason = {"reason": "法院调取 2026-17"}
    assert (await s.w.client("intake", CLERK).get(path, params=reason)).status_code == 403
    found = (await client.get(path, params=reason)).json()
    assert [one["lead_name"] for one in found["events"].values()] == ["甲"]
    looks = await s.w.get("intake", "/log/reads", "auditor", stream=str(s.matter))
    assert ("restricted: 法院调取 2026-17", s.w.person(ARCHIVIST).id) in [
        (look["purpose"], look["actor"]) for look in looks["reads"]
    ]
    lift = {"protection": "lift", "of": "applicant", "ground": "ground_ended", "reason": "已核"}
    assert (await approve(s, await proposed(s, lift))).status_code == 200
    assert (await names(s))["lead_name"] == "甲"


async def test_a_restriction_holds_for_streams_that_begin_after_it(s: Scene) -> None:
    body = {"protection": "restrict", "of": "applicant", "ground": "disputed", "reason": "异议"}
    decision = await proposed(s, body)
    assert (await approve(s, decision)).status_code == 200
    later, others = new_id(), s.another()
    await s.request()  # the same stream, sealed with the restricted key
    await s.say("intake", new_request(s), stream=later)
    await s.w.eventually(lambda: names(s, later), lambda said: said == {})
    assert await names(s) == {}
    reason = {"reason": "法院调取 2026-18"}
    found = await s.w.client("intake", ARCHIVIST).get(f"/log/restricted/{later}", params=reason)
    assert [one["lead_name"] for one in found.json()["events"].values()] == ["乙"]
    # on record: the same decision, the same two people, the further key
    said = await s.w.client("archive", "auditor").get("/log/messages")
    told = [json.loads(line) for line in said.text.splitlines() if decision in line]
    facts = [one["data"]["fact"] for one in told if "processing_restricted" in one["type"]]
    assert len(facts) == 2 and len(facts[1]["keys"]) == 1
    assert facts[0]["approved_by"] == facts[1]["approved_by"]
    # another matter of the same project is not touched
    await others.request()
    await others.file(1)
    assert (await names(others))["lead_name"] == "甲"
    lift = {"protection": "lift", "of": "applicant", "ground": "ground_ended", "reason": "已核"}
    assert (await approve(s, await proposed(s, lift))).status_code == 200
    assert (await names(s, later))["lead_name"] == "乙"
    third = new_id()
    await s.say("intake", new_request(s), stream=third)
    await s.file(4)
    assert (await names(s, third))["lead_name"] == "乙"


def new_request(s: Scene) -> ServiceRequested:
    return ServiceRequested(
        number=s.number, applicant=s.w.person("unit").id,
        lead_name=Personal("乙"), lead_phone=Personal("000-0002"),
    )  # fmt: skip


async def test_a_corrected_name_is_read_as_it_is_now_and_the_old_digest_stays(s: Scene) -> None:
    floor = floor_of(s)
    event = (await floor.log.history(s.matter))[0].id
    body = {
        "protection": "correct", "of": "applicant", "ground": "inaccurate", "reason": "笔误",
        "event": str(event), "member": "lead_name", "value": "乙",
    }  # fmt: skip
    unknown = await s.w.post(
        "archive", f"{s.path}/protections", body | {"member": "number"}, ARCHIVIST
    )
    assert unknown.json()["reason"] == "field_unknown"
    before = (await floor.log.history(s.matter))[0].fact
    assert (await approve(s, await proposed(s, body))).status_code == 200
    assert await names(s) == {"lead_name": "乙", "lead_phone": "000-0001"}
    assert (await floor.log.history(s.matter))[0].fact == before
    await approve(s, await proposed(s, WRONG))
    assert await names(s) == {}


async def test_one_person_of_a_register_is_erased_without_the_others(s: Scene) -> None:
    """A roster's people have a key each, and so a matter's stewards."""
    people = [f"p:{new_id()}" for _ in range(2)]
    for person in people:
        await s.say("assignment", staff(person))
    floor = floor_of(s, "assignment")
    keys = floor.protection
    both = await keys.keys_of([s.matter], "staff", None)
    one = await keys.keys_of([s.matter], "staff", people[0])
    assert len(both) == 2
    assert len(one) == 1
    await s.file(3)
    body = WRONG | {"of": "staff", "person": people[0]}
    assert (await approve(s, await proposed(s, body))).status_code == 200
    found = await read_personal(
        floor.log, floor.keeper, s.matter, actor="p:test", purpose="test"
    )
    assert [said for said in found.values() if said] == [{"name": "甲"}]


async def test_somebody_on_the_roster_is_erased_from_it_and_nobody_else(s: Scene) -> None:
    people, roster = [f"p:{new_id()}" for _ in range(2)], new_id()
    for person in people:
        await s.say("assignment", staff(person), stream=roster, matter=None, project=None)
    register = (await s.w.get("archive", "/registers", ARCHIVIST))["registers"]["assignment"]
    path = f"/matters/{register}/protections"
    body = WRONG | {"of": "staff", "ground": "retention_expired"}

    async def asked() -> httpx.Response:
        return await s.w.post("archive", path, body | {"person": people[0]}, ARCHIVIST)

    await s.w.eventually(asked, lambda answer: answer.status_code == 200)
    whole = await s.w.post("archive", path, body, ARCHIVIST)
    assert whole.status_code == 404  # of everybody at once: never
    read = await s.w.get("archive", path, "auditor")
    decision = read["decisions"][-1]["decision"]
    approved = await s.w.post("archive", f"{path}/{decision}/approval", {}, OFFICE)
    assert approved.status_code == 200, approved.text
    floor = floor_of(s, "assignment")
    found = await read_personal(floor.log, floor.keeper, roster, actor="p:test", purpose="test")
    assert [said for said in found.values() if said] == [{"name": "甲"}]


def staff(person: str) -> StaffAdded:
    return StaffAdded(
        person=person, body="hall", body_kind="hall", roles=("agent",), name=Personal("甲")
    )


@pytest.mark.parametrize(
    ("change", "person", "status", "why"),
    [
        ({}, AGENT, 404, None),
        ({"ground": "disputed"}, ARCHIVIST, 409, "ground_does_not_fit"),
        ({"ground": "retention_expired"}, ARCHIVIST, 409, "matter_still_open"),
        ({"of": "visitor"}, ARCHIVIST, 409, "nothing_kept"),
        ({"member": "lead_name"}, ARCHIVIST, 409, "only_a_correction_names_a_field"),
        ({"of": "everybody"}, ARCHIVIST, 422, None),
        ({"reason": ""}, ARCHIVIST, 422, None),
    ],
)
async def test_what_the_law_does_not_give_is_refused(
    s: Scene, change: dict[str, str], person: str, status: int, why: str | None
) -> None:
    answer = await s.w.post("archive", f"{s.path}/protections", WRONG | change, person)
    assert (answer.status_code, answer.json().get("reason")) == (status, why), answer.text
    if why:
        assert answer.json()["details"]["remedy"]


async def test_without_a_list_outside_nothing_is_destroyed(s: Scene, tmp_path: Path) -> None:
    floor = floor_of(s)
    keys = await floor.protection.keys_of([s.matter], "applicant", None)
    unlisted = Protection(floor.protection._keys, ErasureList(tmp_path / "no" / "erased.list"))
    with pytest.raises(ListNotWritable, match="ONEFILE_ERASURES"):
        await unlisted.erase(Erasure(new_id(), tuple(keys), ()))
    assert (await names(s))["lead_name"] == "甲"


async def test_two_officers_erase_at_the_command_line(s: Scene, tmp_path: Path) -> None:
    state = {"addresses": s.w.addresses, "issuer": s.w.addresses["issuer"]}
    (tmp_path / "box.json").write_text(json.dumps(state))

    async def run(*words: str) -> tuple[int, str]:
        told = [words[0], s.number, *words[1:], "--home", str(tmp_path)]
        done = await asyncio.to_thread(CliRunner().invoke, protection.main, told)
        return done.exit_code, done.output

    code, said = await run("erase", "--reason", "录错了人", "--as", ARCHIVIST)
    assert (code, said.split()[5]) == (0, "pending"), said
    decision = said.split()[0]
    code, said = await run("erase", "--approve", decision, "--as", ARCHIVIST)
    assert (code, "four_eyes" in said, "另一位" in said) == (2, True, True), said
    assert (await run("erase", "--approve", decision, "--as", OFFICE))[0] == 0
    code, said = await run("erase", "--list", "--as", ARCHIVIST)
    assert (code, said.split()[5]) == (0, "approved"), said
    assert await names(s) == {}
    assert (await run("restrict", "--as", ARCHIVIST))[0] == 2


def test_the_list_of_erasures_survives_a_torn_line(tmp_path: Path) -> None:
    listed = ErasureList(tmp_path / "erased.list")
    first, second = (Erasure(UUID(int=n), (UUID(int=9),), ("a" * 43,)) for n in (1, 2))
    listed.add(first)
    with listed.file.open("a") as out:
        out.write('{"decision": "0000')
    listed.add(second)
    assert list(listed.all()) == [first, second]
