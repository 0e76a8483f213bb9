"""What does a member of an answer mean, whichever door says it (字段含义)?"""

from pathlib import Path


def _read() -> dict[str, str]:
    lines = Path(__file__).with_name("members.txt").read_text("utf-8").splitlines()
    pairs = (line.partition(": ") for line in lines if not line.startswith("#"))
    return {name: meaning for name, _, meaning in pairs}


MEMBERS = _read()
"""One term, one meaning: an answer says it itself only where it is meant otherwise."""
