"""How do the scripts of this folder run a program, and say what it said when it failed?"""

import subprocess
import sys
from pathlib import Path
from typing import Any, NoReturn

ROOT = Path(__file__).resolve().parents[1]
PLACE = ROOT / ".onefile" / "kube"


def say(text: str) -> None:
    print(f">> {text}", flush=True)


def die(text: str) -> NoReturn:
    print(f"ERROR: {text}", file=sys.stderr)
    raise SystemExit(1)


def ran(*words: str | Path, **more: Any) -> subprocess.CompletedProcess[str]:
    """A program's answer; what it says on failure is shown."""
    done = subprocess.run([*map(str, words)], text=True, check=False, **more)
    if done.returncode:
        said = f"{done.stdout or ''}{done.stderr or ''}".strip()[-2000:]
        die(f"{' '.join(map(str, words[:4]))} … 失败 failed ({done.returncode})\n{said}")
    return done
