"""Which shapes do the words of a command have?"""

from typing import Annotated

from pydantic import Field

from contracts import telephone
from contracts.vocabulary import ItemCode

type Words = Annotated[str, Field(min_length=1, max_length=500, pattern=r"\S")]


type Name = Annotated[str, Field(min_length=1, max_length=100, pattern=r"\S")]


type Items = Annotated[tuple[ItemCode, ...], Field(min_length=1, max_length=100)]

type Phone = telephone.Phone
