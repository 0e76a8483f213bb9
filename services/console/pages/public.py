"""What has anybody without an account here: the sums of an area, and the door for a complaint
(公开统计、社会监督; HS-18, HS-19)?"""

from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.datastructures import FormData

from services.console.backend import Caller, Refusal, seg
from services.console.entering import Form
from services.console.rendering import language_of, render, sentences
from shared.effects import new_id
from shared.turnstile import Turnstile, where_from

router = APIRouter()

KINDS = ("conduct", "probity", "delay", "fee", "mistake", "disclosure")
SPOKEN = ("words", "body", "complainant", "contact")


@router.get("/public")
async def figures(request: Request, area: str = "", quarter: str = "") -> Response:
    """What evaluation tells anybody: of the last quarter that is over, unless another is asked."""
    asker = _asker(request)
    known = await asker.get("evaluation", "/public/places")
    places = [place["area"] for place in known["places"]]
    area = area or next(iter(places), "")
    told = None
    if area:
        asked = {"area": area, "quarter": quarter or known["last"]}
        told = await asker.get("evaluation", "/public/figures", **asked)
    return await render(
        request, "public.html", told=told, area=area, places=places, known=known
    )


@router.get("/complain")
async def complaining(request: Request, area: str = "") -> Response:
    """The form of a complaint; without an area of its own, of the first place there is."""
    return await _form(request, {"area": area})


@router.post("/complain")
async def complained(request: Request, form: Form) -> Response:
    """The complaint, and the receipt that it is followed by; sent again it is the same one."""
    said = said_in(form)
    key = str(form.get("_key", "")) or None
    try:
        _knocked(request)
        told = await _asker(request).post("evaluation", "/public/complaints", said, key=key)
    except Refusal as refusal:
        if refusal.code == "not_found":
            raise
        return await _form(request, said, refusal=refusal, key=key)
    return await render(request, "complained.html", receipt=told.body["receipt"], said=said)


@router.post("/complain/followed")
async def followed(request: Request, form: Form) -> Response:
    """What became of it, for whoever has its receipt: no address tells the receipt to others."""
    receipt = str(form.get("receipt", "")).strip()
    if not receipt or len(receipt) > 40:
        return await _form(request, {}, receipt=receipt, unknown=True)
    try:
        told = await _asker(request).get("evaluation", f"/public/complaints/{seg(receipt)}")
    except Refusal as refusal:
        if refusal.code == "not_found":
            return await _form(request, {}, receipt=receipt, unknown=True)
        return await _form(request, {}, receipt=receipt, refusal=refusal)
    return await render(request, "complained.html", receipt=receipt, told=told)


def said_in(form: FormData) -> dict[str, Any]:
    """What the form says; what was left empty is not said."""
    said = {name: str(form.get(name, "")).strip() for name in SPOKEN}
    return {
        "area": str(form.get("area", "")),
        "kind": str(form.get("kind", "")),
        **{name: value for name, value in said.items() if value},
    }


async def _form(
    request: Request,
    said: dict[str, Any],
    *,
    refusal: Refusal | None = None,
    key: str | None = None,
    receipt: str = "",
    unknown: bool = False,
) -> Response:
    known = await _asker(request).get("evaluation", "/public/places")
    places = {place["area"]: place["bodies"] for place in known["places"]}
    area = said.get("area") if said.get("area") in places else next(iter(places), "")
    problem = sentences(refusal, language_of(request)) if refusal else None
    return await render(
        request, "complain.html", area=area, places=list(places), bodies=places.get(area, []),
        kinds=KINDS, said=said, problem=problem, key=key or str(new_id()), receipt=receipt,
        unknown=unknown, status=refusal.status if refusal else 404 if unknown else 200,
    )  # fmt: skip


def _knocked(request: Request) -> None:
    """Count one complaint for this browser and for its address; raises `Refusal` (429)."""
    gates: tuple[Turnstile, Turnstile] = request.app.state.gates
    names = request.state.session.csrf, where_from(request)
    if any([gate.wait(name) for gate, name in zip(gates, names, strict=True)]):
        raise Refusal("console", 429, {"type": "urn:onefile:problem:too_many"})


def _asker(request: Request) -> Caller:
    """Whoever is at this browser."""
    me: Caller = request.app.state.backend.as_(request.state.session, language_of(request))
    me.visitor = where_from(request)
    return me
