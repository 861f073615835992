"""Erasure: what a decision would take away, whether the law lets it, and carrying it out."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from datetime import date, datetime
from typing import Final
from uuid import NAMESPACE_URL, uuid5

import msgspec

from anamnesis.bootstrap.keys import load_signer
from anamnesis.bootstrap.rebuilding import Stage
from anamnesis.bootstrap.refusal import StartRefused, explained
from anamnesis.clinical.documents import DocumentShared
from anamnesis.clinical.kinds import read_content
from anamnesis.clinical.patient import Traits
from anamnesis.clinical.retention import falls_due
from anamnesis.clinical.rights import GROUNDS_BEFORE_DUE, Erasure, ErasureAct
from anamnesis.journal.entry import JournaledEntry
from anamnesis.journal.erasure import ERASURE_KIND, SURVIVING_KINDS
from anamnesis.journal.journal import Accepted, Journal, Submission
from anamnesis.journal.store import JournalReader
from anamnesis.journal.verification import verify_journal
from anamnesis.keeper.accounts import CONTROL, CONTROL_SESSION, commanded
from anamnesis.keeper.clock import MachineClock
from anamnesis.keeper.exits import EXIT_COMMAND_REFUSED
from anamnesis.receipt.checkpoint import VerificationKey
from anamnesis.seams import Clock
from anamnesis.settings import Settings
from anamnesis.storage.lock import hold
from anamnesis.storage.sqlite.erasing import erase_contents, remove_databases
from anamnesis.storage.sqlite.journal import SqliteJournal, SqliteJournalReader
from anamnesis.storage.sqlite.record_rebuild import fold_beside, put_in_place

STEP_ENTRIES: Final = 4_096
CARE_KINDS: Final = ("encounter.", "note.", "observation.", "document.", "immunization.")
"""Kinds that say that there was care, by their beginning: the retention period runs from it."""


class Plan(msgspec.Struct, frozen=True):
    """What one decision takes away. `due` is None where there is nothing to reckon it from.

    `sharings` are who was given documents: they have to be told (GDPR art. 19).
    """

    decision: str
    practice: str
    patient: str
    position: int
    erasure: Erasure
    kinds: dict[str, int]
    content_bytes: int
    left: tuple[int, ...]
    due: date | None
    sharings: tuple[DocumentShared, ...]
    carried_out: bool

    def permitted(self, today: date) -> bool:
        """Whether the law lets it be carried out today (docs/adr/0013)."""
        before_due = self.due is not None and today < self.due
        return not before_due or self.erasure.ground in GROUNDS_BEFORE_DUE


def plans(settings: Settings) -> list[Plan]:
    """Every decision, in order; changes nothing, and may run beside a server. `StartRefused`."""
    with ExitStack() as stack:
        with explained():
            journal = stack.enter_context(closing(SqliteJournalReader(settings.journal)))
        return list(_plans(journal))


def carry_out(settings: Settings, erasure: str, stage: Stage, clock: Clock | None = None) -> Plan:
    """Erases what the decision `erasure` names, journals that, and makes the record anew.

    Broken off anywhere, it is carried out by asking again. Raises `StartRefused`:
    `erasure-unknown`, `erasure-not-due`, and what opening a data directory may raise.
    """
    clock = clock or MachineClock()
    with ExitStack() as stack, explained():
        signer = load_signer(settings)
        stack.enter_context(hold(settings.lock))
        with closing(SqliteJournalReader(settings.journal)) as journal:
            plan = _chosen(journal, erasure, clock.now())
        remove_databases(
            [
                settings.record,
                settings.search,
                settings.record_differed,
                settings.record.with_suffix(".db.damaged"),
            ]
        )
        if plan.left:
            erase_contents(settings.journal, plan.left, plan.decision)
        with closing(SqliteJournal(settings.journal)) as store:
            _journal_act(Journal(store, signer, clock), store, plan, settings.build, clock.now())
        with closing(SqliteJournalReader(settings.journal)) as journal:
            key = VerificationKey.of(signer)
            verify_journal(journal, key, lambda done, total: stage("journal", done, total))
            fold_beside(settings.record, journal, lambda done, total: stage("record", done, total))
        put_in_place(settings.record)
    return plan


def _chosen(journal: JournalReader, erasure: str, now: datetime) -> Plan:
    found = [plan for plan in _plans(journal) if plan.erasure.id == erasure]
    if not found:
        raise StartRefused(
            "erasure-unknown",
            f"Nobody decided an erasure {erasure}. Nothing was changed.",
            EXIT_COMMAND_REFUSED,
        )
    plan = found[-1]
    # Once something of it is gone, the rest must go: what the day is reckoned from may be gone too.
    begun = len(plan.left) < sum(plan.kinds.values())
    if not begun and not plan.permitted(now.date()):
        raise StartRefused(
            "erasure-not-due",
            f"The record has to be kept until {plan.due}: the ground {plan.erasure.ground} does "
            "not reach before that (GDPR art. 17(3)). Nothing was changed.",
            EXIT_COMMAND_REFUSED,
        )
    return plan


def _plans(journal: JournalReader) -> Iterator[Plan]:
    patients: dict[tuple[str, str], list[int]] = {}
    decisions: list[int] = []
    size = journal.size()
    for start in range(0, size, STEP_ENTRIES):
        for header in journal.headers(start, min(STEP_ENTRIES, size - start)):
            if header.kind == ERASURE_KIND:
                decisions.append(header.position)
            if header.patient is not None:
                about = (header.practice, header.patient)
                patients.setdefault(about, []).append(header.position)
    for decided in journal.at(decisions):
        about = (decided.entry.practice, decided.entry.patient or "")
        yield _plan(decided, journal.at(patients[about]))


def _plan(decided: JournaledEntry, entries: Sequence[JournaledEntry]) -> Plan:
    erasure: Erasure = read_content(ERASURE_KIND, decided.entry.content)
    concerned = [
        one
        for one in entries
        if one.position < decided.position and one.entry.kind not in SURVIVING_KINDS
    ]
    there = [one for one in concerned if one.entry.erased_by is None]
    acts = [one for one in entries if one.entry.kind == "erasure-act.write"]
    return Plan(
        decision=decided.entry.id,
        practice=decided.entry.practice,
        patient=decided.entry.patient or "",
        position=decided.position,
        erasure=erasure,
        kinds=dict(sorted(Counter(one.entry.kind for one in concerned).items())),
        content_bytes=sum(len(one.entry.content) for one in there),
        left=tuple(one.position for one in there),
        due=_due(there),
        sharings=tuple(
            read_content("document.share", one.entry.content)
            for one in there
            if one.entry.kind == "document.share"
        ),
        carried_out=not there and any(_act(one).erasure == erasure.id for one in acts),
    )


def _due(entries: Sequence[JournaledEntry]) -> date | None:
    care = [one.entry.typed_at for one in entries if one.entry.kind.startswith(CARE_KINDS)]
    births = [
        read_content(one.entry.kind, one.entry.content)
        for one in entries
        if one.entry.kind in ("patient.create", "patient.amend")
    ]
    if not care:
        return None
    newest = births[-1] if births else None
    known = newest.birth_date if isinstance(newest, Traits) else ""
    return falls_due(_day(max(care)), _day(known) if known else None).day


def _day(text: str) -> date:
    return date.fromisoformat(text[:10])


def _act(one: JournaledEntry) -> ErasureAct:
    act: ErasureAct = read_content(one.entry.kind, one.entry.content)
    return act


def _journal_act(
    journal: Journal, reader: JournalReader, plan: Plan, build: str, now: datetime
) -> None:
    """Journals that it was carried out, once: asked again, the same id gets the same receipt."""
    entry_id = str(uuid5(NAMESPACE_URL, f"anamnesis:erasure-act.write:{plan.decision}"))
    if entry_id in reader.find([entry_id]):
        return
    content = {"id": entry_id, "erasure": plan.erasure.id, "entries": sum(plan.kinds.values())}
    sequence = reader.last_sequences([CONTROL]).get(CONTROL, (0, CONTROL))[0] + 1
    entry = commanded(
        entry_id, "erasure-act.write", plan.practice, content, build, now, sequence, plan.patient
    )
    [outcome] = journal.append([Submission(entry, CONTROL_SESSION)])
    if not isinstance(outcome, Accepted):
        raise StartRefused(outcome.refusal.code, str(outcome.refusal), EXIT_COMMAND_REFUSED)
