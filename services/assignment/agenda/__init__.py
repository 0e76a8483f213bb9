"""What falls due in assignment without anyone asking?"""

from datetime import datetime

from services.assignment.agenda import covers, helping, people
from services.assignment.service import Assignment
from shared.runtime import Agenda


def agenda(service: Assignment) -> Agenda:
    """Terms that end, tasks that move on, absences and stand-ins that begin and end."""
    parts = people.agenda(service), covers.agenda(service), helping.agenda(service)

    async def due(now: datetime) -> bool:
        for part in parts:
            await part(now)
        return True

    return due


__all__ = ["agenda"]
