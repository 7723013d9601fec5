"""Bodies of PATCH: what is left out stays as it is; null clears where the field says that it may be null."""

from typing import Any

from pydantic import Field

from services.dispatcher.payloads.fields import Payload


def left_out() -> Any:
    """A field that need not be given and has no default to show."""
    return Field(default_factory=lambda: None)


class Changes(Payload):
    """Derive from it, with `left_out()` as every field's default."""

    def given(self) -> dict[str, Any]:
        """The fields that were sent, as they were read."""
        return {name: getattr(self, name) for name in self.model_fields_set}
