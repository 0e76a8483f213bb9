"""How does each event change what can be read of intake?"""

from collections.abc import Mapping

from services.intake.projections.approvals import approvals
from services.intake.projections.authority import agreements, commissions, pieces
from services.intake.projections.door import door
from services.intake.projections.matters import matters
from services.intake.projections.projects import projects
from services.intake.projections.publicity import publicity
from services.intake.projections.sights import sights
from shared.projecting import Project

PROJECTIONS: Mapping[str, Project] = {
    "projects": projects,
    "matters": matters,
    "approvals": approvals,
    "commissions": commissions,
    "agreements": agreements,
    "pieces": pieces,
    "publicity": publicity,
    "door": door,
    "sights": sights,
}
