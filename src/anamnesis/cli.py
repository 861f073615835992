"""The command line: `anamnesis serve`, `anamnesis user add`, and one file per other command."""

import os
import sys
from pathlib import Path
from typing import Annotated

import cyclopts

from anamnesis import __version__, bootstrap, commands
from anamnesis.access.account import AccountRefused
from anamnesis.bootstrap.refusal import StartRefused
from anamnesis.commands import user
from anamnesis.keeper.exits import EXIT_COMMAND_REFUSED, EXIT_SETTINGS_REFUSED
from anamnesis.settings import Language, SettingRefused, chosen

app = cyclopts.App(
    name="anamnesis",
    help="A medical record that cannot lose what a practitioner typed.",
    version=__version__,
)
app.command(user.app)
for command in commands.ADDED:
    app.command(command)

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
    return bootstrap.serve(settings, say)


@app.command(show=False)
def keeper(parent: int, listening: int, reporting: int) -> int:
    """The keeper's process, as supervision starts it."""
    return bootstrap.run_keeper(chosen(os.environ), parent, listening, reporting)


@app.command(show=False)
def application(parent: int) -> int:
    """The application's process, as supervision starts it."""
    return bootstrap.run_application(chosen(os.environ), parent)


def say(sentence: str) -> None:
    """One sentence to whoever started the program."""
    sys.stdout.write(sentence + "\n")
    sys.stdout.flush()


def main() -> None:
    """The program; ends with a code of docs/reference/exit-codes.md and a sentence."""
    try:
        code = app(result_action="return_value")
    except SettingRefused as refused:
        code = _refused(str(refused), EXIT_SETTINGS_REFUSED)
    except StartRefused as refused:
        code = _refused(str(refused), refused.exit_code)
    except AccountRefused as refused:
        code = _refused(str(refused), EXIT_COMMAND_REFUSED)
    sys.exit(code if isinstance(code, int) else 0)


def _refused(sentence: str, code: int) -> int:
    sys.stderr.write(f"anamnesis: {sentence}\n")
    return code


if __name__ == "__main__":
    main()
