"""What a decision about a breach needs before anybody journals it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anamnesis.clinical.breach import REASON_CHARACTERS_MIN
from anamnesis.clinical.kinds import check_content
from anamnesis.clinical.refusal import ContentRefused
from tests.unit.clinical.contents import AT, BREACH, ID, PAPER

reasons = st.sampled_from(
    ["", "   ", "non", "a" * 19, "Tous les textes sont revenus en une minute."]
)


def decided(notify: bool, notify_reason: str, inform: bool, inform_reason: str) -> dict[str, Any]:
    return BREACH | {
        "decision": {
            "notify": notify,
            "inform": inform,
            "notify_reason": notify_reason,
            "inform_reason": inform_reason,
            "by": ID,
            "by_name": "Dr Claire Martin",
            "at": AT,
        }
    }


@given(st.booleans(), reasons, st.booleans(), reasons)
def test_a_no_without_a_written_reason_is_impossible(
    notify: bool, notify_reason: str, inform: bool, inform_reason: str
) -> None:
    # GDPR art. 33(1) and (5): what is not notified is documented, with why.
    content = decided(notify, notify_reason, inform, inform_reason)
    refused = [
        code
        for yes, reason, code in (
            (notify, notify_reason, "not-notified-without-reason"),
            (inform, inform_reason, "not-informed-without-reason"),
        )
        if not yes and len("".join(reason.split())) < REASON_CHARACTERS_MIN
    ]
    if not refused:
        check_content("breach.write", None, None, None, content)
        return
    with pytest.raises(ContentRefused) as caught:
        check_content("breach.write", None, None, None, content)
    assert caught.value.code == refused[0]


def test_an_entry_that_nobody_has_decided_about_is_journaled() -> None:
    check_content("breach.write", None, None, None, BREACH | {"decision": None})


@pytest.mark.parametrize("data", ["", "bm90IGl0", "%%%"])
def test_a_paper_that_is_not_the_file_that_was_digested_is_refused(data: str) -> None:
    check_content("breach-paper.write", None, None, None, PAPER)
    with pytest.raises(ContentRefused):
        check_content("breach-paper.write", None, None, None, PAPER | {"data": data})
