"""What falls due in assignment without anyone asking?"""

from collections.abc import Awaitable, Callable
from datetime import datetime

from services.assignment.agenda import covers, helping, people
from services.assignment.service import Assignment


def agenda(service: Assignment) -> Callable[[datetime], Awaitable[None]]:
    """Terms that end, tasks that move on, absences and stand-ins that begin and end."""
    parts = people.agenda(service), covers.agenda(service), helping.agenda(service)

    async def due(now: datetime) -> None:
        for part in parts:
            await part(now)

    return due


__all__ = ["agenda"]
