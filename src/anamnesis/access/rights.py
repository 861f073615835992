"""What a session may write and see. Everything is scoped by role, and by practice."""

import re

from anamnesis.access.session import Session

KEEPER_ONLY_KINDS = frozenset({"practice.create", "practitioner.create", "erasure-act.write"})
"""Made by the operator's commands, never by a page: they say who exists, and who no longer does."""

_OPERATORS = re.compile(r"/operator(?:/|\Z)")
"""The operator's pages. No other page is theirs, and these are nobody else's."""


def refusal_to_write(session: Session, practice: str, author: str, kind: str) -> str | None:
    """The protocol's refusal code for this entry, or None if the session may write it."""
    if practice != session.practice:
        return "wrong-practice"
    if author != session.practitioner:
        return "wrong-author"
    if kind in KEEPER_ONLY_KINDS:
        return "kind-not-allowed"
    return None


def may_read(session: Session, practice: str) -> bool:
    """Whether the session may see something of `practice`."""
    return practice == session.practice


def may_open(session: Session, path: str) -> bool:
    """Whether the page at `path`, which is not public, is for somebody of this session's role."""
    return (session.role == "operator") == bool(_OPERATORS.match(path))
