"""Why a backup cannot be taken, opened or restored."""


class BackupRefused(Exception):
    """Nothing was changed; `code` is stable, the message is for the operator."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
