"""Papers over HTTP: printed from what is on record, and checked by anybody who scans the code."""

import io
from collections.abc import AsyncIterator
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from pypdf import PdfReader

from services.intake.service.lookup import legal_today
from services.onebox.platform import Platform
from shared.effects import system_clock
from shared.eventstore.postgres import connect
from tests.integration.test_intake_service import accepted, act, commission
from tests.world import World, world


@pytest.fixture(scope="module")
async def w(platform: Platform) -> AsyncIterator[World]:
    async with world(platform, ["intake"]) as made:
        yield made


async def printed(
    w: World, matter: str, form: str, person: str = "clerk", **query: Any
) -> bytes:
    client = w.client("intake", person)
    answer = await client.get(f"/matters/{matter}/papers/{form}.pdf", params=query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "private, no-store"
    return answer.content


def text_of(pdf: bytes) -> str:
    pages = PdfReader(io.BytesIO(pdf)).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def code_on(pdf: bytes) -> str:
    """The address in the QR code of the first page."""
    image = pypdfium2.PdfDocument(pdf)[0].render(scale=3).to_pil()
    found = zxingcpp.read_barcodes(image)
    assert len(found) == 1
    return str(found[0].text)


async def entrusted(w: World) -> str:
    matter = await accepted(w, handler_name="乙", handler_phone="000-0000002")
    await act(w, matter, "mode", {"mode": "agent"}, "unit")
    await act(w, matter, "scope", {})
    return matter


async def test_a_commission_is_printed_for_signing_with_its_four_points(w: World) -> None:
    matter = await entrusted(w)
    text = text_of(await printed(w, matter, "commission_written"))
    for said in (
        "测试公司",
        "代理人",
        "代理事项",
        "建设工程规划许可证",
        "代填表单",
        "代理期限",
    ):
        assert said in text
    assert "签署前打印" in text and "默认值" in text


async def test_a_filed_commission_is_printed_as_it_was_filed(w: World) -> None:
    matter = await entrusted(w)
    await act(w, matter, "commission", commission(w, agent_name="𠮷野·阿凡提"))
    pdf = await printed(w, matter, "commission_written")
    assert "𠮷野·阿凡提" in text_of(pdf) and "签署前打印" not in text_of(pdf)
    assert pdf == await printed(w, matter, "commission_written", "unit")
    assert f"{w.today().year}" in text_of(pdf)


async def test_a_receipt_lists_what_was_received(w: World) -> None:
    matter = await entrusted(w)
    await act(w, matter, "materials", {"material": "M01", "originals": 2, "copies": 1})
    text = text_of(await printed(w, matter, "material_receipt"))
    assert "原件合计2份" in text and "原件须退还" in text


async def test_the_code_on_a_paper_leads_to_the_record_behind_it(w: World) -> None:
    matter = await entrusted(w)
    await act(w, matter, "commission", commission(w))
    address = code_on(await printed(w, matter, "commission_written"))
    assert address.startswith(w.addresses["intake"] + "/check/intake.")
    path = address.removeprefix(w.addresses["intake"])
    stranger = w.client("intake")
    told = (await stranger.get(path)).json()
    assert told["genuine"] and told["kind"] == "intake.commission_filed.v1"
    assert told["leafhash"].startswith(told["code"].rsplit(".", 1)[1])
    page = await stranger.get(path, headers={"Accept": "text/html", "Accept-Language": "zh"})
    assert page.status_code == 200 and "授权委托" in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "<script" not in page.text
    for personal in ("测试公司", "戊", "000-0000001", w.person("agent").id):
        assert personal not in page.text and personal not in str(told)
    english = await stranger.get(path, headers={"Accept": "text/html", "Accept-Language": "en"})
    assert "This code is genuine" in english.text
    assert (await stranger.get(told["proof"])).status_code in (200, 404)


@pytest.mark.parametrize(
    "code",
    ["intake.1.0000000000000000", "intake.999999.0123456789abcdef", "archive.1.0123456789abcdef",
     "intake.0.0123456789abcdef", "intake.1.xyz", "x", "%3Cscript%3E", "intake.1",
     "intake.99999999999999999999.0123456789abcdef"],
)  # fmt: skip
async def test_a_code_that_is_wrong_or_forged_is_a_plain_404(w: World, code: str) -> None:
    stranger = w.client("intake")
    page = await stranger.get(f"/check/{code}", headers={"Accept": "text/html"})
    assert page.status_code == 404 and "查无此码" in page.text and "<script" not in page.text
    plain = await stranger.get(f"/check/{code}")
    assert plain.status_code == 404
    assert plain.headers["content-type"] == "application/problem+json"


async def test_a_paper_is_read_by_those_who_may_read_the_matter_and_on_record(w: World) -> None:
    matter = await entrusted(w)
    await printed(w, matter, "online_application", "clerk", language="en")
    for person, status in ((None, 401), ("other", 404), ("approver", 403)):
        path = f"/matters/{matter}/papers/online_application.pdf"
        answer = await w.client("intake", person).get(path)
        assert answer.status_code == status
    database = await connect(w.databases.services["intake"])
    reads = await database.fetch(
        "SELECT actor, purpose FROM reads WHERE stream = $1::uuid", matter
    )
    await database.close()
    assert [tuple(r) for r in reads] == [(w.person("clerk").id, "print online_application")]


async def test_papers_of_the_place_are_listed_and_others_are_not_there(w: World) -> None:
    matter = await entrusted(w)
    listed = (await w.get("intake", f"/matters/{matter}/papers"))["papers"]
    assert "commission_written" in {one["form"] for one in listed}
    for one in listed:
        await printed(w, matter, one["form"])
    client = w.client("intake", "clerk")
    for path in ("nothing.pdf", "..%2f.pdf", f"commission_written.pdf?of={matter}"):
        assert (await client.get(f"/matters/{matter}/papers/{path}")).status_code == 404


async def test_an_empty_form_is_printed_for_when_the_network_is_away(w: World) -> None:
    client = w.client("intake", "clerk")
    answer = await client.get("/papers/online_application.pdf", params={"area": w.area})
    assert answer.status_code == 200
    text = text_of(answer.content)
    assert "空白表" in text and "项目名称" in text and "本件尚无记录可供核验" in text
    for path, status in (("nothing.pdf", 404), ("online_application.pdf?area=1", 422)):
        found = await client.get(
            f"/papers/{path}", params=None if "?" in path else {"area": w.area}
        )
        assert found.status_code == status, path
    foreign = await client.get("/papers/online_application.pdf", params={"area": "990100"})
    assert foreign.status_code == 404


async def test_an_empty_form_bears_a_number_that_is_entered_later_with_the_paper(
    w: World,
) -> None:
    """The network is away: paper goes on, and nothing is numbered twice (HS-51, X-01)."""
    year = legal_today(system_clock()).year
    wish = {"area": w.area, "series": "agreement", "year": year, "count": 2}
    await w.post("intake", "/number-preprints", {**wish, "year": year + 5}, expect=409)
    none = await w.post(
        "intake", "/number-preprints", {**wish, "series": "register"}, expect=409
    )
    assert none.json()["reason"] == "not_numbered_here"
    await w.post("intake", "/number-preprints", wish, "unit", expect=(403, 404))
    await w.post("intake", "/number-preprints", wish, expect=201)
    found = await w.get("intake", "/numbers", area=w.area, year=year, series="agreement")
    first, second = found["preprinted"]
    client, path = w.client("intake", "clerk"), "/papers/commission_written.pdf"
    blank = await client.get(path, params={"area": w.area, "number": first})
    assert blank.status_code == 200
    serial = first.rsplit("-", 1)[1]
    assert f"{year}年第{serial}号" in text_of(blank.content)
    assert (
        await client.get(path, params={"area": w.area, "number": "1-2-3"})
    ).status_code == 422
    matter = await accepted(w)
    await act(w, matter, "mode", {"mode": "agent"}, "unit")
    await act(w, matter, "scope", {"items": ["S1-01"]})
    await act(w, matter, "commission", commission(w, number=second))
    assert (await w.get("intake", f"/matters/{matter}"))["commission"]["number"] == second
    other = await accepted(w)
    await act(w, other, "mode", {"mode": "agent"}, "unit")
    await act(w, other, "scope", {"items": ["S1-01"]})
    used = await act(w, other, "commission", commission(w, number=second), expect=409)
    assert used["reason"] == "number_not_preprinted"
    gone = await client.get(path, params={"area": w.area, "number": second})
    assert gone.status_code == 409
