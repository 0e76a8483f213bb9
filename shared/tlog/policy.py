"""Whom does a reader trust (C2SP tlog-policy): which logs, which witnesses, and how many?"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from hashlib import sha256

from shared.tlog.checkpoint import Checkpoint, read_checkpoint
from shared.tlog.note import (
    COSIGNATURE,
    ED25519,
    ML_DSA,
    Note,
    NoteInvalid,
    Verifier,
    believed,
    read_vkey,
)


class PolicyInvalid(ValueError):
    """A policy file that cannot be followed; the message names the line."""


class QuorumMissing(NoteInvalid):
    """A checkpoint that too few witnesses have cosigned."""


@dataclass(frozen=True, slots=True)
class Group:
    """So many of these names, each a witness or a group."""

    needed: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """Known logs and witnesses, and the quorum; `fingerprint` is what a paper notice prints."""

    logs: tuple[Verifier, ...]
    witnesses: Mapping[str, Verifier]
    groups: Mapping[str, Group]
    quorum: str
    fingerprint: str

    def met_by(self, cosigners: Collection[Verifier]) -> bool:
        """Whether these witnesses are enough."""
        return self.quorum == "none" or self._witnessed(self.quorum, cosigners)

    def _witnessed(self, name: str, cosigners: Collection[Verifier]) -> bool:
        if name in self.witnesses:
            return self.witnesses[name] in cosigners
        group = self.groups[name]
        return sum(self._witnessed(one, cosigners) for one in group.members) >= group.needed


@dataclass(frozen=True, slots=True)
class Trusted:
    """A checkpoint one may lean on: the log's key, and when which witness saw it."""

    checkpoint: Checkpoint
    log: Verifier
    seen: Mapping[str, int]


def trusted(note: Note, policy: Policy) -> Trusted:
    """Raises `NoteInvalid` unless a log of the policy signed and the quorum is met."""
    checkpoint = read_checkpoint(note)
    names = {verifier: name for name, verifier in policy.witnesses.items()}
    found = believed(note, [*policy.logs, *names])
    log = next((key for key in policy.logs if key in found), None)
    if log is None or log.name != checkpoint.origin:
        raise NoteInvalid(f"no log of the policy signed as {checkpoint.origin}")
    seen = {names[key]: time for key, time in found.items() if key in names and time}
    if not policy.met_by([policy.witnesses[name] for name in seen]):
        raise QuorumMissing(f"{len(seen)} witnesses cosigned, which does not meet the quorum")
    return Trusted(checkpoint, log, seen)


def read_policy(source: str) -> Policy:
    """A policy file; raises `PolicyInvalid` with the number of the line."""
    reader = _Reader()
    for number, text in enumerate(source.split("\n"), 1):
        words = text.replace("\t", " ").split(" ")
        words = [word for word in words if word]
        if words and not words[0].startswith("#"):
            try:
                reader.read(words)
            except (ValueError, IndexError) as error:
                raise PolicyInvalid(f"line {number}: {error}") from error
    if reader.quorum is None:
        raise PolicyInvalid("the policy has no quorum line")
    fingerprint = sha256(source.encode()).hexdigest()
    return Policy(
        tuple(reader.logs), reader.witnesses, reader.groups, reader.quorum, fingerprint
    )


class _Reader:
    def __init__(self) -> None:
        self.logs: list[Verifier] = []
        self.witnesses: dict[str, Verifier] = {}
        self.groups: dict[str, Group] = {}
        self.quorum: str | None = None
        self._grouped: set[str] = set()

    def read(self, words: list[str]) -> None:
        match words:
            case ["log", vkey, *url] if len(url) < 2:
                self.logs.append(self._key(vkey, (ED25519,), [one.public for one in self.logs]))
            case ["witness", name, vkey, *url] if len(url) < 2:
                self._new(name)
                taken = [one.public for one in self.witnesses.values()]
                self.witnesses[name] = self._key(vkey, (COSIGNATURE, ML_DSA), taken)
            case ["group", name, threshold, *members] if members:
                self._group(name, threshold, members)
            case ["quorum", name] if self.quorum is None:
                self.quorum = name if name == "none" else self._known(name)
            case _:
                raise ValueError(f"not understood, or said twice: {words[0]}")

    def _group(self, name: str, threshold: str, members: list[str]) -> None:
        self._new(name)
        for member in members:
            if self._known(member) in self._grouped:
                raise ValueError(f"{member} is in a group already")
            self._grouped.add(member)
        needed = {"all": len(members), "any": 1}.get(threshold) or int(threshold)
        if not 1 <= needed <= len(members):
            raise ValueError(f"{needed} of {len(members)} cannot be")
        self.groups[name] = Group(needed, tuple(members))

    def _key(
        self, vkey: str, algorithms: Collection[int], taken: Collection[bytes]
    ) -> Verifier:
        key = read_vkey(vkey)
        if key.algorithm not in algorithms or key.public in taken:
            raise ValueError(f"the key of {key.name} is of the wrong kind, or given twice")
        return key

    def _new(self, name: str) -> None:
        if name == "none" or name in self.witnesses or name in self.groups:
            raise ValueError(f"the name {name} is taken")

    def _known(self, name: str) -> str:
        if name not in self.witnesses and name not in self.groups:
            raise ValueError(f"{name} is not defined above")
        return name
