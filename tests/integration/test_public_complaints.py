"""Anybody complains at the console without an account, and follows it by a receipt alone."""

import re
from pathlib import Path
from typing import Any

import httpx

from services.evaluation.service import office_of
from services.onebox.platform import Platform
from shared.effects import new_id
from tests.integration.evaluation_scene import Place, place
from tests.integration.test_public_page import browser

WORDS = "有人索要好处，测试投诉"
NAME, PHONE = "测试甲", "000-0000001"


def hidden(text: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    assert found, name
    return found[1]


async def sent(anybody: httpx.AsyncClient, at: Place, **more: str) -> httpx.Response:
    """The form as a browser sends it."""
    page = (await anybody.get("/complain", params={"area": at.world.area})).text
    said = {name: hidden(page, name) for name in ("_csrf", "_key", "area")}
    return await anybody.post(
        "/complain", data={**said, "kind": "conduct", "words": WORDS, **more}
    )


def receipt_in(answer: httpx.Response) -> str:
    found = re.search(r'id="receipt">([A-Z2-7-]{19})<', answer.text)
    assert answer.status_code == 200 and found, answer.text
    return found[1]


async def looked_up(anybody: httpx.AsyncClient, receipt: str) -> httpx.Response:
    csrf = hidden((await anybody.get("/complain")).text, "_csrf")
    return await anybody.post("/complain/followed", data={"_csrf": csrf, "receipt": receipt})


async def complaints(at: Place, who: str) -> list[dict[str, Any]]:
    found = await at.world.get("evaluation", "/tasks", who, area=at.world.area)
    return list(found["complaints"])


async def test_probity_goes_to_discipline_alone_and_is_followed_to_its_answer(
    platform: Platform, tmp_path: Path
) -> None:
    async with place(platform) as at, browser(at, tmp_path, "zh") as anybody:
        assert "/complain" in (await anybody.get("/public")).text
        assert "/complain" in (await anybody.get("/sign-in")).text
        once = {"kind": "probity", "complainant": NAME, "contact": PHONE, "_key": str(new_id())}
        first = await sent(anybody, at, **once)
        receipt = receipt_in(first)
        assert "已转纪检监察机关" in first.text
        assert receipt_in(await sent(anybody, at, **once)) == receipt

        async def open_ones() -> Any:
            return await complaints(at, "discipline")

        (complaint,) = await at.world.eventually(open_ones)
        assert (complaint["to_body"], complaint["kind"]) == ("discipline", "probity")
        for nobody in ("office", "evaluator"):
            assert await complaints(at, nobody) == []
        log = await at.world.client("evaluation", "auditor").get("/log/messages")
        for sealed in (WORDS, NAME, PHONE, receipt):
            assert sealed not in log.text
        one = f"/complaints/{complaint['complaint']}"
        area = {"area": at.world.area}
        read = await at.world.get("evaluation", one, "discipline", **area)
        assert (read["words"], read["complainant"], read["contact"]) == (WORDS, NAME, PHONE)
        for stranger in ("office", "auditor", "agent", "unit"):
            refused = await at.world.client("evaluation", stranger).get(one, params=area)
            assert refused.status_code in (403, 404), stranger
        elsewhere = await at.world.client("evaluation", "discipline").get(
            one, params={"area": "990100"}
        )
        assert elsewhere.status_code in (403, 404)
        reads = await at.world.get(
            "evaluation", "/log/reads", "auditor", stream=office_of(at.world.area)
        )
        assert f"complaint: GET {one}" in str(reads)
        told = await looked_up(anybody, receipt.replace("-", " ").lower())
        assert told.status_code == 200 and "核查中" in told.text and "纪检监察机关" in told.text

        reply = {
            "area": at.world.area, "complaint": complaint["complaint"], "verdict": "upheld",
            "answer": "已查实并处理",
        }  # fmt: skip
        path = "/complaints/answers"
        await at.world.post("evaluation", path, reply, "office", expect=409)
        await at.world.post("evaluation", path, reply, "discipline", expect=(200, 201))

        async def answered() -> Any:
            text = (await looked_up(anybody, receipt)).text
            return text if "已查实并处理" in text else None

        assert "成立" in await at.world.eventually(answered)


async def test_an_unnamed_complaint_goes_to_a_body_that_has_no_part_in_it(
    platform: Platform, tmp_path: Path
) -> None:
    async with place(platform) as at, browser(at, tmp_path, "en") as anybody:
        known = (await at.world.client("evaluation").get("/public/places")).json()["places"]
        (here,) = [one for one in known if one["area"] == at.world.area]
        meant = {one["id"] for one in here["bodies"]}
        for body in sorted(meant)[:3]:
            answer = await sent(anybody, at, body=body)
            assert "Your complaint is taken in" in answer.text
            told = await at.world.client("evaluation").get(
                f"/public/complaints/{receipt_in(answer)}"
            )
            assert told.json()["to"] != body and told.json()["due_on"]
            assert told.headers["cache-control"] == "no-store"
        log = await at.world.client("evaluation", "auditor").get("/log/messages")
        said = [line for line in log.text.splitlines() if "complaint_received" in line]
        assert len(said) == 3 and all('"s:evaluation"' in line for line in said)


async def test_what_is_not_ours_not_whole_or_too_much_is_refused_in_words(
    platform: Platform, tmp_path: Path
) -> None:
    async with place(platform) as at, browser(at, tmp_path, "zh") as anybody:
        forged = await anybody.post("/complain", data={"area": at.world.area, "words": WORDS})
        assert forged.status_code == 403
        unknown = await sent(anybody, at, body="nowhere")
        assert unknown.status_code == 409 and "本地方案没有该单位" in unknown.text
        assert WORDS in unknown.text, "what was typed is still there"
        empty = await sent(anybody, at, words="", kind="")
        assert empty.status_code == 422 and "请填写" in empty.text
        for wrong in ("ABCD-EFGH-IJKL-MNOP", "<script>"):
            none = await looked_up(anybody, wrong)
            assert none.status_code == 404 and "没有这个回执编号" in none.text
            assert "<script>alert" not in none.text and 'value="<' not in none.text
        answers = [await sent(anybody, at) for _ in range(4)]
        assert [one.status_code for one in answers] == [200, 200, 200, 429]
        assert "过于频繁" in answers[-1].text and WORDS in answers[-1].text
        to = {"area": at.world.area, "kind": "fee", "words": WORDS, "to": "hall"}
        chosen = await at.world.client("evaluation").post(
            "/public/complaints", json=to, headers={"Idempotency-Key": str(new_id())}
        )
        assert chosen.status_code == 422
