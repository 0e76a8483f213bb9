"""A browser without a screen: somebody invented signs in at the console and fills in its forms."""

import re
from html import unescape
from types import TracebackType

import httpx

from shared.effects import new_id

_SECRET = re.compile(r'name="_csrf" value="([^"]+)"')


class Desk:
    """One person at one browser of a box in development."""

    def __init__(self, console: str, person: str) -> None:
        self._person, self._secret = person, ""
        self.browser = httpx.AsyncClient(
            base_url=console, follow_redirects=True, timeout=60, trust_env=False
        )

    async def __aenter__(self) -> "Desk":
        await self.look("/sign-in")
        await self.send("/sign-in/development", person=self._person, next="/")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.browser.aclose()

    async def look(self, path: str) -> httpx.Response:
        """A page, wherever it leads; anything but a page fails the test with what it said."""
        return self._shown(path, await self.browser.get(path))

    async def send(self, action: str, **fields: str) -> httpx.Response:
        """A form of the page that was looked at last, filled in and sent to `action`."""
        said = {"_csrf": self._secret, "_key": str(new_id()), **fields}
        return self._shown(action, await self.browser.post(action, data=said))

    def _shown(self, path: str, answer: httpx.Response) -> httpx.Response:
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:2000])
        if secret := _SECRET.search(answer.text):
            self._secret = unescape(secret[1])
        return answer
