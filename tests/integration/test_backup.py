"""A box is copied while it works, comes back whole, and a copy that is not whole is refused."""

import asyncio
import json
import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio

from services.onebox.backup import ERASED, BackupRefused, back_up, keep_keys, superuser
from services.onebox.box import Wishes, box
from services.onebox.doctor import WRONG, examined
from services.onebox.journal import log_nowhere
from services.onebox.keyring import Keyring
from services.onebox.own_servers import dsn_on
from services.onebox.platform import Platform
from services.onebox.restore import BEFORE, rehearse, restore
from services.onebox.roots import LogDiffers, heads
from shared.effects import monotonic, new_id
from tests.patience import PATIENCE


def quiet(_: str) -> None:
    pass


async def lived(servers: Platform) -> None:
    """Until intake has said by itself which places there are: a copy is of something."""
    connection = await asyncpg.connect(servers.pg_dsn("onefile_intake"))
    deadline = monotonic() + PATIENCE
    while await connection.fetchval("SELECT count(*) FROM events") < 2:
        assert monotonic() < deadline
        await asyncio.sleep(0.05)
    await connection.close()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def made() -> AsyncIterator[Path]:
    """A box that lived a moment, a copy taken while it ran, and its keys."""
    with tempfile.TemporaryDirectory(prefix="onefile-", ignore_cleanup_errors=True) as folder:
        place = Path(folder)
        home = place / "box"
        async with box(Wishes(home, durable=False, any_port=True), quiet) as (_, servers):
            await lived(servers)
            (home / "documents").mkdir(exist_ok=True)
            (home / "documents" / "one").write_bytes(b"paper")
            done = await back_up(home, place / "copies", quiet)
        done.rename(place / "copy")
        keep_keys(home, place / "keys.json")
        yield place
        log_nowhere()


@pytest.fixture
def place(made: Path, tmp_path: Path) -> Path:
    """The same for one test alone, which may alter it."""
    for name in ("box", "copy"):
        shutil.copytree(made / name, tmp_path / name, symlinks=True)
        (tmp_path / name).chmod(0o700)
    shutil.copy2(made / "keys.json", tmp_path)
    tmp_path.chmod(0o755)
    return tmp_path


def parts(place: Path) -> tuple[Path, Path, Path]:
    return place / "box", place / "copy", place / "keys.json"


async def test_a_box_comes_back_with_every_root_and_a_new_name_for_its_log(place: Path) -> None:
    home, copy, keys = parts(place)
    found = await restore(copy, place / "again", keys, quiet)
    assert found.contained["intake"].size > 0
    assert found.heads["intake"] == found.contained["intake"]
    assert found.renamed and found.origin_before == Keyring(home).log_origin()
    assert json.loads((found.home / BEFORE).read_text())["origin"] == found.origin_before
    assert (found.home / "documents" / "one").read_bytes() == b"paper"
    async with box(Wishes(found.home, durable=False, any_port=True), quiet) as (state, _):
        assert set(state.addresses) > {"intake", "archive"}
    before = {one.sign for one in await examined(found.home)}
    assert WRONG not in before


def erasure() -> str:
    line = {"decision": str(new_id()), "keys": [str(new_id())], "digests": []}
    return json.dumps(line) + "\n"


async def test_what_was_erased_after_the_copy_stays_on_the_list_of_erasures(
    place: Path,
) -> None:
    home, copy, _ = parts(place)
    before, between, newest = erasure(), erasure(), erasure()
    (home / ERASED).write_text(before + between)
    keep_keys(home, place / "later.keys")
    (place / "elsewhere.list").write_text(before + newest)
    found = await restore(
        copy, place / "again", place / "later.keys", quiet, erased=place / "elsewhere.list"
    )
    assert (found.home / ERASED).read_text() == before + between + newest
    for wrong in (place / "nothing", copy / "backup.json"):
        with pytest.raises(BackupRefused, match="list of erasures"):
            await restore(copy, place / "more", place / "later.keys", quiet, erased=wrong)
    assert not (place / "more").exists()


