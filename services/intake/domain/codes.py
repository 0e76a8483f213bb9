"""Is a project code or a unit code well formed, and what about it is odd (编码校验)?"""

import re
import unicodedata
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from contracts.vocabulary import ProjectCode

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""GB 32100-2015: no I, O, S, V, Z."""
WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 "
    "61 62 63 64 65 71 81 82".split()
)
"""The provinces of GB/T 2260; the counties change every year and are not held here."""
OLD_YEARS = frozenset({"15", "16", "17", "18", "19", "20"})
_SHAPE = re.compile(r"[0-9]{4}-[0-9]{6}-[0-9]{2}-[0-9]{2}-[0-9]{6}")
_RESIDENT = re.compile(r"[1-9][0-9]{5}(19|20)[0-9]{9}[0-9X]")
_LOOKALIKE = str.maketrans(
    "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧАВЕКМНОРСТУХ‐‑‒–—−－",
    "ABEZHIKMNOPTYXABEKMHOPCTYX-------",
)


def ascii_form(text: str) -> str:
    """What somebody meant who wrote full-width or look-alike characters; never put in silently."""
    folded = unicodedata.normalize("NFKC", text).translate(_LOOKALIKE)
    return "".join(folded.split()).upper()


def _project_code(value: object) -> object:
    """Plain ASCII in the form of GB/T 40058, or a refusal that offers the plain form (B19)."""
    if not isinstance(value, str) or _SHAPE.fullmatch(value):
        return value
    offered = ascii_form(value)
    if offered != value and _SHAPE.fullmatch(offered):
        raise _offer("project_code_not_plain", "项目代码应为半角数字和连字符", offered)
    raise PydanticCustomError(
        "project_code_shape",
        "项目代码格式应为 4-6-2-2-6 位数字 / a project code is 4-6-2-2-6 digits",
    )


def _unit_code(value: object) -> object:
    """18 characters of GB 32100; a wrong check digit passes here and is warned of (B20, B24)."""
    if not isinstance(value, str):
        return value
    offered = ascii_form(value)
    if is_resident_number(offered):
        raise PydanticCustomError(
            "resident_number",
            "这是公民身份号码，不是统一社会信用代码；本系统不收身份号码，请填单位的代码"
            " / a resident's identity number is no unit code and is not kept here: give the unit's",
        )
    if _is_unit_code(value):
        return value
    if offered != value and _is_unit_code(offered):
        raise _offer("unit_code_not_plain", "统一社会信用代码应为半角大写", offered)
    raise PydanticCustomError(
        "unit_code_shape",
        "统一社会信用代码为18位半角数字和大写字母，不含 I、O、S、V、Z，第3至8位为数字"
        " / a unit code has 18 characters of GB 32100, digits in places 3 to 8",
    )


def _offer(code: str, said: str, offered: str) -> PydanticCustomError:
    return PydanticCustomError(
        code,
        "{said}，是否为 {offered} / did you mean {offered}",
        {"said": said, "offered": offered},
    )


def _is_unit_code(text: str) -> bool:
    return len(text) == 18 and all(c in ALPHABET for c in text) and text[2:8].isdigit()


def is_resident_number(text: str) -> bool:
    """Whether it is somebody's identity number by GB 11643 and no unit code by its own digit (B26)."""
    if not _RESIDENT.fullmatch(text) or (_is_unit_code(text) and check_digit_holds(text)):
        return False
    try:
        date.fromisoformat(text[6:14])
    except ValueError:
        return False
    total = sum(int(c) * pow(2, 17 - place, 11) for place, c in enumerate(text[:17]))
    return "10X98765432"[total % 11] == text[17]


type PlainProjectCode = Annotated[ProjectCode, BeforeValidator(_project_code)]
type UnitCode = Annotated[str, BeforeValidator(_unit_code)]


def check_digit_holds(unit_code: str) -> bool:
    """Whether the last character is the one that GB 32100 asks for."""
    total = sum(ALPHABET.index(c) * w for c, w in zip(unit_code, WEIGHTS, strict=False))
    return ALPHABET[-total % 31] == unit_code[17]


def is_old(project_code: str) -> bool:
    """A code of 2015 to 2020 begins with its year; 2011 and 2012 are months of 2020."""
    return project_code[:2] == "20" and project_code[2:4] in OLD_YEARS


def month_is_odd(project_code: str) -> bool:
    """Whether a new code names a month that there is not."""
    return not is_old(project_code) and not "01" <= project_code[2:4] <= "12"


def warnings_of(project_code: str | None, unit_code: str | None, area: str) -> tuple[str, ...]:
    """What is odd and taken all the same: to be checked against the paper (standards 3.4, 3.5).

    The region part of a lawful code may stand outside GB/T 2260; the last digit of a project
    code is not verified, since its rule is not public.
    """
    found = []
    if project_code is not None and (odd := _region(project_code[5:11], area)):
        found.append(odd)
    if unit_code is not None and not check_digit_holds(unit_code):
        found.append("unit_code_check_digit")
    return tuple(found)


def _region(region: str, area: str) -> str | None:
    """A project of this place has the code of the place, of its city or of its province."""
    if region[:2] not in PROVINCES:
        return "code_region_unknown"
    own = {area, f"{area[:4]}00", f"{area[:2]}0000"}
    beneath = area.rstrip("0") if area.endswith("00") else area
    return None if region in own or region.startswith(beneath) else "code_region_elsewhere"


ADVICE = {
    "code_region_unknown": "项目代码的地区段不在行政区划代码表内，请核对备案证"
    " / the region part is in no list of area codes: check it against the filing certificate",
    "code_region_elsewhere": "项目代码的地区段不是本地、上级市或省，请核对备案证"
    " / the region part is neither this place nor one above it: check the filing certificate",
    "unit_code_check_digit": "统一社会信用代码校验位不符，请上传营业执照影像核对"
    " / the check digit does not fit: ask for an image of the licence",
}
"""What to do about a warning."""
CONCERNS = {
    "code_region_unknown": "code",
    "code_region_elsewhere": "code",
    "unit_code_check_digit": "unit_code",
}
"""The member of the project that a warning is about: said anew, it is judged anew."""
