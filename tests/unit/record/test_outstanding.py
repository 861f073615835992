import re
from pathlib import Path

import pytest

from anamnesis.clinical.kinds import KINDS
from anamnesis.record import outstanding
from anamnesis.record.fold import RULES
from anamnesis.record.outstanding import CODES, NotTaken
from anamnesis.record.rows import MADE_BY, TABLES


def test_every_reason_code_is_explained_in_one_table() -> None:
    explained = re.findall(r"^\| `([a-z-]+)` \|", outstanding.__doc__ or "", re.MULTILINE)
    assert sorted(explained) == sorted(CODES)


def test_every_reason_code_is_in_the_protocol(project_root: Path) -> None:
    protocol = (project_root / "docs" / "protocol.md").read_text(encoding="utf-8")
    table = protocol.split("### Outstanding entries")[1].split("### Divergences")[0]
    assert set(re.findall(r"`([a-z-]+)`", table)) == CODES


def test_a_reason_that_nobody_explained_cannot_be_given() -> None:
    with pytest.raises(ValueError, match="not a code"):
        NotTaken("because")


def test_every_kind_has_its_rule_and_its_table() -> None:
    assert set(RULES) == set(KINDS) == set(MADE_BY)
    assert set(MADE_BY.values()) <= set(TABLES)
