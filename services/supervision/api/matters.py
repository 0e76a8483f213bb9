"""What may people and other services ask about one matter?"""

from dataclasses import replace
from datetime import date
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response

from contracts.calendar import Calendar
from services.supervision.api.answering import answer
from services.supervision.api.answers import days as days_shapes
from services.supervision.api.answers import matters as shapes
from services.supervision.domain import commands
from services.supervision.domain.clocks import clocks_of, ledger
from services.supervision.domain.course import Course
from services.supervision.domain.drawing import draw
from services.supervision.domain.facts import Facts
from services.supervision.domain.gantt import gantt_of
from services.supervision.domain.picture import clock_of, picture
from services.supervision.service import Supervision
from services.supervision.service.lookup import Seen
from shared.answering import Items, Several, answers, files, json_answer
from shared.asking import Ask, takes
from shared.http import principal_of
from shared.past import At
from shared.problems import Problem

MATTERS = (
    Ask("/matters/{id}/milestones", commands.DateMilestone),
    Ask("/matters/{id}/plan", commands.RevisePlan),
    Ask("/matters/{id}/plan/tracked", commands.NoteTrackedItem),
    Ask("/matters/{id}/submission", commands.SubmitReady),
    Ask("/matters/{id}/visits", commands.AppointVisit, versioned=False),
    Ask("/matters/{id}/visits/made", commands.RecordVisit, versioned=False),
    Ask("/matters/{id}/progress", commands.ReportProgress, versioned=False),
    Ask("/matters/{id}/log", commands.LogWork, versioned=False),
    Ask("/matters/{id}/fees", commands.RecordFee, versioned=False),
    Ask("/matters/{id}/fees/paid", commands.PayFee, versioned=False),
    Ask("/matters/{id}/sending", commands.SendResult),
    Ask("/matters/{id}/delivery", commands.DeliverResult),
    Ask("/matters/{id}/originals", commands.ReturnOriginals),
    Ask("/matters/{id}/letters", commands.SendLetter, versioned=False),
    Ask("/matters/{id}/letters/answer", commands.AnswerLetter, versioned=False),
    Ask("/matters/{id}/issues", commands.OpenIssue, versioned=False),
    Ask("/matters/{id}/issues/raised", commands.RaiseIssue),
    Ask("/matters/{id}/issues/resolved", commands.ResolveIssue),
)
"""Commands about a matter as a whole."""

TOGETHER = (
    Ask("/matters/{id}/items/{item}/report", commands.ReportUp, versioned=False),
    Ask("/matters/{id}/interviews", commands.HoldInterview, versioned=False),
    Ask("/matters/{id}/sanctions", commands.RecordSanction, versioned=False),
    Ask("/matters/{id}/rungs/closed", commands.CloseRung, versioned=False),
    Ask("/matters/{id}/issues/classed", commands.ClassIssue, versioned=False),
    Ask("/matters/{id}/issues/joint-attack", commands.BeginJointAttack, versioned=False),
    Ask("/matters/{id}/whistles", commands.BlowWhistle, versioned=False),
    Ask("/matters/{id}/whistles/reports", commands.ReportToWhistle, versioned=False),
    Ask("/matters/{id}/meetings", commands.CallMeeting, versioned=False),
    Ask("/matters/{id}/meetings/attendance", commands.SignIn, versioned=False),
    Ask("/matters/{id}/meetings/minutes", commands.IssueMinutes, versioned=False),
    Ask("/matters/{id}/actions", commands.AssignAction, versioned=False),
    Ask("/matters/{id}/actions/done", commands.FinishAction, versioned=False),
    Ask("/matters/{id}/joint-sessions", commands.HoldJointSession, versioned=False),
    Ask("/matters/{id}/early-opinions", commands.GiveEarlyOpinion, versioned=False),
    Ask("/matters/{id}/follow-ups/contacts", commands.ContactUnit, versioned=False),
    Ask("/matters/{id}/follow-ups/closed", commands.CloseFollowUp, versioned=False),
    Ask("/matters/{id}/transfers", commands.TransferPapers, versioned=False),
    Ask("/matters/{id}/transfers/signed", commands.SignTransfer, versioned=False),
    Ask("/matters/{id}/presences", commands.RequirePresence, versioned=False),
    Ask("/matters/{id}/presences/noted", commands.NotePresence, versioned=False),
)
"""Commands that bring others in: up a ladder, to a meeting, back to the unit afterwards."""

