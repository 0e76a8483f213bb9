"""Rating by a link: a page for whoever was sent it, without an account."""

from hashlib import sha256
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response
from starlette.datastructures import FormData

from services.console.backend import Caller, Refusal, seg
from services.console.entering import Form
from services.console.rendering import language_of, render, sentences
from shared.effects import new_id

router = APIRouter()

type Word = Annotated[str, Path(max_length=64)]


@router.get("/rate/{id}/{word}")
async def opened(request: Request, id: UUID, word: Word) -> Response:
    """The form. Looking at it uses nothing up, so a preview in a chat does not."""
    try:
        one = await _asker(request).get("evaluation", _path(id, word))
    except Refusal as refusal:
        return await _gone(request, refusal)
    if one["rated"]:
        return await _ended(request, "rated", 410)
    if one["expired"]:
        return await _ended(request, "expired", 410)
    return await _form(request, one, id)


@router.post("/rate/{id}/{word}")
async def rated(request: Request, form: Form, id: UUID, word: Word) -> Response:
    """The answer, once; then thanks."""
    asker, path = _asker(request), _path(id, word)
    try:
        one = await asker.get("evaluation", path)
    except Refusal as refusal:
        return await _gone(request, refusal)
    told = said_in(form, one["indicators"])
    told["device"] = sha256(request.state.session.csrf.encode()).hexdigest()[:32]
    key = str(form.get("_key", "")) or None
    try:
        await asker.post("evaluation", f"{path}/rating", told, key=key)
    except Refusal as refusal:
        if refusal.reason in ("already_rated", "link_expired"):
            why = "rated" if refusal.reason == "already_rated" else "expired"
            return await _ended(request, why, 410)
        return await _form(request, one, id, refusal)
    return await _ended(request, "thanks", 200)


def said_in(form: FormData, indicators: list[dict[str, Any]]) -> dict[str, Any]:
    """What a rating form says: a level for the whole, one for each indicator, a comment."""
    scores = {
        one["id"]: str(form[f"score.{one['id']}"])
        for one in indicators
        if form.get(f"score.{one['id']}")
    }
    told: dict[str, Any] = {"level": str(form.get("level", "")), "scores": scores}
    if comment := str(form.get("comment", "")).strip():
        told["comment"] = comment
    return told


def _asker(request: Request) -> Caller:
    """Whoever is at this browser; somebody signed in is known, so that the rated find nothing."""
    me: Caller = request.app.state.backend.as_(request.state.session, language_of(request))
    return me


def _path(id: UUID, word: str) -> str:
    return f"/public/invitations/{id}/{seg(word)}"


async def _form(
    request: Request, one: dict[str, Any], id: UUID, refusal: Refusal | None = None
) -> Response:
    problem = sentences(refusal, language_of(request)) if refusal else None
    return await render(
        request, "rate.html", one=one, id=id, problem=problem, key=str(new_id()),
        status=refusal.status if refusal else 200,
    )  # fmt: skip


async def _gone(request: Request, refusal: Refusal) -> Response:
    if refusal.status != 404:
        raise refusal
    return await _ended(request, "unknown", 404)


async def _ended(request: Request, why: str, status: int) -> Response:
    return await render(request, "rate_ended.html", why=why, status=status)
