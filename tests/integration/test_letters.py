"""Letters to departments that do not log in: printed with a reply slip, and checked by anybody."""

import io
from collections.abc import AsyncIterator

import pypdfium2
import pytest
import zxingcpp
from pypdf import PdfReader

from services.onebox.platform import Platform
from shared.effects import new_id
from tests.integration.supervision_scene import PERMIT, RULES, Place, placed


@pytest.fixture(scope="module")
async def place(platform: Platform) -> AsyncIterator[Place]:
    async with placed(platform) as made:
        yield made


def text_of(pdf: bytes) -> str:
    pages = PdfReader(io.BytesIO(pdf)).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


@pytest.mark.parametrize("kind", ["co_handling_slip", "contact_letter"])
async def test_a_letter_is_printed_with_its_words_and_a_slip_to_answer(
    place: Place, kind: str
) -> None:
    matter = await place.matter()
    wording = "请核对两张图纸的坐标。\n#import $x$ <script>"
    letter = {"kind": kind, "to": "depts", "items": [PERMIT], "wording": wording}
    await place.ask(matter, "letters", letter)
    (sent,) = (await place.read(matter))["letters"]
    path = f"/matters/{matter}/letters/{sent['id']}.pdf"
    printed = await place.world.client("supervision", "agent").get(path)
    assert printed.status_code == 200, printed.text
    text = text_of(printed.content)
    assert RULES.pack.body("depts").zh in text and "请核对两张图纸的坐标。" in text
    assert "#import$x$<script>" in text and "回复意见" in text
    assert RULES.catalogue.item(PERMIT).zh in text and "本表为系统推定样式" in text

    image = pypdfium2.PdfDocument(printed.content)[0].render(scale=3).to_pil()
    address = zxingcpp.read_barcodes(image)[0].text
    told = (
        await place.world.client("supervision").get("/check/" + address.split("/")[-1])
    ).json()
    assert told["kind"] == "supervision.letter_sent.v1" and told["store"] == "supervision"


async def test_an_answered_letter_shows_the_answer(place: Place) -> None:
    matter = await place.matter()
    letter = {"kind": "co_handling_slip", "to": "depts", "wording": "请协办"}
    await place.ask(matter, "letters", letter)
    (sent,) = (await place.read(matter))["letters"]
    await place.ask(matter, "letters/answer", {"letter": sent["id"], "answer": "同意"}, "clerk")
    path = f"/matters/{matter}/letters/{sent['id']}.pdf"
    printed = await place.world.client("supervision", "agent").get(path)
    assert "同意" in text_of(printed.content)


async def test_a_letter_that_was_not_sent_is_not_there(place: Place) -> None:
    matter = await place.matter()
    client = place.world.client("supervision", "agent")
    assert (await client.get(f"/matters/{matter}/letters/{new_id()}.pdf")).status_code == 404
