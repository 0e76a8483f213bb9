"""How do the parts of archive fit together?"""

from pathlib import Path

from services.archive.agenda import agenda_of
from services.archive.api import ROUTERS
from services.archive.inbox import reactions
from services.archive.projections import PROJECTIONS
from services.archive.service import SPEAKERS, Archive
from shared.runtime import Floor, Parts, ServiceSpec


async def build(floor: Floor) -> Parts:
    service = Archive(floor)
    return Parts(
        service=service,
        routers=ROUTERS,
        hears=reactions(service),
        agenda=agenda_of(service),
    )


SPEC = ServiceSpec(
    name=Archive.name,
    hears=SPEAKERS,
    build=build,
    projections=PROJECTIONS,
    migrations=(Path(__file__).with_name("migrations"),),
)
