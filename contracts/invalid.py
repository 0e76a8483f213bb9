"""What is wrong with a value, in both languages and without the value?"""

import re
from collections.abc import Mapping
from typing import Any

type Both = tuple[str, str]
"""The same in Chinese and in English."""

OTHER: Both = ("内容不符合要求", "not valid")

_TEXT = ("应为文字", "must be text")
_OBJECT = ("应为对象", "must be an object")
_LIST = ("应为列表", "must be a list")
_WHOLE = ("应为整数", "must be a whole number")
_NUMBER = ("应为数字", "must be a number")
_YES = ("应为 true 或 false", "must be true or false")
_DECIMAL = ("应为十进制数（文字）", "must be a decimal, as text")
_DATE = ("没有这个日期，格式如 2026-11-20", "no such date; e.g. 2026-11-20")
_INSTANT = ("没有这个时间", "no such time")
_WHEN = ("应为带时区的时间", "must be a time with its zone")
_SPAN = ("应为时长，如 PT30M", "must be a duration, e.g. PT30M")
_ADDRESS = ("不是合法的网址", "must be a valid web address")
_FEWEST = ("至少 {min_length} 个字符", "at least {min_length} characters")
_MOST = ("最多 {max_length} 个字符", "at most {max_length} characters")
_ONE_OF = ("只能是：{expected}", "must be one of {expected}")
_GIVEN = ("必填", "must be given")
_NOT_TAKEN = ("没有这个成员，请删去", "no such member: leave it out")
_FIXED = ("不能更改", "cannot be changed")
_INNER = ("系统无法读取这个值", "this value cannot be read here")
_DEEP = ("嵌套过深或循环引用", "nested too deep, or in a circle")
_KIND = ("种类不符", "of another kind than is wanted here")

