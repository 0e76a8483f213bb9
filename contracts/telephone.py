"""Which telephone numbers are taken, and in which form is each kept (电话号码)?

Spaces and brackets are taken out, `+86` and `0086` are taken off; nothing else is changed. A
mobile has 11 digits, a number with an area code 10 to 12 and an extension of at most 6 after a
hyphen, a 400 or 800 number 10, a local or service number 3 to 8, one from abroad 7 to 15 after `+`.
"""

import re
import unicodedata
from typing import Annotated

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

_LEFT_OUT = str.maketrans("", "", " ()")
_HOME = re.compile(r"^(?:\+|00)86-?(?=[0-9])")
_SHAPES = tuple(
    re.compile(shape)
    for shape in (
        r"1[3-9][0-9]{9}",
        r"0[0-9]{2,3}-?[0-9]{7,8}(-[0-9]{1,6})?",
        r"[48]00-?[0-9]{3}-?[0-9]{4}",
        r"[0-9]{3,8}(-[0-9]{1,6})?",
        r"\+(?!86)[0-9]{7,15}",
    )
)


def plain_phone(value: object) -> object:
    """The number as it is kept; refused with the plain form offered where one is meant (B27)."""
    if not isinstance(value, str):
        return value
    kept = _kept(value)
    if kept is not None:
        return kept
    offered = _kept(unicodedata.normalize("NFKC", value))
    if offered is not None:
        raise PydanticCustomError(
            "phone_not_plain",
            "电话应为半角数字，是否为 {offered} / ASCII digits only: did you mean {offered}",
            {"offered": offered},
        )
    raise PydanticCustomError(
        "phone_shape",
        "电话号码不合要求：手机11位，固话带区号10至12位，分机用连字符 / "
        "no telephone number: a mobile has 11 digits, an area code and number 10 to 12",
    )


def _kept(text: str) -> str | None:
    if len(text) > 30 or not text.isascii():
        return None
    number = _HOME.sub("", text.translate(_LEFT_OUT))
    return number if any(shape.fullmatch(number) for shape in _SHAPES) else None


type Phone = Annotated[
    str, BeforeValidator(plain_phone), Field(max_length=30, description="电话号码")
]
