"""Who leads which feed: everybody a part, nobody's left lying, on the locks of a real PostgreSQL."""

import pytest

from services.feeds.service.leading import UNLED, Leadership
from shared.eventstore.postgres import connect

FEEDS = [f"ag{n}.f" for n in range(7)]
pytestmark = pytest.mark.store


async def looked(*all: Leadership, times: int = 8, wanted: list[str] = FEEDS) -> None:
    for _ in range(times):
        for one in all:
            await one.take(wanted)


async def handed_over(one: Leadership) -> int:
    """What the door does with what is above the share, when nothing is under way."""
    above = one.above_share()
    for feed in sorted(one.held)[:above]:
        await one.let_go(feed)
    return above


async def test_alone_one_replica_leads_everything_and_gives_nothing_away(database: str) -> None:
    alone = Leadership(database)
    await looked(alone)
    assert alone.held == set(FEEDS)
    assert alone.above_share() == 0
    alone.close()


async def test_a_replica_that_comes_later_gets_its_share_and_no_more(database: str) -> None:
    first, later = Leadership(database), Leadership(database)
    await looked(first)
    await looked(later, first, times=2)
    assert later.held == set() and first.above_share() == 3
    assert await handed_over(first) == 3
    await looked(later, first, times=2 * UNLED)
    assert later.held | first.held == set(FEEDS)
    assert (len(first.held), len(later.held)) == (4, 3)
    assert await handed_over(first) == await handed_over(later) == 0
    third = Leadership(database)
    await looked(third, first, later, times=2)
    assert await handed_over(first) + await handed_over(later) == 1
    await looked(third, first, later)
    assert len(third.held) == 1, "7 of 3: what is within everybody's share stays where it is"
    for one in (first, later, third):
        one.close()


async def test_who_ends_leaves_everything_to_the_others(database: str) -> None:
    first, second = Leadership(database), Leadership(database)
    await looked(first, second)
    assert first.held and second.held and not first.held & second.held
    second.close()
    await looked(first, times=2 * UNLED)
    assert first.held == set(FEEDS)
    first.close()


async def test_what_another_does_not_take_is_led_all_the_same(database: str) -> None:
    """Its file is older than ours, say: a feed without anybody is worse than an uneven share."""
    first, behind = Leadership(database), Leadership(database)
    await behind.take([])
    await looked(first, times=4)
    assert len(first.held) == 4
    await looked(first, times=UNLED)
    assert first.held == set(FEEDS)
    first.close()
    behind.close()


async def test_a_feed_taken_by_a_replica_of_before_is_not_taken_from_it(database: str) -> None:
    """One that knows nothing of shares holds its locks until it ends."""
    before = await connect(database)
    for feed in FEEDS[:5]:
        await before.fetchval(
            "SELECT pg_try_advisory_lock(hashtext('onefile.feed'), hashtext($1))", feed
        )
    after = Leadership(database)
    await looked(after, times=UNLED + 2)
    assert after.held == set(FEEDS[5:])
    await before.close()
    await looked(after, times=UNLED + 2)
    assert after.held == set(FEEDS)
    after.close()
