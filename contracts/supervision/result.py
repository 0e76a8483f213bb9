"""What supervision says of results on their way to the unit (结果送达)."""

from typing import Literal
from uuid import UUID

from contracts.event import Event, Personal
from contracts.vocabulary import (
    BodyId,
    Count,
    Day,
    Delivery,
    Document,
    ItemCode,
    Respondent,
    Word,
)


class ResultCollected(Event):
    """The agent fetched the result for the unit (代取结果; YO-71)."""

    type: Literal["supervision.result_collected.v1"] = "supervision.result_collected.v1"

    item: ItemCode
    body: BodyId
    kind: Word
    collected_on: Day | None = None
    originals: Count = 0
    copies: Count = 0
    result_number: Personal[str] | None = None
    scans: Personal[tuple[Document, ...]] | None = None


class ResultSent(Event):
    """Results went to the unit by post, or as a link to the e-certificate (寄送结果; YO-46,
    YO-47).
    """

    type: Literal["supervision.result_sent.v1"] = "supervision.result_sent.v1"

    items: tuple[ItemCode, ...]
    delivery: Delivery
    sent_on: Day | None = None
    carrier: Word | None = None
    tracking_number: Personal[str] | None = None
    recipient: Personal[str] | None = None
    address: Personal[str] | None = None


class ResultDelivered(Event):
    """The unit has the results: at the door, by post or by download (统一送达; YO-45, YO-46,
    YO-47, YO-72).

    For an e-certificate the download itself marks delivery.
    """

    type: Literal["supervision.result_delivered.v1"] = "supervision.result_delivered.v1"

    items: tuple[ItemCode, ...]
    delivery: Delivery
    delivered_on: Day | None = None
    received_by: Respondent | None = None
    recipient: Personal[str] | None = None
    receipt: Personal[Document] | None = None


class OriginalsReturned(Event):
    """The unit has its originals back against a signed list (退还原件; X-10, YO-10)."""

    type: Literal["supervision.originals_returned.v1"] = "supervision.originals_returned.v1"

    pieces: tuple[UUID, ...]
    originals: Count
    delivery: Delivery
    recipient: Personal[str] | None = None
    receipt: Personal[Document] | None = None
