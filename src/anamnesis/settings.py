"""What an operator may choose, read once at start from the environment and the command line."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from anamnesis import __version__
from anamnesis.data_directory import DATA_DEFAULT, DataDirectory

Language = Literal["fr", "en"]
Role = Literal["controller", "processor"]
Security = Literal["starttls", "tls", "no"]
"""Of the way to the mail server: after a greeting in the clear, from the start, or not at all."""

HOST_DEFAULT = "127.0.0.1"
PORT_DEFAULT = 8400
ORIGIN_DEFAULT = "anamnesis.local"
LANGUAGE_DEFAULT: Language = "fr"
ROLE_DEFAULT: Role = "controller"
SENTINELS_DEFAULT = 60.0
SENTINELS_SECONDS_MIN = 1.0
SMTP_PORTS: dict[Security, int] = {"starttls": 587, "tls": 465, "no": 25}
"""RFC 8314: submission, submission over TLS; and a relay that is trusted."""

SOCKET_PATH_BYTES_MAX = 107
"""Linux refuses a longer Unix socket path (unix(7): 108 bytes with the final NUL)."""


class SettingRefused(Exception):
    """A setting has no usable value; `code` is stable, the message is for the operator."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Settings(DataDirectory):
    """Every choice an operator has. Paths inside the data directory are derived, never chosen."""

    host: str = HOST_DEFAULT
    port: int = PORT_DEFAULT
    origin: str = ORIGIN_DEFAULT
    public_url: str = ""
    build: str = __version__
    language: Language = LANGUAGE_DEFAULT
    protected: bool = True
    """Off in a drill only, to show what would have been lost: nothing is suspended or mended."""

    sentinels: float = SENTINELS_DEFAULT
    """Seconds from one round of the sentinels to the next; 0 for none, in drills and tests only."""

    flags: str = ""
    """Another flag service: an installed OpenFeature provider, or `path/to/file.py:Name`."""
    role: Role = ROLE_DEFAULT
    """Who runs the server, by the GDPR: a practice for itself, or a processor for practices."""
    organisation: str = ""
    """The processor's name and address, as its papers give them, `; ` between lines."""
    backup_to: str = ""
    """Where copies go: a folder, or `s3://bucket/prefix`; empty for nowhere."""
    backup_recipient: str = ""
    """The age public key that copies are sealed with."""
    backup_identity: str = ""
    """The file with the key that opens them, if they are to be compared on this machine."""
    smtp_host: str = ""
    """The mail server that e-mails are handed to; empty for none."""
    smtp_port: int = SMTP_PORTS["starttls"]
    smtp_security: Security = "starttls"
    smtp_user: str = ""
    smtp_password_file: str = ""
    mail_from: str = ""
    operator_mail: tuple[str, ...] = ()
    """Who is told of incidents and of deadlines."""
    webhook_url: str = ""
    """What is called when an incident opens or ends; empty for nothing."""
    webhook_secret_file: str = ""

    @property
    def sends(self) -> bool:
        """Whether anything at all is sent to people outside the screen."""
        return bool(self.smtp_host or self.webhook_url)

    @property
    def secure_cookies(self) -> bool:
        """Whether browsers reach us by HTTPS, so that cookies must never travel without it."""
        return self.public_url.startswith("https://")

    @property
    def public_origin(self) -> str:
        """Scheme and authority of `public_url`, or an empty string when there is none."""
        if not self.public_url:
            return ""
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{parts.netloc}"

    def environment(self) -> dict[str, str]:
        """The variables from which `from_environment` makes these settings again."""
        return {
            "ANAMNESIS_DATA": str(self.data),
            "ANAMNESIS_HOST": self.host,
            "ANAMNESIS_PORT": str(self.port),
            "ANAMNESIS_ORIGIN": self.origin,
            "ANAMNESIS_PUBLIC_URL": self.public_url,
            "ANAMNESIS_BUILD": self.build,
            "ANAMNESIS_LANGUAGE": self.language,
            "ANAMNESIS_PROTECTED": "yes" if self.protected else "no",
            "ANAMNESIS_SENTINELS": f"{self.sentinels:g}" if self.sentinels else "no",
            "ANAMNESIS_FLAGS": self.flags,
            "ANAMNESIS_ROLE": self.role,
            "ANAMNESIS_ORGANISATION": self.organisation,
            "ANAMNESIS_BACKUP_TO": self.backup_to,
            "ANAMNESIS_BACKUP_RECIPIENT": self.backup_recipient,
            "ANAMNESIS_BACKUP_IDENTITY": self.backup_identity,
            "ANAMNESIS_SMTP_HOST": self.smtp_host,
            "ANAMNESIS_SMTP_PORT": str(self.smtp_port),
            "ANAMNESIS_SMTP_SECURITY": self.smtp_security,
            "ANAMNESIS_SMTP_USER": self.smtp_user,
            "ANAMNESIS_SMTP_PASSWORD_FILE": self.smtp_password_file,
            "ANAMNESIS_MAIL_FROM": self.mail_from,
            "ANAMNESIS_OPERATOR_MAIL": ",".join(self.operator_mail),
            "ANAMNESIS_WEBHOOK_URL": self.webhook_url,
            "ANAMNESIS_WEBHOOK_SECRET_FILE": self.webhook_secret_file,
        }

    def checked(self) -> "Settings":
        """These settings with an absolute data directory; raises `SettingRefused`."""
        settings = replace(self, data=self.data.expanduser().absolute())
        if not 0 <= settings.port <= 65535:
            raise SettingRefused("port-invalid", f"{settings.port} is not a port: 0 to 65535.")
        if settings.language not in ("fr", "en"):
            raise SettingRefused(
                "language-unknown", f"The language is fr or en, not {settings.language}."
            )
        if not settings.origin or any(c.isspace() or c == "+" for c in settings.origin):
            raise SettingRefused(
                "origin-invalid", "The origin names the journal: no spaces, no plus sign."
            )
        if settings.public_url and urlsplit(settings.public_url).scheme not in ("http", "https"):
            raise SettingRefused("public-url-invalid", "The public URL starts with https://.")
        if self.backup_to and not self.backup_recipient:
            raise SettingRefused(
                "backup-recipient-missing",
                "Copies are sealed: say for whom with ANAMNESIS_BACKUP_RECIPIENT (age1…), which "
                "`anamnesis backup key` makes.",
            )
        _check_outside(settings)
        longest = max(
            len(os.fsencode(path))
            for path in (
                settings.application_socket,
                settings.application_wake,
                settings.keeper_wake,
                settings.control_socket,
            )
        )
        if longest > SOCKET_PATH_BYTES_MAX:
            raise SettingRefused(
                "data-path-too-long",
                f"The data directory's path is {longest - SOCKET_PATH_BYTES_MAX} bytes too long "
                "for the sockets inside it. Choose a shorter one.",
            )
        return settings


