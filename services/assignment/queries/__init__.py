"""What can be answered from the read model of assignment?"""

from services.assignment.queries.matters import MatterQueries
from services.assignment.queries.people import PeopleQueries
from services.assignment.queries.telling import TellingQueries


class Queries(MatterQueries, PeopleQueries, TellingQueries):
    """Reads over the views; they may lag a little behind the log."""
