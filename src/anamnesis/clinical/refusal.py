"""The one way in which a content is refused for what it says."""


class ContentRefused(Exception):
    """The content does not have its kind's shape; `code` is stable, `message` is for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
