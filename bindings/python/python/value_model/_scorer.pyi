from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeVar, overload

import polars as pl
from _typeshed import DataclassInstance

from value_model import _native
from value_model.inputs import Date, Record, Source
from value_model.results import Assessment

_Frame = TypeVar("_Frame", pl.DataFrame, pl.LazyFrame)

class Scorer(_native.Scorer):
    def assess(self, record: Record | DataclassInstance, as_of: Date) -> Assessment: ...
    @overload
    def score_frame(
        self,
        frame: _Frame,
        *,
        as_of: Date,
        layout: Literal["wide", "long"] = ...,
        columns: Mapping[str, str] = ...,
        on: str = ...,
        keep: Sequence[str] = ...,
        results: Sequence[str] = ...,
        contributions: bool = ...,
        headroom: bool = ...,
        flags: bool = ...,
        default_source: Source = ...,
        default_persona: str = ...,
        default_on: Date = ...,
        nan: Literal["missing", "refused"] = ...,
        errors: Literal["code", "raise"] = ...,
        order: Literal["any", "grouped", "sorted"] = ...,
    ) -> _Frame: ...
    @overload
    def score_frame(
        self,
        frame: object,
        *,
        as_of: Date,
        layout: Literal["wide", "long"] = ...,
        columns: Mapping[str, str] = ...,
        on: str = ...,
        keep: Sequence[str] = ...,
        results: Sequence[str] = ...,
        contributions: bool = ...,
        headroom: bool = ...,
        flags: bool = ...,
        default_source: Source = ...,
        default_persona: str = ...,
        default_on: Date = ...,
        nan: Literal["missing", "refused"] = ...,
        errors: Literal["code", "raise"] = ...,
        order: Literal["any", "grouped", "sorted"] = ...,
    ) -> Any: ...
    def score_arrow(
        self,
        frame: object,
        *,
        as_of: Date,
        layout: Literal["wide", "long"] = ...,
        columns: Mapping[str, str] = ...,
        on: str = ...,
        keep: Sequence[str] = ...,
        results: Sequence[str] = ...,
        contributions: bool = ...,
        headroom: bool = ...,
        flags: bool = ...,
        default_source: Source = ...,
        default_persona: str = ...,
        default_on: Date = ...,
        nan: Literal["missing", "refused"] = ...,
        errors: Literal["code", "raise"] = ...,
        order: Literal["any", "grouped", "sorted"] = ...,
    ) -> _native.Table: ...
    def score_batches(
        self,
        frame: object,
        *,
        as_of: Date,
        layout: Literal["wide", "long"] = ...,
        columns: Mapping[str, str] = ...,
        on: str = ...,
        keep: Sequence[str] = ...,
        results: Sequence[str] = ...,
        contributions: bool = ...,
        headroom: bool = ...,
        flags: bool = ...,
        default_source: Source = ...,
        default_persona: str = ...,
        default_on: Date = ...,
        nan: Literal["missing", "refused"] = ...,
        errors: Literal["code", "raise"] = ...,
        order: Literal["any", "grouped", "sorted"] = ...,
    ) -> _native.Stream: ...
