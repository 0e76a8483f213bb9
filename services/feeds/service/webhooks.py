"""How are events posted to those who cannot listen: in order, signed, parked and never deleted."""

import asyncio
import contextlib
import hmac
from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import httpx
import orjson
import structlog
from prometheus_client import Counter, Gauge

from services.feeds.domain.agencies import Agency, Webhook
from services.feeds.queries import Message, after
from services.feeds.service.reaching import Target, Unreachable, target_of
from services.feeds.service.signing import Seal
from shared.effects import Clock
from shared.eventstore.postgres import Pool
from shared.problems import Problem

log = structlog.get_logger()

WINDOW = 64
"""Messages taken at once; those of one matter go one after the other, matters side by side."""
ABREAST = 8
"""Matters whose messages are under way at the same time."""
TRIES = 3
PATIENCE = 5.0
LARGEST_ANSWER = 1_048_576
POLL = 1.0
LONGEST_PAUSE = 300.0
AWAY = frozenset({408, 425, 429, 502, 503, 504})
"""What says that the receiver is away: all wait, nothing is parked."""
GONE = 410

SENT = Counter("onefile_webhook_messages_total", "messages posted", ["feed", "outcome"])
PARKED = Gauge("onefile_webhook_parked", "messages parked", ["feed"])

_BEGIN = "INSERT INTO hooks (feed) VALUES ($1) ON CONFLICT DO NOTHING"
_STAND = "SELECT position, failures, retry_at, paused FROM hooks WHERE feed = $1"
_MOVE = """
    UPDATE hooks SET position = $2, failures = 0, retry_at = NULL
    WHERE feed = $1 AND position = $3
"""
_PAUSE = "UPDATE hooks SET failures = failures + 1, retry_at = $2, paused = $3 WHERE feed = $1"
_RESUME = """
    UPDATE hooks SET paused = NULL, failures = 0, retry_at = NULL WHERE feed = $1
"""
_PARK = """
    INSERT INTO hook_parked (feed, position, subject, reason) VALUES ($1, $2, $3, $4)
    ON CONFLICT DO NOTHING
"""
_HOW_MANY = "SELECT count(*) FROM hook_parked WHERE feed = $1 AND taken IS NULL"
_SUBJECTS = "SELECT DISTINCT subject FROM hook_parked WHERE feed = $1 AND taken IS NULL"
_OF_SUBJECT = """
    SELECT p.position, e.message FROM hook_parked p
    JOIN entries e ON e.feed = p.feed AND e.position = p.position
    WHERE p.feed = $1 AND p.subject = (
        SELECT subject FROM hook_parked WHERE feed = $1 AND position = $2
    ) AND p.taken IS NULL ORDER BY p.position LIMIT 1000
"""
_REPLAYS = "SELECT pg_try_advisory_xact_lock(hashtext('onefile.replay'), hashtext($1))"
_TAKEN = """
    UPDATE hook_parked SET taken = clock_timestamp() WHERE feed = $1 AND position = $2
"""


class ReceiverAway(Exception):
    """The receiver does not answer, or asks us to come later; `gone` asks not to come again."""

    def __init__(self, reason: str, *, gone: bool = False) -> None:
        super().__init__(reason)
        self.gone = gone


class Refusal(Exception):
    """The receiver answered and did not take this one message."""


