"""What tests of the front door share: one place, its people, and how they ask."""

import shutil
from datetime import datetime, time
from pathlib import Path
from typing import Any

import yaml

from contracts.edition import read_data
from contracts.pack import POLICIES
from services.intake.service.lookup import legal_today
from services.onebox.people import Person
from shared.clock import LEGAL_ZONE
from shared.effects import new_id
from tests.world import World

SHIPPED = POLICIES / "cn-500242-bangdaiban" / "pack.yaml"
DOC = {"sha256": "a" * 64, "size": 1024, "media_type": "application/pdf", "name": "凭据.pdf"}
HERE = {"site": "elsewhere"}


def place(folder: Path, id: str) -> Path:
    """The pack of one of the places, in force here, with the demonstration people put there."""
    pack = POLICIES / id / "pack.yaml"
    area = read_data(pack)["jurisdiction"]["code"]
    shutil.copytree(pack.parent, folder / id)
    issued = pack.read_text()
    for draft in ("consultation_draft", "discussion_draft"):
        issued = issued.replace(f"status: {draft}", "status: in_force")
    (folder / id / "pack.yaml").write_text(issued)
    text = (SHIPPED.parent / "demo.yaml").read_text()
    shipped = read_data(SHIPPED)["jurisdiction"]["code"]
    (folder / id / "demo.yaml").write_text(text.replace(shipped, area))
    return folder


def eager(folder: Path) -> Path:
    """The shipped pack, with automatic help and a list brought before anyone applies."""
    pack = read_data(SHIPPED)
    source = {"src": "建设单位无需委托，所有建设项目自动纳入帮办"}
    for mode in pack["modes"]:
        if mode["id"] == "assist":
            mode["enrol"] = "automatic"
    pack["proactive"] = [
        {
            "id": "checklist", "zh": "批前服务清单", "what": "pre_approval_checklist",
            "when": {"flag": ["newly_settled"]}, "at": "ProjectRegistered",
            "via": ["online", "offline"], "once": True, **source,
        },
        {
            "id": "policy", "zh": "政策找人", "what": "policy_push",
            "when": {"flag": ["attracted_investment"]}, "at": "NoticePublished",
            "via": ["online"], "once": False, **source,
        },
        {
            "id": "visit", "zh": "服务上门", "what": "service_visit", "at": "PolicyPushed",
            "via": ["offline"], "once": False, **source,
        },
    ]  # fmt: skip
    for question in pack["open"]:
        question["paths"] = [path for path in question["paths"] if path != "proactive"]
    pack["open"] = [question for question in pack["open"] if question["paths"]]
    (folder / "a").mkdir()
    (folder / "a" / "pack.yaml").write_text(yaml.safe_dump(pack, allow_unicode=True))
    (folder / "a" / "demo.yaml").write_text((SHIPPED.parent / "demo.yaml").read_text())
    return folder


async def ask(
    w: World, path: str, body: Any = None, person: str = "clerk", expect: int = 200
) -> Any:
    return (await w.post("intake", path, body, person, expect=expect)).json()


async def received(w: World, person: str = "clerk", **known: Any) -> str:
    made = await ask(
        w, "/contacts", {"area": w.area, "channel": "window", **known}, person, 201
    )
    return str(made["id"])


async def registered(w: World, expect: int = 201, **more: Any) -> Any:
    known = {k: v for k, v in w.demo.projects["factory"].items() if k != "code"}
    facts = {**known["facts"], **more.pop("facts", {})}
    return await ask(
        w, "/projects", {**known, "area": w.area, "facts": facts, **more}, expect=expect
    )


def stranger(w: World, *roles: str, area: str = "990100") -> str:
    """The key of a new person with these posts."""
    key = new_id().hex
    made = Person(
        key=key, id=f"p:{new_id()}", zh="路人", post="无", roles=roles, areas=(area,),
        bodies=("zone",),
    )  # fmt: skip
    w.issuer.people += (made,)
    return key


def is_working(w: World) -> bool:
    from shared.packs import Packs

    return Packs.load(None).for_area(w.area).calendar.is_working(legal_today(w.clock()))


def next_working(w: World, hour: int = 10) -> datetime:
    from shared.packs import Packs

    calendar = Packs.load(None).for_area(w.area).calendar
    day = calendar.next_working_day(legal_today(w.clock()))
    return datetime.combine(day, time(hour), LEGAL_ZONE)