ITEMS = (
    Ask("/matters/{id}/items/{item}/submission", commands.SubmitItem),
    Ask("/matters/{id}/items/{item}/withdrawal", commands.WithdrawItem),
    Ask("/matters/{id}/items/{item}/extension", commands.ExtendItem),
    Ask("/matters/{id}/items/{item}/receipt", commands.ReceiveItem),
    Ask("/matters/{id}/items/{item}/correction", commands.RequestCorrection),
    Ask("/matters/{id}/items/{item}/correction/supplied", commands.SupplyCorrection),
    Ask("/matters/{id}/items/{item}/acceptance", commands.AcceptItem),
    Ask("/matters/{id}/items/{item}/refusal", commands.RefuseItem),
    Ask("/matters/{id}/items/{item}/special-procedure", commands.StartSpecialProcedure),
    Ask("/matters/{id}/items/{item}/special-procedure/end", commands.EndSpecialProcedure),
    Ask("/matters/{id}/items/{item}/special-procedure/supplement", commands.SupplementPause),
    Ask("/matters/{id}/items/{item}/decision", commands.DecideItem),
    Ask("/matters/{id}/items/{item}/decision-at-once", commands.DecideAtOnce),
    Ask("/matters/{id}/items/{item}/collection", commands.CollectResult),
    Ask("/matters/{id}/items/{item}/closing", commands.CloseItem),
    Ask("/matters/{id}/items/{item}/urges", commands.UrgeItem, versioned=False),
    Ask("/matters/{id}/items/{item}/urges/answer", commands.AnswerUrge, versioned=False),
)
"""Commands about one item of a matter, which the path names."""


def matters(service: Supervision) -> APIRouter:
    """Commands about a matter and its items, and what can be read of it."""
    router = APIRouter(tags=["matters"])
    takes(router, *MATTERS, *ITEMS, *TOGETHER)

    @router.get(
        "/matters/{id}",
        summary="办件督办情况：工期、事项进度、问题、待办",
        **answers(shapes.Matter),
    )
    async def read(request: Request, id: UUID) -> Response:
        seen = await service.look.look(id, await principal_of(request))
        return answer(_shown(id, seen), seen.version, seen.position)

    @router.get(
        "/several-matters", summary="一批办件的督办情况", **answers(Items[shapes.MatterTold])
    )
    async def several(request: Request, id: Several, at: At = None) -> Response:
        found = await service.look.looked(id, await principal_of(request), at)
        told = json_answer({"items": [_shown(one, seen) for one, seen in found.items()]})
        if at is not None and found:
            told.headers["Onefile-Position"] = str(next(iter(found.values())).position)
        return told

    @router.get(
        "/matters/{id}/plan",
        summary="预排工期：计划与实际对照、并联节省的工作日",
        **answers(days_shapes.Gantt),
    )
    async def plan(request: Request, id: UUID) -> Response:
        who = await principal_of(request)
        seen = await service.look.look(id, who)
        facts = replace(seen.facts, actor=who.id, roles=who.roles)
        shown = gantt_of(seen.matter, facts)
        if shown is None:
            raise Problem("not_found")
        return answer(shown, seen.version, seen.position)

    @router.get(
        "/matters/{id}/plan.svg",
        summary="预排工期图：计划、实际、首次计划、法定最迟",
        **files("image/svg+xml"),
    )
    async def plan_drawn(
        request: Request, id: UUID, language: Literal["zh", "en"] = "zh"
    ) -> Response:
        seen = await service.look.look(id, await principal_of(request))
        shown = gantt_of(seen.matter, seen.facts)
        if shown is None:
            raise Problem("not_found")
        headers = {
            "Cache-Control": "private, no-store",
            "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
            "X-Content-Type-Options": "nosniff",
            "Onefile-Position": str(seen.position),
        }
        return Response(
            draw(shown, language), media_type="image/svg+xml; charset=utf-8", headers=headers
        )

    @router.get(
        "/matters/{id}/items/{item}/clocks",
        summary="逐日计时：四种时限如何算出",
        **answers(days_shapes.Clocks),
    )
    async def clocks(request: Request, id: UUID, item: str) -> Response:
        seen = await service.look.look(id, await principal_of(request))
        course = seen.matter.items.get(item)
        if course is None:
            raise Problem("not_found")
        return answer(_clocks(course, seen.facts), seen.version, seen.position)

    return router


def _shown(id: UUID, seen: Seen) -> dict[str, Any]:
    known = seen.facts.known
    body = {"id": str(id), "version": seen.version, "area": known.area, "mode": known.mode}
    return {**body, **picture(seen.matter, seen.facts)}


def _clocks(course: Course, facts: Facts) -> dict[str, Any]:
    item = facts.item(course.item)
    shown = clocks_of(course, item, facts.today, facts.pack, facts.calendar)
    return {
        "item": course.item,
        "calendar": facts.calendar.edition,
        "clocks": [clock_of(clock) for clock in shown],
        "days": _days(course, facts.today, facts.calendar),
        "suspended": [
            {"procedure": one.procedure, "from": one.started_on, "to": one.ended_on}
            for one in course.specials
        ],
        "defaults": list(facts.ours("catalogue", "clocks.calendar", "clocks.count_from")),
    }


def _days(course: Course, today: date, calendar: Calendar) -> list[dict[str, Any]]:
    if course.accepted_on is None:
        return []
    upto = course.decided_on or today
    return [
        {"day": line.day, "counts": line.counts, "why": line.why}
        for line in ledger(calendar, course.accepted_on, upto, course.spans())
    ]
