"""A dossier with proofs of a second tree (SM3), and with lines of keys that not everybody checks."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from services.archive.domain.dossier import Dossier, Second, Section, packed
from services.archive.verifier import verify as verifier
from shared.tlog.checkpoint import Checkpoint
from shared.tlog.merkle import SM3, hashes_of, inclusion_ranges, root_of
from shared.tlog.note import MlDsaSigner, read_note, signed
from shared.tlog.sm2 import Sm2Signer
from tests.unit.archive.dossiers import STORES, Log, dossier, key, logs, policy, sealed
from tests.unit.archive.test_verifier import Judge, rebagged
from tests.unit.archive.test_verifier import judged as judged

SECOND = {store: key(f"log.example/{store}/sm3", 40 + n) for n, store in enumerate(STORES)}
DEVICE = "39" * 32
"""An SM2 key of nobody."""


def trusted(quorum: str = "none") -> str:
    """The keys of both trees."""
    more = "".join(f"log {one.verifier.vkey}\n" for one in SECOND.values())
    return more + policy(quorum)


def second(section: Section, log: Log) -> Second:
    """What the store's tree by SM3 proves of the same events; a device signs it as well."""
    leaves = [SM3.leaf(body) for body in log.bodies]
    nodes, row, level = {(0, n): leaf for n, leaf in enumerate(leaves)}, leaves, 0
    while len(row) > 1:
        level += 1
        row = [SM3.node(a, b) for a, b in zip(row[::2], row[1::2], strict=False)]
        nodes |= {(level, n): node for n, node in enumerate(row)}
    name = f"log.example/{section.store}/sm3"
    text = str(Checkpoint(name, len(leaves), root_of(leaves, SM3)))
    device = Sm2Signer(name, bytes.fromhex(DEVICE))
    paths = {
        event.position: hashes_of(inclusion_ranges(event.position - 1, len(leaves)), nodes, SM3)
        for event in section.events
    }
    return Second(str(signed(text, [SECOND[section.store], device])), paths)


def with_both() -> Dossier:
    found = logs()
    whole = dossier(found, sealed(found))
    sections = [replace(s, second=second(s, found[s.store])) for s in whole.sections]
    return replace(whole, sections=sections)


def test_a_dossier_is_proved_under_both_trees(judged: Judge) -> None:
    code, words = judged(with_both(), trusted())
    assert code == 0, words
    assert words.count("second tree (SM3): ") == len(STORES)
    assert "second tree (SM3): 4" in words
    assert "not checked: log.example/intake/sm3" in words  # the device's line: SM2


def test_who_has_no_key_of_the_second_tree_is_told_so(judged: Judge) -> None:
    code, words = judged(with_both(), policy("none"))
    assert code == 0, words
    assert (
        "second tree (SM3): 策略中无其公钥，未核验 no key of it in the policy: not checked"
        in words
    )


def test_a_line_by_a_pinned_sm2_key_is_named_as_one_that_is_not_checked(judged: Judge) -> None:
    name = "log.example/intake/sm3"
    pinned = Sm2Signer(name, bytes.fromhex(DEVICE)).verifier.vkey
    code, words = judged(with_both(), f"log {pinned}\n" + trusted())
    assert code == 0, words
    assert f"signatures not checked: {name} (SM2)" in words
    alone = policy("none") + f"log {pinned}\n"  # believed by nobody's word
    code, words = judged(with_both(), alone)
    assert code == 2 and f"no log that the policy trusts signed as {name}" in words


def test_a_dossier_without_one_says_nothing_of_it(judged: Judge) -> None:
    found = logs()
    code, words = judged(dossier(found, sealed(found)), trusted())
    assert code == 0 and "SM3" not in words


def test_where_python_has_no_sm3_it_cannot_decide(
    judged: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hashlib, "algorithms_available", {"sha256", "sha512"})
    code, words = judged(with_both(), trusted())
    assert code == 2
    assert "this Python has no SM3" in words
    assert judged(with_both(), policy("none"))[0] == 0


def test_the_quorum_holds_for_the_second_tree_too(judged: Judge) -> None:
    code, words = judged(with_both(), trusted("agencies"))
    assert code == 2
    assert "0 witnesses cosigned log.example/intake/sm3" in words


def _spoiled(files: dict[str, bytes], name: str, old: bytes, new: bytes) -> None:
    assert old in files[name]
    files[name] = files[name].replace(old, new)


