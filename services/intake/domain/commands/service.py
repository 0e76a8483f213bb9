"""What can be asked about the way of serving and the items served?"""

from typing import Annotated

from pydantic import Field

from contracts.vocabulary import ItemStage, ModeChoice
from services.intake.domain.commands.words import Items, Sentence
from shared.command import Command


class ChooseMode(Command):
    """选择服务方式 The unit chooses help, agency or neither; it may choose again (YO-11)."""

    mode: ModeChoice


class FixItemScope(Command):
    """确定事项范围 Settle which items are served; none named: all that apply (YO-06, YO-11).

    `stages` instead of items: all that apply of these stages (HS-14).
    """

    stages: Annotated[tuple[ItemStage, ...], Field(max_length=10)] | None = None
    items: Items | None = None


class AmendItemScope(Command):
    """调整事项范围 Add items to the service, or take some out (YO-11, YO-06)."""

    added: Items = ()
    removed: Items = ()
    reason: Sentence | None = None
