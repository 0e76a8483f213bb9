"""SM3 and SM2 by the words of GB/T 32905 and GB/T 32918, and in a signed note."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from shared.attesting import log_key, second_key
from shared.tlog import sm2
from shared.tlog.checkpoint import Checkpoint, read_checkpoint
from shared.tlog.merkle import SHA256, SM3, suite_of
from shared.tlog.note import SM2_NAME, NoteInvalid, believed, read_note, read_vkey, signed
from shared.tlog.sm2 import Sm2Signer, software

# GB/T 32918.5-2017, appendix A: the private and public key, the message, and its signature.
SECRET = bytes.fromhex("3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8")
PUBLIC = bytes.fromhex(
    "0409F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
)
SIGNATURE = bytes.fromhex(
    "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3"
    "B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA"
)
DEVICE = "shared.tlog.sm2:software"
ORIGIN = "log.example"


@pytest.mark.parametrize(
    ("message", "digest"),
    [
        (b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        (b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
        (b"", "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b"),
    ],
)
def test_sm3_is_that_of_the_standard(message: bytes, digest: str) -> None:
    assert SM3.digest(message).hex() == digest


def test_a_trees_hash_is_said_by_its_name() -> None:
    assert suite_of("log.example/intake") is SHA256
    assert suite_of("log.example/intake/sm3") is SM3


def test_sm2_is_that_of_the_standard() -> None:
    assert Sm2Signer("x", SECRET).verifier.public == SM2_NAME + PUBLIC
    assert sm2.verified(PUBLIC, SIGNATURE, b"message digest")
    assert not sm2.verified(PUBLIC, SIGNATURE, b"another message")
    assert not sm2.verified(PUBLIC, SIGNATURE[:63], b"message digest")
    assert not sm2.verified(bytes(65), SIGNATURE, b"message digest")


def test_a_device_signs_beside_our_key_and_each_line_is_believed_alone(tmp_path: Path) -> None:
    file = tmp_path / "log.key"
    file.write_bytes(b"k" * 32)
    (tmp_path / "log.sm2").write_bytes(SECRET)
    key = second_key(file, ORIGIN, "intake", device=DEVICE)
    assert key.origin == "log.example/intake/sm3"
    note = signed(str(Checkpoint(key.origin, 0, SM3.empty)), [key.signer, *key.beside], 1)
    again = read_note(str(note))
    assert read_checkpoint(again).root == SM3.empty
    for one in (key.signer, *key.beside):
        known = read_vkey(one.verifier.vkey)
        assert known == one.verifier
        assert list(believed(again, [known])) == [known]
    device = key.beside[0].verifier
    spoiled = replace(again, text=again.text.replace("\n0\n", "\n1\n"))
    with pytest.raises(NoteInvalid, match="does not fit"):
        believed(spoiled, [device])


def test_the_second_tree_has_a_key_and_a_memory_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "log.key"
    file.write_bytes(b"k" * 32)
    first, second = log_key(file, ORIGIN, "intake"), second_key(file, ORIGIN, "intake")
    assert first.signer.verifier.public != second.signer.verifier.public
    assert first.memory.file != second.memory.file
    assert second.memory.file.match("log.*.last")


@pytest.mark.parametrize("device", ["no.such.module:x", "shared.tlog.sm2:nothing", DEVICE])
def test_a_device_that_does_not_work_is_refused_with_a_remedy(
    tmp_path: Path, device: str
) -> None:
    file = tmp_path / "log.key"
    file.write_bytes(b"k" * 32)
    with pytest.raises(ValueError, match="ONEFILE_LOG_SIGNER"):
        second_key(file, ORIGIN, "intake", device=device)


def test_a_key_that_is_no_key_of_sm2_is_refused(tmp_path: Path) -> None:
    (tmp_path / "log.sm2").write_bytes(bytes(32))
    with pytest.raises(ValueError, match="32 bytes of an SM2 key"):
        software("x", tmp_path)


def test_where_openssl_has_no_sm3_the_second_tree_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "log.key"
    file.write_bytes(b"k" * 32)
    monkeypatch.setattr(hashlib, "algorithms_available", {"sha256"})
    with pytest.raises(ValueError, match="no SM3"):
        second_key(file, ORIGIN, "intake")
