"""A signature on the glass: by a finger, by a typed name, kept on file with what it was put under."""

import io
from base64 import b64decode
from collections.abc import Callable
from typing import Any, get_args

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from contracts.vocabulary import Power
from services.console.acting import address
from services.console.forms import is_file, plain
from services.console.pages.doing import SIGNED
from tests.ui.conftest import Box, Made, SignIn
from tests.ui.test_every_desk import serious
from tests.ui.test_every_field import commands

WAVE = [(0.1, 0.5), (0.25, 0.2), (0.4, 0.8), (0.55, 0.2), (0.7, 0.8), (0.9, 0.4)]
"""A scrawl, in parts of the box."""


@pytest.fixture
def entrusting(box: Box, matter: Made) -> str:
    """The address of the unit's power of attorney, for a matter that waits for one."""
    path = f"/matters/{matter.id}"
    box.post("clerk", "intake", f"{path}/acceptance", {"body": "zone"})
    box.post("unit", "intake", f"{path}/mode", {"mode": "agent"})
    box.post("unit", "intake", f"{path}/scope", {"items": ["S1-01", "S1-05"]})
    return address(
        "intake", "FileCommission", id=matter.id, next="/desk/unit", principal="测试公司",
        agent=box.person("agent").id, agent_name="戊", signatory="甲", begins_on="2026-01-01",
        ends_on="2099-12-31", signed_on="2026-01-01", signing="seal_and_signature",
        powers=get_args(Power.__value__),
    )  # fmt: skip


def by_finger(page: Page) -> None:
    """Touches, as the glass reports them."""
    pad = page.locator("#sign-pad")
    pad.scroll_into_view_if_needed()
    seen = pad.bounding_box()
    assert seen
    points = [
        {"x": seen["x"] + x * seen["width"], "y": seen["y"] + y * seen["height"]}
        for x, y in WAVE
    ]
    glass = page.context.new_cdp_session(page)
    touch = "Input.dispatchTouchEvent"
    glass.send(touch, {"type": "touchStart", "touchPoints": points[:1]})
    for point in points[1:]:
        glass.send(touch, {"type": "touchMove", "touchPoints": [point]})
    glass.send(touch, {"type": "touchEnd", "touchPoints": []})


def by_name(page: Page) -> None:
    """The keyboard alone: from the file to the name that stands for a hand."""
    page.locator("#f-paper").focus()
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.id") != "sign-name":
        page.keyboard.press("Tab")
    page.keyboard.type("甲")


READ = """() => { window.sheet = new Promise((yes) =>
  document.getElementById("do").addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    const reader = new FileReader();
    reader.onload = () => yes(reader.result.split(",")[1]);
    reader.readAsDataURL(document.getElementById("f-paper").files[0]);
  }, { once: true })); }"""
"""Holds the form back once and reads the file that it would have sent."""


def sheet_of(page: Page, send: Locator) -> Image.Image:
    page.evaluate(READ)
    send.press("Enter")
    raw = b64decode(page.evaluate("window.sheet"))
    return Image.open(io.BytesIO(raw)).convert("L")


def ink(image: Image.Image) -> int:
    return sum(image.histogram()[:128])


@pytest.mark.parametrize(
    ("sign", "phone"), [(by_finger, True), (by_name, False)], ids=["a finger", "a typed name"]
)
def test_the_unit_signs_on_the_screen_and_the_sheet_is_on_file(
    sign_in: SignIn, box: Box, matter: Made, entrusting: str,
    picture: Callable[[Page, str], None], sign: Callable[[Page], None], phone: bool,
) -> None:  # fmt: skip
    page = sign_in("unit", phone=phone)
    page.goto(entrusting)
    send = page.locator("form#do button.main")
    send.click()
    expect(page.locator("#f-paper:invalid")).to_be_visible()  # neither paper nor signature
    sign(page)
    expect(page.locator("#sign-said")).to_have_text("已签名，将随表提交。")
    expect(page.locator("#f-signing")).to_have_value("signature")
    assert serious(page) == []
    picture(page, f"sign-zh-{390 if phone else 1366}")
    assert page.evaluate("document.documentElement.scrollWidth") <= (390 if phone else 1366)
    sheet = sheet_of(page, send)
    told, signed = (
        sheet.crop((0, 0, sheet.width, sheet.height - 440)),
        sheet.crop((0, sheet.height - 380, sheet.width, sheet.height - 60)),
    )
    assert ink(told) > 5_000 and ink(signed) > 500
    send.press("Enter")
    expect(page.locator(".done")).to_be_visible()
    assert page.locator(".conflict").count() == 0
    assert box.get("unit", "intake", f"/matters/{matter.id}")["commission"]
    assert any("签字页" in one["title"] and one["stored"] for one in attached(box, matter))


def attached(box: Box, matter: Made) -> list[Any]:
    kinds = box.get("auditor", "archive", f"/matters/{matter.id}/contents")["kinds"]
    return [
        one for kind in kinds if kind["content"] == "attachment" for one in kind["documents"]
    ]


def test_a_change_takes_the_signature_off_and_a_file_takes_its_place(
    sign_in: SignIn, entrusting: str
) -> None:
    page = sign_in("unit", language="en-US")
    page.goto(entrusting)
    said = page.locator("#sign-said")
    by_name(page)
    expect(said).to_have_text("Signed; it is sent with the form.")
    page.fill("#f-ends_on", "2098-12-31")
    page.keyboard.press("Tab")
    expect(said).to_have_text("Not signed yet.")
    expect(page.locator("#sign-name")).to_have_value("")
    by_name(page)
    page.set_input_files(
        "#f-paper", {"name": "a.png", "mimeType": "image/png", "buffer": b"\x89PNG"}
    )
    expect(said).to_have_text("The chosen file is sent; no signature is needed here.")
    expect(page.locator("#sign-name")).to_have_value("")
    expect(page.locator("#f-paper:invalid")).to_have_count(0)


def test_without_script_the_paper_is_asked_for_and_no_empty_box_is_shown(
    sign_in: SignIn, entrusting: str
) -> None:
    page = sign_in("unit", script=False)
    page.goto(entrusting)
    expect(page.locator("#f-paper")).to_be_visible()
    expect(page.locator("#sign")).to_be_hidden()


def test_what_is_signed_is_a_file_of_its_command(box: Box) -> None:
    schemas = {name: schema for _, name, _, schema in commands(box)}
    for name, field in SIGNED.items():
        schema, _ = plain(schemas[name]["properties"][field])
        assert is_file(schema), (name, field)
