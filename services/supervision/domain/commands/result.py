"""What can be asked about results on their way to the unit (结果送达)?"""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.event import Personal
from contracts.vocabulary import Count, Delivery, Document, ItemCode, Respondent, Word
from shared.command import Command

type Items = Annotated[tuple[ItemCode, ...], Field(min_length=1, max_length=100)]
type Name = Personal[Annotated[str, Field(min_length=1, max_length=200)]]


class CollectResult(Command):
    """代取结果：代办专员凭委托代为取件 (YO-71, X-03)."""

    item: ItemCode
    originals: Count = 1
    copies: Count = 0
    result_number: Name | None = None
    scans: Personal[tuple[Document, ...]] | None = None


class SendResult(Command):
    """寄送结果：邮寄须记单号，电子证照发送下载链接 (YO-46, YO-47)."""

    items: Items
    delivery: Delivery
    carrier: Word | None = None
    tracking_number: Name | None = None
    recipient: Name | None = None
    address: Name | None = None


class DeliverResult(Command):
    """统一送达：当面签收、邮寄签收，或项目单位自行下载电子证照 (YO-45, YO-46, YO-47, YO-72)."""

    items: Items
    delivery: Delivery
    received_by: Respondent | None = None
    recipient: Name | None = None
    receipt: Personal[Document] | None = None


class ReturnOriginals(Command):
    """退还原件：凭签收清单把原件还给项目单位 (YO-10, X-10)."""

    pieces: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=200)]
    delivery: Delivery = "hand"
    recipient: Name | None = None
    receipt: Personal[Document] | None = None
