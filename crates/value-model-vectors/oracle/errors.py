"""The refusal of an input: a stable code and the field at fault, spelled as on the wire."""


class Refused(Exception):
    """An input that a formula does not accept."""

    def __init__(self, code, field):
        super().__init__(f"{code} at `{field}`")
        self.code = code
        self.field = field

    def within(self, prefix):
        """The same refusal with `prefix` put before its field."""
        if not self.field:
            return Refused(self.code, prefix)
        dot = "" if self.field.startswith("[") else "."
        return Refused(self.code, prefix + dot + self.field)