def _check_outside(settings: Settings) -> None:
    """Raises SettingRefused for a mail server or a webhook that could not be used safely."""
    if settings.smtp_host:
        for address in (settings.mail_from, *settings.operator_mail):
            if address.count("@") != 1 or any(c.isspace() for c in address):
                raise SettingRefused(
                    "mail-address-invalid", f"“{address}” is not an e-mail address."
                )
        if not settings.operator_mail:
            raise SettingRefused(
                "operator-mail-missing", "Say who is told, with ANAMNESIS_OPERATOR_MAIL."
            )
        if settings.smtp_user and (
            settings.smtp_security == "no" or not settings.smtp_password_file
        ):
            raise SettingRefused(
                "smtp-login-unsafe",
                "A login at the mail server needs ANAMNESIS_SMTP_PASSWORD_FILE, and TLS.",
            )
    if settings.webhook_url:
        parts = urlsplit(settings.webhook_url)
        here = parts.hostname in ("localhost", "127.0.0.1", "::1")
        if parts.scheme != "https" and not (parts.scheme == "http" and here):
            raise SettingRefused(
                "webhook-url-invalid", "ANAMNESIS_WEBHOOK_URL starts with https://."
            )
        if not settings.webhook_secret_file:
            raise SettingRefused(
                "webhook-secret-missing",
                "Calls are signed: name the secret's file with ANAMNESIS_WEBHOOK_SECRET_FILE.",
            )


