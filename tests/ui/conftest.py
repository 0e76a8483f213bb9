"""A box with its console, real Chromium, and people who sign in at a page."""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Locator,
    Page,
    Playwright,
    expect,
    sync_playwright,
)

from services.onebox.child import dying_with_us
from services.onebox.demo.quiet import settled
from services.onebox.demo.scene import Scene
from services.onebox.demo.show import ACTS
from services.onebox.demo.walk import Walk
from services.onebox.people import demos
from shared.packs import Packs
from tests.conftest import REPOSITORY
from tests.patience import PATIENCE, START

CHROMIUM = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
MAIN = "from services.cli import main; main()"
PICTURES = os.environ.get("ONEFILE_SCREENSHOTS")
HOME_OF_TESTS = "500242"

type SignIn = Callable[..., Page]
expect.set_options(timeout=PATIENCE * 1000)


class Box:
    """The running box: its addresses, its people, and their hands where a page is not the point."""

    def __init__(self, addresses: dict[str, str], issuer: str, home: Path) -> None:
        self.addresses, self.issuer, self.home = addresses, issuer, home
        self.console = addresses["console"]
        self.demos = {demo.area: demo for demo in demos()}
        self.http = httpx.Client(timeout=PATIENCE, trust_env=False)

    def person(self, key: str, area: str = HOME_OF_TESTS) -> Any:
        return self.demos[area].person(key)

    def headers(self, person: str, area: str = HOME_OF_TESTS) -> dict[str, str]:
        who = {"person": self.person(person, area).id}
        token = self.http.post(f"{self.issuer}/token", json=who).json()["access_token"]
        return {"Authorization": f"Bearer {token}"}

    def get(self, person: str, service: str, path: str, area: str = HOME_OF_TESTS) -> Any:
        answer = self.http.get(
            self.addresses[service] + path, headers=self.headers(person, area)
        )
        assert answer.status_code == 200, (path, answer.status_code, answer.text)
        return answer.json()

    def post(
        self, person: str, service: str, path: str, body: Any, area: str = HOME_OF_TESTS
    ) -> Any:
        """A command, on the version that stands."""
        headers = {**self.headers(person, area), "Idempotency-Key": str(uuid4())}
        if path.count("/") > 2:
            root = "/".join(path.split("/")[:3])
            seen = self.http.get(self.addresses[service] + root, headers=headers)
            headers["If-Match"] = seen.headers.get("etag", '"0"')
        answer = self.http.post(self.addresses[service] + path, json=body, headers=headers)
        assert answer.status_code in (200, 201), (path, answer.status_code, answer.text)
        return answer.json()

    def until[T](self, ask: Callable[[], T], true: Callable[[T], object] = bool) -> T:
        """Ask until the answer is as wished."""
        deadline = time.monotonic() + PATIENCE
        while not true(found := ask()):
            assert time.monotonic() < deadline, found
            time.sleep(0.05)
        return found

    def settled(self) -> None:
        """Until nobody has anything left to hear, show or file; in a thread with a loop of its own."""

        async def look(service: str, path: str) -> Any:
            return self.get("auditor", service, path)

        with ThreadPoolExecutor(1) as beside:
            beside.submit(lambda: asyncio.run(settled(look, PATIENCE))).result()


