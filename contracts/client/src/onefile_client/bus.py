"""The same feed over NATS, for agencies who speak it: pulled from an account of their own."""

import json
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

from nats.aio.client import Client
from nats.aio.msg import Msg

from onefile_client.keys import Key


class _Keyed(Client):
    """A client that signs in with our key; the library's own way wants another package."""

    def __init__(self, key: Key) -> None:
        super().__init__()
        self._onefile_key = key

    def _setup_nkeys_connect(self) -> None:
        self._public_nkey = self._onefile_key.public
        self._signature_cb = self._onefile_key.nonce_signature


async def connect(url: str, agency: str, key: Key, **options: Any) -> Client:
    """A connection into the agency's account; replies come to inboxes only it may listen on."""
    client = _Keyed(key)
    try:
        await client.connect(
            url, name=agency, nkeys_seed_str="ours", inbox_prefix=f"_INBOX.{agency}", **options
        )
    except BaseException:
        if client._transport:  # the library leaves it open when it is refused
            client._transport.close()
        raise
    return client


class BusFeed:
    """Pulls messages of the agency's feed. Acknowledge after they were taken, not before."""

    def __init__(self, client: Client, agency: str) -> None:
        self._client, self._ask = client, f"onefile.{agency}.next"

    async def __aenter__(self) -> Self:
        self._inbox = self._client.new_inbox()
        self._replies = await self._client.subscribe(self._inbox)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._replies.unsubscribe()

    async def fetch(self, count: int = 500, wait: float = 1.0) -> list[Msg]:
        """What is there, at most `count`; [] when nothing came for `wait` seconds."""
        asked = {"batch": count, "expires": int(wait * 1e9)}
        await self._client.publish(self._ask, json.dumps(asked).encode(), reply=self._inbox)
        found: list[Msg] = []
        while len(found) < count:
            try:
                message = await self._replies.next_msg(timeout=wait + 1)
            except TimeoutError:
                break
            if message.headers and "Status" in message.headers:
                break
            found.append(message)
        return found

    async def took(self, messages: Sequence[Msg]) -> None:
        """Tell the server; one that is not told sends them again, which does no harm."""
        for message in messages:
            await self._client.publish(message.reply, b"+ACK")
        await self._client.flush()
