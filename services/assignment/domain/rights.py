"""Who may do what in assignment? Default deny; relations as in shared.rights."""

from collections.abc import Mapping

from shared.rights import Relation, Rights

_DISPATCHERS: Mapping[str, Relation] = {
    **dict.fromkeys(
        (
            "liaison", "window_clerk", "chief_agent", "office", "head", "deputy_head",
            "supervisor", "member", "chief_rep",
        ),
        "area",
    ),
    "admin": "any",
}  # fmt: skip
"""Who may ask; of these the pack says who does (`roles.*.can`), never an agent (YY-14)."""
_ASSIGNED: Mapping[str, Relation] = dict.fromkeys(
    ("agent", "helper", "reserve_agent"), "assigned"
)
_CENTRE: Mapping[str, Relation] = dict.fromkeys(
    (
        "chief_agent",
        "liaison",
        "office",
        "head",
        "window_clerk",
        "agent",
        "helper",
        "supervisor",
    ),
    "area",
)
_BODY_STAFF: Mapping[str, Relation] = {
    "liaison": "body",
    "chief_agent": "body",
    "head": "body",
    "office": "area",
    "admin": "any",
}
_CHIEFS: Mapping[str, Relation] = {"chief_agent": "area", "office": "area", "admin": "any"}
_HIMSELF: Mapping[str, Relation] = {
    **dict.fromkeys(("agent", "helper", "window_clerk", "specialist", "guide"), "assigned"),
    **_BODY_STAFF,
    "chief_agent": "area",
}
_READERS: Mapping[str, Relation] = {
    **dict.fromkeys(
        (
            "guide", "window_clerk", "liaison", "chief_agent", "chief_rep", "approver", "head",
            "deputy_head", "office", "supervisor", "evaluation_office", "archivist",
        ),
        "area",
    ),
    **_ASSIGNED,
    "steward": "assigned",
    "specialist": "area",
    "member": "area",
    "applicant_lead": "own",
    "applicant_handler": "own",
    "admin": "any",
    "auditor": "any",
    "service": "any",
}  # fmt: skip

RIGHTS: Rights = {
    "RouteMatter": {**_DISPATCHERS, "service": "any"},
    "DispatchItems": _DISPATCHERS,
    "AcknowledgeAssignment": {**_ASSIGNED, "chief_agent": "assigned"},
    "ReassignAgent": {**_DISPATCHERS, **_ASSIGNED},
    "TransferItems": _DISPATCHERS,
    "ConfirmTransfer": _CENTRE,
    "ConfirmNotice": _CENTRE,
    "PairSteward": {**_DISPATCHERS, **_ASSIGNED},
    "NameOwner": {
        **dict.fromkeys(("approver", "specialist", "chief_rep", "liaison", "head"), "area"),
        "office": "area",
        "admin": "any",
    },
    "ReadPeople": {
        **_CENTRE,
        **_ASSIGNED,
        "applicant_lead": "own",
        "applicant_handler": "own",
    },
    "ReadNotices": {"applicant_lead": "any", "applicant_handler": "any"},
    "DeclareConflict": {
        **_DISPATCHERS,
        **_ASSIGNED,
        "approver": "area",
        "supervisor": "area",
    },
    "AddStaff": _BODY_STAFF,
    "AmendStaff": _BODY_STAFF,
    "RemoveStaff": _BODY_STAFF,
    "FillPost": _BODY_STAFF,
    "VacatePost": _BODY_STAFF,
    "ImportStaff": _BODY_STAFF,
    "ViewRoster": {**_BODY_STAFF, "auditor": "any"},
    "ExportRegister": _BODY_STAFF,
    "AppointChief": {"head": "body", "office": "area", "admin": "any"},
    "FormTeam": _BODY_STAFF,
    "ActivateReserve": _CHIEFS,
    "StandDownReserve": _CHIEFS,
    "RecordAbsence": _HIMSELF,
    "EndAbsence": _HIMSELF,
    "HoldTraining": {"office": "area", "admin": "any"},
    "RecordAttendance": {"office": "area", "liaison": "area", "admin": "any"},
    "Read": _READERS,
    "ReadRoster": {
        **_BODY_STAFF,
        "window_clerk": "area",
        "liaison": "area",
        "chief_agent": "area",
        "supervisor": "area",
        "evaluation_office": "area",
        "auditor": "any",
        "service": "any",
    },
    "ReadDirectory": dict.fromkeys(
        (*_READERS, "reserve_agent", "specialist", "member", "steward", "applicant_proxy"),
        "any",
    ),
}
"""YO-78: each body builds its own team; the reform office sees and may change all of them."""
