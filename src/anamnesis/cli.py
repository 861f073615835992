"""The command line: `anamnesis serve`, `anamnesis user add`, and one file per other command."""

import os
import sys
from pathlib import Path
from typing import Annotated

import cyclopts

from anamnesis import __version__, commands
from anamnesis.bootstrap import service
from anamnesis.bootstrap.refusal import exit_code
from anamnesis.settings import Language, chosen

app = cyclopts.App(
    name="anamnesis",
    help="A medical record that cannot lose what a practitioner typed.",
    version=__version__,
)
for where, does in commands.ADDED.items():
    app.command(where, help=does)
for name, (where, does) in commands.GROUPS.items():
    app.command(where, name=name, help=does)

Data = Annotated[Path | None, cyclopts.Parameter(help="The data directory.")]


@app.command
def serve(
    *,
    data: Data = None,
    host: str | None = None,
    port: int | None = None,
    origin: str | None = None,
    public_url: str | None = None,
    language: Language | None = None,
) -> int:
    """Start the keeper and the application, and start either again when it ends.

    Parameters
    ----------
    host
        The address to listen on.
    port
        The port to listen on; 0 lets the system choose one.
    origin
        The name under which the journal signs; fixed once the journal is begun.
    public_url
        The address browsers use, when a proxy with HTTPS stands in front.
    language
        What people who have not chosen a language read.
    """
    settings = chosen(
        os.environ,
        data=data,
        host=host,
        port=port,
        origin=origin,
        public_url=public_url,
        language=language,
    )
    return service.serve(settings, say)


def say(sentence: str) -> None:
    """One sentence to whoever started the program."""
    sys.stdout.write(sentence + "\n")
    sys.stdout.flush()


def main() -> None:
    """The program; ends with a code of docs/reference/exit-codes.md and a sentence."""
    sys.exit(exit_code(lambda: app(result_action="return_value")))


if __name__ == "__main__":
    main()
