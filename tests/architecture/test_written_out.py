"""What is written out beforehand is what it would be written out as now."""

from anamnesis.web.journal_only_page import KEPT, scripts, written_out


def test_the_page_of_journal_only_mode_is_written_out_anew() -> None:
    behind = [
        name
        for name, text in written_out().items()
        if (KEPT / name).read_text(encoding="utf-8") != text + "\n"
    ]
    assert behind == [], "run `make journal-only-page` and commit what it wrote"


def test_it_goes_on_with_the_scripts_of_every_encounter_page() -> None:
    assert {"outbox.js", "sender.js", "witness.js", "badge.js", "editor.js"} <= scripts()
