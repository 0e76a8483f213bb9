"""What may people ask of assignment?"""

from services.assignment.api.handing import handing
from services.assignment.api.matters import matters, several
from services.assignment.api.people import staff
from services.assignment.api.tables import tables
from services.assignment.api.teams import posts
from services.assignment.api.telling import telling

ROUTERS = (matters, several, handing, telling, staff, posts, tables)
