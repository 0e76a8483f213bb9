"""Which shapes do the fields of intake's commands share?"""

from typing import Annotated

from pydantic import Field

from contracts import telephone
from contracts.event import Personal
from contracts.vocabulary import ItemCode, MaterialCode

type Name = Personal[Annotated[str, Field(min_length=1, max_length=200, pattern=r"\S")]]
type Sentence = Personal[Annotated[str, Field(min_length=1, max_length=2000, pattern=r"\S")]]
type Phone = Personal[telephone.Phone]
type Items = Annotated[tuple[ItemCode, ...], Field(max_length=200)]
type Materials = Annotated[tuple[MaterialCode, ...], Field(max_length=200)]
