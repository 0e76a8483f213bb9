"""Signed notes, checkpoints, policies and witnesses, against the words of the specifications."""

from base64 import b64encode

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from shared.tlog.checkpoint import (
    Checkpoint,
    LeafProof,
    Submission,
    read_checkpoint,
    read_proof,
    read_submission,
)
from shared.tlog.merkle import SHA256, consistency_ranges, hashes_of, nodes_of, root_of
from shared.tlog.note import (
    COSIGNATURE,
    Ed25519Signer,
    NoteInvalid,
    Signed,
    Verifier,
    believed,
    line,
    read_lines,
    read_note,
    read_vkey,
    signed,
)
from shared.tlog.policy import PolicyInvalid, QuorumMissing, read_policy, trusted
from shared.tlog.tiles import node_from, path_of, read_index, tile_of, width_of
from shared.tlog.witness import answered

# The example of c2sp.org/signed-note.
VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLE = (
    "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2O"
    "NncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
LOG = Ed25519Signer("log.example/intake", Ed25519PrivateKey.from_private_bytes(b"L" * 32))
FORGER = Ed25519Signer("log.example/intake", Ed25519PrivateKey.from_private_bytes(b"F" * 32))
WITNESSES = [
    Ed25519Signer(
        f"w{n}.example", Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32), COSIGNATURE
    )
    for n in range(3)
]
LEAVES = [SHA256.leaf(b"%d" % n) for n in range(40)]
POLICY = "\n".join(
    [
        f"log {LOG.verifier.vkey} https://log.example/",
        *(f"witness W{n} {w.verifier.vkey}" for n, w in enumerate(WITNESSES)),
        "# two of three agencies",
        "group agencies 2 W0 W1 W2",
        "quorum agencies\n",
    ]
)


def text(size: int = 9, leaves: list[bytes] = LEAVES) -> str:
    return str(Checkpoint(LOG.name, size, root_of(leaves[:size])))


def proof(old: int, new: int, leaves: list[bytes] = LEAVES) -> tuple[bytes, ...]:
    ranges = consistency_ranges(old, new)
    nodes = {
        (level, index): root_of(leaves[index << level : (index + 1) << level])
        for level, index in nodes_of(ranges)
    }
    return tuple(hashes_of(ranges, nodes))


def cosigned(count: int) -> str:
    note = signed(text(), [LOG], 0)
    return str(note.plus(*(line(note.text, one, 1_700_000_000) for one in WITNESSES[:count])))


def test_the_example_of_the_specification_is_believed() -> None:
    key = read_vkey(VKEY)
    assert key.vkey == VKEY
    assert believed(read_note(EXAMPLE), [key]) == {key: None}
    assert str(read_note(EXAMPLE)) == EXAMPLE


def test_a_changed_text_is_not_believed() -> None:
    with pytest.raises(NoteInvalid, match="does not fit"):
        believed(read_note(EXAMPLE.replace("message", "massage")), [read_vkey(VKEY)])


def test_a_note_of_unknown_keys_is_not_believed() -> None:
    with pytest.raises(NoteInvalid, match="no known key"):
        believed(read_note(EXAMPLE), [LOG.verifier])


@pytest.mark.attack(
    what="已知公钥配错签名: a known key with a wrong signature",
    by="签名说明 C2SP signed-note",
)
def test_a_known_key_with_a_wrong_signature_spoils_the_note() -> None:
    good = signed(text(), [LOG, WITNESSES[0]], 7)
    bad = Signed(LOG.name, LOG.verifier.id, b"x" * 64)
    with pytest.raises(NoteInvalid, match="does not fit"):
        believed(good.plus(bad), [LOG.verifier, WITNESSES[0].verifier])


@pytest.mark.parametrize(
    "vkey",
    ["", "a+b", "a b+530d903a+AQ==", VKEY.replace("530d", "530e"), VKEY[:-4], VKEY + "+",
     f"n+00000000+{b64encode(b'\x09' + b'k' * 32).decode()}"],
)  # fmt: skip
def test_a_malformed_key_is_refused(vkey: str) -> None:
    with pytest.raises(NoteInvalid):
        read_vkey(vkey)


