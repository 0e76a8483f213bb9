"""Is the file authentic, complete, usable and safe (四性检测), and what could not be shown?

The four properties are those of DA/T 70-2018 and GB/T 18894-2016. The full text of DA/T 70 was not
at hand: which checks stand under a property is ours (默认值).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from contracts.archive import Lack
from contracts.vocabulary import TestResult
from services.archive.domain.verify import Verification

type Property = Literal["authentic", "complete", "usable", "safe"]
type Why = Literal["on_paper", "by_fact", "unaccounted"]

PROPERTIES: Mapping[Property, tuple[str, str]] = {
    "authentic": ("真实性", "Authentic"),
    "complete": ("完整性", "Complete"),
    "usable": ("可用性", "Usable"),
    "safe": ("安全性", "Safe"),
}


@dataclass(frozen=True, slots=True)
class Bytes:
    """A kept document as it was found when it was looked at."""

    document: str
    soundness: str
    look: str
    opens: bool | None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Unkept:
    """A document in force whose bytes are not kept: it lies on paper, a fact of this file brought
    it, or neither is known.
    """

    document: str
    why: Why


@dataclass(frozen=True, slots=True)
class Check:
    """One check: under which property, what it found, and about which documents."""

    property: Property
    code: str
    zh: str
    en: str
    result: TestResult
    about: tuple[str, ...] = ()


def checks_of(
    found: Verification,
    lacks: Sequence[Lack],
    unkept: Sequence[Unkept],
    kept: Sequence[Bytes],
    waiting: int,
) -> tuple[Check, ...]:
    """Every check, in the order of the four properties.

    None counts the facts: the report is read by the rated too, and a count betrays a rating.
    """
    return (
        *_authentic(found, kept),
        *_complete(lacks, unkept, waiting),
        *_usable(kept),
        *_safe(kept),
    )


def results(checks: Sequence[Check]) -> dict[str, TestResult]:
    """By property: failed if one check failed, passed if all passed."""

    def of(property: Property) -> TestResult:
        said = {check.result for check in checks if check.property == property}
        if "failed" in said:
            return "failed"
        return "not_proved" if "not_proved" in said else "passed"

    return {property: of(property) for property in PROPERTIES}


def findings(checks: Sequence[Check]) -> tuple[str, ...]:
    """The codes of what did not pass."""
    return tuple(dict.fromkeys(c.code for c in checks if c.result != "passed"))


def _authentic(found: Verification, kept: Sequence[Bytes]) -> Iterator[Check]:
    yield Check(
        "authentic",
        "log_recomputed",
        "全部事实的正文、摘要、前链逐条重算一致",
        "body, hash and chain of every fact recomputed and equal",
        "failed" if found.faults else "passed",
        tuple(f"{fault.store} {fault.position}" for fault in found.faults),
    )
    compared: TestResult = "passed" if found.compared and not found.missing else "not_proved"
    yield Check(
        "authentic",
        "stores_compared",
        "留存正文与各库日志逐字节一致",
        "the copies equal the bytes of the stores",
        "failed" if any(f.code == "differs" for f in found.faults) else compared,
    )
    wrong = tuple(one.document for one in kept if one.soundness in ("gone", "changed"))
    yield Check(
        "authentic",
        "document_bytes",
        f"{len(kept)}份电子文件的字节与入档时的摘要一致",
        f"the bytes of {len(kept)} documents are those whose hash was filed",
        "failed" if wrong else "passed",
        wrong,
    )


def _complete(lacks: Sequence[Lack], unkept: Sequence[Unkept], waiting: int) -> Iterator[Check]:
    lacking = tuple(f"{lack.condition}: {lack.what}" for lack in lacks)
    yield Check(
        "complete",
        "contents_list",
        "归档范围所列各类齐全，或已按规定免归档",
        "every kind of the contents list is there, or was waived",
        "failed" if lacking else "passed",
        lacking,
    )
    yield Check(
        "complete",
        "nothing_waits",
        "已听到的事实全部入档，无待入档",
        "every fact that was heard is on file, none waits",
        "failed" if waiting else "passed",
    )
    yield from _without_bytes(unkept)


def _without_bytes(unkept: Sequence[Unkept]) -> Iterator[Check]:
    """A document without bytes is no gap where the file itself holds what it rests on."""
    paper, fact, neither = (
        tuple(one.document for one in unkept if one.why == why)
        for why in ("on_paper", "by_fact", "unaccounted")
    )
    yield Check(
        "complete",
        "documents_by_fact",
        f"{len(fact)}份文件由在档事实带入，该事实即其凭据；原件在纸上或在经办业务库，不检测",
        f"{len(fact)} documents were brought by facts of this file, which are their evidence; "
        "the originals lie on paper or with the service that took them in, and were not looked at",
        "passed",
        fact,
    )
    yield Check(
        "complete",
        "documents_on_paper",
        f"{len(paper)}份文件登记为纸质，目录有载；纸质实物须到库房核对，不检测",
        f"{len(paper)} documents are listed as paper; the paper itself is checked at the shelf, "
        "and was not looked at",
        "passed",
        paper,
    )
    yield Check(
        "complete",
        "documents_without_bytes",
        f"{len(neither)}份文件只有登记：无电子件，未注明纸质，也无带入它的在档事实"
        + ("，故不能证明其存在；请补传电子件作为新版" if neither else ""),
        f"{len(neither)} documents are a listing alone: no bytes, not said to be paper, brought "
        "by no fact of this file"
        + (
            ", so nothing shows that they exist: upload each as a new version"
            if neither
            else ""
        ),
        "not_proved" if neither else "passed",
        neither,
    )


def _usable(kept: Sequence[Bytes]) -> Iterator[Check]:
    shut = tuple(f"{one.document} {one.fault}".strip() for one in kept if one.opens is False)
    yield Check(
        "usable",
        "documents_open",
        "电子文件均可打开，格式在归档格式表内",
        "every document opens as what it is, in a format of the list",
        "failed" if shut else "passed",
        shut,
    )
    yield Check(
        "usable",
        "facts_readable",
        "事实为 JSON 文本，不依赖本系统可读",
        "facts are JSON text and need none of our software",
        "passed",
    )


def _safe(kept: Sequence[Bytes]) -> Iterator[Check]:
    infected = tuple(one.document for one in kept if one.soundness == "infected")
    yield Check(
        "safe",
        "media_infected",
        "未发现病毒",
        "no malware was found",
        "failed" if infected else "passed",
        infected,
    )
    pending = tuple(one.document for one in kept if one.look == "pending")
    yield Check(
        "safe",
        "media_pending",
        f"{len(pending)}份电子文件未经病毒检查",
        f"{len(pending)} documents were not looked at by a scanner",
        "not_proved" if pending else "passed",
        pending,
    )
    yield Check(
        "safe",
        "no_active_content",
        "电子文件无宏、脚本、外部模板、加密",
        "no document holds macros, scripts, outside templates or a lock",
        "failed" if any(one.opens is False for one in kept) else "passed",
    )
