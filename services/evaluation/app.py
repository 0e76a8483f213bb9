"""How do the parts of evaluation fit together?"""

from pathlib import Path

from services.evaluation.agenda import agenda
from services.evaluation.api import PUBLIC, ROUTERS
from services.evaluation.inbox import reactions
from services.evaluation.projections import PROJECTIONS
from services.evaluation.service import Evaluation
from shared.runtime import Floor, Parts, ServiceSpec


async def build(floor: Floor) -> Parts:
    """The service on its floor."""
    service = Evaluation(floor)
    return Parts(service, ROUTERS, reactions(service), agenda(service), PUBLIC)


SPEC = ServiceSpec(
    name="evaluation",
    hears=("intake", "supervision"),
    build=build,
    projections=PROJECTIONS,
    migrations=(Path(__file__).with_name("migrations"),),
)
