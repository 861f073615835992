"""A mail server of the tests' own, that anybody may read."""

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

OPERATOR = "odile@here.fr"


class Mailbox:
    """Takes every e-mail. `drops` is how often the connection ends before the answer to one."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.drops = 0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        mail = message_from_bytes(content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        if self.drops:
            self.drops -= 1
            assert server.transport is not None
            server.transport.close()
        return "250 OK"


class _MailServer(Controller):
    """Listens on whatever port there is."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextmanager
def mailbox() -> Iterator[tuple[Mailbox, int]]:
    """A mailbox whose server listens, and its port."""
    box = Mailbox()
    controller = _MailServer(box, hostname="127.0.0.1", port=0)
    controller.start()
    try:
        yield box, controller.port
    finally:
        controller.stop()


def mail_settings(port: int) -> dict[str, str]:
    """The environment of a server that sends to it."""
    return {
        "ANAMNESIS_SMTP_HOST": "127.0.0.1",
        "ANAMNESIS_SMTP_PORT": str(port),
        "ANAMNESIS_SMTP_SECURITY": "no",
        "ANAMNESIS_MAIL_FROM": "anamnesis@here.fr",
        "ANAMNESIS_OPERATOR_MAIL": OPERATOR,
    }