FORGERIES: dict[str, tuple[Callable[[dict[str, bytes]], object], str]] = {
    "a proof of the second tree is missing": (
        lambda files: files.pop("data/intake/sm3/000000000001.tlog-proof"),
        "lacks data/intake/sm3",
    ),
    "the proof of another event": (
        lambda files: files.update(
            {"data/intake/sm3/000000000001.tlog-proof":
             files["data/intake/sm3/000000000002.tlog-proof"]}
        ),
        "not in the log",
    ),
    "the first tree's proof": (
        lambda files: files.update(
            {"data/intake/sm3/000000000001.tlog-proof":
             files["data/intake/proofs/000000000001.tlog-proof"]}
        ),
        "another one|not in the log",
    ),
    "another root": (
        partial(_spoiled, name="data/intake/sm3/000000000001.tlog-proof",
                old=b"log.example/intake/sm3\n4\n", new=b"log.example/intake/sm3\n5\n"),
        "signature|different",
    ),
}  # fmt: skip


@pytest.mark.attack(
    what="第二棵树（SM3）的证明被换: proofs of the second tree that do not hold",
    by="验证器 verifier (offline, one file)",
)
@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_second_tree_is_invalid(judged: Judge, name: str) -> None:
    change, _ = FORGERIES[name]

    def spoil(files: dict[str, bytes]) -> None:
        change(files)

    code, words = judged(rebagged(packed(with_both()), spoil), trusted())
    assert code == 1, words


def with_post_quantum(seed: int = 7) -> Dossier:
    """Every checkpoint has a line of ML-DSA-44 beside that of Ed25519."""
    found = logs()
    whole = dossier(found, sealed(found))
    sections = []
    for section in whole.sections:
        signer = MlDsaSigner.from_seed(f"log.example/{section.store}", bytes([seed]) * 32)
        note = read_note(section.note)
        beside = signed(note.text, [signer], 1_795_000_000).signatures
        sections.append(replace(section, note=str(note.plus(*beside))))
    return replace(whole, sections=sections)


def post_quantum_keys(seed: int = 7) -> str:
    return "".join(
        f"log {MlDsaSigner.from_seed(f'log.example/{s}', bytes([seed]) * 32).verifier.vkey}\n"
        for s in STORES
    )


def test_a_line_of_mldsa_beside_ed25519_is_checked_where_the_machine_can(
    judged: Judge,
) -> None:
    code, words = judged(with_post_quantum(), post_quantum_keys() + policy())
    assert code == 0, words
    assert "not checked" not in words


def test_without_a_key_of_it_the_other_line_is_believed_and_that_is_said(
    judged: Judge,
) -> None:
    code, words = judged(with_post_quantum())
    assert code == 0, words
    assert "signatures not checked: log.example/intake (ML-DSA-44)" in words


def test_where_the_machine_cannot_check_it_that_is_said(
    judged: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifier, "by_library", lambda *_: None)
    code, words = judged(with_post_quantum(), post_quantum_keys() + policy())
    assert code == 0, words
    assert "signatures not checked: log.example/intake (ML-DSA-44)" in words


@pytest.mark.attack(
    what="后量子签名行被伪造: a forged ML-DSA-44 line beside a good Ed25519 one",
    by="验证器 verifier (offline, one file)",
)
def test_a_forged_line_of_mldsa_is_invalid(judged: Judge) -> None:
    def spoil(files: dict[str, bytes]) -> None:
        for name in [name for name in files if name.endswith(".tlog-proof")]:
            lines = files[name].decode().removesuffix("\n").split("\n")
            pq = next(n for n, line in enumerate(lines) if len(line) > 3000)
            lines[pq] = (
                lines[pq][:-40] + ("A" if lines[pq][-40] != "A" else "B") + lines[pq][-39:]
            )
            files[name] = "\n".join([*lines, ""]).encode()

    content = rebagged(packed(with_post_quantum()), spoil)
    code, words = judged(content, post_quantum_keys() + policy())
    assert code == 1, words
    assert "the signature of log.example" in words


def test_a_log_is_not_believed_by_its_mldsa_key_alone(judged: Judge) -> None:
    only = "\n".join(row for row in policy().split("\n") if not row.startswith("log "))
    code, words = judged(with_post_quantum(), post_quantum_keys() + only)
    assert code == 2
    assert "no log that the policy trusts" in words
