"""Which event types exist: the closed registry over all services, never an import path."""

from contracts import archive, assignment, evaluation, intake, supervision
from contracts.checked import Checked
from contracts.event import Event
from contracts.subjects import SERVICES

BY_SERVICE: dict[str, tuple[type[Event], ...]] = {
    "intake": intake.EVENTS,
    "assignment": assignment.EVENTS,
    "supervision": supervision.EVENTS,
    "evaluation": evaluation.EVENTS,
    "archive": archive.EVENTS,
}

BY_TYPE: dict[str, type[Event]] = {
    str(event.model_fields["type"].default): event
    for service in SERVICES
    for event in BY_SERVICE[service]
}
"""`intake.service_accepted.v1` to its class. What is not here is news from a newer speaker."""

OF_NO_PLACE = frozenset(
    type
    for type, event in BY_TYPE.items()
    if Checked in event.__mro__ or event is archive.HeadsSealed
)
"""What is said of a whole store: its area is `NOWHERE`, and lies in no county."""


def service_of(type: str) -> str:
    """The speaker of `type`: `intake` for `intake.service_accepted.v1`; raises KeyError."""
    service = type.split(".", 1)[0]
    if service not in BY_SERVICE:
        raise KeyError(f"no service speaks {type!r}: the services are {', '.join(SERVICES)}")
    return service
