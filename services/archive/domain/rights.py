"""Who may do what to a file? Default deny."""

from shared.rights import Rights

RIGHTS: Rights = {
    "Read": {
        "auditor": "any",
        "service": "any",
        "admin": "any",
        "archivist": "area",
        "supervisor": "area",
        "office": "area",
        "liaison": "area",
        "window_clerk": "area",
        "head": "area",
        "deputy_head": "area",
        "agent": "assigned",
        "helper": "assigned",
        "chief_agent": "area",
        "approver": "body",
        "applicant_lead": "own",
        "applicant_handler": "own",
    },
    "FileDocument": {
        "archivist": "area",
        "liaison": "area",
        "office": "area",
        "window_clerk": "area",
        "agent": "assigned",
        "helper": "assigned",
    },
    "CheckFile": {
        "archivist": "area",
        "liaison": "area",
        "office": "area",
        "window_clerk": "area",
        "agent": "assigned",
        "supervisor": "area",
        "head": "area",
        "deputy_head": "area",
        "approver": "area",
    },
    "WaiveContent": {
        "approver": "area",
        "supervisor": "area",
        "head": "area",
        "deputy_head": "area",
    },
    "CloseFile": {
        "archivist": "area",
        "liaison": "area",
        "office": "area",
        "window_clerk": "area",
        "agent": "assigned",
    },
    "HandOverFile": {"archivist": "area", "liaison": "area", "agent": "assigned"},
}
"""`WaiveContent` is what a person must hold besides `CheckFile` to waive a content kind (AS-89)."""
