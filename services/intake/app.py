"""How do the parts of intake fit together?"""

from pathlib import Path

from services.intake.agenda import Agenda
from services.intake.api import router
from services.intake.inbox import reactions
from services.intake.projections import PROJECTIONS
from services.intake.service import Intake
from shared.runtime import Floor, Parts, ServiceSpec


async def build(floor: Floor) -> Parts:
    """The service on its floor."""
    service = Intake(floor)
    return Parts(
        service,
        [router],
        hears=reactions(service),
        agenda=Agenda(service).due,
        forgotten=service.names.forgotten,
    )


SPEC = ServiceSpec(
    "intake",
    hears=("assignment", "supervision", "archive"),
    build=build,
    projections=PROJECTIONS,
    migrations=(Path(__file__).parent / "migrations",),
    beside={
        "view_names": frozenset(),
        "view_naming": frozenset({"indexed"}),
        "view_policies": frozenset({"reached", "done"}),
    },
)
