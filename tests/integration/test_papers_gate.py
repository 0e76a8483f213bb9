"""Nothing is filed one minute after its papers ended: intake and supervision together (X-03)."""

from collections.abc import AsyncIterator
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from services.onebox.people import demos
from services.onebox.platform import Platform
from shared.clock import LEGAL_ZONE
from tests.integration.agreed_place import agreed_place
from tests.integration.stand_in import Serving
from tests.integration.test_intake_agreements import advance_to, agreed, today
from tests.integration.test_intake_service import PAPER, act
from tests.world import World, home_of, world

ITEM = "S1-01"


@pytest.fixture(scope="module")
async def w(
    platform: Platform, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[World]:
    packs = agreed_place(tmp_path_factory.mktemp("packs"))
    serving = Serving(home_of(demos(packs)).person("agent").id).spec
    async with world(platform, [serving, "intake", "supervision"], packs=packs) as made:
        yield made


async def ready_to_file(w: World, ends_on: date) -> str:
    """Agreed, commissioned until `ends_on`, papers whole, form confirmed, planned."""
    matter = await agreed(w)
    commission = {
        "agent": w.person("agent").id,
        "items": [ITEM],
        "powers": ["fill_forms", "submit", "collect"],
        "begins_on": today(w),
        "ends_on": ends_on,
        "signed_on": today(w),
        "signing": "seal",
        "agent_name": "戊",
        "principal": "测试公司",
        "signatory": "甲",
        "paper": PAPER,
    }
    await act(w, matter, "commission", commission)
    await act(w, matter, "materials", {"material": "M01", "originals": 1}, "agent")
    await act(w, matter, "forms", {"item": ITEM, "content": PAPER}, "agent")
    confirmed = {"item": ITEM, "draft": 1, "confirmed_by": "甲"}
    await act(w, matter, "form-confirmations", confirmed, "unit")
    await w.until("supervision", f"/matters/{matter}", lambda m: m["plan"])
    return matter


async def file_it(w: World, matter: str, expect: int) -> Any:
    path = f"/matters/{matter}/items/{ITEM}/submission"
    seen = await w.version("supervision", path, "auditor")
    answer = await w.post("supervision", path, {}, "agent", if_match=seen, expect=expect)
    return answer.json()


async def test_filing_one_minute_after_the_end_of_the_agreement_is_refused(w: World) -> None:
    far = today(w) + timedelta(days=300)
    one, other = await ready_to_file(w, far), await ready_to_file(w, far)
    await file_it(w, one, 200)
    await act(w, other, "agreement-end", {"reason": "改为自行办理"}, "unit")
    w.advance(minutes=1)
    refused = await file_it(w, other, 409)
    assert refused["reason"] == "agreement_not_in_force"
    assert refused["details"]["rule"] == "modes.agent.papers.agreement"


async def test_filing_one_minute_after_the_end_of_the_commission_is_refused(w: World) -> None:
    matter = await ready_to_file(w, today(w) + timedelta(days=300))
    await act(w, matter, "commission-end", {"reason": "收回委托"}, "unit")
    w.advance(minutes=1)
    assert (await file_it(w, matter, 409))["reason"] == "no_commission"


async def test_a_commission_expires_at_midnight_of_the_legal_day(w: World) -> None:
    last = today(w) + timedelta(days=1)
    one, other = await ready_to_file(w, last), await ready_to_file(w, last)
    midnight = datetime.combine(last + timedelta(days=1), time(), LEGAL_ZONE)
    advance_to(w, midnight - timedelta(seconds=60))
    await file_it(w, one, 200)
    advance_to(w, midnight + timedelta(seconds=1))
    refused = await file_it(w, other, 409)
    assert refused["reason"] in ("commission_not_in_force", "no_commission")
