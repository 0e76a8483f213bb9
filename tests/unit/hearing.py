"""What a service hears in a unit test: an event in its envelope."""

from datetime import datetime
from uuid import UUID

from contracts.event import About, Event
from shared.envelope import Heard


def heard_of(  # noqa: PLR0913 each is part of the envelope
    event: Event,
    *,
    matter: UUID,
    area: str,
    pack: str,
    at: datetime,
    message: UUID,
    project: UUID | None = None,
    actor: str | None = None,
    type: str | None = None,
) -> Heard:
    """`event`, as the first message of its own service's log."""
    store = event.type.split(".")[0]
    about = About(
        actor=actor or f"s:{store}", area=area, authority=None, behalf=None, cause=message,
        channel=None, effective=at.date().isoformat(), id=message, matter=matter, pack=pack,
        prev=None, project=project, recorded=at, store=store, stream=matter,
        type=type or event.type, version=1,
    )  # fmt: skip
    return Heard(1, message, about.type, about, event.public(), "0" * 64, b"", None, None)