SAID: Mapping[str, Both] = {
    # members
    "missing": _GIVEN,
    "missing_argument": _GIVEN,
    "missing_keyword_only_argument": _GIVEN,
    "missing_positional_only_argument": _GIVEN,
    "missing_sentinel_error": ("此处不应有值", "no value belongs here"),
    "ellipsis_error": OTHER,
    "extra_forbidden": _NOT_TAKEN,
    "unexpected_keyword_argument": _NOT_TAKEN,
    "unexpected_positional_argument": _NOT_TAKEN,
    "multiple_argument_values": ("重复给出", "given more than once"),
    "no_such_attribute": _NOT_TAKEN,
    "invalid_key": ("键名应为文字", "names of members must be text"),
    "frozen_field": _FIXED,
    "frozen_instance": _FIXED,
    "none_required": ("应为空", "must be null"),
    "default_factory_not_called": (
        "其他项有误，无法补上默认值", "other members are wrong: no default can be put in",
    ),
    # kinds
    "string_type": _TEXT,
    "string_unicode": ("文字不是合法的 UTF-8", "the text is not valid UTF-8"),
    "string_too_short": _FEWEST,
    "string_too_long": _MOST,
    "string_pattern_mismatch": ("格式不符，请按说明填写", "not in the form described"),
    "string_not_ascii": ("只能用半角英文、数字和符号", "only ASCII characters are taken"),
    "bytes_type": _TEXT,
    "bytes_too_short": ("至少 {min_length} 字节", "at least {min_length} bytes"),
    "bytes_too_long": ("最多 {max_length} 字节", "at most {max_length} bytes"),
    "bytes_invalid_encoding": ("编码不符", "not encoded as is wanted here"),
    "bool_type": _YES,
    "bool_parsing": _YES,
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_parsing_size": ("整数过大", "the whole number is too large"),
    "int_from_float": _WHOLE,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "complex_type": _NUMBER,
    "complex_str_parsing": _NUMBER,
    "fraction_type": _NUMBER,
    "fraction_parsing": _NUMBER,
    "finite_number": ("应为有限的数", "must be a finite number"),
    "decimal_type": _DECIMAL,
    "decimal_parsing": _DECIMAL,
    "decimal_max_digits": ("最多 {max_digits} 位数字", "at most {max_digits} digits"),
    "decimal_max_places": ("最多 {decimal_places} 位小数", "at most {decimal_places} decimals"),
    "decimal_whole_digits": ("整数部分位数过多", "too many digits before the point"),
    "greater_than": ("应大于 {gt}", "must be more than {gt}"),
    "greater_than_equal": ("应不小于 {ge}", "must be at least {ge}"),
    "less_than": ("应小于 {lt}", "must be less than {lt}"),
    "less_than_equal": ("应不大于 {le}", "must be at most {le}"),
    "multiple_of": ("应为 {multiple_of} 的倍数", "must be a multiple of {multiple_of}"),
    "literal_error": _ONE_OF,
    "enum": _ONE_OF,
    # days and times
    "date_type": ("应为日期，如 2026-11-20", "must be a date, e.g. 2026-11-20"),
    "date_parsing": _DATE,
    "date_from_datetime_parsing": _DATE,
    "date_from_datetime_inexact": ("应为日期，不带时间", "must be a date without a time"),
    "date_past": ("应为过去的日期", "must be a day in the past"),
    "date_future": ("应为将来的日期", "must be a day to come"),
    "datetime_type": _WHEN,
    "datetime_parsing": _INSTANT,
    "datetime_object_invalid": _INSTANT,
    "datetime_from_date_parsing": _INSTANT,
    "datetime_past": ("应为过去的时间", "must be in the past"),
    "datetime_future": ("应为将来的时间", "must be in the future"),
    "timezone_aware": ("时间须带时区", "a time needs its zone"),
    "timezone_naive": ("时间不应带时区", "a time without a zone is wanted"),
    "timezone_offset": ("时区不符", "of another time zone than is wanted"),
    "time_type": ("应为时刻，如 09:30", "must be a time of day, e.g. 09:30"),
    "time_parsing": _INSTANT,
    "time_delta_type": _SPAN,
    "time_delta_parsing": _SPAN,
    # several
    "too_short": ("至少 {min_length} 项", "at least {min_length} of them"),
    "too_long": ("最多 {max_length} 项", "at most {max_length} of them"),
    "list_type": _LIST,
    "tuple_type": _LIST,
    "set_type": _LIST,
    "frozen_set_type": _LIST,
    "deque_type": _LIST,
    "iterable_type": _LIST,
    "arguments_type": _LIST,
    "iteration_error": _INNER,
    "set_item_not_hashable": ("列表中只能是单个的值", "the list may hold single values only"),
    "dict_type": _OBJECT,
    "frozen_dict_type": _OBJECT,
    "ordered_dict_type": _OBJECT,
    "counter_type": _OBJECT,
    "mapping_type": _OBJECT,
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "dataclass_type": _OBJECT,
    "dataclass_exact_type": _OBJECT,
    "named_tuple_type": _OBJECT,
    "union_tag_invalid": ("种类只能是：{expected_tags}", "the kind must be one of {expected_tags}"),
    "union_tag_not_found": ("没有说明是哪一种", "it is not said of which kind it is"),
    # ids and addresses
    "uuid_type": ("应为 UUID", "must be a UUID"),
    "uuid_parsing": ("应为 UUID", "must be a UUID"),
    "uuid_version": (
        "应为第 {expected_version} 版 UUID", "must be a UUID of version {expected_version}",
    ),
    "url_type": _ADDRESS,
    "url_parsing": _ADDRESS,
    "url_syntax_violation": _ADDRESS,
    "url_too_long": _MOST,
    "url_scheme": (
        "网址须以 {expected_schemes} 开头", "the address must begin with {expected_schemes}",
    ),
    # the whole
    "json_invalid": ("不是合法的 JSON", "not valid JSON"),
    "json_type": ("应为 JSON 文字", "must be JSON, as text"),
    "recursion_loop": _DEEP,
    "recursion_depth_exceeded": _DEEP,
    "needs_python_object": _INNER,
    "get_attribute_error": _INNER,
    "is_instance_of": _KIND,
    "is_subclass_of": _KIND,
    "callable_type": _KIND,
    "value_error": OTHER,
    "assertion_error": OTHER,
}  # fmt: skip
"""By the type of the error: every one that pydantic can raise, which a test demands."""

_HAN = re.compile("[一-鿿]")
_BETWEEN = re.compile(r" / | · ")


def said(error: Mapping[str, Any]) -> Both:
    """What a person is told of one of `ValidationError.errors()`.

    A rule of ours says it itself, `中文 / English` or the other way round; where it has one
    language alone, the other is told what can be said of anything.
    """
    told = str(error["msg"]).removeprefix("Value error, ").removeprefix("Assertion failed, ")
    if _HAN.search(told) and error["type"] not in SAID.keys() - {
        "value_error",
        "assertion_error",
    }:
        return cut(told)
    zh, en = SAID.get(error["type"], OTHER)
    known = error.get("ctx", {})
    try:
        return zh.format(**known).replace(" or ", " 或 "), en.format(**known)
    except KeyError:
        return OTHER


def cut(text: str) -> Both:
    """A sentence that is written in both languages, each by itself."""
    one, between, other = _halves(text)
    if not between:
        return (one, OTHER[1]) if _HAN.search(one) else (OTHER[0], one)
    return (one, other) if _HAN.search(one) else (other, one)


def _halves(text: str) -> tuple[str, str, str]:
    found = _BETWEEN.search(text)
    return (text[: found.start()], found[0], text[found.end() :]) if found else (text, "", "")
