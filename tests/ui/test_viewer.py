"""The offline viewer in a real browser: it shows what is proved, and refuses what is not."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from services.archive.domain.dossier import Dossier, packed
from services.archive.verifier.page import PARTS
from services.archive.verifier.page import page as made_page
from tests.patience import PATIENCE
from tests.unit.archive.dossiers import NAME, disclosure, policy
from tests.unit.archive.films import film
from tests.unit.archive.test_second_tree import with_both
from tests.unit.archive.test_verifier import FORGERIES, rebagged, true_one, without

AXE = Path(__file__).with_name("vendor") / "axe.min.js"
type Open = Callable[..., Page]


@pytest.fixture
def viewer(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """`viewer(dossier)` opens the page from disk with a dossier and a policy, without a network."""
    asked: list[str] = []
    said: list[str] = []
    contexts = []

    def open_(
        content: bytes | Dossier, trust: str | None = None, language: str = "zh-CN"
    ) -> Page:
        file, trusted, page_file = (
            tmp_path / name for name in ("one.dossier.zip", "policy.txt", "viewer.html")
        )
        file.write_bytes(packed(content) if isinstance(content, Dossier) else content)
        trusted.write_text(policy() if trust is None else trust)
        page_file.write_text(made_page())
        context = browser.new_context(
            offline=True, locale=language, viewport={"width": 1366, "height": 900}
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE * 1000)
        page.on("request", lambda one: asked.append(one.url))
        page.on(
            "console",
            lambda one: (
                said.append(one.text)
                if one.type == "error" and "Security Policy" not in one.text
                else None
            ),
        )
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(page_file.as_uri())
        page.locator("#policy").set_input_files(trusted)
        page.locator("#file").set_input_files(file)
        expect(page.locator("#verdict")).to_have_class(re.compile("valid|undecided"))
        return page

    yield open_
    for context in contexts:
        context.close()
    assert all(url.startswith(("file:", "blob:")) for url in asked), asked
    assert not said, said


def test_the_page_is_made_of_its_parts() -> None:
    page = made_page()
    assert page == made_page() and "{js}" not in page
    assert {part.name for part in PARTS.iterdir()} == {
        "check.js", "page.css", "page.html", "tell.js", "view.js", "zip.js",
    }  # fmt: skip
    assert "http://" not in page.replace("http://www.w3.org/2000/svg", "")
    assert "https://" not in page
    assert "innerHTML" not in page


def test_a_true_dossier_is_verified_and_its_film_is_shown(viewer: Open) -> None:
    page = viewer(film())
    expect(page.locator("#verdict")).to_have_text("✔ 有效：990100-2026-2")
    expect(page.locator("svg .event")).to_have_count(11)
    expect(page.locator("svg .late").first).to_be_attached()
    expect(page.locator("#state")).to_contain_text("办结")
    expect(page.locator("#told")).to_contain_text("S1-01")
    expect(page.locator("#drawer .steps li")).to_have_count(6)


def test_it_says_what_verify_says(viewer: Open) -> None:
    page = viewer(film(), language="en-GB")
    expect(page.locator("#verdict")).to_have_text("✔ VALID：990100-2026-2")
    page.get_by_role("tab", name="Report").click()
    expect(page.locator("#personal")).to_have_text(
        "2 fields shown, 1 withheld, 0 erased, 0 corrected; 1 attachments"
    )
    expect(page.locator("#stores")).to_contain_text("nothing left out up to")
    expect(page.locator("#body")).to_contain_text("that a fact was true before it was entered")


def test_keys_walk_through_the_film_and_the_state_follows(viewer: Open) -> None:
    page = viewer(film())
    page.keyboard.press("Home")
    expect(page.locator("#state caption")).to_contain_text("截至档案位置 1 ")
    page.keyboard.press("j")
    expect(page.locator("#where")).to_contain_text("项目单位")
    page.keyboard.press("]")
    expect(page.locator("#where")).to_contain_text("受理")
    page.keyboard.press("[")
    page.keyboard.press("k")
    page.keyboard.press("End")
    expect(page.locator("#where")).to_contain_text("S1-01")
    assert "at=11" in page.url


def test_one_language_or_the_other(viewer: Open) -> None:
    page = viewer(film())
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("tab", name="Film")).to_be_visible()
    page.get_by_role("tab", name="Table").click()
    expect(page.locator("#facts")).to_contain_text("the unit")
    page.get_by_role("button", name="中文").click()
    expect(page.locator("#facts")).to_contain_text("项目单位")


def test_the_clock_ledger_shows_stopped_days_holidays_and_makeup_days(viewer: Open) -> None:
    page = viewer(film())
    page.get_by_role("tab", name="时限台账").click()
    ledger = page.locator("#ledger")
    expect(ledger.locator("tr", has_text="2026-09-29")).to_contain_text("停")
    expect(ledger.locator("tr", has_text="2026-10-01")).to_contain_text("国庆")
    expect(ledger.locator("tr", has_text="2026-10-10")).to_contain_text("补")
    expect(page.locator("#because")).to_contain_text("2026-10-09 到期")


def test_two_cuts_differ_and_the_address_holds_both(viewer: Open) -> None:
    page = viewer(film())
    page.get_by_role("tab", name="对比").click()
    page.locator("#diff-from").fill("6")
    page.locator("#diff-from").press("Enter")
    expect(page.locator("#changed")).to_contain_text("已办结")
    expect(page.locator("#between tbody tr")).to_have_count(5)
    assert "from=6" in page.url


def test_personal_content_is_shown_withheld_or_erased(viewer: Open) -> None:
    page = viewer(film())
    page.get_by_role("tab", name="明细表").click()
    page.locator('#facts [data-position="2"]').click()
    expect(page.locator("#drawer")).to_contain_text("测试公司")
    expect(page.locator("#drawer")).to_contain_text("〔未向您提供〕")


@pytest.mark.attack
def test_without_its_last_event_it_is_refused(viewer: Open) -> None:
    whole = film()
    last = max(e.position for s in whole.sections if s.store == "supervision" for e in s.events)
    entry = max(
        e.position for s in whole.sections if s.store == "archive"
        for e in s.events if b"entry_filed" in e.body
    )  # fmt: skip
    page = viewer(without("archive", entry, without("supervision", last, whole)))
    expect(page.locator("#verdict")).to_have_class("invalid")
    expect(page.locator("#verdict")).to_contain_text("an event before the seal is left out")
    expect(page.locator("#views")).to_be_hidden()


@pytest.mark.attack
@pytest.mark.parametrize("forgery", FORGERIES)
def test_what_verify_refuses_the_page_refuses(viewer: Open, forgery: str) -> None:
    change, _ = FORGERIES[forgery]
    page = viewer(rebagged(packed(true_one()), change))
    expect(page.locator("#verdict")).to_have_class("invalid")
    expect(page.locator("#views")).to_be_hidden()


@pytest.mark.attack
def test_a_byte_changed_without_new_manifests_is_refused(viewer: Open) -> None:
    content = packed(film())
    with zipfile.ZipFile(io.BytesIO(content)) as bag:
        files = {name: bag.read(name) for name in bag.namelist()}
    files["data/disclosures.txt"] += b"x\n"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as bag:
        for name, data in files.items():
            bag.writestr(name, data)
    page = viewer(out.getvalue())
    expect(page.locator("#verdict")).to_contain_text("not what its manifest says")


@pytest.mark.attack
def test_without_witnesses_or_with_another_policy_it_cannot_decide(viewer: Open) -> None:
    whole = film()
    bare = replace(
        whole,
        sections=[
            replace(s, note="".join(s.note.splitlines(keepends=True)[:-2]))
            for s in whole.sections
        ],
    )
    page = viewer(bare)
    expect(page.locator("#verdict")).to_have_class("undecided")
    page = viewer(whole, "quorum none\n")
    expect(page.locator("#verdict")).to_contain_text("no log that the policy trusts")


@pytest.mark.attack
def test_what_a_forger_writes_is_never_run(viewer: Open) -> None:
    """Markup in a personal field is shown as text; the page lets no other script run."""
    whole = film()
    evil = "<img src=x onerror=window.ran=1><script>window.ran=1</script>"
    named = [d if d != NAME else disclosure("unit", evil) for d in whole.disclosures]
    page = viewer(replace(whole, disclosures=named))
    expect(page.locator("#verdict")).to_have_class("invalid")
    page = viewer(film(said=evil))
    expect(page.locator("#verdict")).to_have_class("valid")
    page.get_by_role("tab", name="明细表").click()
    expect(page.locator("#facts")).to_contain_text("<script>")
    page.evaluate(
        "() => { const s = document.createElement('script'); s.textContent = 'window.ran = 1';"
        " document.body.append(s); }"
    )
    assert not page.evaluate("() => Boolean(window.ran)")
    assert page.evaluate("() => fetch('https://example.org').then(() => 1, () => 0)") == 0


def test_without_ed25519_in_the_browser_it_says_that_it_could_not_check(
    browser: Browser, tmp_path: Path
) -> None:
    (tmp_path / "one.zip").write_bytes(packed(film()))
    (tmp_path / "policy.txt").write_text(policy())
    context = browser.new_context(offline=True)
    context.add_init_script(
        "const real = crypto.subtle.importKey.bind(crypto.subtle);"
        "crypto.subtle.importKey = (form, key, kind, ...more) => kind.name === 'Ed25519'"
        " ? Promise.reject(new DOMException('no', 'NotSupportedError'))"
        " : real(form, key, kind, ...more);"
    )
    page = context.new_page()
    (tmp_path / "viewer.html").write_text(made_page())
    page.goto((tmp_path / "viewer.html").as_uri())
    page.locator("#policy").set_input_files(tmp_path / "policy.txt")
    page.locator("#file").set_input_files(tmp_path / "one.zip")
    expect(page.locator("#verdict")).to_have_class("undecided")
    expect(page.locator("#verdict")).to_contain_text("cannot check Ed25519")
    context.close()


def test_it_can_be_read_by_everybody(viewer: Open) -> None:
    """No serious finding of axe, on any of the views."""
    page = viewer(film())
    for tab in ("影片", "明细表", "时限台账", "对比", "核验报告"):
        page.get_by_role("tab", name=tab).click()
        # the page's own policy forbids further scripts: axe is evaluated, not added
        page.evaluate(AXE.read_text())
        found = page.evaluate("() => axe.run({resultTypes: ['violations']})")
        bad = [
            (one["id"], one["nodes"][0]["html"][:120])
            for one in found["violations"]
            if one["impact"] in ("serious", "critical")
        ]
        assert not bad, (tab, bad)


def test_a_long_file_is_shown_in_pages_and_says_so(viewer: Open) -> None:
    page = viewer(film(extra=400))
    expect(page.locator("#range")).to_contain_text("共 411 条")
    page.get_by_role("tab", name="明细表").click()
    expect(page.locator("#facts tbody tr")).to_have_count(200)
    page.get_by_role("button", name="›").click()
    page.get_by_role("button", name="›").click()
    expect(page.locator("#facts tbody tr")).to_have_count(11)


def test_it_says_which_signatures_and_trees_it_does_not_check(viewer: Open) -> None:
    page = viewer(with_both(), policy("none"), language="en-GB")
    expect(page.locator("#verdict")).to_have_class(re.compile("(^| )valid"))
    page.get_by_role("tab", name="Report").click()
    expect(page.locator("#unchecked")).to_contain_text("does not check: the second tree (SM3)")
    expect(page.locator("#stores")).to_contain_text("第二棵树 second tree (SM3)")
