"""What does each kind of event say in plain words, in Chinese and in English?

`{item}` puts a member of the fact; `{mode:mode}` looks its word up in the glossary; `{lines#}`
counts; `{form@forms}` names a code of that section of the pack, `{rung_id@.ladder}` of the
section that another member gives; `{known:facts}` says facts of the project; `{deemed?…}` and
`{understood!…}` say their words when the member is true, or false. A part in `[ ]` is left out
when a member in it is absent. Personal fields are never put.
"""

from collections.abc import Mapping

from contracts.subjects import SERVICES
from services.archive.domain.sentences.archive import ARCHIVE, CHECKED
from services.archive.domain.sentences.assignment import ASSIGNMENT
from services.archive.domain.sentences.coordination import (
    SUPERVISION_AFTER,
    SUPERVISION_LADDERS,
    SUPERVISION_MEETINGS,
)
from services.archive.domain.sentences.door import DOOR
from services.archive.domain.sentences.errands import SUPERVISION_ERRANDS
from services.archive.domain.sentences.evaluation import EVALUATION
from services.archive.domain.sentences.intake import INTAKE
from services.archive.domain.sentences.supervision import SUPERVISION_CARE, SUPERVISION_COURSE
from services.archive.domain.sentences.words import Sentence

SENTENCES: Mapping[str, Sentence] = {
    **INTAKE,
    **DOOR,
    **ASSIGNMENT,
    **SUPERVISION_COURSE,
    **SUPERVISION_CARE,
    **SUPERVISION_LADDERS,
    **SUPERVISION_MEETINGS,
    **SUPERVISION_AFTER,
    **SUPERVISION_ERRANDS,
    **EVALUATION,
    **ARCHIVE,
    **{f"{service}.history_checked.v1": CHECKED for service in SERVICES},
}
"""Event type to sentence, for every type in the registry."""
