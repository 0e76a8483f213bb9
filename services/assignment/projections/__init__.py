"""How does each event change what can be read of roster, queue and load?"""

from services.assignment.projections.matters import load, queue
from services.assignment.projections.people import posts, staff, trainings
from services.assignment.projections.telling import beside, notices
from shared.projecting import Project

PROJECTIONS: dict[str, Project] = {
    "staff": staff,
    "posts": posts,
    "trainings": trainings,
    "queue": queue,
    "load": load,
    "notices": notices,
    "beside": beside,
}
