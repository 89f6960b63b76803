from typing import Any

from value_model._result import Result

ABSENT: Any

def call(id: str, result: str, input: object, /, **fields: object) -> Result: ...
