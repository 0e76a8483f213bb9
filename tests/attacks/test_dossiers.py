"""Dossiers that mean harm (B88, B89): invalid or undecided, and never more memory than they weigh."""

import struct
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from services.archive.domain.dossier import Dossier, packed
from services.archive.verifier import verify as verifier
from tests.unit.archive.dossiers import (
    NAME,
    OTHER,
    PAPER,
    digest,
    disclosure,
    dossier,
    key,
    logs,
    policy,
    sealed,
)
from tests.unit.archive.test_verifier import edited, rebagged, true_one, zipped

BOUND = 64 << 20
"""Bytes: what a verifier may take for a dossier of a few kilobytes."""


def _huge(content: bytes) -> bytes:
    """The directory says that an entry holds almost 4 GiB; its bytes are few."""
    at = content.rindex(b"PK\x01\x02")
    return content[: at + 24] + struct.pack("<I", 0xFFFFFFF0) + content[at + 28 :]


def _encrypted(content: bytes) -> bytes:
    at = content.rindex(b"PK\x01\x02")
    flags = struct.unpack("<H", content[at + 8 : at + 10])[0] | 1
    return content[: at + 8] + struct.pack("<H", flags) + content[at + 10 :]


def _climbing(content: bytes) -> bytes:
    return rebagged(content, lambda files: files.update({"data/../../evil": b"x"}))


def _unlisted(content: bytes) -> bytes:
    """An event that the manifests know and no proof leads to."""
    made = b'{"about":{},"fact":{}}'
    return rebagged(
        content, lambda files: files.update({"data/intake/events/000000000077.json": made})
    )


def _of_another_log(content: bytes) -> bytes:
    """Everything is signed, by a log of another name."""
    found = logs()
    stranger = {store: key(f"log.elsewhere/{store}", 70) for store in found}
    return packed(dossier(found, sealed(found), signer=stranger.__getitem__))


def _of_another_suite(content: bytes) -> bytes:
    """The first tree's checkpoint has the name of a suite that nobody knows."""
    name = "data/intake/proofs/000000000001.tlog-proof"
    return rebagged(
        content, edited(name, lambda b: b.replace(b"log.example/intake\n", b"log.example/intake/sm9\n"))
    )  # fmt: skip


HARM: dict[str, Callable[[bytes], bytes]] = {
    "an entry that says it holds 4 GiB": _huge,
    "an encrypted entry": _encrypted,
    "a name that climbs out": _climbing,
    "an event that nobody proved": _unlisted,
    "another log": _of_another_log,
    "an unknown suite": _of_another_suite,
    "not a zip": lambda _: b"PK\x03\x04 no more",
    "nothing": lambda _: zipped({}),
}


def verdict(content: bytes | Dossier, folder: Path) -> int:
    file, trusted = folder / "one.zip", folder / "policy.txt"
    file.write_bytes(packed(content) if isinstance(content, Dossier) else content)
    trusted.write_text(policy())
    return verifier.main([str(file), "--policy", str(trusted), "--english"])


@pytest.mark.attack(
    what="B88 恶意卷宗：越界名、巨大成员、加密、夹带、他人日志、未知算法: harmful dossiers",
    by="验证器 verifier (offline, one file), in bounded memory",
)
@pytest.mark.parametrize("harm", HARM)
def test_a_harmful_dossier_is_refused_in_bounded_memory(harm: str, tmp_path: Path) -> None:
    content = HARM[harm](packed(true_one()))
    tracemalloc.start()
    try:
        assert verdict(content, tmp_path) in (1, 2)
        assert tracemalloc.get_traced_memory()[1] < BOUND
    finally:
        tracemalloc.stop()


def _reordered() -> Dossier:
    return replace(true_one(), disclosures=[PAPER, NAME])


def _of_another_matter() -> Dossier:
    """A true disclosure, of an event of the other matter."""
    found, other = logs(), disclosure("unit", "另一公司")
    found["intake"].append(OTHER, "service_amended", {"_sd": [digest(other)]})
    whole = dossier(found, sealed(found))
    return replace(whole, disclosures=[*whole.disclosures, other])


WRONG: dict[str, Callable[[], Dossier]] = {
    "reordered": _reordered,
    "shown twice": lambda: replace(true_one(), disclosures=[NAME, NAME, PAPER]),
    "of another matter": _of_another_matter,
    "made up": lambda: replace(true_one(), disclosures=[disclosure("unit", "第三公司")]),
}


@pytest.mark.attack(
    what="B89 披露重排、重复、他案、编造: disclosures reordered, doubled, of another matter, made up",
    by="验证器 verifier (offline, one file)",
)
@pytest.mark.parametrize("wrong", WRONG)
def test_a_dossier_with_wrong_disclosures_is_invalid(wrong: str, tmp_path: Path) -> None:
    assert verdict(WRONG[wrong](), tmp_path) == 1


def test_the_policy_beside_the_verifier_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`python verify.py f.zip`, as it is written on the notice."""
    program = tmp_path / "verify.py"
    program.write_text(Path(verifier.__file__).read_text())
    (tmp_path / "f.zip").write_bytes(packed(true_one()))
    monkeypatch.setattr(verifier, "__file__", str(program))
    assert verifier.main([str(tmp_path / "f.zip")]) == 2
    (tmp_path / "policy.txt").write_text(policy())
    assert verifier.main([str(tmp_path / "f.zip")]) == 0
