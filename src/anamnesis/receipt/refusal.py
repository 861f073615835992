"""The one way a proof, a checkpoint or a receipt is turned down."""


class ReceiptRefused(Exception):
    """What was shown proves nothing; `code` is stable, `message` is a sentence for the reader."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
