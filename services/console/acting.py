"""Which commands a desk offers for a thing, by where it stands and by who looks at it.

Only an offer: the services decide, and say why not.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

type Roles = frozenset[str]

SERVE: Roles = frozenset({"agent", "helper", "chief_agent", "reserve_agent"})
DEPARTMENT: Roles = frozenset({"approver", "specialist"})
DOOR: Roles = frozenset({"window_clerk", "liaison"})
UNIT: Roles = frozenset({"applicant_lead", "applicant_handler"})
OFFICE: Roles = frozenset({"office", "supervisor"})
HEADS: Roles = frozenset({"head", "deputy_head"})
ENTERS = SERVE | DEPARTMENT | {"window_clerk"}

type Offer = tuple[str, str, Roles]

OF_ITEM: Mapping[str, tuple[Offer, ...]] = {
    "waiting": (
        ("intake", "PrecheckItem", SERVE),
        ("intake", "RequestMaterials", SERVE | DOOR),
        ("intake", "ReceiveMaterial", SERVE | DOOR | UNIT),
    ),
    "ready": (
        ("intake", "PrecheckItem", SERVE),
        ("supervision", "SubmitItem", SERVE | UNIT),
        ("intake", "ReceiveMaterial", SERVE | DOOR | UNIT),
    ),
    "submitted": (
        ("supervision", "ReceiveItem", ENTERS),
        ("supervision", "UrgeItem", SERVE | OFFICE),
        ("supervision", "WithdrawItem", ENTERS | UNIT),
    ),
    "received": (
        ("supervision", "AcceptItem", ENTERS),
        ("supervision", "RequestCorrection", ENTERS),
        ("supervision", "RefuseItem", ENTERS),
        ("supervision", "UrgeItem", SERVE | OFFICE),
    ),
    "correcting": (("supervision", "SupplyCorrection", ENTERS | UNIT),),
    "accepted": (
        ("supervision", "DecideItem", DEPARTMENT),
        ("supervision", "StartSpecialProcedure", ENTERS),
        ("supervision", "ExtendItem", DEPARTMENT),
        ("supervision", "SupplementPause", ENTERS),
        ("supervision", "AnswerUrge", DEPARTMENT),
        ("supervision", "UrgeItem", SERVE | OFFICE),
        ("supervision", "ReportUp", SERVE | OFFICE | HEADS),
    ),
    "suspended": (("supervision", "EndSpecialProcedure", ENTERS),),
    "decided": (
        ("supervision", "CollectResult", SERVE),
        ("supervision", "SendResult", SERVE | {"window_clerk"}),
        ("supervision", "DeliverResult", SERVE | UNIT | {"window_clerk"}),
        ("supervision", "SupplementPause", ENTERS),
    ),
    "collected": (
        ("supervision", "SendResult", SERVE | {"window_clerk"}),
        ("supervision", "DeliverResult", SERVE | UNIT | {"window_clerk"}),
    ),
    "delivered": (
        ("supervision", "ReturnOriginals", SERVE | {"window_clerk"}),
        ("supervision", "CloseItem", SERVE | OFFICE | {"window_clerk"}),
    ),
}
OF_MATTER: tuple[Offer, ...] = (
    ("supervision", "SubmitReady", SERVE | UNIT),
    ("assignment", "AcknowledgeAssignment", SERVE),
    ("intake", "ExplainProcess", SERVE | DOOR),
    ("intake", "CompleteRegistration", SERVE | DOOR),
    ("supervision", "AppointVisit", SERVE | {"window_clerk"}),
    ("supervision", "RecordVisit", SERVE),
    ("supervision", "ReportProgress", SERVE | DOOR),
    ("supervision", "LogWork", SERVE | DOOR | OFFICE),
    ("supervision", "OpenIssue", SERVE | UNIT | DOOR | DEPARTMENT | OFFICE),
    ("assignment", "ReassignAgent", SERVE | DOOR | OFFICE),
)


def address(service: str, name: str, **given: Any) -> str:
    """The form of a command, with what is known filled in."""
    query = {key: value for key, value in given.items() if value not in (None, "", [])}
    plain = {k: ",".join(v) if isinstance(v, list | tuple) else v for k, v in query.items()}
    return f"/do/{service}/{name}?{urlencode(plain)}"


def item_offers(state: str, roles: Iterable[str]) -> list[tuple[str, str]]:
    """What somebody with these posts is offered for an item that stands so."""
    held = frozenset(roles)
    return [(s, name) for s, name, posts in OF_ITEM.get(state, ()) if held & posts]


def matter_offers(roles: Iterable[str]) -> list[tuple[str, str]]:
    """What somebody with these posts is offered for a matter under way."""
    held = frozenset(roles)
    return [(s, name) for s, name, posts in OF_MATTER if held & posts]
