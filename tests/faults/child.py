"""A process to be killed: it does one thing with the sample service and dies where it is told to."""

import asyncio
import os
import signal
import sys
from typing import Any
from uuid import UUID

from nats.aio.client import Client

from shared.bus import connect_bus
from shared.eventstore.batch import Batch
from shared.relay import Relay
from tests.sample import sample_on


def die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


async def command_that_dies_after_its_commit(dsn: str, stream: str) -> None:
    offer = Batch.offer

    async def commit_and_die(self: Batch, *args: Any, **more: Any) -> Any:
        await offer(self, *args, **more)
        die()

    Batch.offer = commit_and_die  # type: ignore[method-assign]
    async with sample_on(dsn, fresh=False) as sample:
        await sample.handling.handle(sample.step("the key", stream=UUID(stream)))


async def relay_that_dies_in_a_batch(dsn: str, url: str, token: str, after: str) -> None:
    bus = await connect_bus(url, name="dying", token=token)
    said = 0
    publish = Client.publish

    async def publish_and_die(self: Client, *args: Any, **more: Any) -> None:
        nonlocal said
        await publish(self, *args, **more)
        said += 1
        if said == int(after):
            await self.flush()
            die()

    Client.publish = publish_and_die  # type: ignore[method-assign]
    await Relay("intake", dsn, bus).run()


if __name__ == "__main__":
    asyncio.run(globals()[sys.argv[1]](*sys.argv[2:]))
