"""The HTTP door as the agency sees it: pages, a stream, a snapshot, proofs."""

import gzip
from collections.abc import Callable, Iterator
from typing import Any, Self

import httpx

from onefile_client.keys import Key

PATIENCE = 30.0
PAGE = 1_000


class Refused(Exception):
    """The operator refused; `code` is stable, `told` is the whole problem."""

    def __init__(self, code: str, told: dict[str, Any]) -> None:
        super().__init__(f"{code}: {told.get('title', '')}")
        self.code, self.told = code, told


class Away(Exception):
    """The operator cannot be reached now: try again later, nothing is lost."""


class Source:
    """Asks with a token the agency signs itself. Raises `Refused` or `Away`."""

    def __init__(
        self,
        url: str,
        agency: str,
        key: Key,
        *,
        client: httpx.Client | None = None,
        clock: Callable[[], float] | None = None,
    ) -> None:
        self.url, self.agency, self._key, self._clock = url.rstrip("/"), agency, key, clock
        self._client = client or httpx.Client(timeout=PATIENCE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._client.close()

    def feed(self) -> dict[str, Any]:
        """What you are given, how long the feed is, how you stand."""
        found: dict[str, Any] = self._get("/feed").json()
        return found

    def vkey(self) -> str:
        """The key to pin. Compare it with what the operator gave you by another channel."""
        return str(self._get("/feed/vkey").json()["vkey"])

    def page(self, feed: str, after: int, limit: int = PAGE) -> list[bytes]:
        answer = self._get("/events", after=after, limit=limit, feed=feed)
        return [line for line in answer.content.split(b"\n") if line]

    def follow(self, feed: str, after: int) -> Iterator[list[bytes]]:
        """Messages as they come, those of one breath together; an empty list is a sign of life."""
        parameters: dict[str, str | int] = {"after": after, "feed": feed, "follow": "true"}
        try:
            with self._client.stream(
                "GET", f"{self.url}/events", params=parameters, headers=self._headers()
            ) as answer:
                if answer.status_code != 200:
                    answer.read()
                    self._refuse(answer)
                rest = b""
                for chunk in answer.iter_raw():
                    *lines, rest = (rest + chunk).split(b"\n")
                    yield [line for line in lines if line]
        except httpx.HTTPError as error:
            raise Away(repr(error)) from error

    def snapshot(self) -> dict[str, Any]:
        found: dict[str, Any] = self._get("/feed/snapshot").json()
        return found

    def part(self, feed: str, number: int) -> list[bytes]:
        packed = self._get(f"/feed/snapshot/{number}", feed=feed).content
        return [line for line in gzip.decompress(packed).split(b"\n") if line]

    def checkpoint(self, size: int) -> str:
        return self._get("/feed/checkpoint", size=size).text

    def prove(self, feed: str, size: int, root: bytes) -> dict[str, Any]:
        """Show what you hold; the answer says whether it is all, and nothing else."""
        body = {"feed": feed, "size": size, "root": root.hex()}
        found: dict[str, Any] = self._ask("POST", "/feed/proof", json=body).json()
        return found

    def hashes(self, level: int, start: int, count: int) -> list[bytes]:
        raw = self._get("/feed/hashes", level=level, start=start, count=count).content
        return [raw[at : at + 32] for at in range(0, len(raw), 32)]

    def _get(self, path: str, **parameters: Any) -> httpx.Response:
        return self._ask("GET", path, params=parameters)

    def _ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        try:
            answer = self._client.request(
                method, self.url + path, headers=self._headers(), **more
            )
        except httpx.HTTPError as error:
            raise Away(repr(error)) from error
        if answer.status_code != 200:
            self._refuse(answer)
        return answer

    def _headers(self) -> dict[str, str]:
        now = self._clock() if self._clock else None
        return {"Authorization": f"Bearer {self._key.token(self.agency, now)}"}

    def _refuse(self, answer: httpx.Response) -> None:
        if answer.status_code in (429, 502, 503, 504):
            raise Away(f"{answer.status_code} {answer.text[:200]}")
        try:
            told = answer.json()
        except ValueError:
            told = {}
        code = str(told.get("type", "")).rpartition(":")[2] or f"http_{answer.status_code}"
        raise Refused(code, told)
