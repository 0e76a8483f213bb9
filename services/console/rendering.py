"""How a page is made: templates in two languages, the line that says as of when, and problems."""

import hashlib
import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from fastapi import Request, Response
from markupsafe import Markup

from services.console.acting import address
from services.console.backend import Caller, Refusal
from services.console.naming import NAMES_OF_SERVICES, Names, word
from shared.clock import LEGAL_ZONE
from shared.problems import KINDS

HERE = Path(__file__).parent
ROOMS = ("film", "matter", "pictures", "road")
"""Packages of the console that bring templates (`<room>/x.html`) and static files of their own."""
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
OWN: Mapping[str, tuple[str, str]] = {
    "form_expired": (
        "这张表单已失效或不是本系统的页面发出的，没有提交。请返回重新打开页面再填。",
        "This form expired, or no page of ours sent it; nothing was done. Open the page again.",
    ),
    "sign_in_failed": (
        "登录没有成功，请重新登录；再不行请找系统管理员。",
        "You were not signed in. Try again; if it fails again, ask your administrator.",
    ),
    "too_large": ("内容过大，没有提交。", "It is too large; nothing was done."),
    "unavailable": (
        "服务没有应答，请稍后再试。",
        "A service does not answer: try again in a moment.",
    ),
}
"""Problems of the console itself, beside those of the services."""
_PINNABLE = re.compile(
    r"/desk/(clerk|agent|unit|supervisor|chief|department)|/matter/[0-9a-f-]{36}"
)
WEEKDAYS = {
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}


