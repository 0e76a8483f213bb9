"""How do the parts of assignment fit together?"""

from pathlib import Path

from services.assignment.agenda import agenda
from services.assignment.api import ROUTERS
from services.assignment.inbox import reactions
from services.assignment.projections import PROJECTIONS
from services.assignment.service import Assignment
from shared.runtime import Floor, Parts, ServiceSpec


async def build(floor: Floor) -> Parts:
    """The service on its floor."""
    service = Assignment(floor)
    return Parts(service, ROUTERS, reactions(service), agenda(service))


SPEC = ServiceSpec(
    name="assignment",
    hears=("intake", "supervision"),
    build=build,
    projections=PROJECTIONS,
    migrations=(Path(__file__).with_name("migrations"),),
)
