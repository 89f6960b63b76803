"""What there is: formulas, models, error codes."""

from value_model import _native


def catalog():
    """Every formula with its id, version, source and one-line expression."""
    return _native.catalog()


def presets():
    """The models that come with the package: id, title and the document as TOML."""
    return _native.presets()


def lint(model):
    """What is allowed in a model but probably not meant: an empty list says that nothing was found."""
    return _native.lint(model)


def error_codes():
    """Every code that a ValueModelError can have."""
    return tuple(_native.CODES)
