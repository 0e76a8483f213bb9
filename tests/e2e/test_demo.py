"""`onefile demo` lives one matter from request to archived file, and leaves nothing behind."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.conftest import REPOSITORY

LIMIT = 300.0
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
