"""Who may ask what of supervision (默认拒绝)?"""

from shared.rights import Relation, Rights

type Posts = dict[str, Relation]

_AGENT: Posts = {"agent": "assigned", "reserve_agent": "assigned", "chief_agent": "area"}
_STAFF: Posts = {**_AGENT, "helper": "assigned"}
_UNIT: Posts = {"applicant_lead": "own", "applicant_handler": "own", "applicant_proxy": "own"}
_WINDOW: Posts = {"window_clerk": "area", "liaison": "area"}
_DEPARTMENT: Posts = {"approver": "area", "specialist": "area"}
_OFFICE: Posts = {"office": "area", "supervisor": "area"}
_HEADS: Posts = {"head": "area", "deputy_head": "area"}
_CALLED: Posts = {
    **_DEPARTMENT,
    **_WINDOW,
    **_STAFF,
    **_OFFICE,
    **_HEADS,
    "chief_rep": "area",
    "member": "area",
}
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
        "member": "area",
        "chief_rep": "area",
        "government": "area",
        "evaluation_office": "area",
        "archivist": "area",
        "steward": "assigned",
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
    "NoteTrackedItem": {**_STAFF, **_UNIT, **_WINDOW, **_OFFICE},
    "RevisePlan": {**_STAFF, **_OFFICE},
    "AppointVisit": {**_AGENT, "helper": "assigned", "window_clerk": "area"},
    "RecordVisit": {**_AGENT, "helper": "assigned"},
    "ReportProgress": {**_STAFF, **_WINDOW},
    "LogWork": {**_STAFF, **_WINDOW, **_OFFICE},
    "RecordFee": {**_DEPARTMENT, **_STAFF, "window_clerk": "area"},
    "PayFee": {**_UNIT, **_STAFF, "window_clerk": "area"},
    "SubmitItem": {**_STAFF, **_UNIT},
    "SubmitReady": {**_STAFF, **_UNIT},
    "WithdrawItem": {**_ENTERS, **_UNIT},
    "ExtendItem": _ENTERS,
    "ReceiveItem": _ENTERS,
    "RequestCorrection": _ENTERS,
    "SupplyCorrection": {**_ENTERS, **_UNIT},
    "AcceptItem": _ENTERS,
    "RefuseItem": _ENTERS,
    "StartSpecialProcedure": _ENTERS,
    "EndSpecialProcedure": _ENTERS,
    "AnswerUrge": _ENTERS,
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
    "RaiseIssue": {**_STAFF, "liaison": "area", **_OFFICE, **_HEADS},
    "ResolveIssue": {**_STAFF, "liaison": "area", **_OFFICE, **_HEADS, "government": "area"},
    "ImportStates": {**_OFFICE, **_WINDOW, "admin": "area", "service": "any"},
    "ReportUp": {**_STAFF, "liaison": "area", **_OFFICE, **_HEADS},
    "HoldInterview": {**_OFFICE, **_HEADS},
    "RecordSanction": {**_OFFICE, **_HEADS},
    "CloseRung": {**_OFFICE, **_HEADS, "government": "area"},
    "ClassIssue": {**_STAFF, "liaison": "area", **_OFFICE, **_HEADS},
    "BlowWhistle": {**_AGENT, **_OFFICE, **_HEADS},
    "ReportToWhistle": _CALLED,
    "CallMeeting": {**_AGENT, **_OFFICE, **_HEADS, "government": "area"},
    "SignIn": _CALLED,
    "IssueMinutes": {**_AGENT, **_OFFICE, **_HEADS, "government": "area"},
    "AssignAction": {**_AGENT, **_OFFICE, **_HEADS, "government": "area"},
    "FinishAction": _CALLED,
    "BeginJointAttack": {**_OFFICE, **_HEADS, "government": "area"},
    "HoldJointSession": {**_DEPARTMENT, "chief_rep": "area", **_AGENT, **_OFFICE},
    "GiveEarlyOpinion": {**_DEPARTMENT, "chief_rep": "area"},
    "ContactUnit": {**_STAFF, **_WINDOW, **_OFFICE},
    "CloseFollowUp": {**_STAFF, **_WINDOW, **_OFFICE},
    "CallForReturn": _OFFICE,
    "FileReturn": {"liaison": "body"},
    "DispatchIssueList": {"office": "area"},
    "RecordInspection": _OFFICE,
}
"""Command, or `Read` → post → how it must stand to the matter. The unit's rights are its own."""
