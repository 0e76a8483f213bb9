"""How one service reads another's API: with its own token, within a time limit."""

import ssl
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import httpx
import orjson

from shared.effects import monotonic
from shared.problems import Problem

PATIENCE = 3.0


def apart(addresses: Iterable[str], **settings: Any) -> httpx.AsyncClient:
    """A client that keeps the connections to each address apart from all others.

    A pool looks at every idle connection that it keeps before it sends anything.
    """
    limits = httpx.Limits(max_connections=100, max_keepalive_connections=8)
    mounts = {
        one: httpx.AsyncHTTPTransport(limits=limits, verify=trusted(), trust_env=False)
        for one in addresses
    }
    return httpx.AsyncClient(mounts=mounts, verify=trusted(), **settings)


@cache
def trusted() -> ssl.SSLContext:
    """Whom this process trusts: read once, since it takes longer than everything else here."""
    return httpx.create_ssl_context(trust_env=False)


class Peers:
    """Reads of other services. Raises `Problem("unavailable")` when one does not answer."""

    def __init__(
        self,
        service: str,
        addresses: Mapping[str, str],
        *,
        token_url: str | None,
        secret: str | None,
    ) -> None:
        self._service, self._addresses = service, addresses
        self._token_url, self._secret = token_url, secret
        self._token, self._until = "", 0.0
        self._client = apart(addresses.values(), timeout=PATIENCE, trust_env=False)

    async def __aenter__(self) -> "Peers":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def get(self, service: str, path: str, **parameters: Any) -> Any:
        """The JSON answer of `service`, None for 404."""
        try:
            response = await self._client.get(
                self._addresses[service] + path,
                params=parameters,
                headers={"Authorization": f"Bearer {await self._bearer()}"},
            )
        except (httpx.HTTPError, KeyError) as error:
            raise Problem("unavailable", peer=service) from error
        if response.status_code == 404:
            return None
        if response.status_code != 200:
            raise Problem("unavailable", peer=service, peer_status=response.status_code)
        return orjson.loads(response.content)

    async def refill(self, speaker: str, after: int, limit: int) -> list[bytes]:
        """Messages of `speaker` after a position, as the bus would have brought them."""
        try:
            response = await self._client.get(
                f"{self._addresses[speaker]}/log/messages",
                params={"after": after, "limit": limit},
                headers={"Authorization": f"Bearer {await self._bearer()}"},
            )
            response.raise_for_status()
        except (httpx.HTTPError, KeyError) as error:
            raise Problem("unavailable", peer=speaker) from error
        return [line for line in response.content.split(b"\n") if line]

    async def jwks(self, url: str) -> dict[str, Any]:
        """The key set of the issuer."""
        try:
            response = await self._client.get(url)
            response.raise_for_status()
            keys: dict[str, Any] = response.json()
        except (httpx.HTTPError, ValueError) as error:
            raise Problem("unavailable", peer="issuer") from error
        return keys

    async def _bearer(self) -> str:
        if monotonic() > self._until:
            if self._token_url is None:
                raise Problem("unavailable", peer="issuer")
            response = await self._client.post(
                self._token_url,
                json={"client": f"s:{self._service}", "secret": self._secret},
            )
            response.raise_for_status()
            answer = response.json()
            self._token = answer["access_token"]
            self._until = monotonic() + answer["expires_in"] - 60
        return self._token
