"""Who may do what in assignment? Default deny; relations as in shared.rights."""

from collections.abc import Mapping

from shared.rights import Relation, Rights

_DISPATCHERS: Mapping[str, Relation] = {
    "liaison": "area",
    "window_clerk": "area",
    "chief_agent": "area",
    "office": "area",
    "admin": "any",
}
_BODY_STAFF: Mapping[str, Relation] = {
    "liaison": "body",
    "chief_agent": "body",
    "head": "body",
    "office": "area",
    "admin": "any",
}
_READERS: Mapping[str, Relation] = {
    **dict.fromkeys(
        (
            "guide", "window_clerk", "liaison", "chief_agent", "chief_rep", "approver", "head",
            "deputy_head", "office", "supervisor", "evaluation_office", "archivist",
        ),
        "area",
    ),
    "agent": "assigned",
    "helper": "assigned",
    "applicant_lead": "own",
    "applicant_handler": "own",
    "admin": "any",
    "auditor": "any",
    "service": "any",
}  # fmt: skip

RIGHTS: Rights = {
    "RouteMatter": {**_DISPATCHERS, "service": "any"},
    "DispatchItems": _DISPATCHERS,
    "AcknowledgeAssignment": {
        "agent": "assigned",
        "helper": "assigned",
        "chief_agent": "assigned",
    },
    "ReassignAgent": {**_DISPATCHERS, "agent": "assigned"},
    "DeclareConflict": {
        **_DISPATCHERS,
        "agent": "assigned",
        "helper": "assigned",
        "approver": "area",
        "supervisor": "area",
    },
    "AddStaff": _BODY_STAFF,
    "AmendStaff": _BODY_STAFF,
    "RemoveStaff": _BODY_STAFF,
    "FillPost": _BODY_STAFF,
    "VacatePost": _BODY_STAFF,
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
}
"""YO-78: each body builds its own team; the reform office sees and may change all of them."""
