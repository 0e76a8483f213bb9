"""The first question about a long file: answered from its beginnings, as the whole file answers."""

from collections.abc import AsyncIterator
from datetime import date, timedelta

import pytest

from services.archive.domain.beginning import EVERY
from services.archive.domain.difference import hash_of, state_of
from services.archive.domain.file import Filed
from services.archive.domain.replay import as_document, stood
from services.archive.domain.timetravel import Cut, History, history_of
from services.archive.queries import Queries
from services.archive.service.beginnings import Beginnings
from tests.integration.store import connected
from tests.integration.stored_file import prepared, queries_of, stored
from tests.unit.archive.examples import COURSE, PIECE, known, told
from tests.unit.archive.long_files import long_file

pytestmark = pytest.mark.store
KEY = b"k" * 32


@pytest.fixture
async def dsn(database: str) -> str:
    return await prepared(database)


@pytest.fixture
async def queries(dsn: str) -> AsyncIterator[Queries]:
    async with queries_of(dsn) as queries:
        yield queries


async def opened(queries: Queries, filed: Filed) -> History:
    return history_of(await queries.filed(filed.matter))


async def test_the_state_at_a_cut_is_that_of_the_whole_file(dsn: str, queries: Queries) -> None:
    filed = long_file(1_300)
    await stored(dsn, filed)
    beginnings = Beginnings(queries, KEY)
    assert await beginnings.before(filed.matter, Cut()) is None
    assert await beginnings.catch_up() == 1
    assert await beginnings.catch_up() == 0
    history = await opened(queries, filed)
    now = await beginnings.before(filed.matter, Cut())
    assert now is not None and now.beginning.version == 2 * EVERY
    answered = 0
    for at in (None, 10_000, len(filed.entries), 1_200, 2 * EVERY, EVERY, 700, 20):
        for day in (None, date(2027, 1, 1), date(2026, 4, 20), date(2026, 4, 14)):
            cut = Cut(at, day)
            found = await beginnings.stood(filed.matter, cut, now)
            if found is not None:
                answered += 1
                assert as_document(found) == as_document(stood(history, cut))
                assert found.matter == stood(history, cut).matter
                assert found.file == stood(history, cut).file
    assert answered >= 14


async def test_what_happened_before_a_beginning_and_was_entered_after_is_not_lost(
    dsn: str, queries: Queries
) -> None:
    filed = long_file(600, late=(580,))
    await stored(dsn, filed)
    beginnings = Beginnings(queries, KEY)
    await beginnings.catch_up()
    now = await beginnings.before(filed.matter, Cut())
    assert now is not None
    assert await beginnings.stood(filed.matter, Cut(), now) is None
    before = Cut(filed.entries[len(told(*COURSE).entries) + 579].position)
    found = await beginnings.stood(filed.matter, before, now)
    assert found is not None
    history = await opened(queries, filed)
    assert as_document(found) == as_document(stood(history, before))


async def test_the_time_of_a_position_is_the_same_by_either_way(
    dsn: str, queries: Queries
) -> None:
    filed = long_file(10)
    await stored(dsn, filed)
    history, beginnings = await opened(queries, filed), Beginnings(queries, KEY)
    moments = [p.recorded for p in history.points[:3]]
    for by in (*moments, moments[0] - timedelta(hours=1), moments[0].date(), date(2020, 1, 1)):
        assert await beginnings.position_at(filed.matter, by) == history.position_at(by)


@pytest.mark.attack(
    what="改写快照: a kept beginning of a file is rewritten in the database",
    by="部署密钥的校验码 HMAC of the deployment; proofs never lean on it",
)
@pytest.mark.parametrize("change", ["state = replace(convert_from(state, 'UTF8'), 'accepted', "
                                    "'declined')::bytea", "position = 3, version = 3"])  # fmt: skip
async def test_a_beginning_that_somebody_rewrote_is_not_used(
    dsn: str, queries: Queries, database: str, change: str
) -> None:
    filed = long_file(600)
    await stored(dsn, filed)
    beginnings = Beginnings(queries, KEY)
    await beginnings.catch_up()
    assert await beginnings.before(filed.matter, Cut()) is not None
    async with connected(database) as owner:
        await owner.execute(f"UPDATE beginnings SET {change}")
    assert await beginnings.before(filed.matter, Cut()) is None
    assert await Beginnings(queries, b"o" * 32).before(filed.matter, Cut()) is None


async def test_what_the_project_tells_later_folds_anew(dsn: str, queries: Queries) -> None:
    filed = long_file(600)
    await stored(dsn, filed)
    beginnings = Beginnings(queries, KEY)
    await beginnings.catch_up()
    more = told(*COURSE).project(known).beside[-1]
    assert await beginnings.before(filed.matter, Cut()) is not None
    async with connected(dsn) as connection:
        await connection.execute(
            "INSERT INTO copies (store, position, body, leafhash, origins)"
            " VALUES ('intake', $1, $2, $3, '{}')",
            more.position, more.body.decode(), bytes.fromhex(more.leafhash),
        )  # fmt: skip
    assert await beginnings.before(filed.matter, Cut()) is None


async def test_a_file_that_grew_is_folded_on(dsn: str, queries: Queries) -> None:
    filed = long_file(600 + EVERY)
    first = Filed(filed.matter, filed.entries[:600], filed.project)
    await stored(dsn, first)
    beginnings = Beginnings(queries, KEY)
    await beginnings.catch_up()
    await stored(dsn, filed, already=len(first.entries))
    assert await beginnings.catch_up() == 1
    now = await beginnings.before(filed.matter, Cut())
    assert now is not None and now.beginning.version == 2 * EVERY
    found = await beginnings.stood(filed.matter, Cut(), now)
    assert found is not None
    history = await opened(queries, filed)
    assert hash_of(state_of(found)) == hash_of(state_of(stood(history, Cut())))
    assert found.matter.pieces[PIECE] == 1
