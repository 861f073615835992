"""The one way an entry is turned down, before anything of it is journaled."""

from collections.abc import Mapping


class Refusal(Exception):
    """An entry that is definitely not journaled.

    `code` is one of those in section 3 of the protocol; `detail` holds names of fields and
    numbers only, never anything that was typed.
    """

    def __init__(self, code: str, detail: Mapping[str, object] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.detail: dict[str, object] = dict(detail or {})

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Refusal) and (self.code, self.detail) == (other.code, other.detail)

    def __hash__(self) -> int:
        return hash(self.code)
