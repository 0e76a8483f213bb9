"""A verifier in which one check is left out is itself caught: each check earns its place."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from contracts.canonical import canonical
from services.archive.domain.dossier import Dossier, packed
from services.archive.domain.heads import Head
from services.archive.verifier import verify as true_verifier
from shared.tlog.merkle import SHA256
from tests.unit.archive.dossiers import (
    MATTER,
    NAME,
    Log,
    digest,
    disclosure,
    dossier,
    logs,
    policy,
    sealed,
)

SOURCE = Path(true_verifier.__file__).read_text()


def rechained(log: Log) -> None:
    """The last event of the matter says that another one came before it: the log's owner lies."""
    import orjson

    place = log.places[MATTER][-1]
    body = orjson.loads(log.bodies[place - 1])
    body["about"]["prev"] = "0" * 64
    log.bodies[place - 1] = canonical(body).encode()
    head = log.heads[MATTER]
    log.heads[MATTER] = Head(MATTER, head.version, SHA256.leaf(log.bodies[place - 1]))


def unwitnessed() -> Dossier:
    found = logs()
    return dossier(found, sealed(found), witnesses=0)


def broken_chain() -> Dossier:
    found = logs()
    rechained(found["intake"])
    fresh = Log("archive")
    for body in found["archive"].bodies:  # filed as it is now
        import orjson

        told = orjson.loads(body)
        fact = told["fact"]
        if fact.get("store") == "intake":
            leaf = SHA256.leaf(found["intake"].bodies[fact["position"] - 1])
            fact["leafhash"] = leaf.hex()
        fresh.append(told["about"]["stream"], told["about"]["type"].split(".")[1], fact)
    found["archive"] = fresh
    return dossier(found, sealed(found))


def without_last() -> Dossier:
    found = logs()
    whole = dossier(found, sealed(found))
    last = found["archive"].places[MATTER][-1]
    of = found["supervision"].mine("".join(_roster()))[-1]
    drop = {("archive", last), ("supervision", of)}
    sections = [
        replace(s, events=[e for e in s.events if (s.store, e.position) not in drop])
        for s in whole.sections
    ]
    return replace(whole, sections=sections)


def _roster() -> str:
    from tests.unit.archive.dossiers import ROSTER

    return ROSTER


UNSALTED = disclosure.__globals__["_b64"](canonical(["", "unit", "测试公司"]).encode())


def unsalted() -> Dossier:
    """A name whose digest anybody can guess: the fact commits to it without a salt."""
    found = {store: Log(store) for store in ("intake", "supervision", "archive")}
    before = logs()
    for store, log in before.items():
        for body in log.bodies:
            import orjson

            told = orjson.loads(body)
            fact = told["fact"]
            if digest(NAME) in fact.get("_sd", ()):
                fact["_sd"] = sorted({*fact["_sd"], digest(UNSALTED)} - {digest(NAME)})
            if store == "archive" and "leafhash" in fact:
                bodies = found[fact["store"]].bodies
                fact["leafhash"] = SHA256.leaf(bodies[fact["position"] - 1]).hex()
            about = told["about"]
            found[store].append(
                about["stream"], about["type"].split(".")[1], fact, about["matter"]
            )
    whole = dossier(found, sealed(found))
    shown = [UNSALTED if one == NAME else one for one in whole.disclosures]
    return replace(whole, disclosures=shown)


MUTANTS: dict[str, tuple[str, str, Callable[[], Dossier]]] = {
    "会签数不查 without quorum": (
        'return self.quorum == "none" or witnessed(str(self.quorum))', "return True", unwitnessed,
    ),
    "前链不查 prev unchecked": (
        'need(about.get("prev") == prev,', "need(True,", broken_chain,
    ),
    "盐可缺 salt omitted": (
        "need(isinstance(salt, str) and len(salt) >= 22,", "need(True,", unsalted,
    ),
    "封存不看 seal ignored": (
        "complete = check_seals(dossier, stores)",
        "complete = {name: 99 for name in stores}", without_last,
    ),
}  # fmt: skip


def judged(module: Any, forged: Dossier, tmp_path: Path) -> int:
    file, trusted = tmp_path / "one.zip", tmp_path / "policy.txt"
    file.write_bytes(packed(forged))
    trusted.write_text(policy())
    return int(module.main([str(file), "--policy", str(trusted), "--english"]))


@pytest.mark.attack(
    what="把验证器的一道检查去掉（变异）: a verifier with one check left out",
    by="对应的伪造卷宗 the forgery that only this check catches",
)
@pytest.mark.parametrize("name", MUTANTS)
def test_a_check_that_is_left_out_lets_its_forgery_through(name: str, tmp_path: Path) -> None:
    line, instead, forge = MUTANTS[name]
    assert SOURCE.count(line) == 1, f"the verifier no longer has the line of {name}"
    mutant = ModuleType("mutant")
    mutant.__file__ = true_verifier.__file__
    exec(compile(SOURCE.replace(line, instead), "mutant", "exec"), mutant.__dict__)
    forged = forge()
    assert judged(true_verifier, forged, tmp_path) != 0
    assert judged(mutant, forged, tmp_path) == 0
