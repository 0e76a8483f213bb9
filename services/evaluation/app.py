"""How do the parts of evaluation fit together?"""

from datetime import datetime
from pathlib import Path

from services.evaluation.agenda import agenda
from services.evaluation.api import PUBLIC, ROUTERS
from services.evaluation.inbox import reactions
from services.evaluation.posting import Post
from services.evaluation.projections import PROJECTIONS
from services.evaluation.service import Evaluation
from shared.messages.book import load_book
from shared.runtime import Agenda, Floor, Parts, ServiceSpec


async def build(floor: Floor) -> Parts:
    """The service on its floor."""
    service = Evaluation(floor)
    due = _beside(agenda(service), service, floor.settings.messages)
    return Parts(service, ROUTERS, reactions(service), due, PUBLIC)


def _beside(due: Agenda, service: Evaluation, book: Path | None) -> Agenda:
    """The agenda, and beside it the post where the operator keeps a book of addresses."""
    if book is None:
        return due
    post = Post(service.floor, service.links, load_book(book))

    async def both(now: datetime) -> bool:
        done = await due(now)
        post.turn(now)
        return done

    return both


SPEC = ServiceSpec(
    name="evaluation",
    hears=("intake", "supervision"),
    build=build,
    projections=PROJECTIONS,
    migrations=(Path(__file__).with_name("migrations"),),
)
