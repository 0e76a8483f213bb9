"""Which good practice is told in public, and with whose leave (典型案例与信息报送)?"""

from collections.abc import Sequence
from uuid import UUID

from contracts.event import Event, Personal
from contracts.intake import StoryPublished
from contracts.vocabulary import AreaCode, BodyId, Document, Medium, WebAddress, Word
from services.intake.domain.commands import Name, Sentence
from services.intake.domain.desk import Desk, known_body
from shared.command import Command
from shared.decider import Decider, Refused


class PublishStory(Command):
    """发布典型案例 Tell a case or good practice in public (AS-97, AS-104).

    One about a matter needs the unit's leave.
    """

    area: AreaCode
    kind: Word
    body: BodyId
    medium: Medium
    address: WebAddress | None = None
    of_matter: UUID | None = None
    consented: bool = False
    title: Name
    text: Sentence | None = None
    consent: Personal[Document] | None = None


def decide(command: PublishStory, state: int, facts: Desk) -> Sequence[Event]:
    """Published once; a story about a matter names nobody who did not agree."""
    if state:
        return []
    known_body(command.body, facts.pack)
    if command.of_matter is not None and not (command.consented and command.consent):
        raise Refused(
            "consent_required",
            matter=str(command.of_matter),
            remedy="请先取得项目单位同意并附书面材料 / get the unit's leave, in writing, first",
        )
    return [
        StoryPublished(
            story=facts.id,
            kind=command.kind,
            body=command.body,
            medium=command.medium,
            address=command.address,
            of_matter=command.of_matter,
            consented=command.consented,
            title=command.title,
            text=command.text,
            consent=command.consent,
        )
    ]


STORY: Decider[PublishStory, int, Event, Desk] = Decider(0, lambda n, _: n + 1, decide)
