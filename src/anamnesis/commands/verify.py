"""`anamnesis verify`: what a receipt proves, without any server."""

from pathlib import Path

from anamnesis.receipt import standalone


def verify(receipt: Path, *, key: str, content: Path | None = None, json: bool = False) -> int:
    """Say whether a receipt is proved by a key: exit code 0 if it is, 1 if it is not.

    Parameters
    ----------
    receipt
        The receipt, a JSON file.
    key
        The verification key, or a file with it (`verification.key`, or what `/keep/key` gave).
    content
        The content the receipt is about, a JSON file: its digest is compared too.
    json
        Answer in JSON.
    """
    file = Path(key)
    if "+" not in key and file.is_file():
        key = file.read_text(encoding="utf-8").strip()
    arguments = [str(receipt), "--key", key]
    if content is not None:
        arguments += ["--content", str(content)]
    return standalone.main(arguments + ["--json"] * json)
