"""What was done to accounts and links, by whom and when: lines that are only ever added to."""

import getpass
import hashlib
import json
import os
import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = "accounts.log"
NOTHING = "0" * 64
"""What the first line stands upon."""


@dataclass(frozen=True, slots=True)
class Did:
    """An act upon an account or a link. `by` is a pseudonym, or who sat at the machine."""

    act: str
    of: str
    by: str
    more: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One act as it stands in the file; `wrong` says what is not as it was written."""

    number: int
    at: float
    did: Did
    hash: str
    wrong: str = ""


def did(act: str, of: str, by: str | None = None, **more: Any) -> Did:
    """Something that is being done; by whoever sits at the machine, unless it is said."""
    told = {key: list(v) if isinstance(v, tuple) else v for key, v in more.items() if v}
    return Did(act, of, by or at_machine(), told)


def at_machine() -> str:
    """The user of the operating system, who became another by sudo, and the machine."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError):  # a user without a name, as in a container
        user = str(os.getuid())
    before = os.environ.get("SUDO_USER", "")
    return f"{before + '→' if before and before != user else ''}{user}@{socket.gethostname()}"


def added(home: Path, done: Did, at: float, last: tuple[int, str]) -> tuple[int, str]:
    """Write a line after the `last` one (its number and hash); returns the new last.

    The caller holds the lock of the accounts. It is on the disk when this returns.
    """
    number, before = last
    body = {
        "number": number + 1, "at": at, "act": done.act, "of": done.of, "by": done.by,
        "more": dict(done.more), "before": before,
    }  # fmt: skip
    sealed = _hash(body)
    text = json.dumps({**body, "hash": sealed}, ensure_ascii=False, sort_keys=True) + "\n"
    handle = os.open(home / FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "ab") as out:
        out.write(text.encode())
        out.flush()
        os.fsync(out.fileno())
    return number + 1, sealed


def lines(home: Path, last: tuple[int, str]) -> tuple[list[Line], str]:
    """Every line, each held against the one before it; and what is wrong with their end.

    `last` is what the accounts themselves remember: lines that were cut off are missed by it.
    """
    file = home / FILE
    found = list(_checked(file.read_text().splitlines() if file.exists() else ()))
    number, sealed = last
    if any(line.wrong for line in found):
        return found, "changed"
    if len(found) < number or (number and found[number - 1].hash != sealed):
        return found, "cut"
    return found, "begun" if len(found) > number else ""


def _checked(texts: Iterable[str]) -> Iterable[Line]:
    before = NOTHING
    for number, text in enumerate(texts, 1):
        try:
            told = json.loads(text)
            sealed = told.pop("hash")
            done = Did(told["act"], told["of"], told["by"], told["more"])
            sound = _hash(told) == sealed and told["before"] == before
            sound = sound and told["number"] == number
            yield Line(number, float(told["at"]), done, sealed, "" if sound else "changed")
            before = sealed
        except (ValueError, KeyError, TypeError, AttributeError):
            yield Line(number, 0, Did("?", "?", "?", {}), "", "changed")
            before = ""


def _hash(body: Mapping[str, Any]) -> str:
    whole = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(whole.encode()).hexdigest()
