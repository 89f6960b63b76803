"""The one exception of this package."""

from __future__ import annotations


class ValueModelError(ValueError):
    """Why an input was refused.

    Attributes:
        code: A stable, snake_case reason, the same in every language and release.
        field: The field at fault, such as ``lines[2].amount``; empty when the whole input is.
        message: What was wrong and what was allowed. May change between releases: compare codes instead.
    """

    code: str
    field: str
    message: str

    def __init__(self, message: str, code: str, field: str) -> None:
        super().__init__(message, code, field)
        self.message = message
        self.code = code
        self.field = field

    def __str__(self) -> str:
        return self.message
