"""What is wrong with a member of a body or a parameter, in both languages and without the input?"""

from collections.abc import Sequence
from typing import Any

from contracts.invalid import Both, said

OURS: dict[str, Both] = {
    "differs": ("与地址中的不一致", "differs from the address"),
    "in_the_future": ("办理时间不能晚于现在", "it cannot have happened later than now"),
    "before_the_matter": (
        "办理时间不能早于办件提出之日",
        "it cannot have happened before the matter was brought",
    ),
    "late_reason_required": (
        "补录超过 30 天，请写明 late_reason",
        "it is entered more than 30 days late: say why in late_reason",
    ),
    "bad_span": ("截止日期早于起始日期", "it ends before it begins"),
    "in_the_past": ("时间只能往后调", "the clock only moves on"),
}
"""What is wrong with the members of a request beside their kind."""


def wrong(code: str, *at: str, message: Both | None = None) -> dict[str, Any]:
    """One entry of `errors`; the door says the `message` in the language of the caller."""
    return {"at": list(at), "code": code, "message": message or OURS[code]}


def plainly(errors: Sequence[Any]) -> list[dict[str, Any]]:
    """Where and why, once each; never how the software came to think so."""
    found: dict[tuple[tuple[str, ...], str], dict[str, Any]] = {}
    for error in errors:
        at = tuple(str(part) for part in error["loc"] if _is_a_member(part))
        if error["type"] == "is_instance_of":
            continue
        found.setdefault((at, error["type"]), wrong(error["type"], *at, message=said(error)))
    return list(found.values())


def _is_a_member(part: object) -> bool:
    """Not the name of a branch that was tried, such as `function-after[…]`."""
    return not (isinstance(part, str) and "[" in part)
