"""How do the parts of supervision fit together?"""

from pathlib import Path

from services.supervision.agenda import Agenda
from services.supervision.api import routers_of
from services.supervision.inbox import reactions
from services.supervision.projections import PROJECTIONS
from services.supervision.service import Supervision
from shared.runtime import Floor, Parts, ServiceSpec


async def build(floor: Floor) -> Parts:
    """The service on its floor."""
    service = Supervision(floor)
    return Parts(
        service,
        routers_of(service),
        hears=reactions(service),
        agenda=Agenda(service).due,
    )


SPEC = ServiceSpec(
    "supervision",
    hears=("intake",),
    build=build,
    projections=PROJECTIONS,
    migrations=(Path(__file__).parent / "migrations",),
)
