"""The verifier believes a true dossier and nothing else: every forgery has its own line of defence."""

import io
import json
import re
import sys
import zipfile
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.archive.domain.dossier import Dossier, Proved, packed
from services.archive.verifier import verify as verifier
from tests.unit.archive.dossiers import (
    MATTER,
    NAME,
    OTHER,
    PACK,
    PHONE,
    ROSTER,
    SCAN,
    Log,
    digest,
    disclosure,
    dossier,
    key,
    logs,
    policy,
    sealed,
)

SOURCE = Path(verifier.__file__)
type Judge = Callable[..., tuple[int, str]]


@pytest.fixture
def judged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Judge:
    """What the verifier says of a dossier: exit code and words."""

    def judge(
        content: bytes | Dossier, trust: str | None = None, *more: str
    ) -> tuple[int, str]:
        file, trusted = tmp_path / "one.zip", tmp_path / "policy.txt"
        file.write_bytes(packed(content) if isinstance(content, Dossier) else content)
        trusted.write_text(trust or policy())
        code = verifier.main([str(file), "--policy", str(trusted), "--english", *more])
        return code, capsys.readouterr().out

    return judge


def true_one() -> Dossier:
    found = logs()
    return dossier(found, sealed(found))


def rebagged(content: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """The same bag after `change`, with manifests that fit again: a forger would do as much."""
    with zipfile.ZipFile(io.BytesIO(content)) as bag:
        files = {name: bag.read(name) for name in bag.namelist()}
    change(files)
    for manifest, data in (("manifest-sha256.txt", True), ("tagmanifest-sha256.txt", False)):
        files[manifest] = "".join(
            f"{sha256(files[name]).hexdigest()}  {name}\n"
            for name in sorted(files)
            if name.startswith("data/") == data and name != "tagmanifest-sha256.txt"
        ).encode()
    return zipped(files)


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bag:
        for name, data in files.items():
            bag.writestr(name, data)
    return out.getvalue()


def without(store: str, position: int, whole: Dossier) -> Dossier:
    """Without one event of a store."""
    sections = [
        replace(s, events=[e for e in s.events if (s.store, e.position) != (store, position)])
        for s in whole.sections
    ]
    return replace(whole, sections=sections)


def test_a_true_dossier_is_valid_and_says_what_it_does_not_prove(judged: Judge) -> None:
    code, words = judged(true_one())
    assert code == 0, words
    assert "VALID: matter 990100-2026-2" in words
    assert "nothing left out up to 4" in words
    assert "2 fields shown, 1 withheld, 0 erased, 0 corrected; 1 attachments" in words
    assert "withheld: intake.service_requested.v1 × 1" in words
    assert f"{PACK}: rules here" in words
    assert "This does not prove" in words


def test_the_same_content_is_the_same_file() -> None:
    assert packed(true_one()) == packed(true_one())


def test_the_report_can_be_read_by_a_machine(judged: Judge) -> None:
    code, words = judged(true_one(), None, "--json")
    report = json.loads(words)
    assert (code, report["verdict"]) == (0, "valid")
    assert report["stores"]["intake"]["complete_as_of"] == 4
    assert report["stores"]["archive"]["complete_as_of"] == 9
    assert report["stores"]["supervision"]["shared_streams"] == 1
    assert (report["filed"], report["recipient"]) == (6, "p:y")
    assert set(report["stores"]["intake"]["cosigned"]) == {"W0", "W1"}
    assert report["policy"] == sha256(policy().encode()).hexdigest()


def test_it_works_without_any_library_but_slower(
    judged: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifier, "signature_ok", verifier.ed25519_ok)
    assert judged(true_one())[0] == 0


def test_it_is_one_short_file_of_the_standard_library() -> None:
    text = SOURCE.read_text()
    assert text.count("\n") < 600
    imported = {row.split()[1].split(".")[0] for row in text.splitlines()
                if row.lstrip().startswith(("import ", "from "))}  # fmt: skip
    assert imported == {
        "argparse", "base64", "collections", "hashlib", "importlib", "json", "mmap", "re",
        "sys", "time", "typing", "unicodedata", "zipfile", "zlib",
    }  # fmt: skip
    assert imported <= sys.stdlib_module_names


@pytest.mark.parametrize("seed", range(8))
def test_its_own_signatures_check_agrees_with_the_library(seed: int) -> None:
    private = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
    public, message = private.public_key().public_bytes_raw(), b"message %d" % seed
    good = private.sign(message)
    for signature, said in (
        (good, message), (good, message + b"!"), (bytes(64), message), (good[:63], message),
        (good[:32] + bytes([good[32] ^ 1]) + good[33:], message),
        (good[:32] + ((int.from_bytes(good[32:], "little") + verifier._L) % 2**256)
         .to_bytes(32, "little"), message),
    ):  # fmt: skip
        ours = verifier.ed25519_ok(public, signature, said)
        assert ours == verifier.signature_ok(public, signature, said)


@pytest.mark.attack
def test_without_witnesses_it_cannot_decide(judged: Judge) -> None:
    found = logs()
    seals = sealed(found)
    for witnesses in (0, 1):
        code, words = judged(dossier(found, seals, witnesses=witnesses))
        assert code == 2, words
        assert "the policy asks for more" in words
    assert judged(dossier(found, seals, witnesses=0), policy("none"))[0] == 0


@pytest.mark.attack
def test_another_key_is_not_the_log(judged: Judge) -> None:
    found = logs()
    forger = dossier(found, sealed(found), signer=lambda store: key(f"log.example/{store}", 99))
    code, words = judged(forger)
    assert code == 2
    assert "no log that the policy trusts" in words


def test_a_policy_that_cannot_be_read_decides_nothing(judged: Judge) -> None:
    for wrong in ("quorum X", "nonsense", "log x\nquorum none", "# nothing"):
        assert judged(true_one(), wrong)[0] == 2


def edited(name: str, change: Callable[[bytes], bytes]) -> Callable[[dict[str, bytes]], None]:
    def apply(files: dict[str, bytes]) -> None:
        files[name] = change(files[name])

    return apply


EVENT = "data/intake/events/000000000002.json"
PROOF = "data/intake/proofs/000000000002.tlog-proof"
FORGERIES: dict[str, tuple[Callable[[dict[str, bytes]], None], str]] = {
    "an edited event": (edited(EVENT, lambda b: b.replace(b"p:x", b"p:y")), "is not in the log"),
    "spaces in a body": (edited(EVENT, lambda b: b.replace(b":{", b": {")), "canonical"),
    "a twice-said member": (
        edited(EVENT, lambda b: b.replace(b'"actor"', b'"actor":"p:z","actor"', 1)), "canonical"),
    "a fraction": (edited(EVENT, lambda b: b.replace(b'"version":2', b'"version":2.0')), "whole"),
    "another place": (
        edited(PROOF, lambda b: b.replace(b"index 2", b"index 1")), "is not in the log"),
    "a place outside the tree": (
        edited(PROOF, lambda b: b.replace(b"index 2", b"index 9")), "outside"),
    "a broken proof": (edited(PROOF, lambda b: b"no proof"), "malformed"),
    "a signature of a known key that is wrong": (
        edited(PROOF, lambda b: b.replace(b"\xe2\x80\x94 w0.example", b"\xe2\x80\x94 w1.example")),
        "lean on different checkpoints|malformed|wrong"),
    "a false name": (
        edited("data/disclosures.txt",
               lambda b: b + disclosure("unit", "另一公司").encode() + b"\n"),
        "no event commits to"),
    "a name shown twice": (
        edited("data/disclosures.txt", lambda b: b + NAME.encode() + b"\n"), "twice"),
    "another file": (
        lambda files: files.update({f"data/attachments/{sha256(b'x').hexdigest()}": b"x"}),
        "named by no disclosure"),
    "a changed file": (
        edited(f"data/attachments/{sha256(SCAN).hexdigest()}", lambda b: b + b"!"),
        "not the file it is named after"),
    "an event of another store": (
        lambda files: files.update({
            "data/supervision/events/000000000009.json": files[EVENT],
            "data/supervision/proofs/000000000009.tlog-proof": files[PROOF]}),
        "different checkpoints|another"),
    "a store that the manifest hides": (
        edited("data/manifest.json", lambda b: b.replace(b'"supervision",', b"")),
        "exactly the stores|not there|malformed"),
    "a seal of nothing": (
        edited("data/intake/seal.json", lambda b: b.replace(MATTER.encode(), b"x" * 36)),
        "not in the seal"),
    "a seal that is no seal": (
        edited("data/intake/seal.json", lambda b: b.replace(b'"index": 7', b'"index": 0')),
        "not in archive's log"),
    "a seal of another store": (
        edited("data/intake/seal.json", lambda b: b.replace(b'"index": 7', b'"index": 8')),
        "of another store"),
    "another matter's number": (
        edited("data/manifest.json", lambda b: b.replace(b"990100-2026-2", b"990100-2026-1")),
        "another matter"),
    "the matter's own stream called a shared one": (
        edited("data/manifest.json", lambda b: b.replace(ROSTER.encode(), MATTER.encode())),
        "cannot be a shared one"),
    "a shared stream of somebody else": (
        edited("data/manifest.json", lambda b: b.replace(ROSTER.encode(), OTHER.encode())),
        "version is missing"),
    "rules that are others": (
        edited(f"data/rules/packs/{PACK}.json", lambda b: b"[]"), "another edition"),
    "a disclosure without a salt": (
        edited("data/disclosures.txt", lambda b: b + b"WyIiLCJ4IiwxXQ\n"), "no event commits to"),
    "no seal at all but its place": (edited("data/intake/seal.json", lambda b: b"{}"), "malformed"),
}  # fmt: skip


@pytest.mark.attack
@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forgery_is_invalid(judged: Judge, forgery: str) -> None:
    change, why = FORGERIES[forgery]
    code, words = judged(rebagged(packed(true_one()), change))
    assert code == 1, words
    assert re.search(why, words), words


@pytest.mark.attack
def test_the_last_event_cannot_be_left_out(judged: Judge) -> None:
    code, words = judged(without("supervision", 3, true_one()))
    assert code == 1
    assert "left out" in words


@pytest.mark.attack
def test_an_event_in_the_middle_cannot_be_left_out(judged: Judge) -> None:
    code, words = judged(without("supervision", 2, true_one()))
    assert code == 1
    assert "version is missing" in words


@pytest.mark.attack
def test_without_a_seal_the_file_still_names_what_is_left_out(judged: Judge) -> None:
    found = logs()
    code, words = judged(without("supervision", 3, dossier(found, {})))
    assert code == 1
    assert "a fact that archive put on file is left out" in words


@pytest.mark.attack
def test_without_a_seal_it_says_that_omissions_cannot_be_excluded(judged: Judge) -> None:
    """The last fact and its entry on file: chain, log and file accept this, only a seal does not."""
    found = logs()
    entry = found["archive"].places[MATTER][-1]
    short = without("archive", entry, without("supervision", 5, dossier(found, {})))
    code, words = judged(short)
    assert code == 0
    assert "omissions cannot be excluded" in words


@pytest.mark.attack
def test_the_last_event_and_its_entry_on_file_cannot_be_left_out(judged: Judge) -> None:
    """Nor the last of archive's own acts: archive's streams are sealed as the others'."""
    found = logs()
    entry = found["archive"].places[MATTER][-1]
    whole = dossier(found, sealed(found))
    for short in (
        without("archive", entry, whole),
        without("archive", entry, without("supervision", 5, whole)),
    ):
        code, words = judged(short)
        assert code == 1
        assert "archive: an event before the seal is left out" in words


@pytest.mark.attack
def test_an_event_of_a_shared_stream_cannot_be_left_out(judged: Judge) -> None:
    code, words = judged(without("supervision", 5, true_one()))
    assert code == 1
    assert "supervision: a fact that archive put on file is left out" in words


@pytest.mark.attack
def test_another_matters_event_does_not_come_along_in_a_shared_stream(judged: Judge) -> None:
    found = logs()
    log = found["supervision"]
    whole = dossier(found, sealed(found))
    place = log.places[ROSTER][0]
    sections = [
        replace(s, events=[*s.events, Proved(place, log.bodies[place - 1], log.path(place))])
        if s.store == "supervision"
        else s
        for s in whole.sections
    ]
    code, words = judged(replace(whole, sections=sections))
    assert code == 1
    assert "of another matter" in words


def test_an_old_seal_says_up_to_where_and_needs_no_other_one(judged: Judge) -> None:
    """Of the many seals of the years the dossier holds one for each store."""
    found = logs()
    first = sealed(found)
    second = sealed(found)
    for seals in (first, second):
        whole = dossier(found, seals)
        places = {one.position for one in seals.values()}
        own = [e for e in whole.sections[2].events if e.position < 8 or e.position in places]
        sections = (*whole.sections[:2], replace(whole.sections[2], events=own))
        code, words = judged(replace(whole, sections=sections))
        assert code == 0, words


@pytest.mark.attack
def test_an_entry_that_has_two_names_is_refused(judged: Judge) -> None:
    """The list at the end of a ZIP says one name, the entry itself another: readers would differ."""
    content = packed(true_one())
    name = EVENT.encode()
    at = content.index(name)
    spoiled = content[:at] + name.replace(b"2.json", b"3.json") + content[at + len(name) :]
    code, words = judged(spoiled)
    assert code == 1
    assert "two names" in words


@pytest.mark.attack
def test_a_history_written_anew_needs_the_witnesses_too(judged: Judge) -> None:
    """A superuser with the log's key re-signs another history: the witnesses have not seen it."""
    found = logs()
    found["supervision"] = Log("supervision")
    found["supervision"].append(MATTER, "item_decided", {"item": "S9-99"})
    code, words = judged(dossier(found, sealed(found), witnesses=0))
    assert code == 2, words


def test_an_erased_field_stays_proved_and_unshown(judged: Judge) -> None:
    found = logs()
    found["archive"].append(MATTER, "disclosures_erased", {"digests": [digest(PHONE)]})
    code, words = judged(dossier(found, sealed(found)))
    assert code == 0
    assert "2 fields shown, 0 withheld, 1 erased" in words
    assert "erased: intake.service_requested.v1 × 1" in words
    found = logs()
    found["archive"].append(MATTER, "disclosures_erased", {"digests": [digest(NAME)]})
    code, words = judged(dossier(found, sealed(found)))
    assert code == 1
    assert "was erased" in words


BAD_ZIPS: dict[str, bytes] = {
    "not a zip": b"hello",
    "empty": zipped({}),
    "a name that climbs": zipped({"../x": b""}),
    "an absolute name": zipped({"/etc/x": b""}),
    "a backslash": zipped({"a\\b": b""}),
    "a bomb": zipped({"data/big": bytes(40 << 20)}),
    "no bag": zipped({"data/manifest.json": b"{}"}),
}


@pytest.mark.attack
@pytest.mark.parametrize("kind", BAD_ZIPS)
def test_a_hostile_archive_is_not_followed(judged: Judge, kind: str) -> None:
    assert judged(BAD_ZIPS[kind])[0] in (1, 2)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_entries_of_one_name_are_refused(judged: Judge) -> None:
    out = io.BytesIO(packed(true_one()))
    with zipfile.ZipFile(out, "a") as bag:
        bag.writestr("data/manifest.json", b"{}")
    code, words = judged(out.getvalue())
    assert code == 1
    assert "same name" in words


def test_a_file_that_no_manifest_lists_is_refused(judged: Judge) -> None:
    out = io.BytesIO(packed(true_one()))
    with zipfile.ZipFile(out, "a") as bag:
        bag.writestr("data/extra.txt", b"smuggled")
    code, words = judged(out.getvalue())
    assert code == 1
    assert "exactly what is in the dossier" in words


def test_a_key_of_a_kind_that_is_not_checked_is_passed_over(judged: Judge) -> None:
    """ML-DSA beside Ed25519: the standard library has none, and the other signature is enough."""
    encoded = bytes([6]) + bytes(1312)
    id_ = sha256(b"log.example/intake\n" + encoded).hexdigest()[:8]
    more = f"log log.example/intake+{id_}+{b64encode(encoded).decode()}\n"
    assert judged(true_one(), more + policy())[0] == 0
    only = "\n".join([more, *(line for line in policy().splitlines() if "log " not in line)])
    code, words = judged(true_one(), only + "\n")
    assert code == 2
    assert "no log that the policy trusts" in words
