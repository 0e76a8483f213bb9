"""Which members does an event have, and what was probably meant by one that it has not?"""

from difflib import get_close_matches

from pydantic_core import PydanticCustomError

from contracts.registry import BY_TYPE

PERSONAL_DIGESTS = "_sd"


def members_of(type: str) -> frozenset[str]:
    """The members that a fact of `type` may have in the clear, with the digests of the others."""
    event = BY_TYPE[type]
    public = set(event.model_fields) - {"type"} - event.personal_fields
    return frozenset(public | ({PERSONAL_DIGESTS} if event.personal_fields else set()))


def unknown_type(number: int, type: str) -> PydanticCustomError:
    near = get_close_matches(type, BY_TYPE, 1)
    zh, en = (f"，是否 {near[0]}", f": did you mean {near[0]}?") if near else ("", "")
    said = f"没有 {type} 这种事件{zh} · no event is called {type}{en}"
    return PydanticCustomError(
        f"events:{number}:types", said.replace("{", "(").replace("}", ")")
    )


def unknown_member(number: int, type: str, member: str) -> PydanticCustomError:
    if member in BY_TYPE[type].personal_fields:
        said = (
            f"{member} 是个人信息，不出总线；向原系统依法申请 · {member} is personal and never "
            "travels: ask its owner's audited API"
        )
    else:
        near = get_close_matches(member, members_of(type), 1)
        zh, en = (f"，是否 {near[0]}", f": did you mean {near[0]}?") if near else ("", "")
        said = f"{type} 没有 {member}{zh} · {type} has no member {member}{en}"
    return PydanticCustomError(
        f"events:{number}:fields", said.replace("{", "(").replace("}", ")")
    )