@pytest.mark.parametrize(
    "source",
    ["", "text\n", "text\n\n", "text\n\n— a\n", "text\n\n- a AAAAAAAA\n", "text\n\n— a AAAA\n",
     "text\n\n— a AAAAAAAA", "te\x00xt\n\n— a AAAAAAAA\n", "text\n\n— a !!!!!!!!\n"],
)  # fmt: skip
def test_what_is_no_note_is_refused(source: str) -> None:
    with pytest.raises(NoteInvalid):
        read_note(source)


@pytest.mark.attack(
    what="上万签名拖垮验证: too many signatures",
    by="至多 64 个 at most 64",
)
def test_a_note_with_too_many_signatures_is_refused() -> None:
    with pytest.raises(NoteInvalid, match="more than"):
        read_lines("— a AAAAAAAA\n" * 65)


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_text_breaks_the_readers(one: str, other: str) -> None:
    for source in (one, f"{one}\n\n{other}", f"{one}\n\n— {other} AAAAAAAA\n", f"old 1\n{one}"):
        for read in (read_note, read_submission, read_proof, read_vkey):
            try:
                read(source)
            except NoteInvalid:
                pass


@pytest.mark.parametrize(
    "body",
    ["o\n1\n", "o\n01\nAAAA\n", "o\n1\nAAAA\n", f"o\n1\n{b64encode(bytes(32)).decode()}\nmore\n",
     f"\n1\n{b64encode(bytes(32)).decode()}\n", f"o\n-1\n{b64encode(bytes(32)).decode()}\n"],
)  # fmt: skip
def test_what_is_no_checkpoint_is_refused(body: str) -> None:
    with pytest.raises(NoteInvalid):
        read_checkpoint(read_note(f"{body}\n— a AAAAAAAA\n"))


def test_a_cosigned_checkpoint_meets_the_quorum() -> None:
    found = trusted(read_note(cosigned(2)), read_policy(POLICY))
    assert found.checkpoint.size == 9
    assert found.seen == {"W0": 1_700_000_000, "W1": 1_700_000_000}


@pytest.mark.attack(
    what="只有日志签名: the log's signature alone",
    by="信任策略会签数 quorum of the policy",
)
def test_the_key_of_the_log_alone_is_not_enough() -> None:
    for count in (0, 1):
        with pytest.raises(NoteInvalid):
            trusted(read_note(cosigned(count)), read_policy(POLICY))
    with pytest.raises(QuorumMissing):
        trusted(read_note(cosigned(1)), read_policy(POLICY))


def test_witnesses_without_the_log_are_not_enough() -> None:
    note = signed(text(), [FORGER, *WITNESSES], 7)
    with pytest.raises(NoteInvalid, match="no log"):
        trusted(note, read_policy(POLICY))


@pytest.mark.attack(
    what="以一日志冒充另一日志: a log speaks for another origin",
    by="源固定 the pinned origin",
)
def test_a_log_may_not_speak_for_another_origin() -> None:
    note = signed(str(Checkpoint("other.example", 1, bytes(32))), [LOG, *WITNESSES], 7)
    with pytest.raises(NoteInvalid, match="no log"):
        trusted(note, read_policy(POLICY))


def test_a_reader_may_ask_for_no_witness() -> None:
    policy = read_policy(f"log {LOG.verifier.vkey}\nquorum none")
    assert trusted(signed(text(), [LOG]), policy).seen == {}


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "quorum X",
        "quorum none\nquorum none",
        f"log {LOG.verifier.vkey}\nlog {LOG.verifier.vkey}\nquorum none",
        f"log {WITNESSES[0].verifier.vkey}\nquorum none",
        f"witness W {LOG.verifier.vkey}\nquorum W",
        f"witness none {WITNESSES[0].verifier.vkey}\nquorum none",
        f"witness W {WITNESSES[0].verifier.vkey}\ngroup W any W\nquorum W",
        f"witness W {WITNESSES[0].verifier.vkey}\ngroup G 2 W\nquorum G",
        f"witness W {WITNESSES[0].verifier.vkey}\ngroup G 0 W\nquorum G",
        f"witness W {WITNESSES[0].verifier.vkey}\ngroup G any W\ngroup H any W\nquorum G",
        "group G any\nquorum G",
        "nonsense",
    ],
)
def test_a_policy_that_cannot_be_followed_is_refused(wrong: str) -> None:
    with pytest.raises(PolicyInvalid):
        read_policy(wrong)


