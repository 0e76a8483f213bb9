"""What is wrong with a member of a body or a parameter, in both languages and without the input?"""

from collections.abc import Mapping
from typing import Any

_SAID: Mapping[str, tuple[str, str]] = {
    "missing": ("必填", "must be given"),
    "extra_forbidden": ("没有这个成员，请删去", "no such member: leave it out"),
    "string_type": ("应为文字", "must be text"),
    "string_too_short": ("至少 {min_length} 个字符", "at least {min_length} characters"),
    "string_too_long": ("最多 {max_length} 个字符", "at most {max_length} characters"),
    "string_pattern_mismatch": ("格式不符，请按说明填写", "not in the form described"),
    "bool_type": ("应为 true 或 false", "must be true or false"),
    "int_type": ("应为整数", "must be a whole number"),
    "int_parsing": ("应为整数", "must be a whole number"),
    "int_from_float": ("应为整数", "must be a whole number"),
    "decimal_type": ("应为十进制数（文字）", "must be a decimal, as text"),
    "decimal_parsing": ("应为十进制数（文字）", "must be a decimal, as text"),
    "decimal_max_digits": ("最多 {max_digits} 位数字", "at most {max_digits} digits"),
    "decimal_max_places": ("最多 {decimal_places} 位小数", "at most {decimal_places} decimals"),
    "decimal_whole_digits": ("整数部分位数过多", "too many digits before the point"),
    "greater_than": ("应大于 {gt}", "must be more than {gt}"),
    "greater_than_equal": ("应不小于 {ge}", "must be at least {ge}"),
    "less_than": ("应小于 {lt}", "must be less than {lt}"),
    "less_than_equal": ("应不大于 {le}", "must be at most {le}"),
    "literal_error": ("只能是：{expected}", "must be one of {expected}"),
    "date_type": ("应为日期，如 2026-11-20", "must be a date, e.g. 2026-11-20"),
    "date_parsing": ("没有这个日期，格式如 2026-11-20", "no such date; e.g. 2026-11-20"),
    "date_from_datetime_parsing": ("没有这个日期，格式如 2026-11-20", "no such date; e.g. 2026-11-20"),
    "date_from_datetime_inexact": ("应为日期，不带时间", "must be a date without a time"),
    "datetime_type": ("应为带时区的时间", "must be a time with its zone"),
    "datetime_parsing": ("没有这个时间", "no such time"),
    "datetime_from_date_parsing": ("没有这个时间", "no such time"),
    "timezone_aware": ("时间须带时区", "a time needs its zone"),
    "time_parsing": ("没有这个时间", "no such time"),
    "uuid_type": ("应为 UUID", "must be a UUID"),
    "uuid_parsing": ("应为 UUID", "must be a UUID"),
    "tuple_type": ("应为列表", "must be a list"),
    "list_type": ("应为列表", "must be a list"),
    "too_short": ("至少 {min_length} 项", "at least {min_length} of them"),
    "too_long": ("最多 {max_length} 项", "at most {max_length} of them"),
    "dict_type": ("应为对象", "must be an object"),
    "model_type": ("应为对象", "must be an object"),
    "model_attributes_type": ("应为对象", "must be an object"),
    "none_required": ("应为空", "must be null"),
    "json_invalid": ("不是合法的 JSON", "not valid JSON"),
}  # fmt: skip
_OTHER = ("内容不符合要求", "not valid")


def plainly(errors: list[Any]) -> list[dict[str, Any]]:
    """Where and why, once each; never how the software came to think so."""
    found: dict[tuple[tuple[str, ...], str], dict[str, Any]] = {}
    for error in errors:
        at = tuple(str(part) for part in error["loc"] if _is_a_member(part))
        if error["type"] == "is_instance_of":
            continue
        found.setdefault(
            (at, error["type"]),
            {"at": list(at), "code": error["type"], "message": _said(error)},
        )
    return list(found.values())


def _is_a_member(part: object) -> bool:
    """Not the name of a branch that was tried, such as `function-after[…]`."""
    return not (isinstance(part, str) and "[" in part)


def _said(error: Mapping[str, Any]) -> str:
    if any("一" <= character <= "鿿" for character in error["msg"]):
        return str(error["msg"]).removeprefix("Value error, ")
    zh, en = _SAID.get(error["type"], _OTHER)
    known = error.get("ctx", {})
    try:
        return f"{zh} / {en}".format(**known)
    except KeyError:
        return " / ".join(_OTHER)
