"""What may a tool at this machine know of the running box: addresses, tokens, process."""

import fcntl
import json
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from services.onebox.private import write_private

FILE = "box.json"


@dataclass(frozen=True, slots=True)
class State:
    """The running box. `tokens` are good for ten minutes and renewed while it runs."""

    home: str
    pid: int
    addresses: dict[str, str]
    issuer: str
    tokens: dict[str, str] = field(default_factory=dict)

    def save(self) -> None:
        """Write `<home>/box.json`, for its owner alone."""
        write_private(Path(self.home) / FILE, json.dumps(asdict(self), indent=2) + "\n")

    def forget(self) -> None:
        """The box stops: nothing must point to it."""
        (Path(self.home) / FILE).unlink(missing_ok=True)


def running_box(home: Path) -> State | None:
    """The box that runs on `home`, None where none does (or none is up yet).

    The file of a box that was killed stays behind; its lock does not.
    """
    try:
        with (home / "lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        with suppress(OSError, ValueError, TypeError):
            return State(**json.loads((home / FILE).read_text()))
    except OSError:
        pass
    return None
