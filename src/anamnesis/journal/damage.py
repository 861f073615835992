"""What is raised when the journal on the disk is not the journal that was written."""

from collections.abc import Mapping


class JournalDamaged(Exception):
    """The stored journal contradicts itself or its signed checkpoints.

    `code` is stable, `message` is a sentence for the operator, `detail` says where (positions,
    sizes, identifiers; never content). Nothing may be acknowledged from such a journal.
    """

    def __init__(self, code: str, message: str, detail: Mapping[str, object] | None = None) -> None:
        self.code = code
        self.message = message
        self.detail: dict[str, object] = dict(detail or {})
        where = ", ".join(f"{name} {value}" for name, value in self.detail.items())
        super().__init__(f"{code}: {message}" + (f" ({where})" if where else ""))