async def test_a_move_keeps_the_name_of_the_log(place: Path) -> None:
    home, copy, keys = parts(place)
    found = await restore(copy, place / "again", keys, quiet, same_origin=True)
    assert not found.renamed and found.origin == Keyring(home).log_origin()
    assert {p.name for p in found.home.glob("log.*.last")} == {
        p.name for p in home.glob("log.*.last")
    }


async def test_a_copy_that_is_not_whole_is_refused_and_nothing_is_left(place: Path) -> None:
    _, copy, keys = parts(place)
    again = place / "again"
    document = copy / "documents" / "one"
    document.write_bytes(b"other")
    with pytest.raises(BackupRefused, match="documents/one"):
        await restore(copy, again, keys, quiet)
    document.write_bytes(b"paper")
    control = copy / "pg" / "global" / "pg_control"
    control.write_bytes(control.read_bytes()[::-1])
    with pytest.raises(BackupRefused, match="pg_control"):
        await restore(copy, again, keys, quiet)
    with pytest.raises(BackupRefused, match=r"backup\.json"):
        await restore(place, again, keys, quiet)
    assert not again.exists()


async def test_a_copy_whose_words_about_itself_were_altered_is_found_out(place: Path) -> None:
    _, copy, keys = parts(place)
    about = copy / "backup.json"
    told = json.loads(about.read_text())
    told["heads"]["intake"]["root"] = "00" * 32
    about.write_text(json.dumps(told))
    with pytest.raises(LogDiffers, match="intake"):
        await rehearse(copy, keys, quiet)


async def test_the_keys_of_another_box_open_nothing_and_keys_are_never_overwritten(
    place: Path,
) -> None:
    home, copy, keys = parts(place)
    with pytest.raises(BackupRefused, match="exists already"):
        keep_keys(home, keys)
    with pytest.raises(BackupRefused, match="onefile keys"):
        await restore(copy, place / "again", copy / "backup.json", quiet)
    with pytest.raises(BackupRefused, match="is missing"):
        await restore(copy, place / "again", place / "nothing", quiet)
    with pytest.raises(BackupRefused, match="not empty"):
        await restore(copy, home, keys, quiet)
    with pytest.raises(BackupRefused, match="no database"):
        await back_up(place / "copies", place / "more", quiet)


async def test_an_altered_row_is_named_by_every_count(place: Path) -> None:
    home, _, _ = parts(place)
    async with superuser(home, quiet) as (admin, _):
        connection = await asyncpg.connect(dsn_on(admin, "onefile_intake"))
        await connection.execute(
            "ALTER EVENT TRIGGER log_guards_stand DISABLE;"
            "SET session_replication_role = replica; ALTER TABLE events DISABLE TRIGGER ALL;"
            "UPDATE events SET fact = replace(fact, '{', '{\"x\":1,') WHERE position = 2"
        )
        await connection.close()
        with pytest.raises(LogDiffers, match="row 2 of intake"):
            await heads(admin, quiet)
    with pytest.raises(LogDiffers, match="row 2 of intake"):
        await back_up(home, place / "copies", quiet)
    assert not list((place / "copies").glob("*.part"))


async def test_the_doctor_says_that_no_agency_receives_anything(place: Path) -> None:
    home, _, _ = parts(place)
    (home / "agencies.yaml").write_text("agencies: {tax: 1}\n")
    (wrong,) = (f for f in await examined(home) if f.sign == WRONG)
    assert "no agency receives anything" in wrong.en and wrong.remedy


async def test_the_doctor_names_a_lost_key_and_an_open_door(place: Path) -> None:
    home, _, _ = parts(place)
    assert not [f for f in await examined(home) if f.sign == WRONG]
    Keyring(home).deployment_key_file.unlink()
    home.chmod(0o755)
    wrong = [f for f in await examined(home) if f.sign == WRONG]
    assert any("deployment.key" in f.en for f in wrong)
    assert any("chmod 700" in f.remedy for f in wrong)
    assert all(f.remedy for f in wrong)
