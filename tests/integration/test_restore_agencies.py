"""A box is lost and comes back: its agencies' streams are filled again, and nobody counts twice."""

import asyncio
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import httpx
from nats.aio.msg import Msg
from onefile_client import Event, Handlers, Key, Reader, Source, Store
from onefile_client.bus import BusFeed, connect

from services.onebox.backup import back_up, keep_keys
from services.onebox.box import Wishes, box
from services.onebox.demo.walk import Walk
from services.onebox.people import demos
from services.onebox.platform import Platform
from services.onebox.private import private_directory
from services.onebox.restore import restore
from services.onebox.state import State
from tests.integration.feeds_scene import Member, agency, register
from tests.patience import PATIENCE

EVENTS = [{"types": ["intake.project_registered.v1"], "fields": "all"}]
handlers = Handlers()


@handlers.on("intake.project_registered.v1")
def registered(db: object, event: Event) -> None:
    """An effect that would be seen twice: nothing in the table makes it unique."""
    db.execute("INSERT INTO effects VALUES (?)", (event.id,))  # type: ignore[attr-defined]


def quiet(_: str) -> None:
    pass


class Agency:
    """The agency, a program of its own with a disk of its own: it outlives the box."""

    def __init__(self, member: Member, file: Path) -> None:
        self.member, self.file = member, file
        self.key = Key(member.private.private_bytes_raw())

    def _reader(self, address: str) -> Reader:
        client = httpx.Client(timeout=PATIENCE, trust_env=False)
        store = Store(self.file)
        store.db.execute("CREATE TABLE IF NOT EXISTS effects (id TEXT)")
        return Reader(Source(address, self.member.id, self.key, client=client), store, handlers)

    async def took(self, state: State, messages: Sequence[bytes]) -> list[str]:
        """Handles the messages; every effect it has had until now."""

        def take() -> list[str]:
            reader = self._reader(state.addresses["feeds"])
            try:
                reader.take(messages)
                return [row[0] for row in reader.store.db.execute("SELECT id FROM effects")]
            finally:
                reader.close()

        return await asyncio.to_thread(take)

    async def proved(self, state: State) -> tuple[int, str | None]:
        """That it holds what the box holds, signed with the key that the box names now."""

        def prove() -> tuple[int, str | None]:
            reader = self._reader(state.addresses["feeds"])
            try:
                reader.vkey = reader.source.vkey()
                proof = reader.prove()
                return proof.size, proof.note
            finally:
                reader.close()

        return await asyncio.to_thread(prove)

    async def fetched(self, home: Path, count: int, *, acknowledge: int) -> list[Msg]:
        """What its durable consumer gives it; only some of it is acknowledged."""
        port = json.loads((home / "agency-nats.conf").read_text())["port"]
        client = await connect(f"nats://127.0.0.1:{port}", self.member.id, self.key)
        found: list[Msg] = []
        try:
            async with asyncio.timeout(PATIENCE), BusFeed(client, self.member.id) as feed:
                while len(found) < count:
                    found += await feed.fetch(count - len(found))
                await feed.took(found[:acknowledge])
        finally:
            await client.close()
        return found


async def entered(state: State, names: Sequence[str]) -> None:
    """Projects that the window enters."""
    demo = demos()[0]
    async with Walk(state.addresses, {p.key: p for p in demo.people}) as walk:
        works = {k: v for k, v in demo.projects[demo.story.project].items() if k != "code"}
        for name in names:
            body = {**works, "area": demo.area, "name": name, "unit": name}
            await walk.make("clerk", "intake", "/projects", body)


def told(messages: Sequence[Msg]) -> list[tuple[str, bytes]]:
    """What makes a message: its id, and its bytes."""
    return [((m.headers or {})["Nats-Msg-Id"], m.data) for m in messages]


async def test_an_agency_goes_on_after_a_restore_without_loss_or_double_effect(
    platform: Platform, tmp_path: Path
) -> None:
    tmp_path.chmod(0o755)
    member = Member("tax")
    tax = Agency(member, tmp_path / "tax.db")
    home = tmp_path / "box"
    private_directory(home)
    given = agency(member, areas=[demos()[0].area], events=EVENTS)
    (home / "agencies.yaml").write_text(register(given))
    async with box(Wishes(home, durable=False, any_port=True), quiet) as (state, _):
        await entered(state, [f"项目{n}" for n in range(5)])
        before = await tax.fetched(home, 5, acknowledge=3)
        effects = await tax.took(state, [m.data for m in before[:4]])  # the fourth: no receipt
        assert len(effects) == 4
        copy = await back_up(home, tmp_path / "copies", quiet)
    keep_keys(home, tmp_path / "keys.json")
    shutil.rmtree(home)

    found = await restore(copy, tmp_path / "again", tmp_path / "keys.json", quiet)
    assert not (found.home / "agency-nats").exists()
    async with box(Wishes(found.home, durable=False, any_port=True), quiet) as (state, _):
        await entered(state, ["项目5", "项目6"])
        after = await tax.fetched(found.home, 7, acknowledge=7)
        assert told(after[:5]) == told(before)  # the same places, ids and bytes
        assert [id for id, _ in told(after)] == [str(n) for n in range(1, 8)]
        effects = await tax.took(state, [m.data for m in after])
        assert len(effects) == len(set(effects)) == 7
        size, note = await tax.proved(state)
        assert size == 7
        assert note and found.origin in note