@cache
def environment() -> jinja2.Environment:
    """The templates: escaped always; what a service does not tell is left blank."""
    rooms: dict[str, jinja2.BaseLoader] = {
        room: jinja2.FileSystemLoader(HERE / room / "templates") for room in ROOMS
    }
    made = jinja2.Environment(
        loader=jinja2.ChoiceLoader(
            [jinja2.FileSystemLoader(HERE / "templates"), jinja2.PrefixLoader(rooms)]
        ),
        autoescape=True,
        undefined=jinja2.ChainableUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    from services.console.pages.start import desks_of

    made.globals.update(static=static, desks=desks_of, do=address, days=days_between)
    return made


def static(path: str) -> str:
    """The address of a static file, which changes when its bytes do: `static("console.css")`."""
    return f"/static/{path}?v={_stamp(path, _file(path).stat().st_mtime_ns)}"


def _file(path: str) -> Path:
    room, _, rest = path.partition("/")
    return HERE / room / "static" / rest if room in ROOMS else HERE / "static" / path


@cache
def _stamp(path: str, _changed: int) -> str:
    return hashlib.sha256(_file(path).read_bytes()).hexdigest()[:12]


def language_of(request: Request) -> str:
    """`zh` or `en`: what the person chose, else what the browser asks for."""
    chosen: str = request.cookies.get("onefile_language", "")
    if chosen in ("zh", "en"):
        return chosen
    return "en" if request.headers.get("accept-language", "zh").startswith("en") else "zh"


async def render(
    request: Request, template: str, *, status: int = 200, part: bool = False, **context: Any
) -> Response:
    """The page. Templates find `t(zh, en)`, `me` (None: nobody), `names`, `word`, `day`, `moment`.

    A `part` is a piece of a page: it has no frame, and says not as of when.
    """
    language = language_of(request)
    me: Caller | None = getattr(request.state, "me", None)
    standings = await me.standings() if me is not None and not part else []
    now: datetime = request.app.state.clock()
    names: Names = request.app.state.names.in_(language)
    text = (
        environment()
        .get_template(template)
        .render(
            request=request,
            language=language,
            t=lambda zh, en: zh if language == "zh" else en,
            me=me,
            session=request.state.session,
            csrf=csrf_field(request),
            names=names,
            word=lambda code, of="": word(code, language, of),
            day=lambda value: day(value, language),
            moment=moment,
            instant=instant,
            standings=[(NAMES_OF_SERVICES[s.service][language == "en"], s) for s in standings],
            today=today_of(request),
            here=request.url.path,
            pinnable=pinnable(request.url.path) and status == 200,
            read_at=now.astimezone(LEGAL_ZONE).strftime("%Y-%m-%d %H:%M:%S"),
            development=request.app.state.settings.mode == "development",
            away=[
                NAMES_OF_SERVICES.get(name, (name, name))[language == "en"]
                for name in sorted(me.silent)
            ]
            if me
            else [],
            service_name=lambda name: NAMES_OF_SERVICES.get(name, (name, name))[
                language == "en"
            ],
            stands="&".join(f"{s.service}={s.position}" for s in standings if s.position),
            **context,
        )
    )
    headers = {"Content-Security-Policy": CSP, "Cache-Control": "no-store"}
    return Response(text, status, headers, "text/html; charset=utf-8")


def today_of(request: Request) -> date:
    """The legal day, on the clock by which the services decide."""
    now: datetime = request.app.state.legal()
    return now.astimezone(LEGAL_ZONE).date()


def csrf_field(request: Request) -> Markup:
    """The hidden field that every form of ours carries."""
    secret = request.state.session.csrf
    return Markup('<input type="hidden" name="_csrf" value="{}">').format(secret)


def day(value: date | str | None, language: str) -> str:
    """A legal day with its weekday, which no line breaks: `2026-11-23 周一`."""
    if not value:
        return "—"
    if not isinstance(value, date | str):
        return str(value)
    if isinstance(value, datetime):
        value = value.astimezone(LEGAL_ZONE).date()
    try:
        on = value if isinstance(value, date) else date.fromisoformat(value[:10])
    except ValueError:
        return str(value)
    name = WEEKDAYS[language][on.weekday()]
    return Markup("<time>{} {}</time>").format(on.isoformat(), name)


def days_between(until: str | date, today: date) -> int:
    """Calendar days from today until a day; negative when it has gone by."""
    try:
        on = until if isinstance(until, date) else date.fromisoformat(str(until)[:10])
    except ValueError:
        return 0
    return (on - today).days


def moment(value: datetime | str | None) -> str:
    """An instant on the clock of the place: `2026-11-23 09:30`."""
    if not value:
        return "—"
    try:
        at = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    except (ValueError, TypeError):
        return str(value)
    return at.astimezone(LEGAL_ZONE).strftime("%Y-%m-%d %H:%M") if at.tzinfo else str(value)


def pinnable(path: str) -> bool:
    """Whether `?at=` shows this page as of another instant."""
    return bool(_PINNABLE.fullmatch(path))


def instant(value: str) -> str:
    """An instant of today's screens, to the second: `2026-11-23 09:30:07`."""
    return datetime.fromisoformat(value).astimezone(LEGAL_ZONE).strftime("%Y-%m-%d %H:%M:%S")


def sentences(refusal: Refusal, language: str) -> Mapping[str, Any]:
    """A problem as a person reads it: what happened, why, and what to do about it."""
    kind = KINDS.get(refusal.code)
    told = refusal.problem.get("title", "")
    if refusal.code in OWN:
        told = OWN[refusal.code][language == "en"]
        if refusal.code == "unavailable" and refusal.service in NAMES_OF_SERVICES:
            name = NAMES_OF_SERVICES[refusal.service][language == "en"]
            told = f"{name}：{told}" if language == "zh" else f"{name}: {told}"
    elif kind is not None:
        told = kind.zh if language == "zh" else kind.en
    details = refusal.problem.get("details")
    details = details if isinstance(details, Mapping) else {}
    remedy = refusal.problem.get("remedy") or details.get("remedy") or ""
    rule = details.get("rule", "")
    return {
        "status": refusal.status,
        "code": refusal.code or "internal",
        "reason": refusal.reason,
        "title": told,
        "remedy": _one_language(str(remedy), language),
        "rule": rule,
        "errors": refusal.problem.get("errors", ()),
        "instance": refusal.problem.get("instance", ""),
        "details": {k: v for k, v in details.items() if k not in ("remedy", "rule")},
    }


def _one_language(text: str, language: str) -> str:
    """Remedies are written `中文 / English`."""
    zh, slash, en = text.partition(" / ")
    return (zh if language == "zh" else en) if slash else text
