"""Which actions does the page offer, and what does it say of those that are not possible now?"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from services.console.acting import item_offers, matter_offers
from services.console.naming import word


class Act(NamedTuple):
    """One action: possible, possible with a paper (`needs`), or not, and why."""

    service: str
    command: str
    item: str | None
    can: bool
    why_not: str
    remedy: str
    rule: str
    posts: tuple[str, ...]
    state: str
    needs: str


class Offer(NamedTuple):
    """What the page shows: what can be done, and the rest with one line for each reason."""

    now: tuple[Act, ...]
    not_now: tuple[Act, ...]
    others: tuple[Act, ...]
    """What another post may do: named, so that one knows whom to ask."""


def lacks_of(codes: Iterable[str], *, english: bool) -> list[tuple[str, int]]:
    """What is lacking, each kind once, with how many of it; `fee:<id>` is of the kind `fee`."""
    found = Counter(code.partition(":")[0] for code in codes)
    language = "en" if english else "zh"
    return [(word(kind, language, "lack"), n) for kind, n in found.items()]


def act_of(service: str, told: Mapping[str, Any]) -> Act:
    """An act as its service told it."""
    details = told.get("details") or {}
    return Act(
        service,
        str(told["command"]),
        told.get("item"),
        bool(told["can"]),
        str(told.get("why_not") or ""),
        str(details.get("remedy") or ""),
        str(details.get("rule") or details.get("law") or ""),
        tuple(details.get("posts") or ()),
        str(details.get("state") or ""),
        str(told.get("needs") or ""),
    )


def offer_of(acts: Sequence[Act]) -> Offer:
    """Sorted by what one can do with it; within that in the order of the service."""
    mine = [one for one in acts if one.why_not != "not_your_post"]
    return Offer(
        tuple(one for one in mine if one.can),
        tuple(one for one in mine if not one.can),
        tuple(one for one in acts if one.why_not == "not_your_post"),
    )


def file_acts(file: Mapping[str, Any] | None) -> list[Act]:
    """What can be done with the file; archive itself says what it lacks."""
    if file is None:
        return []
    closed, lacking = file["state"] == "closed", file.get("lacking") or []

    def one(command: str, *, can: bool, why: str) -> Act:
        return Act("archive", command, None, can, "" if can else why, "", "", (), "", "")

    return [
        one("FileDocument", can=not closed, why="file_closed"),
        one("CheckFile", can=not closed, why="file_closed"),
        one(
            "CloseFile",
            can=not closed and not lacking,
            why="file_closed" if closed else "file_incomplete",
        ),
        one("HandOverFile", can=closed, why="not_in_this_state"),
    ]


def offered(roles: Iterable[str], states: Mapping[str, str], known: Iterable[str]) -> list[Act]:
    """What other services take of these posts, by the state of each item; their form says more.

    `known` are the services that say themselves what is possible.
    """
    held, told = tuple(roles), frozenset(known)
    found: list[tuple[str, str, str | None]] = [
        (service, name, None) for service, name in matter_offers(held)
    ]
    for item, state in states.items():
        found += [(service, name, item) for service, name in item_offers(state, held)]
    return [
        Act(service, name, item, True, "", "", "", (), "", "")
        for service, name, item in found
        if service not in told
    ]


def by_item(acts: Sequence[Act]) -> Mapping[str, tuple[Act, ...]]:
    """Acts of each item, and under '' those of the matter as a whole."""
    found: dict[str, tuple[Act, ...]] = {}
    for one in acts:
        found[one.item or ""] = (*found.get(one.item or "", ()), one)
    return found