def test_a_submission_and_a_proof_are_read_as_they_are_written() -> None:
    note = signed(text(), [LOG])
    asked = Submission(4, proof(4, 9), note)
    assert read_submission(str(asked)) == asked
    shown = LeafProof(3, proof(4, 9), note)
    assert read_proof(str(shown)) == shown


def test_a_witness_cosigns_what_follows() -> None:
    kept = read_checkpoint(signed(text(4), [LOG]))
    asked = Submission(4, proof(4, 9), signed(text(9), [LOG]))
    answer = answered(str(asked), [LOG.verifier], kept, WITNESSES[:1], 1_700_000_001)
    assert answer.status == 200
    assert answer.accepted == Checkpoint(LOG.name, 9, root_of(LEAVES[:9]))
    note = asked.note.plus(*read_lines(answer.body))
    assert believed(note, [WITNESSES[0].verifier]) == {WITNESSES[0].verifier: 1_700_000_001}


def _answer(
    old: int, size: int, by: Ed25519Signer = LOG, kept: int | None = 4,
    leaves: list[bytes] = LEAVES, path: tuple[bytes, ...] | None = None,
    known: tuple[Verifier, ...] = (LOG.verifier,),
) -> int:  # fmt: skip
    body = str(
        Submission(
            old, proof(old, size, leaves) if path is None else path,
            signed(text(size, leaves), [by]),
        )
    )  # fmt: skip
    held = None if kept is None else Checkpoint(LOG.name, kept, root_of(LEAVES[:kept]))
    answer = answered(body, known, held, WITNESSES[:1], 1)
    assert (answer.accepted is None) == (answer.status != 200)
    assert answer.evidence == (answer.status == 422)
    return answer.status


def test_a_witness_answers_as_the_protocol_says() -> None:
    forged = [bytes(32), *LEAVES[1:]]
    assert _answer(0, 9, kept=None) == 200
    assert _answer(4, 4) == 200
    assert _answer(0, 9) == 409
    assert _answer(3, 9) == 409
    assert _answer(4, 9, by=FORGER) == 403
    assert _answer(4, 9, known=()) == 404
    assert _answer(4, 9, leaves=forged) == 422
    assert _answer(4, 4, leaves=forged) == 422
    assert _answer(4, 9, path=()) == 422
    assert _answer(0, 9, kept=None, path=(bytes(32),)) == 422
    assert _answer(9, 4, path=()) == 400
    assert answered("old x\n\n", [LOG.verifier], None, [], 1).status == 400


def test_tiles_are_called_as_the_specification_says() -> None:
    assert path_of((0, 1234067)) == "0/x001/x234/067"
    assert path_of((1, 0), 17) == "1/000.p/17"
    assert read_index("x001/x234/067") == (1234067, 256)
    assert read_index("000.p/17") == (0, 17)
    for wrong in ("1", "x000/001", "000.p/0", "000.p/256", "0000", "x001/234/067", "../etc"):
        assert read_index(wrong) is None


def test_a_tree_of_seventy_thousand_has_the_tiles_of_the_specification() -> None:
    assert [width_of((0, n), 70_000) for n in (272, 273, 274)] == [256, 112, 0]
    assert [width_of((1, n), 70_000) for n in (0, 1)] == [256, 17]
    assert width_of((2, 0), 70_000) == 1
    assert width_of((0, 0), 256) == 256


def test_every_subtree_is_found_in_its_tile() -> None:
    many = [SHA256.leaf(b"%d" % n) for n in range(1024)]
    tiles = {(0, n): b"".join(many[n * 256 : (n + 1) * 256]) for n in range(4)}
    tiles[1, 0] = b"".join(root_of(many[n * 256 : (n + 1) * 256]) for n in range(4))
    for level in range(11):
        for index in range(1024 >> level):
            node = (level, index)
            assert tile_of(node) in tiles
            wanted = root_of(many[index << level : (index + 1) << level])
            assert node_from(node, tiles) == wanted
