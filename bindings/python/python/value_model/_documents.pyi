from typing import TypedDict

class _Formula(TypedDict):
    id: str
    version: int
    source: str
    expression: str

class _Preset(TypedDict):
    id: str
    title: str
    document: str

class _Hint(TypedDict):
    code: str
    field: str
    message: str
    suggestion: str

def catalog() -> list[_Formula]: ...
def presets() -> list[_Preset]: ...
def lint(model: object) -> list[_Hint]: ...
def error_codes() -> tuple[str, ...]: ...
