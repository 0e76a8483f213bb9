"""Who may do what at intake: action, post, and how the post must stand to it. Default deny."""

from shared.rights import Relation, Rights


def _in_area(*roles: str) -> dict[str, Relation]:
    return dict.fromkeys(roles, "area")


UNIT: dict[str, Relation] = {"applicant_lead": "own", "applicant_handler": "own"}
DOOR = _in_area("window_clerk", "liaison")
SERVING = _in_area(
    "agent", "helper", "chief_agent", "reserve_agent", "specialist", "chief_rep", "guide"
)
OFFICE = _in_area("office", "head")
READERS = _in_area(
    "approver", "deputy_head", "member", "supervisor", "steward", "evaluation_office",
    "government", "admin", "auditor", "archivist",
)  # fmt: skip

RIGHTS: Rights = {
    "Read": {**READERS, **OFFICE, **SERVING, **DOOR, **UNIT, "service": "any"},
    "RegisterProject": {**DOOR, **SERVING, **UNIT},
    "AmendProject": {**DOOR, **SERVING, **UNIT},
    "RequestService": {**DOOR, **UNIT, "guide": "area"},
    "AcceptService": DOOR,
    "DeclineService": {**DOOR, "office": "area"},
    "ChooseMode": {**DOOR, **UNIT},
    "FixItemScope": {**DOOR, **SERVING, **UNIT},
    "AmendItemScope": {**DOOR, **SERVING, **UNIT},
    "FileCommission": {**DOOR, **SERVING, **UNIT},
    "EndCommission": {**DOOR, **SERVING, **UNIT, "office": "area"},
    "DraftForm": {**SERVING, **UNIT},
    "ConfirmForm": {**DOOR, **SERVING, **UNIT},
    "RequestMaterials": {**DOOR, **SERVING},
    "ReceiveMaterial": {**DOOR, **SERVING, **UNIT},
    "ReuseMaterial": {**DOOR, **SERVING, **UNIT},
    "PrecheckItem": SERVING,
    "AnswerConsultation": {**DOOR, **SERVING, **OFFICE},
    "AnswerVisitor": {**DOOR, **SERVING, **OFFICE},
    "MigrateMatter": OFFICE,
    "VoidNumber": {**DOOR, **OFFICE},
    "AmendPack": OFFICE,
    "DecidePackQuestion": OFFICE,
    "PublishNotice": {**OFFICE, "liaison": "area"},
    "LogPublicity": {**OFFICE, "liaison": "area"},
}
