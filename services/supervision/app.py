"""How do the parts of supervision fit together?"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path

from services.supervision.agenda import Agenda
from services.supervision.api import routers_of
from services.supervision.inbox import reactions
from services.supervision.projections import PROJECTIONS
from services.supervision.service import Supervision
from services.supervision.service.posting import Post
from shared.messages.book import load_book
from shared.runtime import Floor, Parts, ServiceSpec


async def build(floor: Floor) -> Parts:
    """The service on its floor."""
    service = Supervision(floor)
    return Parts(
        service,
        routers_of(service),
        hears=reactions(service),
        agenda=_beside(Agenda(service), service, floor.settings.messages),
    )


def _beside(
    agenda: Agenda, service: Supervision, book: Path | None
) -> Callable[[datetime], Awaitable[bool]]:
    """The agenda, and beside it the post where the operator keeps a book of addresses."""
    if book is None:
        return agenda.due
    post = Post(service.look, load_book(book))

    async def due(now: datetime) -> bool:
        done = await agenda.due(now)
        post.turn(now)
        return done

    return due


SPEC = ServiceSpec(
    "supervision",
    hears=("intake",),
    build=build,
    projections=PROJECTIONS,
    migrations=(Path(__file__).parent / "migrations",),
)
