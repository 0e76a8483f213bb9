"""What may people ask of evaluation?"""

from services.evaluation.api.appraisals import appraisals
from services.evaluation.api.complaining import complaining
from services.evaluation.api.leagues import leagues
from services.evaluation.api.linked import linked
from services.evaluation.api.matters import matters
from services.evaluation.api.offices import offices
from services.evaluation.api.public import public

ROUTERS = (matters, offices, leagues, appraisals)
"""`leagues` before `appraisals`, whose `/appraisals/{id}` would take its words for ids."""
PUBLIC = (public, linked, complaining)
