"""Every check of the verifier stops somebody: take one out, and a cheat becomes valid."""

import importlib.util
import io
import re
import zipfile
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from contracts.canonical import canonical
from services.archive.domain.dossier import Dossier, packed
from services.archive.verifier import verify as verifier
from tests.unit.archive.dossiers import MATTER, NAME, digest, dossier, logs, policy, sealed
from tests.unit.archive.dossiers import file as file_in
from tests.unit.archive.test_verifier import (
    SOURCE,
    edited,
    rebagged,
    true_one,
    without,
    zipped,
)

MUTANTS: dict[str, tuple[str, str]] = {
    "no quorum": ("if not policy.met(seen):", "if False:"),
    "prev unchecked": ('need(about.get("prev") == prev,', "need(True,"),
    "salt not asked for": (
        "need(isinstance(salt, str) and len(salt) >= 22,", "need(True,"),
    "seal ignored": ('        file = f"data/{name}/seal.json"\n', "        file = ''\n"),
    "root unchecked": ("    return found == root\n", "    return True\n"),
    "file's order unchecked": (
        'need(here, f"{of}: a fact that archive', 'need(True, f"{of}: a fact that archive'),
    "manifest unchecked": ("need(self.listed.get(name, found) == found,", "need(True,"),
    "erasure ignored": ("need(digest not in erased,", "need(True,"),
    "signatures unchecked": ("need(good,", "need(True,"),
}  # fmt: skip


def _weak(name: str, folder: Path) -> ModuleType:
    old, new = MUTANTS[name]
    text = SOURCE.read_text()
    assert text.count(old) == 1, name
    file = folder / "weak.py"
    file.write_text(text.replace(old, new))
    spec = importlib.util.spec_from_file_location("weak", file)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _unchained() -> Dossier:
    """A log whose second fact of the matter does not name the first: signed, and wrong."""
    found = logs()
    log = found["supervision"]
    head = log.heads[MATTER]
    log.heads[MATTER] = replace(head, leafhash=bytes(32))
    file_in(found, "supervision", log.append(MATTER, "item_closed", {"item": "S1-01"}))
    return dossier(found, sealed(found))


def _saltless() -> Dossier:
    """A committed name that anybody can guess: its disclosure has no salt."""
    found = logs()
    bare = urlsafe_b64encode(canonical(["", "unit", "测试公司"]).encode()).rstrip(b"=").decode()
    place = found["intake"].append(MATTER, "service_amended", {"_sd": [digest(bare)]})
    file_in(found, "intake", place)
    whole = dossier(found, sealed(found))
    return replace(whole, disclosures=[*whole.disclosures, bare])


def _erased_and_shown() -> Dossier:
    found = logs()
    found["archive"].append(MATTER, "disclosures_erased", {"digests": [digest(NAME)]})
    return dossier(found, sealed(found))


def _last_left_out() -> Dossier:
    found = logs()
    entry = found["archive"].places[MATTER][-1]
    return without("archive", entry, without("supervision", 5, dossier(found, sealed(found))))


def _last_edited() -> bytes:
    """Archive's last act, after every seal: only the log itself holds it fast."""
    found = logs()
    seals = sealed(found)
    place = found["archive"].append(MATTER, "file_checked", {"complete": False})
    name = f"data/archive/events/{place - 1:012}.json"
    change = edited(name, lambda b: b.replace(b"false", b"true"))
    return rebagged(packed(dossier(found, seals)), change)


def _wrongly_signed() -> Dossier:
    whole = true_one()
    spoiled = [
        replace(s, note=re.sub(r"(— log\.example/\w+ .{8})..", r"\1AA", s.note))
        for s in whole.sections
    ]
    return replace(whole, sections=spoiled)


CHEATS: dict[str, Callable[[], bytes | Dossier]] = {
    "no quorum": lambda: dossier((found := logs()), sealed(found), witnesses=0),
    "prev unchecked": _unchained,
    "salt not asked for": _saltless,
    "seal ignored": _last_left_out,
    "root unchecked": _last_edited,
    "file's order unchecked": lambda: without("supervision", 5, true_one()),
    "manifest unchecked": lambda: _smuggled(packed(true_one())),
    "erasure ignored": _erased_and_shown,
    "signatures unchecked": _wrongly_signed,
}


def _smuggled(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as bag:
        files = {name: bag.read(name) for name in bag.namelist()}
    files["README.txt"] += b"!"
    return zipped(files)


def verdict(module: ModuleType, content: bytes | Dossier, folder: Path) -> int:
    """How a verifier ends that is given a dossier."""
    file, trusted = folder / "one.zip", folder / "policy.txt"
    file.write_bytes(packed(content) if isinstance(content, Dossier) else content)
    trusted.write_text(policy())
    code: int = module.main([str(file), "--policy", str(trusted)])
    return code


@pytest.mark.attack
@pytest.mark.parametrize("name", MUTANTS)
def test_a_weakened_verifier_lets_a_cheat_through_that_ours_catches(
    name: str, tmp_path: Path
) -> None:
    """Each check is there for something: without it, this cheat would be valid."""
    cheat = CHEATS[name]()
    assert verdict(verifier, cheat, tmp_path) in (1, 2)
    assert verdict(_weak(name, tmp_path), cheat, tmp_path) == 0
