"""The first page: it leads everybody to the desk of the post they hold."""

from collections.abc import Mapping

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from services.console.entering import Me
from services.console.rendering import render

router = APIRouter()

DESKS: Mapping[str, tuple[str, str, str, tuple[str, ...]]] = {
    "clerk": ("/desk/clerk", "窗口", "Window", ("window_clerk", "guide")),
    "agent": ("/desk/agent", "代办专员", "Agent", ("agent", "helper", "reserve_agent", "steward")),
    "unit": ("/desk/unit", "项目单位", "Project unit", ("applicant_lead", "applicant_handler")),
    "supervisor": ("/desk/supervisor", "督办", "Supervision", 
        ("office", "head", "deputy_head", "member", "supervisor", "government",
         "evaluation_office"),
   ),
    "chief": ("/desk/chief", "代办长", "Chief agent", ("chief_agent", "office", "head")),
    "department": (
        "/desk/department", "审批部门", "Department",
        ("approver", "chief_rep", "liaison", "specialist"),
    ),
    "admin": ("/desk/admin", "系统管理", "Administration", ("admin", "office")),
    "audit": ("/desk/audit", "监督审计", "Audit", ("auditor", "archivist", "supervisor")),
    "week": ("/desk/week", "一周变化", "The week",
        ("office", "head", "deputy_head", "supervisor", "chief_agent")),
    "agencies": ("/desk/agencies", "订阅机构", "Subscribers", ("subscriber", "admin", "auditor")),
    "publications": ("/desk/publications", "考核报送", "Publications",
        ("office", "supervisor", "evaluation_office", "admin", "auditor")),
    "packs": ("/desk/packs", "政策包", "Rules of the place", ("admin", "office", "auditor")),
}  # fmt: skip
"""desk -> address, name, and the posts it is for; the first that fits is where one starts."""


def desks_of(roles: tuple[str, ...]) -> list[tuple[str, str, str, str]]:
    """The desks of somebody with these posts: key, address, 中文, English."""
    return [
        (key, address, zh, en)
        for key, (address, zh, en, posts) in DESKS.items()
        if not set(posts).isdisjoint(roles)
    ]


@router.get("/")
async def start(request: Request, me: Me) -> Response:
    """To the desk of this person's post; where there are none, a page that says so."""
    desks = desks_of(me.session.roles)
    if desks:
        return RedirectResponse(desks[0][1], 303)
    return await render(request, "start.html")
