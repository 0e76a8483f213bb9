"""A log and a witness sign with ML-DSA-44 beside Ed25519, as C2SP tlog-cosignature says."""

from base64 import b64encode
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

from shared.attesting import log_key
from shared.tlog.checkpoint import Checkpoint, read_checkpoint
from shared.tlog.merkle import SHA256
from shared.tlog.note import (
    COSIGNATURE,
    ML_DSA,
    Ed25519Signer,
    MlDsaSigner,
    NoteInvalid,
    believed,
    read_note,
    read_vkey,
    signed,
)
from shared.tlog.policy import QuorumMissing, read_policy, trusted

LOG = Ed25519Signer("log.example/intake", Ed25519PrivateKey.from_private_bytes(b"L" * 32))
SECOND = MlDsaSigner.from_seed("log.example/intake", b"Q" * 32)
WITNESS = MlDsaSigner.from_seed("w.example", b"W" * 32)
TEXT = str(Checkpoint("log.example/intake", 9, SHA256.leaf(b"x")))


def test_one_note_carries_both_signatures_and_each_is_believed_alone() -> None:
    note = read_note(str(signed(TEXT, [LOG, SECOND], 1_795_000_000)))
    assert believed(note, [LOG.verifier]) == {LOG.verifier: None}
    assert believed(note, [SECOND.verifier]) == {SECOND.verifier: 1_795_000_000}
    assert read_checkpoint(note).size == 9
    assert [len(one.signature) for one in note.signatures] == [64, 8 + 2420]


def test_the_signed_bytes_are_those_of_the_specification() -> None:
    note = signed(TEXT, [WITNESS], 7)
    name, origin = b"w.example", b"log.example/intake"
    message = (
        b"subtree/v1\n\x00" + bytes([len(name)]) + name + (7).to_bytes(8, "big")
        + bytes([len(origin)]) + origin + bytes(8) + (9).to_bytes(8, "big") + SHA256.leaf(b"x")
    )  # fmt: skip
    public = MLDSA44PublicKey.from_public_bytes(WITNESS.verifier.public)
    public.verify(note.signatures[0].signature[8:], message)
    assert message[:12] == b"subtree/v1\n\0"


def test_a_vkey_is_read_as_it_is_written() -> None:
    assert read_vkey(WITNESS.verifier.vkey) == WITNESS.verifier
    assert WITNESS.verifier.algorithm == ML_DSA
    short = b64encode(bytes([ML_DSA]) + bytes(32)).decode()
    with pytest.raises(NoteInvalid):
        read_vkey(f"w.example+00000000+{short}")


@pytest.mark.attack(
    what="改时间、改文本、换名或截短 ML-DSA 签名: an ML-DSA line of another time, text, name or length",
    by="抗量子会签 ML-DSA-44 cosignature",
)
@pytest.mark.parametrize("change", ["time", "text", "bytes", "name"])
def test_a_changed_line_is_not_believed(change: str) -> None:
    note = signed(TEXT, [WITNESS], 7)
    one, key = note.signatures[0], WITNESS.verifier
    match change:
        case "time":
            later = (8).to_bytes(8, "big") + one.signature[8:]
            note = replace(note, signatures=(replace(one, signature=later),))
        case "text":
            note = replace(note, text=TEXT.replace("\n9\n", "\n8\n"))
        case "bytes":
            note = replace(note, signatures=(replace(one, signature=one.signature[:-1]),))
        case "name":
            key = replace(key, name="v.example")
            note = replace(note, signatures=(replace(one, name="v.example", id=key.id),))
    with pytest.raises(NoteInvalid):
        believed(note, [key])


def test_nothing_but_a_checkpoint_is_signed() -> None:
    with pytest.raises(NoteInvalid):
        signed("hello\n", [WITNESS])


def test_a_policy_takes_such_a_witness_and_a_log_by_its_ed25519_key() -> None:
    policy = read_policy(
        f"log {LOG.verifier.vkey}\nwitness W {WITNESS.verifier.vkey}\nquorum W\n"
    )
    note = signed(TEXT, [LOG, SECOND], 1)
    with pytest.raises(QuorumMissing):
        trusted(note, policy)
    cosigned = note.plus(*signed(TEXT, [WITNESS], 5).signatures)
    assert trusted(cosigned, policy).seen == {"W": 5}
    classic = Ed25519Signer("v.example", LOG.private, COSIGNATURE)
    assert believed(signed(TEXT, [classic], 3), [classic.verifier]) == {classic.verifier: 3}


def test_a_second_seed_beside_the_log_key_switches_it_on(tmp_path: Path) -> None:
    file = tmp_path / "log.key"
    file.write_bytes(b"k" * 32)
    assert log_key(file, "log.example", "intake").beside == ()
    (tmp_path / "log.mldsa44").write_bytes(b"q" * 32)
    keys = [log_key(file, "log.example", name).beside[0] for name in ("intake", "archive")]
    assert {key.verifier.algorithm for key in keys} == {ML_DSA}
    assert keys[0].verifier.public != keys[1].verifier.public
    (tmp_path / "log.mldsa44").write_bytes(b"short")
    with pytest.raises(ValueError, match="32 bytes"):
        log_key(file, "log.example", "intake")
