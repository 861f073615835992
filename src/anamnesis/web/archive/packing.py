"""A ZIP file written as it is sent: never whole in memory, never on a disk."""

import io
import zipfile
from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

Member: TypeAlias = tuple[str, Iterable[bytes]]
"""A file's name in the archive, and its bytes in parts."""

_DATE: Final = (1980, 1, 1, 0, 0, 0)
"""ZIP's own first day: members have no date of their own."""


class _Sending(io.RawIOBase):
    """Takes what is written, to be sent on; nobody can go back in it."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object, /) -> int:
        part = bytes(data)  # type: ignore[call-overload] # any buffer, as RawIOBase takes them
        self._parts.append(part)
        return len(part)

    def taken(self) -> bytes:
        """What was written since this was last asked."""
        parts, self._parts = self._parts, []
        return b"".join(parts)


def zipped(members: Iterable[Member]) -> Iterator[bytes]:
    """The archive's bytes; one that was broken off has no end, and opens nowhere."""
    sending = _Sending()
    with zipfile.ZipFile(sending, "w") as archive:
        for name, parts in members:
            info = zipfile.ZipInfo(name, _DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            with archive.open(info, "w") as file:
                for part in parts:
                    file.write(part)
                    yield sending.taken()
    yield sending.taken()
