"""Who may ask what of supervision (默认拒绝)?"""

from shared.rights import Relation, Rights

type Posts = dict[str, Relation]

_AGENT: Posts = {"agent": "assigned", "reserve_agent": "assigned", "chief_agent": "area"}
_STAFF: Posts = {**_AGENT, "helper": "assigned"}
_UNIT: Posts = {"applicant_lead": "own", "applicant_handler": "own", "applicant_proxy": "own"}
_WINDOW: Posts = {"window_clerk": "area", "liaison": "area"}
_DEPARTMENT: Posts = {"approver": "area", "specialist": "area"}
_OFFICE: Posts = {"office": "area", "supervisor": "area"}
_ENTERS: Posts = {**_DEPARTMENT, **_AGENT, "helper": "assigned", "window_clerk": "area"}

RIGHTS: Rights = {
    "Read": {
        **_STAFF,
        **_UNIT,
        **_WINDOW,
        **_DEPARTMENT,
        **_OFFICE,
        "head": "area",
        "deputy_head": "area",
        "evaluation_office": "area",
        "archivist": "area",
        "auditor": "any",
        "admin": "area",
        "service": "any",
    },
    "ReadOffice": {
        **_OFFICE,
        "liaison": "area",
        "head": "area",
        "auditor": "any",
        "admin": "area",
        "service": "any",
    },
    "DateMilestone": {**_STAFF, **_UNIT, **_WINDOW},
    "RevisePlan": {**_STAFF, **_OFFICE},
    "AppointVisit": {**_AGENT, "helper": "assigned", "window_clerk": "area"},
    "RecordVisit": {**_AGENT, "helper": "assigned"},
    "ReportProgress": {**_STAFF, **_WINDOW},
    "LogWork": {**_STAFF, **_WINDOW, **_OFFICE},
    "RecordFee": {**_DEPARTMENT, **_STAFF, "window_clerk": "area"},
    "PayFee": {**_UNIT, **_STAFF, "window_clerk": "area"},
    "SubmitItem": {**_STAFF, **_UNIT},
    "ReceiveItem": _ENTERS,
    "RequestCorrection": _ENTERS,
    "SupplyCorrection": {**_ENTERS, **_UNIT},
    "AcceptItem": _ENTERS,
    "RefuseItem": _ENTERS,
    "StartSpecialProcedure": _ENTERS,
    "EndSpecialProcedure": _ENTERS,
    "DecideItem": _ENTERS,
    "CloseItem": {**_STAFF, "window_clerk": "area", **_OFFICE},
    "CollectResult": {**_AGENT, "helper": "assigned"},
    "SendResult": {**_AGENT, "window_clerk": "area"},
    "DeliverResult": {**_STAFF, **_UNIT, "window_clerk": "area"},
    "ReturnOriginals": {**_AGENT, "window_clerk": "area"},
    "UrgeItem": {**_STAFF, **_OFFICE},
    "SendLetter": {**_STAFF, **_WINDOW, **_OFFICE},
    "AnswerLetter": {**_STAFF, **_WINDOW, **_OFFICE},
    "OpenIssue": {**_STAFF, **_UNIT, **_WINDOW, **_DEPARTMENT, **_OFFICE},
    "RaiseIssue": {**_STAFF, "liaison": "area", **_OFFICE},
    "ResolveIssue": {**_STAFF, "liaison": "area", **_OFFICE},
    "FileReturn": {"liaison": "body"},
    "DispatchIssueList": {"office": "area"},
    "RecordInspection": _OFFICE,
}
"""Command, or `Read` → post → how it must stand to the matter. The unit's rights are its own."""
