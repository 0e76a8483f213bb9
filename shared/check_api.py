"""What does anybody learn who scans the code on a paper (公开核验)? Nothing personal."""

from base64 import b64encode
from hashlib import sha256
from html import escape
from string import Template

import orjson
from fastapi import APIRouter, Request, Response

from shared.answering import answers, files
from shared.answers import CheckedPaper
from shared.eventstore.log import Log
from shared.http import language_of
from shared.paper.finding import Finding, finding_of
from shared.peers import Peers
from shared.problems import Problem

_STYLE = (
    "body{font:17px/1.7 serif;max-width:40em;margin:3em auto;padding:0 1em;color:#111;"
    "background:#fff}h1{font-size:1.5em;border-bottom:3px double #d7000f;padding-bottom:.4em}"
    "dt{color:#555;margin-top:.6em}dd{margin:0;overflow-wrap:anywhere}"
    ".good{color:#0a6b2d}.bad{color:#b00020}small{color:#555}"
)
_HASH = b64encode(sha256(_STYLE.encode()).digest()).decode()
_GUARDED = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_HASH}'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept, Accept-Language",
    "X-Robots-Tag": "noindex",
    "Cache-Control": "public, max-age=60",
}
_PAGE = Template(
    '<!doctype html><html lang="$language"><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width"><title>$title</title>'
    "<style>$style</style><h1>$title</h1>$body</html>"
)
_TITLE = {"zh": "文书核验", "en": "Check of a paper"}
_LABELS = {
    "zh": {
        "form": "记录种类", "number": "编号", "day": "发生日期", "recorded": "入库时间",
        "position": "在记录中的位置", "leafhash": "记录的散列值",
    },
    "en": {
        "form": "Kind of record", "number": "Number", "day": "It happened on",
        "recorded": "Recorded at", "position": "Position in the log", "leafhash": "Leaf hash",
    },
}  # fmt: skip
_GOOD = {
    "zh": "此核验码属实：本系统的记录在该位置保存着该散列值的一条记录，内容自入库以来未改动。",
    "en": "This code is genuine: the log holds an event with this hash at this position, and "
    "its bytes are what was recorded.",
}
_COMPARE = {
    "zh": "请与纸面上的编号、日期核对；本页不显示任何个人信息。",
    "en": "Compare number and day with the paper; this page shows no personal data.",
}
_BAD = {
    "zh": "查无此码：该核验码不是本系统出具的，或抄写有误。请核对纸面，或到出具单位查询。",
    "en": "There is no such code: it was not issued here, or was copied wrongly. Compare it "
    "with the paper, or ask the office that issued it.",
}
_PROOF = {
    "zh": "存在证明（供独立核算）",
    "en": "Inclusion proof (to verify independently)",
}


def check_routes(log: Log, peers: Peers) -> APIRouter:
    """The public check of papers, at whichever service the code on them leads to."""
    router = APIRouter(tags=["papers"])
    told = answers(CheckedPaper, "text/html")
    told["responses"] |= {
        404: files("text/html")["responses"][200] | {"description": "No such code."}
    }

    @router.get("/check/{code}", **told)
    async def check(request: Request, code: str) -> Response:
        """A page for people, JSON for programs; an unknown or forged code is a plain 404."""
        finding = await finding_of(log, peers, code)
        if "text/html" in request.headers.get("accept", ""):
            made = _page(finding, language_of(request))
        elif finding is None:
            raise Problem("not_found")
        else:
            made = Response(orjson.dumps(finding.told()), media_type="application/json")
        for name, value in _GUARDED.items():
            made.headers[name] = value
        return made

    return router


def _page(finding: Finding | None, language: str) -> Response:
    if finding is None:
        body = f'<p class="bad">{escape(_BAD[language])}</p>'
    else:
        body = _found(finding, language)
    title = escape(_TITLE[language])
    html = _PAGE.substitute(language=language, title=title, style=_STYLE, body=body)
    status = 404 if finding is None else 200
    return Response(html, status_code=status, media_type="text/html; charset=utf-8")


def _found(finding: Finding, language: str) -> str:
    said = {
        "form": finding.zh if language == "zh" else f"{finding.kind} ({finding.zh})",
        "number": finding.number or "—",
        "day": finding.day,
        "recorded": finding.recorded,
        "position": f"{finding.store} {finding.position}",
        "leafhash": finding.leafhash,
    }
    lines = "".join(
        f"<dt>{escape(_LABELS[language][key])}</dt><dd>{escape(text)}</dd>"
        for key, text in said.items()
    )
    proof = f'<a href="{escape(finding.proof)}">{escape(_PROOF[language])}</a>'
    return (
        f'<p class="good">{escape(_GOOD[language])}</p><dl>{lines}</dl>'
        f"<p>{proof}</p><p><small>{escape(_COMPARE[language])}</small></p>"
    )
