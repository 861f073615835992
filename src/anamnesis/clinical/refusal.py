"""The one way a content is turned down for its shape."""


class ContentRefused(ValueError):
    """The content is not what its kind says it is; `code` is one of the protocol's refusals.

    `message` names fields only, never anything that was typed.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
