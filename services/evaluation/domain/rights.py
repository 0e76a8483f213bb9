"""Who may do what in evaluation? Default deny; the rated are kept out by more than their post."""

from collections.abc import Mapping

from shared.rights import Relation, Rights

APPLICANTS: Mapping[str, Relation] = {
    "applicant_lead": "any",
    "applicant_handler": "any",
    "applicant_proxy": "any",
}
"""By the link alone: whoever of the unit holds the unguessable invitation."""

_ASKERS: Mapping[str, Relation] = {"evaluation_office": "area", "admin": "any"}
_JUDGES: Mapping[str, Relation] = {
    "evaluation_office": "area",
    "office": "area",
    "supervisor": "area",
}
_OFFICE: Mapping[str, Relation] = {"office": "area", "admin": "any"}
_COMPLAINTS: Mapping[str, Relation] = {
    **APPLICANTS,
    "window_clerk": "area",
    "guide": "area",
    "liaison": "area",
    "evaluation_office": "area",
    "office": "area",
    "supervisor": "area",
}

RIGHTS: Rights = {
    "InviteRating": {**_ASKERS, "service": "any"},
    "InviteVisitRating": {"service": "any"},
    "InviteAgain": _ASKERS,
    "RecordRating": APPLICANTS,
    "EnterRating": {"evaluation_office": "area"},
    "OpenInvitation": APPLICANTS,
    "ListInvitations": {
        "applicant_lead": "own",
        "applicant_handler": "own",
        "applicant_proxy": "own",
    },
    "MakeReturnVisit": {"evaluation_office": "area", "office": "area"},
    "RectifyBadRating": _JUDGES,
    "ReceiveComplaint": {**_COMPLAINTS, **dict.fromkeys(APPLICANTS, "own")},
    "ReceiveAreaComplaint": _COMPLAINTS,
    "AnswerComplaint": _JUDGES,
    "AnswerAreaComplaint": _JUDGES,
    "HoldHearing": _OFFICE,
    "ComputeAppraisal": _OFFICE,
    "PublishAppraisal": _OFFICE,
    "WithdrawPublication": _OFFICE,
    "AppealAppraisal": {
        "agent": "assigned",
        "helper": "assigned",
        "reserve_agent": "assigned",
        "liaison": "body",
        "head": "body",
        "chief_agent": "body",
    },
    "DecideAppeal": _OFFICE,
    "NoteReview": {
        "liaison": "area",
        "head": "area",
        "chief_agent": "area",
        "office": "area",
        "evaluation_office": "area",
    },
    "Read": {
        **dict.fromkeys(
            (
                "window_clerk", "liaison", "chief_agent", "head", "office", "supervisor",
                "evaluation_office", "archivist",
            ),
            "area",
        ),
        "agent": "assigned",
        "helper": "assigned",
        "reserve_agent": "assigned",
        "applicant_lead": "own",
        "applicant_handler": "own",
        "admin": "any",
        "auditor": "any",
        "service": "any",
    },
    "ReadOffice": {
        "office": "area",
        "supervisor": "area",
        "evaluation_office": "area",
        "admin": "any",
        "auditor": "any",
        "service": "any",
    },
    "ReadAppraisals": {
        "office": "area",
        "supervisor": "area",
        "evaluation_office": "area",
        "agent": "assigned",
        "helper": "assigned",
        "reserve_agent": "assigned",
        "liaison": "body",
        "head": "body",
        "chief_agent": "body",
        "admin": "any",
        "auditor": "any",
        "service": "any",
    },
}  # fmt: skip
