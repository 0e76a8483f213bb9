"""`onefile demo` lives one matter from request to archived file, and leaves nothing behind."""

import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

from services.onebox.child import BEAT
from shared.effects import monotonic
from tests.conftest import REPOSITORY

LIMIT = 300.0
turn = Event()
ONEFILE = [sys.executable, "-c", "from services.cli import main; main()"]


def test_the_demonstration_goes_from_request_to_verified_file() -> None:
    with tempfile.TemporaryDirectory(prefix="onefile-") as place:
        done = subprocess.run(
            [*ONEFILE, "demo"],
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            timeout=LIMIT,
            env=os.environ | {"TMPDIR": place},
        )
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
        assert list(Path(place).iterdir()) == []
    story = done.stdout
    acts = (
        "申请",
        "受理",
        "派单",
        "委托与材料",
        "审批",
        "评价",
        "归档",
        "另一扇门",
        "一事一档",
    )
    places = [story.index(f"、{act}  ") for act in acts]
    assert places == sorted(places)
    for shown in (
        "agent_never_decides",
        "no_commission",
        "不予受理",
        "S4-11 房屋所有权首次登记：办结",
        "用时 30 个工作日",
        "结档",
        "留存正文与各库日志逐字节一致",
        "111 → 44",
    ):
        assert shown in story, shown


def test_a_box_with_the_demonstration_is_audited_and_goes_on(tmp_path: Path) -> None:
    home = tmp_path / "box"
    with demonstrated(home, "一体机继续运行") as screen:
        number = re.search(r"编号 number +(\S+)", screen)
        assert number
        replayed = audited("replay", number[1], home)
        assert "已结档" in replayed
        assert len(replayed.splitlines()) > 500
        early = audited("replay", number[1], home, "--at", "20", "--english")
        assert "accepted" in early
        verified = audited("verify", number[1], home, "--english")
        assert verified.startswith("valid")
        assert "intake" in audited("tail", "--last", home, "3")
    with demonstrated(home, "不再重走") as screen:
        assert "== " not in screen


@contextmanager
def demonstrated(home: Path, until: str) -> Iterator[str]:
    """`onefile up --demo`, once its screen says `until`; stopped in order afterwards."""
    screen = home.parent / "screen"
    with screen.open("w") as out:
        box = subprocess.Popen(
            [*ONEFILE, "up", "--demo", "--home", str(home)],
            cwd=REPOSITORY,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        deadline = monotonic() + LIMIT
        while until not in screen.read_text():
            assert box.poll() is None, screen.read_text()[-4000:]
            assert monotonic() < deadline, screen.read_text()[-4000:]
            turn.wait(BEAT)
        yield screen.read_text()
        box.send_signal(signal.SIGINT)
        assert box.wait(30) == 0
    finally:
        if box.poll() is None:
            box.kill()
            box.wait()


def audited(verb: str, what: str, home: Path, *more: str) -> str:
    """What one of archive's verbs prints."""
    done = subprocess.run(
        [*ONEFILE, verb, what, *more, "--home", str(home)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=LIMIT,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    return done.stdout


def test_without_a_running_box_the_remedy_is_told(tmp_path: Path) -> None:
    done = subprocess.run(
        [*ONEFILE, "demo", "--home", str(tmp_path)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=LIMIT,
    )
    assert done.returncode == 2
    assert "start it with `onefile up" in done.stderr
