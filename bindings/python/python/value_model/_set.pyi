from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeVar, overload

import polars as pl
from _typeshed import DataclassInstance

from value_model import _native
from value_model.inputs import Date, Record, Source
from value_model.results import CardAssessment

_Frame = TypeVar("_Frame", pl.DataFrame, pl.LazyFrame)

class SetScorer(_native.SetScorer):
    def assess(self, record: Record | DataclassInstance, as_of: Date) -> list[CardAssessment]: ...
    @overload
    def score_frame(
        self,
        frame: _Frame,
        *,
        as_of: Date,
        columns: Mapping[str, str] = ...,
        on: str = ...,
        account: str = ...,
        keep: Sequence[str] = ...,
        results: Sequence[str] = ...,
        contributions: bool = ...,
        headroom: bool = ...,
        flags: bool = ...,
        default_source: Source = ...,
        default_on: Date = ...,
        nan: Literal["missing", "refused"] = ...,
        errors: Literal["code", "raise"] = ...,
    ) -> _Frame: ...
    @overload
    def score_frame(
        self,
        frame: object,
        *,
        as_of: Date,
        columns: Mapping[str, str] = ...,
        on: str = ...,
        account: str = ...,
        keep: Sequence[str] = ...,
        results: Sequence[str] = ...,
        contributions: bool = ...,
        headroom: bool = ...,
        flags: bool = ...,
        default_source: Source = ...,
        default_on: Date = ...,
        nan: Literal["missing", "refused"] = ...,
        errors: Literal["code", "raise"] = ...,
    ) -> Any: ...
    @overload
    def score_parents(
        self,
        frame: _Frame,
        *,
        as_of: Date,
        columns: Mapping[str, str] = ...,
        on: str = ...,
        account: str = ...,
        default_source: Source = ...,
        default_on: Date = ...,
        nan: Literal["missing", "refused"] = ...,
        errors: Literal["code", "raise"] = ...,
    ) -> _Frame: ...
    @overload
    def score_parents(
        self,
        frame: object,
        *,
        as_of: Date,
        columns: Mapping[str, str] = ...,
        on: str = ...,
        account: str = ...,
        default_source: Source = ...,
        default_on: Date = ...,
        nan: Literal["missing", "refused"] = ...,
        errors: Literal["code", "raise"] = ...,
    ) -> Any: ...