class Hook:
    """Posts one agency's feed. What is refused is parked with all later of the same matter."""

    def __init__(self, agency: Agency, hook: Webhook, pool: Pool, seal: Seal, clock: Clock):
        self.agency, self._hook, self._pool = agency, hook, pool
        self._seal, self._clock = seal, clock
        self._client = httpx.AsyncClient(
            timeout=PATIENCE, trust_env=False, follow_redirects=False,
            limits=httpx.Limits(max_connections=ABREAST, max_keepalive_connections=ABREAST),
        )  # fmt: skip
        self._slots = asyncio.Semaphore(ABREAST)
        self.wake = asyncio.Event()

    async def run(self, leaving: asyncio.Event) -> None:
        """Post until cancelled, or until what is under way has ended after `leaving` was set."""
        await self._pool.execute(_BEGIN, self.agency.feed)
        try:
            while not leaving.is_set():
                self.wake.clear()
                dealt = await self.turn()
                PARKED.labels(self.agency.feed).set(await self._parked())
                if dealt:
                    continue
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self.wake.wait(), POLL)
        finally:
            # Whoever posts this feed says how it stands: a figure left here would never change again.
            PARKED.remove(self.agency.feed)

    async def _parked(self) -> int:
        return int(await self._pool.fetchval(_HOW_MANY, self.agency.feed))

    async def close(self) -> None:
        await self._client.aclose()

    async def turn(self) -> int:
        """Post the next messages; how many were dealt with."""
        feed = self.agency.feed
        stand = await self._pool.fetchrow(_STAND, feed)
        if stand is None or stand["paused"] is not None:
            return 0
        if stand["retry_at"] and stand["retry_at"] > self._clock():
            return 0
        # Whoever was away is asked with one message whether it is there again.
        window = 1 if stand["failures"] else WINDOW
        batch = await after(self._pool, feed, stand["position"], window)
        if not batch:
            return 0
        try:
            target = await target_of(self._hook)
            await self._deal_with(batch, target)
        except (ReceiverAway, Unreachable, Problem) as error:
            await self._pause(error, stand["failures"])
            return 0
        await self._pool.execute(_MOVE, feed, batch[-1].position, stand["position"])
        return len(batch)

    async def replay(self, position: int) -> int:
        """Post what is parked of the matter at `position`, in order; how many were taken.

        Raises `Problem` when the first is refused again or the receiver is away: it stays parked;
        and while somebody else replays this feed, at whichever replica.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            if not await connection.fetchval(_REPLAYS, self.agency.feed):
                raise Problem("in_progress")
            return await self._replayed(position)

    async def _replayed(self, position: int) -> int:
        feed = self.agency.feed
        rows = await self._pool.fetch(_OF_SUBJECT, feed, position)
        if not rows:
            raise Problem("not_found")
        taken = 0
        try:
            target = await target_of(self._hook)
            for row in rows:
                await self._post(Message(*row), target)
                await self._pool.execute(_TAKEN, feed, row["position"])
                taken += 1
        except (Refusal, ReceiverAway, Unreachable) as error:
            raise Problem("webhook_not_taken", taken=taken, said=str(error)[:300]) from None
        return taken

    async def resume(self) -> None:
        """Try again now, also after the receiver had asked not to."""
        await self._pool.execute(_RESUME, self.agency.feed)
        self.wake.set()

    async def _deal_with(self, batch: Sequence[Message], target: Target) -> None:
        """Each matter's messages in order; a matter that is held stays held."""
        rows = await self._pool.fetch(_SUBJECTS, self.agency.feed)
        held = {row["subject"] for row in rows}
        matters: dict[str, list[Message]] = {}
        for one in batch:
            matters.setdefault(_subject(one.message), []).append(one)
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(self._matter(subject, messages, target, subject in held))
                for subject, messages in matters.items()
            ]
        for away in filter(None, (task.result() for task in tasks)):
            raise away

    async def _matter(
        self, subject: str, messages: Sequence[Message], target: Target, held: bool
    ) -> ReceiverAway | None:
        reason = "该办件有搁置的消息 · an earlier message of this matter is parked"
        for one in messages:
            if not held:
                try:
                    await self._tried(one, target)
                    continue
                except Refusal as error:
                    held, reason = True, str(error)
                except ReceiverAway as away:
                    return away
            await self._pool.execute(
                _PARK, self.agency.feed, one.position, subject, reason[:500]
            )
            SENT.labels(self.agency.feed, "parked").inc()
            log.error("webhook_parked", feed=self.agency.feed, position=one.position)
        return None

    async def _tried(self, one: Message, target: Target) -> None:
        for attempt in range(1, TRIES + 1):
            try:
                await self._post(one, target)
                SENT.labels(self.agency.feed, "taken").inc()
                return
            except Refusal:
                if attempt == TRIES:
                    raise
                await asyncio.sleep(0.05 * attempt)

    async def _post(self, one: Message, target: Target) -> None:
        """One message; 2xx is taken. Raises `Refusal` or `ReceiverAway`."""
        headers = self.headers(one)
        request = self._client.build_request(
            "POST", target.url, content=one.message, headers=headers | {"Host": target.authority},
            extensions={"sni_hostname": target.host},
        )  # fmt: skip
        try:
            async with self._slots:
                answer = await self._client.send(request, stream=True)
                try:
                    await _drained(answer)
                finally:
                    await answer.aclose()
        except httpx.HTTPError as error:
            raise ReceiverAway(f"{type(error).__name__}") from None
        if answer.status_code == GONE:
            raise ReceiverAway("对方答 410：不再接收 · answered 410: send no more", gone=True)
        if answer.status_code in AWAY:
            raise ReceiverAway(f"对方答 {answer.status_code} · answered {answer.status_code}")
        if not answer.is_success:
            raise Refusal(f"对方答 {answer.status_code} · answered {answer.status_code}")

    def headers(self, one: Message) -> dict[str, str]:
        """Standard Webhooks: an id that stays the same, a time, and signatures over both."""
        id = f"{self.agency.feed}-{one.position}"
        time = str(int(self._clock().timestamp()))
        content = f"{id}.{time}.".encode() + one.message
        signatures = [self._seal.webhook_signature(content)]
        if self._hook.secret_file:
            signatures.append(_symmetric(self._hook.secret_file, content))
        return {
            "content-type": "application/cloudevents+json",
            "webhook-id": id,
            "webhook-timestamp": time,
            "webhook-signature": " ".join(signatures),
        }

    async def _pause(self, error: Exception, failures: int) -> None:
        """Come again later, ever later; nothing is lost and nothing is parked."""
        wait = min(LONGEST_PAUSE, 2.0 ** min(failures, 10))
        gone = isinstance(error, ReceiverAway) and error.gone
        log.warning("webhook_waits", feed=self.agency.feed, error=str(error), seconds=wait)
        SENT.labels(self.agency.feed, "away").inc()
        await self._pool.execute(
            _PAUSE, self.agency.feed, self._clock() + timedelta(seconds=wait),
            str(error)[:300] if gone else None,
        )  # fmt: skip


async def _drained(answer: httpx.Response) -> None:
    """Read what came with the answer, so that the connection can be used again; not for ever."""
    size = 0
    async for chunk in answer.aiter_raw():
        size += len(chunk)
        if size > LARGEST_ANSWER:
            return


def _subject(message: bytes) -> str:
    return str(orjson.loads(message)["subject"])


def _symmetric(file: str, content: bytes) -> str:
    """`v1`, for receivers whose library knows no other; raises `Problem`."""
    try:
        secret = b64decode(Path(file).read_text().strip().removeprefix("whsec_"), validate=True)
    except (OSError, ValueError):
        raise Problem("feed_unsigned") from None
    return f"v1,{b64encode(hmac.digest(secret, content, sha256)).decode()}"
