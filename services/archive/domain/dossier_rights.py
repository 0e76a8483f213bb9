"""Whose personal content does somebody get with a dossier? By default nobody's."""

from datetime import datetime

from shared.rights import Principal, Rights, Standing, can

TAKE: Rights = {
    "applicant": {
        "auditor": "any",
        "archivist": "area",
        "applicant_lead": "own",
        "applicant_handler": "own",
    },
    "visitor": {"auditor": "any", "archivist": "area"},
    "staff": {"auditor": "any", "archivist": "area"},
    "office": {"auditor": "any", "archivist": "area"},
    "rater": {"auditor": "any"},
    "complainant": {"auditor": "any"},
}
"""By subject, whose data they are. A unit gets what is about itself; what raters and complainants
said leaves the house with the auditor alone (默认值).
"""


def subjects_for(principal: Principal, standing: Standing, now: datetime) -> frozenset[str]:
    """Of whom `principal` may take personal content along."""
    return frozenset(
        subject for subject in TAKE if can(TAKE, principal, subject, standing, now).allowed
    )
