"""Who may do what at intake: action, post, and how the post must stand to it. Default deny."""

from shared.rights import Relation, Rights


def _in_area(*roles: str) -> dict[str, Relation]:
    return dict.fromkeys(roles, "area")


UNIT: dict[str, Relation] = {"applicant_lead": "own", "applicant_handler": "own"}
DOOR = _in_area("window_clerk", "liaison")
_ASSIGNED: dict[str, Relation] = dict.fromkeys(("agent", "helper", "reserve_agent"), "assigned")
_LEADING = _in_area("chief_agent", "specialist", "chief_rep", "guide")
SERVING: dict[str, Relation] = {**_LEADING, **_ASSIGNED}
"""On a matter: helpers and agents where they are assigned, nowhere else (HS-17, YY-43)."""
AT_HAND: dict[str, Relation] = {**_LEADING, **_in_area("agent", "helper")}
"""Before there is a matter: whoever of the service is there (咨询、接待、项目登记)."""
OFFICE = _in_area("office", "head")
CHIEFS = frozenset({"chief_agent", "office", "head", "supervisor"})
"""Who may see to a contact that is somebody else's (AS-41)."""
DESK = {**DOOR, **AT_HAND, **OFFICE}
"""Whoever of the service may receive people (首问接待)."""
ORDERS = {**DESK, "supervisor": "area"}
READERS = _in_area(
    "approver", "deputy_head", "member", "supervisor", "evaluation_office",
    "government", "admin", "auditor", "archivist",
)  # fmt: skip
STEWARD: dict[str, Relation] = {"steward": "assigned"}
"""He sees the matters he is paired with, and acts in none (AS-32)."""

RIGHTS: Rights = {
    "Read": {**READERS, **OFFICE, **SERVING, **STEWARD, **DOOR, **UNIT, "service": "any"},
    "ReadPlace": {**READERS, **OFFICE, **AT_HAND, **DOOR, "service": "any"},
    "ReadPeople": {**OFFICE, **SERVING, **DOOR, **UNIT, "supervisor": "area"},
    "RegisterProject": {**DOOR, **AT_HAND, **UNIT},
    "AmendProject": {**DOOR, **SERVING, **UNIT},
    "RequestService": {**DOOR, **UNIT, "guide": "area"},
    "AcceptService": DOOR,
    "DeclineService": {**DOOR, "office": "area"},
    "ChooseMode": {**DOOR, **UNIT},
    "FixItemScope": {**DOOR, **SERVING, **UNIT},
    "AmendItemScope": {**DOOR, **SERVING, **UNIT},
    "FileCommission": {**DOOR, **SERVING, **UNIT},
    "EndCommission": {**DOOR, **SERVING, **UNIT, "office": "area"},
    "FileApplication": {**DOOR, **SERVING, **UNIT},
    "MoveAgreement": {**DOOR, **SERVING, **UNIT, **OFFICE, "supervisor": "area"},
    "WithdrawMove": {**DOOR, **SERVING, **UNIT, **OFFICE, "supervisor": "area"},
    "EndAgreement": {**DOOR, **SERVING, **UNIT, **OFFICE, "supervisor": "area"},
    "GiveConsent": {**DOOR, **SERVING, **UNIT},
    "CheckCondition": {**DOOR, **OFFICE},
    "AskAdmission": {**DOOR, **OFFICE},
    "AdmitByDiscretion": OFFICE,
    "ApproveDecline": {**OFFICE, "supervisor": "area"},
    "DenyApproval": {**OFFICE, "supervisor": "area"},
    "ReadApprovals": {**READERS, **OFFICE, **DOOR, "service": "any"},
    "ExplainProcess": {**DOOR, **SERVING},
    "CompleteRegistration": {**DOOR, **SERVING},
    "MuteHelp": {**DOOR, **UNIT},
    "GiveUndertaking": {**DOOR, **SERVING, **UNIT},
    "DraftForm": {**SERVING, **UNIT},
    "ConfirmForm": {**DOOR, **SERVING, **UNIT},
    "RequestMaterials": {**DOOR, **SERVING},
    "ReceiveMaterial": {**DOOR, **SERVING, **UNIT},
    "ReuseMaterial": {**DOOR, **SERVING, **UNIT},
    "PrecheckItem": SERVING,
    "AnswerConsultation": {**DOOR, **SERVING, **OFFICE},
    "AnswerVisitor": {**DOOR, **AT_HAND, **OFFICE},
    "MigrateMatter": OFFICE,
    "PreprintNumbers": {**DOOR, **OFFICE},
    "VoidNumber": {**DOOR, **OFFICE},
    "AskActivation": {**OFFICE, "liaison": "area"},
    "ActivatePack": OFFICE,
    "RetirePack": OFFICE,
    "AmendPack": OFFICE,
    "DecidePackQuestion": OFFICE,
    "PublishNotice": {**OFFICE, "liaison": "area"},
    "LogPublicity": {**OFFICE, "liaison": "area"},
    "IssueNotice": {**DOOR, **SERVING, "approver": "area"},
    "ReadDoor": {**DESK, **READERS, "service": "any"},
    "ReadWords": {**DESK, **UNIT, "approver": "area", "supervisor": "area"},
    "ReceiveVisitor": DESK,
    "LinkContact": DESK,
    "OfferHandover": {**DESK, "supervisor": "area"},
    "TakeContact": {**DESK, "approver": "area", "supervisor": "area"},
    "DeclineHandover": {**DESK, "approver": "area", "supervisor": "area"},
    "CloseContact": {**DESK, "approver": "area", "supervisor": "area"},
    "ReferQuestion": DESK,
    "AnswerContact": {**DESK, "approver": "area"},
    "TellContact": {**DESK, "approver": "area"},
    "ReceiveOrder": {**DOOR, **OFFICE, "guide": "area", "service": "any"},
    "TakeOrder": ORDERS,
    "AnswerOrder": ORDERS,
    "MakeBooking": {**DESK, **UNIT},
    "MoveBooking": {**DESK, **UNIT},
    "EndBooking": {**DESK, **UNIT},
    "ReadBooking": {**DESK, **READERS, **UNIT, "service": "any"},
    "PublishChecklist": DESK,
    "DeliverChecklist": DESK,
    "PushPolicy": DESK,
    "LogVisit": {**DESK, "steward": "area"},
    "CloseOutreach": DESK,
    "ReadOutreach": {**DESK, **READERS, **UNIT, "steward": "area", "service": "any"},
    "PublishStory": {**OFFICE, "liaison": "area"},
    "FeedProjects": {**DOOR, **OFFICE, "admin": "area", "service": "any"},
    "Search": {**DOOR, **_LEADING, **OFFICE, "supervisor": "area"},
}
