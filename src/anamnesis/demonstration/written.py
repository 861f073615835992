"""Writes what has an id of its own: each writing is an entry with the whole content."""

from datetime import datetime

from anamnesis.demonstration.device import About, Device
from anamnesis.journal.entry import Entry
from anamnesis.receipt.canonical import Json

Content = dict[str, Json]


def written(
    kind: str, device: Device, at: datetime, content: Content, about: About | None = None
) -> Entry:
    """The entry `{kind}.write`."""
    return device.entry(f"{kind}.write", at, content, about or About())


def issued(device: Device, at: datetime, document: Entry, id_: str, version: int) -> Entry:
    """The entry by which its author stands for what `document` wrote."""
    content: Content = {"document": id_, "version": version, "digest": document.digest}
    return device.entry("document.issue", at, content, About(document.patient))
