import subprocess
import sys

FORBIDDEN = ("anamnesis.web", "anamnesis.commands", "anamnesis.demonstration", "litestar", "jinja2")
LIST = "import sys, anamnesis.bootstrap.keeper; print('\\n'.join(sys.modules))"


def test_the_keepers_process_loads_no_page_and_no_command() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", LIST], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert "anamnesis.keeper.process" in loaded
    assert [name for name in loaded if name.startswith(FORBIDDEN)] == []
