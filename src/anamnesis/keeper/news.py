"""What pages are told about a batch that was applied (protocol, section 4)."""

from collections.abc import Mapping, Sequence

from anamnesis.keeper.judgement import Agreed, Disagreement, Verdict
from anamnesis.keeper.push import Event
from anamnesis.record.model import Change
from anamnesis.record.store import RecordReader

_NOTE_PREFIX = "note."


def news_of(
    changes: Sequence[Change], verdicts: Mapping[int, Verdict], reader: RecordReader
) -> list[Event]:
    """The events for `changes`, in order: one for each entry's author, one for each note moved."""
    events: list[Event] = []
    moved: dict[tuple[str, str], Change] = {}
    for change in changes:
        events.append(_of_entry(change, verdicts[change.position]))
        if change.encounter is not None and change.kind.startswith(_NOTE_PREFIX):
            moved[change.practice, change.encounter] = change
            if change.diverged:
                data = {"encounter": change.encounter, "version": change.version}
                events.append(Event("divergence", data, change.practice))
    for (practice, encounter), change in moved.items():
        event = _of_note(practice, encounter, change, reader)
        if event is not None:
            events.append(event)
    return events


def recorded_event(agreed: Agreed) -> Event:
    """What an entry's author is told once it is read back and right."""
    expected = agreed.expected
    data: dict[str, object] = {
        "entry": expected.id,
        "encounter": expected.encounter,
        "kind": expected.kind,
        "version": agreed.shown_version,
        "digest": agreed.shown_digest,
        "position": expected.position,
    }
    return Event("recorded", data, expected.practice, expected.author)


def disagreement_event(wrong: Disagreement) -> Event:
    """What an entry's author is told once the record shows something else for it."""
    expected = wrong.expected
    data: dict[str, object] = {
        "entry": expected.id,
        "encounter": expected.encounter,
        "kind": expected.kind,
        "code": wrong.code,
    }
    return Event("outstanding", data, expected.practice, expected.author)


def _of_entry(change: Change, verdict: Verdict) -> Event:
    if isinstance(verdict, Agreed):
        return recorded_event(verdict)
    # A disagreement is told in the same way as an entry the record could not take: either way
    # the text is in the journal, and what the record shows is not it.
    if isinstance(verdict, Disagreement):
        return disagreement_event(verdict)
    data: dict[str, object] = {
        "entry": change.entry,
        "encounter": change.encounter,
        "kind": change.kind,
        "code": verdict.code,
    }
    return Event("outstanding", data, change.practice, change.author)


def _of_note(practice: str, encounter: str, change: Change, reader: RecordReader) -> Event | None:
    note = reader.note(practice, encounter)
    if note is None:
        return None
    data: dict[str, object] = {
        "encounter": encounter,
        "version": note.version,
        "digest": note.digest,
        "status": note.status,
        "author": change.author,
        "device": change.device,
    }
    return Event("note", data, practice)
