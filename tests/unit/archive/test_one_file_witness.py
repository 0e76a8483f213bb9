"""The witness in one file: lines of ML-DSA-44 beside Ed25519, and trees by SM3."""

from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.archive.verifier.witness import Log, Witness
from shared.tlog.checkpoint import Checkpoint, Submission, read_checkpoint
from shared.tlog.merkle import (
    SHA256,
    SM3,
    Suite,
    complete,
    consistency_ranges,
    hashes_of,
    nodes_of,
    root_of,
)
from shared.tlog.note import Ed25519Signer, MlDsaSigner, Signer, believed, read_note, read_vkey
from shared.tlog.note import signed as signed_note

NAME = "log.example/intake"
TIME = 1_795_000_000


def ours(name: str = NAME) -> Ed25519Signer:
    return Ed25519Signer(name, Ed25519PrivateKey.from_private_bytes(b"k" * 32))


def quantum(name: str = NAME, seed: int = 1) -> MlDsaSigner:
    return MlDsaSigner.from_seed(name, bytes([seed]) * 32)


def submission(
    old: int, new: int, *signers: Signer, suite: Suite = SHA256, leaf: bytes = b"leaf"
) -> Submission:
    leaves = [suite.leaf(leaf + b"%d" % n) for n in range(new)]
    ranges = consistency_ranges(old, new)
    nodes = {
        node: complete(*node, lambda low, high: leaves[low:high], suite)
        for node in nodes_of(ranges)
    }
    text = str(Checkpoint(signers[0].verifier.name, new, root_of(leaves, suite)))
    note = signed_note(text, signers, TIME)
    return Submission(old, tuple(hashes_of(ranges, nodes, suite)), note)


def witness(folder: Path, *keys: Signer) -> Witness:
    return Witness("w.example", folder, [Log([key.verifier.vkey for key in keys])])


def asked(one: Witness, what: Submission) -> tuple[int, str]:
    return one.add(str(what).encode())


def test_a_line_of_mldsa_beside_the_known_key_is_let_be_and_that_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = witness(tmp_path, ours())
    assert asked(one, submission(0, 5, ours(), quantum()))[0] == 200
    assert asked(one, submission(5, 9, ours(), quantum()))[0] == 200
    assert capsys.readouterr().err.count("is not checked here") == 1


def test_with_its_key_the_line_is_checked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = witness(tmp_path, ours(), quantum())
    good = submission(0, 5, ours(), quantum())
    other = submission(0, 5, quantum(), ours(), leaf=b"other")
    spoiled = replace(good.note.signatures[1], signature=other.note.signatures[0].signature)
    bad = replace(good, note=replace(good.note, signatures=(good.note.signatures[0], spoiled)))
    assert asked(one, bad)[0] == 403
    status, said = asked(one, good)
    assert status == 200
    note = read_note(str(good.note) + said)
    assert believed(note, [read_vkey(one.vkey)])
    assert "not checked" not in capsys.readouterr().err


def test_its_line_alone_is_not_enough(tmp_path: Path) -> None:
    one = witness(tmp_path, ours(), quantum())
    assert asked(one, submission(0, 5, quantum()))[0] == 403
    with pytest.raises(ValueError, match="one Ed25519 key"):
        witness(tmp_path, quantum())
    with pytest.raises(ValueError, match="not an Ed25519"):
        Log([f"{NAME}+00000000+"])


def test_a_tree_by_sm3_is_followed_by_its_own_hash(tmp_path: Path) -> None:
    name = f"{NAME}/sm3"
    one = witness(tmp_path, ours(name))
    assert asked(one, submission(0, 5, ours(name), suite=SM3))[0] == 200
    assert asked(one, submission(5, 12, ours(name), suite=SM3))[0] == 200
    fork = submission(12, 20, ours(name), suite=SM3, leaf=b"another")
    assert asked(one, fork)[0] == 422
    assert asked(one, submission(12, 20, ours(name)))[0] == 422  # hashed by SHA-256
    kept = read_checkpoint(read_note(one.file(name).read_text()))
    assert kept.size == 12
    assert len([*(tmp_path / "evidence").iterdir()]) == 2


def test_an_empty_tree_by_sm3_has_its_own_root(tmp_path: Path) -> None:
    name = f"{NAME}/sm3"
    one = witness(tmp_path, ours(name))
    wrong = signed_note(str(Checkpoint(name, 0, SHA256.empty)), [ours(name)])
    assert asked(one, Submission(0, (), wrong))[0] == 422
    right = signed_note(str(Checkpoint(name, 0, SM3.empty)), [ours(name)])
    assert asked(one, Submission(0, (), right))[0] == 200
