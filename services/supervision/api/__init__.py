"""What may people and other services ask of supervision?"""

from fastapi import APIRouter

from services.supervision.api.lists import lists, offices
from services.supervision.api.matters import matters
from services.supervision.service import Supervision


def routers_of(service: Supervision) -> list[APIRouter]:
    """Every route of the service."""
    return [matters(service), lists(service), offices(service)]
