"""`anamnesis demo`: a practice that never was, ready to be looked at."""

import os
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from anamnesis.bootstrap import service
from anamnesis.bootstrap.demonstration import (
    COLLEAGUE,
    OPERATOR,
    PRACTITIONERS,
    Planted,
    plant_demonstration,
)
from anamnesis.commands.progress import bars
from anamnesis.settings import Language, Settings, chosen

DATA_DEFAULT = Path("var/demo")
TITLES = {"journal": "Writing the journal", "record": "Folding it into the record"}


def demo(
    *,
    data: Path = DATA_DEFAULT,
    serve: bool = False,
    host: str | None = None,
    port: int | None = None,
    language: Language | None = None,
) -> int:
    """Make the demonstration practice (nobody real), or add today's appointments to it.

    Running it again adds nothing that is there. It refuses a directory that holds anything else.

    Parameters
    ----------
    data
        A data directory for the demonstration alone.
    serve
        Serve it afterwards, as `anamnesis serve` would.
    host
        The address to listen on.
    port
        The port to listen on; 0 lets the system choose one.
    language
        What people who have not chosen a language read.
    """
    settings = chosen(os.environ, data=data, host=host, port=port, language=language)
    with bars(TITLES) as stage:
        planted = plant_demonstration(settings, datetime.now(UTC), stage)
    _show(Console(), settings, planted)
    return service.serve(settings, Console().print) if serve else 0


def _show(console: Console, settings: Settings, planted: Planted) -> None:
    done = f"{planted.added:,} entries written" if planted.added else "Nothing to add"
    console.print(f"{done}; the journal in {settings.data} has {planted.journaled:,}.")
    table = Table(title="Sign in as one of them (nobody real)")
    for heading in ("Practitioner", "Practice", "Login", "Password"):
        table.add_column(heading, no_wrap=heading in ("Login", "Password"))
    for new in (*PRACTITIONERS, COLLEAGUE):
        table.add_row(new.display_name(), new.practice, new.login, new.password)
    table.add_row(OPERATOR.display_name(), "operator", OPERATOR.login, OPERATOR.password)
    console.print(table)
    link = planted.link
    console.print(f"A patient's document: /share/{link.token}", soft_wrap=True)
    console.print(f"opens with the code {link.shown}, once.")