def from_environment(environ: Mapping[str, str]) -> Settings:
    """The settings that `ANAMNESIS_*` variables ask for; raises `SettingRefused`."""
    port = environ.get("ANAMNESIS_PORT", str(PORT_DEFAULT))
    if not port.isdecimal():
        raise SettingRefused("port-invalid", "ANAMNESIS_PORT is not a number.")
    language = environ.get("ANAMNESIS_LANGUAGE", LANGUAGE_DEFAULT)
    if language not in ("fr", "en"):
        raise SettingRefused("language-unknown", "ANAMNESIS_LANGUAGE is fr or en.")
    role = environ.get("ANAMNESIS_ROLE", ROLE_DEFAULT)
    if role not in ("controller", "processor"):
        raise SettingRefused("role-unknown", "ANAMNESIS_ROLE is controller or processor.")
    security = environ.get("ANAMNESIS_SMTP_SECURITY", "starttls")
    if security not in SMTP_PORTS:
        raise SettingRefused(
            "smtp-security-unknown", "ANAMNESIS_SMTP_SECURITY is starttls, tls or no."
        )
    smtp_port = environ.get("ANAMNESIS_SMTP_PORT", str(SMTP_PORTS[security]))
    if not smtp_port.isdecimal():
        raise SettingRefused("port-invalid", "ANAMNESIS_SMTP_PORT is not a number.")
    mails = environ.get("ANAMNESIS_OPERATOR_MAIL", "").split(",")
    return Settings(
        data=Path(environ.get("ANAMNESIS_DATA", str(DATA_DEFAULT))),
        host=environ.get("ANAMNESIS_HOST", HOST_DEFAULT),
        port=int(port),
        origin=environ.get("ANAMNESIS_ORIGIN", ORIGIN_DEFAULT),
        public_url=environ.get("ANAMNESIS_PUBLIC_URL", ""),
        build=environ.get("ANAMNESIS_BUILD", __version__),
        language="en" if language == "en" else "fr",
        protected=environ.get("ANAMNESIS_PROTECTED") != "no",
        sentinels=_sentinels(environ.get("ANAMNESIS_SENTINELS", f"{SENTINELS_DEFAULT:g}")),
        flags=environ.get("ANAMNESIS_FLAGS", ""),
        role="processor" if role == "processor" else "controller",
        organisation=environ.get("ANAMNESIS_ORGANISATION", ""),
        backup_to=environ.get("ANAMNESIS_BACKUP_TO", ""),
        backup_recipient=environ.get("ANAMNESIS_BACKUP_RECIPIENT", ""),
        backup_identity=environ.get("ANAMNESIS_BACKUP_IDENTITY", ""),
        smtp_host=environ.get("ANAMNESIS_SMTP_HOST", ""),
        smtp_port=int(smtp_port),
        smtp_security=security,
        smtp_user=environ.get("ANAMNESIS_SMTP_USER", ""),
        smtp_password_file=environ.get("ANAMNESIS_SMTP_PASSWORD_FILE", ""),
        mail_from=environ.get("ANAMNESIS_MAIL_FROM", ""),
        operator_mail=tuple(one.strip() for one in mails if one.strip()),
        webhook_url=environ.get("ANAMNESIS_WEBHOOK_URL", ""),
        webhook_secret_file=environ.get("ANAMNESIS_WEBHOOK_SECRET_FILE", ""),
    )


def secret(path: str) -> str:
    """What a file with a password or a secret says; raises SettingRefused."""
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise SettingRefused("secret-unreadable", f"The secret in {path} cannot be read.") from None


def _sentinels(text: str) -> float:
    """Seconds between rounds, 0.0 for `no`; raises `SettingRefused`."""
    if text == "no":
        return 0.0
    if not text.isdecimal() or int(text) < SENTINELS_SECONDS_MIN:
        raise SettingRefused(
            "sentinels-invalid", "ANAMNESIS_SENTINELS is a whole number of seconds, or no."
        )
    return float(text)


def chosen(
    environ: Mapping[str, str],
    *,
    data: Path | None = None,
    host: str | None = None,
    port: int | None = None,
    origin: str | None = None,
    public_url: str | None = None,
    language: Language | None = None,
) -> Settings:
    """The environment's settings with those of the command line over them, checked."""
    settings = from_environment(environ)
    given = {
        "data": data,
        "host": host,
        "port": port,
        "origin": origin,
        "public_url": public_url,
        "language": language,
    }
    said = {name: value for name, value in given.items() if value is not None}
    return replace(settings, **said).checked()  # type: ignore[arg-type]
