"""Which rules a new matter follows: drafts, dates, retirement, amendment, and the city's pack."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from contracts.pack import POLICIES
from services.intake.service.lookup import legal_today
from services.onebox.platform import Platform
from shared.effects import system_clock
from tests.integration.test_intake_service import CONTACTS, act, registered, requested
from tests.world import World, world

SHIPPED = POLICIES / "cn-500242-bangdaiban"


def changed(folder: Path, *pairs: tuple[str, str], name: str = "pack.yaml") -> None:
    """The shipped pack with some of its text changed, beside its demonstration people."""
    home = folder / SHIPPED.name
    text = (SHIPPED / "pack.yaml").read_text()
    for before, after in pairs:
        assert before in text, before
        text = text.replace(before, after, 1)
    (home / name).parent.mkdir(parents=True, exist_ok=True)
    (home / name).write_text(text)
    (home / "demo.yaml").write_text((SHIPPED / "demo.yaml").read_text())


DRAFT = ("status: in_force", "status: consultation_draft")


async def place_of(w: World) -> tuple[str, dict[str, Any]]:
    (place,) = await w.get("intake", "/places")
    path = f"/places/{place['id']}"
    return path, await w.until("intake", path, lambda p: p["registered"])


async def activated(w: World, path: str, body: dict[str, Any]) -> None:
    """One person asks for it and another does it."""
    await w.post("intake", f"{path}/activation-requests", body, "liaison", expect=200)
    await w.post("intake", f"{path}/activations", body, "office", expect=200)


async def refused(w: World, project: str) -> str:
    body = {"project": project, "area": w.area, **CONTACTS}
    answer = await w.post("intake", "/matters", body, "unit", expect=409)
    return str(answer.json()["reason"])


async def test_a_draft_is_followed_only_by_a_persons_word_and_says_that_it_is_one(
    platform: Platform, tmp_path: Path
) -> None:
    changed(tmp_path, DRAFT)
    today = legal_today(system_clock())
    async with world(platform, ["intake"], packs=tmp_path) as w:
        path, known = await place_of(w)
        (edition,) = known["registered"]
        assert known["active"] is None and known["in_force"] is None
        assert known["editions"][0]["validity"] == "draft"
        project = await registered(w)
        assert await refused(w, project) == "pack_is_draft"
        plain = {"edition": edition, "begins_on": today.isoformat()}
        await w.post("intake", f"{path}/activations", plain, "office", expect=409)
        word = plain | {"override": "经领导小组同意先行试行"}
        await w.post("intake", f"{path}/activations", word, "clerk", expect=403)
        mine = await w.post("intake", f"{path}/activation-requests", word, "office", expect=200)
        assert mine.json()["recorded"] == ["intake.pack_activation_asked.v1"]
        own = await w.post("intake", f"{path}/activations", word, "office", expect=403)
        assert own.json()["type"] == "urn:onefile:problem:four_eyes"
        assert (await w.get("intake", path))["activations_asked"][0]["override"] is True
        await activated(w, path, word)
        assert (await w.get("intake", path))["activations_asked"] == []
        known = await w.get("intake", path)
        assert known["in_force"] == edition
        assert known["activations"][0]["override"] is True
        await requested(w, project)


async def test_whoever_tries_drafts_out_says_so_for_the_whole_deployment(
    platform: Platform, tmp_path: Path
) -> None:
    changed(tmp_path, DRAFT)
    async with world(platform, ["intake"], packs=tmp_path, drafts=True) as w:
        path, _ = await place_of(w)
        known = await w.until("intake", path, lambda p: p["active"])
        assert known["in_force"] == known["active"]
        await requested(w, await registered(w))


async def test_an_expired_pack_takes_no_new_matter_and_says_why(
    platform: Platform, tmp_path: Path
) -> None:
    changed(tmp_path, ("  public: true", "  public: true\n  expires_on: 2024-12-31"))
    async with world(platform, ["intake"], packs=tmp_path) as w:
        _, known = await place_of(w)
        assert known["editions"][0]["validity"] == "expired"
        assert await refused(w, await registered(w)) == "pack_expired"


async def test_an_amended_pack_leaves_open_matters_on_their_stages_with_a_notice(
    platform: Platform, tmp_path: Path
) -> None:
    changed(tmp_path)
    changed(
        tmp_path,
        ("zh: 事后评价, owner", "zh: 满意度评价, owner"),
        ('version: "2023"', 'version: "2027"'),
        name="editions/2027.yaml",
    )
    today = legal_today(system_clock())
    async with world(platform, ["intake"], packs=tmp_path) as w:
        path, _ = await place_of(w)
        known = await w.until(
            "intake", path, lambda p: len(p["registered"]) == 2 and p["active"]
        )
        older = known["active"]
        newer = next(e for e in known["registered"] if e != older)
        matter = await requested(w, await registered(w))
        assert (await w.get("intake", f"/matters/{matter}"))["pack_notice"] is None

        amend = {"edition": newer, "amends": older, "reason": "总结经验"}
        await w.post("intake", f"{path}/amendments", amend, "office", expect=200)
        begins = {"edition": newer, "begins_on": today.isoformat()}
        await activated(w, path, begins)

        read = await w.get("intake", f"/matters/{matter}")
        assert (read["pack"], read["in_force"]) == (older, newer)
        assert "事后评价" in {stage["zh"] for stage in read["stages"]}
        assert "仍按受理时的方案版本" in read["pack_notice"]["zh"]
        fresh = await requested(w, await registered(w))
        after = await w.get("intake", f"/matters/{fresh}")
        assert after["pack"] == newer and after["pack_notice"] is None
        assert "满意度评价" in {stage["zh"] for stage in after["stages"]}

        moved = {"taken": newer, "reason": "项目单位要求"}
        await act(w, matter, "migration", moved, "office")
        read = await w.get("intake", f"/matters/{matter}")
        assert read["pack"] == newer and read["pack_notice"] is None
        assert "满意度评价" in {stage["zh"] for stage in read["stages"]}


async def test_a_retired_edition_is_left_to_its_open_matters(
    platform: Platform, tmp_path: Path
) -> None:
    changed(tmp_path)
    today = legal_today(system_clock())
    async with world(platform, ["intake"], packs=tmp_path) as w:
        path, _ = await place_of(w)
        known = await w.until("intake", path, lambda p: p["active"])
        matter, project = await requested(w, await registered(w)), await registered(w)
        retire = {
            "edition": known["active"],
            "ends_on": today.isoformat(),
            "reason": "方案到期",
        }
        await w.post("intake", f"{path}/retirements", retire, "office", expect=200)
        assert (await w.get("intake", path))["retired"] == {known["active"]: str(today)}
        assert await refused(w, project) == "pack_retired"
        await act(w, matter, "acceptance", {"body": "zone"})
        again = {"edition": known["active"], "begins_on": str(today + timedelta(days=0))}
        await activated(w, path, again)
        await requested(w, project)


async def test_a_county_without_a_pack_follows_its_city_under_its_own_numbers(
    platform: Platform, tmp_path: Path
) -> None:
    changed(
        tmp_path,
        ('code: "500242"', 'code: "500200"'),
        ("level: county", "level: city\n  applies_to_children: true"),
    )
    async with world(platform, ["intake"], packs=tmp_path) as w:
        (place,) = await w.get("intake", "/places")
        assert place["area"] == "500200"
        read = await w.get("intake", f"/matters/{await requested(w, await registered(w))}")
        assert read["area"] == w.area == "500242"
        assert read["number"].startswith("500242-")
        assert read["pack"] == read["in_force"]
