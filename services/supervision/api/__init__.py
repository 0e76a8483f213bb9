"""What may people and other services ask of supervision?"""

from fastapi import APIRouter

from services.supervision.api.imports import imports
from services.supervision.api.ledgers import ledgers
from services.supervision.api.lists import lists, offices
from services.supervision.api.matters import matters
from services.supervision.api.messages import messages
from services.supervision.api.mornings import mornings
from services.supervision.api.papers import papers
from services.supervision.api.possible import possibles
from services.supervision.api.why import whys
from services.supervision.service import Supervision


def routers_of(service: Supervision) -> list[APIRouter]:
    """Every route of the service."""
    return [
        matters(service),
        whys(service),
        possibles(service),
        papers(service),
        lists(service),
        mornings(service),
        offices(service),
        imports(service),
        messages(service),
        ledgers(service),
    ]
