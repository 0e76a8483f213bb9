"""What may people ask of evaluation?"""

from services.evaluation.api.appraisals import appraisals, everybody
from services.evaluation.api.matters import matters
from services.evaluation.api.offices import offices

ROUTERS = (matters, offices, appraisals)
PUBLIC = (everybody,)
