"""`onefile demo` lives one matter in each place, door to archive, and leaves nothing behind."""

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

from services.onebox.child import BEAT, dying_with_us
from shared.effects import monotonic
from tests.conftest import REPOSITORY
from tests.patience import PATIENCE

LIMIT = 1800.0
"""For a whole demonstration: it takes three minutes, and ten on cores that others keep busy."""
turn = Event()
ONEFILE = [sys.executable, "-c", "from services.cli import main; main()"]


ACTS = (
    "队伍", "申请", "受理", "派单", "委托与材料", "审批", "评价", "归档", "一事一档", "核验", "小结",
)  # fmt: skip
SHOWN = {
    "210300": (
        "前台引导",
        "接下交接 handed over",
        "同意接受服务",
        "转办接下 transferred, confirmed: S3-10",
        "与代办员一对一结对",
        "a reserve sees nothing yet（404）",
        "paper_missing",
        "项目建设手续帮办代办领办登记表",
        "办结，免费邮寄，销号",
        "政务服务“好差评”：非常满意",
        "第 1 级 rung：提醒相关审批部门加快办理进度",
        "第 2 级 rung：提醒无果、故意拖延、推诿扯皮的，向上报告",
        "第 3 级 rung：由专班组长约谈具体审批人员",
        "为什么是这一天 why that day？",
        "移交",
    ),
    "341525": (
        "到窗口",
        "批前服务清单：27 个事项，2 个渠道送达",
        r"服务委托协议》 20\d\d年第0001号",
        "确认自填的申请表",
        "特殊工程不在服务范围内",
        "方案未设层级，提交 no ladder here",
        "帮办代办服务评价：非常满意",
        "委托、协议随之终止",
    ),
    "430600": (
        "自动纳入 enrolled by itself",
        "核验 checked",
        "第 2 级 rung：项目代办科监督协调",
        "已自动配为帮办",
        "共同牵头 leads too: 市公用报装帮代办工作组",
        "materials warranted",
        "not_eligible_for_mode",
        "改由 still helped, now by: 县（市、区）帮代办中心",
        "no_commission",
    ),
    "500242": (
        "第 2 级 rung：列入需协办事项问题清单报县工改办",
        "问题销号 struck off",
        "网上",
        "上门受理 visit made",
        "no_commission",
        "S4-11 房屋所有权首次登记：办结",
        "用时 30 个工作日",
        "电话回访：满意",
        "上门服务评价：不满意",
        "差评核实、整改、答复并回访",
        "政府投资",
        "111 → 44",
    ),
}
"""What each place's rules make of the same walk, as patterns: whatever day it is walked on."""


def test_each_place_is_lived_from_its_own_door_to_the_verified_file() -> None:
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
    _, *told, totals = re.split(r"^════ .+ ════$", done.stdout, flags=re.MULTILINE)
    headings = re.findall(r"^════ \d/4 .* cn-(\d{6})-\S+ ════$", done.stdout, re.MULTILINE)
    assert headings == sorted(SHOWN)
    for area, story in zip(headings, told, strict=True):
        acts = [story.index(f"、{act}") for act in ACTS]
        assert acts == sorted(acts)
        for shown in (
            *SHOWN[area],
            "agent_never_decides",
            "结档",
            "四性检测 four properties：真实性通过，完整性通过，可用性通过",
            "留存正文与各库日志逐字节一致",
        ):
            assert re.search(shown, story), (area, shown)
        assert re.search(
            rf"{area}-\d{{4}}-00001 +事件 events \d+ +指令 HTTP commands \d+", totals
        )
    assert "合计 together" in totals


def test_a_box_with_the_demonstration_is_audited_and_goes_on(tmp_path: Path) -> None:
    home = tmp_path / "box"
    with demonstrated(home, "一体机继续运行") as screen:
        number = re.search(r"编号 number +(\S+)", screen)
        assert number
        replayed = audited("replay", number[1], home)
        assert "已结档" in replayed
        assert len(replayed.splitlines()) > 100
        early = audited("replay", number[1], home, "--at", "60", "--english")
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
            [*dying_with_us("INT"), *ONEFILE, "up", "--demo", "--home", str(home)],
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
        assert box.wait(PATIENCE) == 0
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
