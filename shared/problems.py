"""Every error an HTTP caller can meet: RFC 9457 problems with stable types, in two languages."""

from dataclasses import dataclass, field
from typing import Any

URN = "urn:onefile:problem:"
MEDIA_TYPE = "application/problem+json"


class Problem(Exception):
    """An answer that is not a success. `code` is part of the API and never reworded."""

    def __init__(
        self, code: str, *, headers: dict[str, str] | None = None, **more: Any
    ) -> None:
        super().__init__(code)
        self.code, self.headers, self.more = code, headers or {}, more


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: HTTP status, and what to say with the remedy."""

    status: int
    zh: str
    en: str
    headers: dict[str, str] = field(default_factory=dict)


KINDS: dict[str, Kind] = {
    # 4xx: the request
    "malformed": Kind(400, "请求体不是合法的 JSON，请检查后重发。", "The body is not valid JSON."),
    "nesting": Kind(400, "JSON 嵌套过深（最多 32 层）。", "JSON is nested deeper than 32 levels."),
    "too_many_members": Kind(400, "JSON 成员过多。", "JSON holds too many members."),
    "duplicate_key": Kind(400, "同一对象内键名重复。", "A key stands twice in one object."),
    "number_out_of_range": Kind(
        400, "整数超出 ±(2^53-1)。", "An integer is outside ±(2^53-1): send it as text."
    ),
    "use_decimal_strings": Kind(
        400, "金额、面积请用十进制字符串，例如 \"12.50\"。", 'Send decimals as text, e.g. "12.50".'
    ),
    "bidirectional_control": Kind(
        400, "文字中含双向控制符，请删除。", "The text holds a bidirectional control: remove it."
    ),
    "invisible_character": Kind(
        400, "文字中含不可见字符，请删除。", "The text holds an invisible character: remove it."
    ),
    "control_or_unassigned_character": Kind(
        400, "文字中含控制字符或未定义字符。", "The text holds a control or unassigned character."
    ),
    "idempotency_key_missing": Kind(
        400,
        "缺少 Idempotency-Key 请求头：每次提交请带一个新的键，重试用同一个键。",
        "Send an Idempotency-Key header: a new one per command, the same one when repeating it.",
    ),
    "idempotency_key_invalid": Kind(
        400,
        "Idempotency-Key 应为 1–255 个可见 ASCII 字符。",
        "Idempotency-Key must be 1–255 visible ASCII characters.",
    ),
    "if_match_invalid": Kind(
        400, "If-Match 应为版本号，例如 \"12\"。", 'If-Match must be a version, e.g. "12".'
    ),
    "bad_parameter": Kind(400, "请求参数不合法。", "A request parameter is not valid."),
    "bad_cursor": Kind(
        400, "翻页游标无效，请从第一页开始。", "The page cursor is not valid: begin again."
    ),
    "unauthenticated": Kind(
        401, "请先登录：缺少有效的访问令牌。", "Sign in: there is no valid access token.",
        {"WWW-Authenticate": "Bearer"},
    ),
    "forbidden": Kind(403, "您的岗位无权办理此操作。", "Your post may not do this."),
    "step_up_required": Kind(403, "此操作需要再次验证身份。", "Sign in again with a second factor."),
    "four_eyes": Kind(403, "同一人不能既提出又批准。", "One person may not both propose and approve."),
    "not_found": Kind(
        404, "没有这个对象，或您无权查看。", "There is no such thing, or it is not yours to see."
    ),
    "method_not_allowed": Kind(405, "此地址不支持该方法。", "This address does not take that method."),
    "too_slow": Kind(408, "请求体 10 秒内没有收完。", "The body did not arrive within 10 seconds."),
    "in_progress": Kind(
        409, "同一键的请求正在处理，请稍后用同一键重试。",
        "The same request is still being handled: repeat it with the same key.",
        {"Retry-After": "1"},
    ),
    "refused": Kind(409, "按规则现在不能办理。", "The rules do not allow this now."),
    "stale": Kind(
        412, "内容已被他人更新，请重新读取后再提交。", "It was changed meanwhile: read it again."
    ),
    "too_large": Kind(
        413, "请求体超过 64 KiB。", "The body is larger than 64 KiB.", {"Connection": "close"}
    ),
    "file_too_large": Kind(
        413, "文件过大，上限见 largest（字节）。", "The file is larger than `largest` bytes.",
    ),
    "url_too_long": Kind(414, "地址过长（最多 4 KiB）。", "The address is longer than 4 KiB."),
    "unsupported_media_type": Kind(
        415, "请求体须为 UTF-8 的 application/json，且不压缩。",
        "Send UTF-8 application/json, not compressed.",
    ),
    "file_type_unsupported": Kind(
        415, "此处只收 accepts 所列格式的文件，且不压缩。",
        "Send a file of a kind in `accepts`, not compressed.",
        {"Connection": "close"},
    ),
    "document_unfit": Kind(
        422, "这个文件不能收，原因见 reason 和 remedy。",
        "This file is not taken: see `reason` and `remedy`.",
    ),
    "invalid": Kind(
        422, "内容不符合要求，请按 errors 逐项修改。", "Some members are not valid: see errors."
    ),
    "key_reused": Kind(
        422, "这个 Idempotency-Key 已用于另一条内容，请换新键。",
        "This Idempotency-Key was used for another command: take a new one.",
    ),
    "if_match_missing": Kind(
        428, "缺少 If-Match 请求头：请带上您所见的版本号。", "Send If-Match with the version you saw.",
    ),
    "agreement_ended": Kind(
        403, "订阅协议已到期，请联系运营方续签。",
        "The agreement has ended: ask the operator to renew it.",
    ),
    "past_too_long": Kind(
        409,
        "到该位置（position）的日志超过可当场重放的条数（at_most）。请选更早的时刻，"
        "或在归档逐件查看当时的状态。",
        "The log up to `position` is longer than what is replayed for a reader (`at_most`): ask for "
        "an earlier time, or ask archive for the state of a matter then.",
    ),
    "feed_changed": Kind(
        409, "订阅范围已变更，请按新的订阅（feed）从零重建。",
        "What you are given has changed: rebuild from zero with the feed named in `feed`.",
    ),
    "position_ahead": Kind(
        409, "您的位置超过订阅长度（size），请核对后从不超过 size 处继续。",
        "Your position is past the end (`size`): check what you hold, or rebuild from zero.",
    ),
    "webhook_not_taken": Kind(
        409, "对方仍未接收，消息继续搁置；原因见 said。",
        "The receiver did not take it again: it stays parked, see `said`.",
    ),
    "too_many": Kind(
        429, "请求过于频繁或并发过多，请按 Retry-After 稍后再试。",
        "Too many requests or open streams: wait as Retry-After says.", {"Retry-After": "5"},
    ),
    "headers_too_large": Kind(431, "请求头过大（最多 16 KiB、100 个）。", "The headers are too large."),
    # 5xx: us
    "internal": Kind(500, "系统内部错误，已记录。", "An internal error; it was logged."),
    "unavailable": Kind(
        503, "暂时无法确认结果，请稍后用同一 Idempotency-Key 重试。",
        "The outcome is not known yet: repeat with the same Idempotency-Key.",
        {"Retry-After": "2"},
    ),
    "documents_unset": Kind(
        503, "本部署没有设置文件存放处（ONEFILE_DOCUMENTS）。",
        "This deployment has no place for documents: set ONEFILE_DOCUMENTS.",
    ),
    "document_unscanned": Kind(
        503, "文件尚未通过病毒检查，暂不能下载。",
        "The document was not yet scanned for malware and cannot be read.",
        {"Retry-After": "30"},
    ),
    "document_lost": Kind(
        503, "文件内容与登记的摘要不符或已缺失，已停止提供。",
        "The bytes are gone or no longer match their hash: they are not served.",
    ),
    "fonts_missing": Kind(
        503, "缺少打印所需的中文字体，见 remedy。",
        "The fonts that papers need are missing: see remedy.",
    ),
    "register_unreadable": Kind(
        503, "订阅登记（agencies.yaml）有误，修正前不向任何机构提供数据。",
        "agencies.yaml cannot be read: nobody is given anything until it is put right.",
        {"Retry-After": "30"},
    ),
    "feed_unsigned": Kind(
        503, "本部署未设置日志密钥（ONEFILE_LOG_KEY_FILE），不能签名。",
        "This deployment has no log key (ONEFILE_LOG_KEY_FILE): nothing is signed.",
    ),
    "behind": Kind(
        503, "读取位置尚未追上，请稍后重试。", "The view has not reached that position yet: try again.",
        {"Retry-After": "1"},
    ),
}  # fmt: skip


def document(problem: Problem, language: str, instance: str) -> dict[str, Any]:
    """The problem as a JSON object; never echoes the input."""
    kind = KINDS[problem.code]
    return {
        "type": URN + problem.code,
        "title": kind.zh if language == "zh" else kind.en,
        "status": kind.status,
        "instance": instance,
        **{name: _in(language, value) for name, value in problem.more.items()},
    }


def _in(language: str, value: Any) -> Any:
    """`errors` as they are told in one language: a message is kept in both until then."""
    if not isinstance(value, list):
        return value
    return [
        {**one, "message": one["message"][language != "zh"]}
        if isinstance(one, dict) and isinstance(one.get("message"), tuple)
        else one
        for one in value
    ]
