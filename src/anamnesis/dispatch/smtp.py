"""E-mail by SMTP (RFC 5321), over TLS unless the operator says that the way needs none."""

import re
import smtplib
import ssl
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Final

from anamnesis.dispatch.sending import NotSent
from anamnesis.incident.dispatch import Dispatch
from anamnesis.settings import Security

ANSWER_SECONDS_MAX: Final = 20.0
"""For each answer of the server."""
_SEVEN_BITS: Final = policy.SMTP.clone(cte_type="7bit")
"""A server need not take more (RFC 6152)."""
_NO_DOMAIN = re.compile(r"[^A-Za-z0-9.-]+")


def message_id(dispatch: Dispatch, origin: str) -> str:
    """The same for the same key, so that a duplicate is known for one (RFC 5322, 3.6.4)."""
    return f"<{dispatch.key}@{_NO_DOMAIN.sub('-', origin)}>"


def message(dispatch: Dispatch, sender: str, origin: str, created_at: str) -> EmailMessage:
    """The e-mail, the same octet for octet each time it is tried (but for the parts' boundary)."""
    mail = EmailMessage(_SEVEN_BITS)
    mail["From"] = sender
    mail["To"] = dispatch.to
    mail["Subject"] = dispatch.subject
    mail["Date"] = format_datetime(datetime.fromisoformat(created_at))
    mail["Message-ID"] = message_id(dispatch, origin)
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no vacation notes in return
    mail.set_content(dispatch.body)
    for one in dispatch.attachments:
        maintype, _, subtype = one.media_type.partition("/")
        mail.add_attachment(
            one.data, maintype=maintype, subtype=subtype or "octet-stream", filename=one.name
        )
    return mail


class Smtp:
    """A `Sender` through one server: a connection for each e-mail."""

    def __init__(
        self,
        host: str,
        port: int,
        security: Security,
        sender: str,
        origin: str,
        user: str = "",
        password: str = "",
    ) -> None:
        self._host = host
        self._port = port
        self._security = security
        self._sender = sender
        self._origin = origin
        self._user = user
        self._password = password

    def send(self, dispatch: Dispatch, created_at: str) -> None:
        """Returns once the server has taken it; raises NotSent."""
        mail = message(dispatch, self._sender, self._origin, created_at)
        server = self._connected()
        try:
            server.send_message(mail, self._sender, [dispatch.to])
        except smtplib.SMTPRecipientsRefused:
            raise NotSent("smtp-recipient-refused") from None
        except smtplib.SMTPSenderRefused:
            raise NotSent("smtp-sender-refused", is_anybodys=True) from None
        except (smtplib.SMTPDataError, smtplib.SMTPNotSupportedError):
            raise NotSent("smtp-refused") from None
        except (OSError, smtplib.SMTPException):
            # It may have been taken: sending it again is better than not at all.
            raise NotSent("smtp-broken-off") from None
        finally:
            _leave(server)

    def _connected(self) -> smtplib.SMTP:
        """A connection that is encrypted and logged in as far as was asked for."""
        context = ssl.create_default_context()
        try:
            if self._security == "tls":
                server: smtplib.SMTP = smtplib.SMTP_SSL(
                    self._host, self._port, timeout=ANSWER_SECONDS_MAX, context=context
                )
            else:
                server = smtplib.SMTP(self._host, self._port, timeout=ANSWER_SECONDS_MAX)
        except ssl.SSLError:
            raise NotSent("smtp-tls-refused", is_anybodys=True) from None
        except (OSError, smtplib.SMTPException):
            raise NotSent("smtp-unreachable", is_anybodys=True) from None
        try:
            if self._security == "starttls":
                server.starttls(context=context)
            if self._user:
                server.login(self._user, self._password)
        except smtplib.SMTPAuthenticationError:
            code = "smtp-login-refused"
        except (ssl.SSLError, smtplib.SMTPNotSupportedError, smtplib.SMTPResponseException):
            code = "smtp-tls-refused"
        except (OSError, smtplib.SMTPException):
            code = "smtp-unreachable"
        else:
            return server
        server.close()
        raise NotSent(code, is_anybodys=True)


def _leave(server: smtplib.SMTP) -> None:
    """Says goodbye; whether that is heard makes no difference any more."""
    try:
        server.quit()
    except (OSError, smtplib.SMTPException):
        server.close()
