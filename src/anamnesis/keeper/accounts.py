"""Makes accounts: a practice and a practitioner in the journal, a login in the access store."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import msgspec

from anamnesis.access.account import (
    Account,
    AccountRefused,
    Role,
    check_login,
    check_password,
    folded_login,
)
from anamnesis.clinical.kinds import check_content
from anamnesis.clinical.refusal import ContentRefused
from anamnesis.journal.entry import Entry
from anamnesis.journal.journal import Accepted, Outcome, Submission
from anamnesis.journal.store import JournalReader
from anamnesis.receipt.canonical import canonical, digest_bytes
from anamnesis.seams import instant

CONTROL = str(uuid5(NAMESPACE_URL, "anamnesis:control"))
"""The device, and the author, of what an operator does by command."""
CONTROL_SESSION = "control"


class NewAccount(msgspec.Struct, frozen=True):
    """What an operator says of somebody who will sign in. `practice` is the practice's name.

    Another operator has none.
    """

    login: str
    password: str
    family: str
    given: str
    practice: str = ""
    title: str = ""
    specialty: str = ""
    rpps: str = ""
    practice_address: str = ""
    practice_telephone: str = ""
    role: Role = "practitioner"

    def display_name(self) -> str:
        """The name colleagues read."""
        return " ".join(part for part in (self.title, self.given, self.family) if part)


def practice_id(origin: str, name: str) -> str:
    """The id of the practice of this name: the same name is the same practice, always."""
    return str(uuid5(NAMESPACE_URL, f"anamnesis:{origin}:practice:{name.strip().casefold()}"))


def practitioner_id(practice: str, login: str) -> str:
    """The id of the practitioner who signs in with `login` in this practice."""
    return str(uuid5(NAMESPACE_URL, f"anamnesis:{practice}:practitioner:{login}"))


def checked(new: NewAccount) -> NewAccount:
    """`new` with its login folded; raises `AccountRefused`."""
    login = folded_login(new.login)
    check_login(login)
    check_password(login, new.password)
    if new.role == "operator" and new.practice:
        raise AccountRefused("operator-in-practice", "An operator belongs to no practice.")
    named = ("family", "given") if new.role == "operator" else ("family", "given", "practice")
    for field in named:
        if not getattr(new, field).strip():
            raise AccountRefused("name-missing", f"An account needs a value for {field}.")
    return msgspec.structs.replace(new, login=login)


def founding_entries(
    new: NewAccount, origin: str, build: str, now: datetime, journal: JournalReader
) -> list[Submission]:
    """The entries that make practice and practitioner exist, without those journaled before.

    Their ids follow from names, so that doing it twice makes nothing twice. An operator is in no
    record.
    """
    if new.role == "operator":
        return []
    practice = practice_id(origin, new.practice)
    contents = (
        ("practice.create", _practice(new, practice)),
        ("practitioner.create", _practitioner(new, practice)),
    )
    return creating(practice, contents, build, now, journal)


def creating(
    practice: str,
    contents: Sequence[tuple[str, dict[str, str]]],
    build: str,
    now: datetime,
    journal: JournalReader,
) -> list[Submission]:
    """The entries that make these exist, kinds with contents, without those journaled before."""
    sequence = journal.last_sequences([CONTROL]).get(CONTROL, (0, CONTROL))[0]
    submissions = []
    for kind, content in contents:
        entry_id = str(uuid5(NAMESPACE_URL, f"anamnesis:{kind}:{content['id']}"))
        if entry_id not in journal.find([entry_id]):
            sequence += 1
            entry = commanded(entry_id, kind, practice, content, build, now, sequence)
            submissions.append(Submission(entry, CONTROL_SESSION))
    return submissions


def _practice(new: NewAccount, practice: str) -> dict[str, str]:
    return {
        "id": practice,
        "name": new.practice.strip(),
        "address": new.practice_address,
        "telephone": new.practice_telephone,
    }


def _practitioner(new: NewAccount, practice: str) -> dict[str, str]:
    return {
        "id": practitioner_id(practice, new.login),
        "family": new.family.strip(),
        "given": new.given.strip(),
        "title": new.title,
        "specialty": new.specialty,
        "rpps": new.rpps,
    }


def account_of(new: NewAccount, origin: str, password_hash: str, now: datetime) -> Account:
    """The account row for `new`."""
    operator = new.role == "operator"
    practice = "" if operator else practice_id(origin, new.practice)
    return Account(
        login=new.login,
        practitioner="" if operator else practitioner_id(practice, new.login),
        practice=practice,
        name=new.display_name(),
        password_hash=password_hash,
        created_at=instant(now),
        role=new.role,
    )


def require_accepted(outcomes: Sequence[Outcome]) -> None:
    """Raises `AccountRefused` unless everything was journaled."""
    for outcome in outcomes:
        if not isinstance(outcome, Accepted):
            raise AccountRefused(
                outcome.refusal.code, "The journal refused the practice or the practitioner."
            )


def commanded(
    entry_id: str,
    kind: str,
    practice: str,
    content: dict[str, Any],
    build: str,
    now: datetime,
    sequence: int,
    patient: str | None = None,
    author: str = CONTROL,
) -> Entry:
    """An entry of the program, or of an operator; `AccountRefused` where no page could send it."""
    try:
        check_content(kind, patient, None, None, content)
    except ContentRefused as refused:
        raise AccountRefused(refused.code, str(refused)) from None
    data = canonical(content)
    return Entry(
        id=entry_id,
        kind=kind,
        practice=practice,
        author=author,
        patient=patient,
        encounter=None,
        device=author,
        sequence=sequence,
        base=None,
        build=build,
        features=(),
        typed_at=instant(now),
        digest=digest_bytes(data),
        content=data,
    )
