"""What does a log say of itself at a size (C2SP tlog-checkpoint), and how is it asked to prove it?"""

import re
from base64 import b64encode
from dataclasses import dataclass

from shared.tlog.note import Note, NoteInvalid, decoded, read_note

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
MAX_PROOF = 63


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A log by its origin, how many leaves it has, and the root over them."""

    origin: str
    size: int
    root: bytes

    def __str__(self) -> str:
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"


def read_checkpoint(note: Note) -> Checkpoint:
    """The checkpoint a note carries; raises `NoteInvalid`. Extension lines are refused."""
    lines = note.text.removesuffix("\n").split("\n")
    if len(lines) != 3 or not lines[0] or not _SIZE.fullmatch(lines[1]):
        raise NoteInvalid("a checkpoint is three lines: origin, size, root")
    root = decoded(lines[2])
    if len(root) != 32:
        raise NoteInvalid("the root of a checkpoint has 32 bytes")
    return Checkpoint(lines[0], int(lines[1]), root)


@dataclass(frozen=True, slots=True)
class Submission:
    """A request to a witness: the size it knows, the proof from there, the new checkpoint."""

    old: int
    proof: tuple[bytes, ...]
    note: Note

    def __str__(self) -> str:
        return f"old {self.old}\n{_lines(self.proof)}\n{self.note}"


def read_submission(source: str) -> Submission:
    """Raises `NoteInvalid`."""
    head, _, rest = source.partition("\n\n")
    first, *proof = head.split("\n")
    size = first.removeprefix("old ")
    if not first.startswith("old ") or not _SIZE.fullmatch(size) or len(proof) > MAX_PROOF:
        raise NoteInvalid("a submission begins with the old size and at most 63 hashes")
    return Submission(int(size), _hashes(proof), read_note(rest))


@dataclass(frozen=True, slots=True)
class LeafProof:
    """That a leaf is in a log (C2SP tlog-proof): its index, the path, the checkpoint."""

    index: int
    path: tuple[bytes, ...]
    note: Note

    def __str__(self) -> str:
        return f"c2sp.org/tlog-proof@v1\nindex {self.index}\n{_lines(self.path)}\n{self.note}"


def read_proof(source: str) -> LeafProof:
    """Raises `NoteInvalid`. Extra data is not used here and refused."""
    head, _, rest = source.partition("\n\n")
    lines = head.split("\n")
    index = lines[1].removeprefix("index ") if len(lines) > 1 else ""
    if lines[0] != "c2sp.org/tlog-proof@v1" or not _SIZE.fullmatch(index):
        raise NoteInvalid("not a proof of c2sp.org/tlog-proof@v1")
    return LeafProof(int(index), _hashes(lines[2:]), read_note(rest))


def _lines(hashes: tuple[bytes, ...]) -> str:
    return "".join(b64encode(one).decode() + "\n" for one in hashes)


def _hashes(lines: list[str]) -> tuple[bytes, ...]:
    found = tuple(decoded(text) for text in lines)
    if len(found) > MAX_PROOF or any(len(one) != 32 for one in found):
        raise NoteInvalid("a proof is at most 63 hashes of 32 bytes")
    return found