@pytest.fixture(scope="session")
def box() -> Iterator[Box]:
    """One box for all stories, of which each makes its own matters."""
    with tempfile.TemporaryDirectory(prefix="onefile-ui-", ignore_cleanup_errors=True) as place:
        home = Path(place) / "box"
        screen = (Path(place) / "screen").open("w")
        process = subprocess.Popen(
            [*dying_with_us("INT"), sys.executable, "-c", MAIN, "up", "--home", home],
            cwd=REPOSITORY, stdout=screen, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        try:
            made = _up(home, process)
            yield made
            made.http.close()
            ended = (Path(place) / "screen").read_text() if process.poll() is not None else ""
            lines = (home / "log" / "onefile.log").read_text().splitlines()
            assert not ended, f"the box ended by itself: {ended}\n{lines[-3:]}"
            failed = [
                line for line in lines if "page_failed" in line or "request_failed" in line
            ]
            assert not failed, "\n".join(failed[:3])
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            screen.close()


def _up(home: Path, process: subprocess.Popen[bytes]) -> Box:
    deadline = time.monotonic() + START
    file = home / "box.json"
    while not file.exists():
        assert process.poll() is None, (home.parent / "screen").read_text()
        assert time.monotonic() < deadline, (home.parent / "screen").read_text()
        time.sleep(0.1)
    state = json.loads(file.read_text())
    return Box(state["addresses"], state["issuer"], home)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """The system's Chromium, or Playwright's own."""
    found = next((path for path in CHROMIUM if Path(path).exists()), None)
    if found is None and not Path(playwright.chromium.executable_path).exists():
        pytest.exit(
            "no Chromium: `apt-get install chromium fonts-wqy-zenhei libatomic1`, or "
            "`.venv/bin/playwright install chromium`; then make test-ui again",
            returncode=4,
        )
    made = playwright.chromium.launch(
        executable_path=found,
        args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
    )
    yield made
    made.close()


class Watch:
    """What a page asked for and complained of: nothing may leave its own origin."""

    def __init__(self, origin: str) -> None:
        self.origin, self.abroad, self.said = origin, list[str](), list[str]()

    def over(self, context: BrowserContext) -> None:
        context.on("request", lambda one: self._asked(one.url))
        context.on("console", lambda one: self._told(one.type, one.text))
        context.on("weberror", lambda one: self.said.append(str(one.error)))

    def _asked(self, url: str) -> None:
        if not url.startswith((self.origin, "data:", "blob:")):
            self.abroad.append(url)

    def _told(self, kind: str, text: str) -> None:
        if kind == "error" and "status of 4" not in text and "status of 5" not in text:
            self.said.append(text)


@pytest.fixture
def sign_in(box: Box, browser: Browser) -> Iterator[SignIn]:
    """`sign_in("clerk")` opens a browser of her own, at her desk. Nothing may leave the origin."""
    opened: list[tuple[BrowserContext, Watch]] = []

    def as_(
        key: str, *, area: str = HOME_OF_TESTS, language: str = "zh-CN", phone: bool = False,
        script: bool = True, tolerant: bool = False,
    ) -> Page:  # fmt: skip
        size = {"width": 390, "height": 844} if phone else {"width": 1366, "height": 768}
        context = browser.new_context(
            base_url=box.console, viewport=size, locale=language,  # type: ignore[arg-type]
            java_script_enabled=script, has_touch=phone,
        )  # fmt: skip
        watch = Watch(box.console)
        watch.over(context)
        if not tolerant:
            opened.append((context, watch))
        page = context.new_page()
        page.set_default_timeout(PATIENCE * 1000)
        page.goto("/sign-in")
        page.locator(f'button[value="{box.person(key, area).id}"]').click()
        page.wait_for_url(re.compile(r"/(desk|$)"))
        return page

    yield as_
    for context, watch in opened:
        assert not watch.abroad, f"a request left the origin: {watch.abroad}"
        assert not watch.said, f"the page complained: {watch.said}"
        context.close()


def leafed_to(page: Page, section: str, row: Locator) -> Locator:
    """`row` of a list, whichever of its pages it stands on: lists hold the rows of all tests.

    `section`: the list on its desk; "" for the matters of a whole desk.
    """
    first, deadline = page.url, time.monotonic() + PATIENCE
    onward = (
        f"#{section} .more a[href*='after-{section}=']" if section else "a[href*='?after=']"
    )
    expect(page.locator("h1")).to_be_visible()
    while not row.count():
        assert time.monotonic() < deadline, f"no page of {section} at {first} shows it"
        leaf = page.locator(onward)
        page.goto(str(leaf.first.get_attribute("href")) if leaf.count() else first)
    return row.first


@pytest.fixture
def picture() -> Callable[[Page, str], None]:
    """A screenshot, where `make screenshots` asks for them."""

    def take(page: Page, name: str) -> None:
        if PICTURES:
            folder = Path(PICTURES)
            folder.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=folder / f"{name}.png", full_page=True)

    return take


class Made:
    """A project and a matter of a story, by the hands of its people."""

    def __init__(self, box: Box, area: str = HOME_OF_TESTS) -> None:
        demo = box.demos[area]
        works = {**demo.projects["factory"], "area": area}
        works.pop("code", None)
        works["name"] = f"{works['name']}{uuid4().hex[:6]}"
        works["unit"] = f"{works['unit']}{uuid4().hex[:4]}"
        self.unit_name = works["unit"]
        self.project = box.post(
            "clerk", "intake", "/projects",
            {**works, "applicant": box.person("unit", area).id}, area,
        )["id"]  # fmt: skip
        asked = {
            "project": self.project, "area": area, "wanted": "agent", "items": [], "channel": "window",
            "applicant": box.person("unit", area).id, "handler": box.person("handler", area).id,
            "lead_name": "甲", "lead_phone": "000-0000001",
            "handler_name": "乙", "handler_phone": "000-0000002",
        }  # fmt: skip
        self.id = box.post("clerk", "intake", "/matters", asked, area)["id"]
        row = box.get("clerk", "intake", f"/matters/{self.id}", area)
        self.number = row["number"]


@pytest.fixture
def matter(box: Box) -> Made:
    """A matter that was just asked for."""
    return Made(box)


class Served:
    """The matter of the demonstration, as far as its papers: agents are named, items can go."""

    def __init__(self, box: Box, scene: Any) -> None:
        self.box, self.id, self.number = box, scene.matter, scene.number
        self.scope, self.servers = list(scene.scope), dict(scene.servers)
        self.agent = scene.agent

    def course(self, who: str = "auditor") -> Any:
        return self.box.get(who, "supervision", f"/matters/{self.id}")


@pytest.fixture(scope="session")
def served(box: Box) -> Served:
    """Walked there by the demonstration itself, in a thread of its own."""
    return walked_to(box, 5)


@pytest.fixture(scope="session")
def over(box: Box) -> Served:
    """Another one, of which every item is done: its unit is asked how it was served."""
    return walked_to(box, 6)


def walked_to(box: Box, acts: int) -> Served:
    """A matter of a new project, that many acts of the demonstration on."""
    demo = box.demos[HOME_OF_TESTS]
    works = {key: dict(one) for key, one in demo.projects.items()}
    for one in works.values():
        one.pop("code", None)
        one["name"] += f"{acts}-{uuid4().hex[:6]}"
        one["unit"] += f"{acts}-{uuid4().hex[:4]}"
    place = demo.model_copy(update={"projects": works})

    async def walked() -> Any:
        people = {person.key: person for person in demo.people}
        async with Walk({**box.addresses, "issuer": box.issuer}, people) as walk:
            scene = Scene(walk, place, Packs.load(None).for_area(demo.area), lambda _: None)
            await scene.next_working_day()
            for act in ACTS[:acts]:
                await act(scene)
            return scene

    with ThreadPoolExecutor(1) as beside:
        return Served(box, beside.submit(lambda: asyncio.run(walked())).result())
