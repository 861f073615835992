"""What an operator may choose, read once at start from the environment and the command line."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from anamnesis import __version__

Language = Literal["fr", "en"]
Role = Literal["controller", "processor"]

DATA_DEFAULT = Path("anamnesis-data")
HOST_DEFAULT = "127.0.0.1"
PORT_DEFAULT = 8400
ORIGIN_DEFAULT = "anamnesis.local"
LANGUAGE_DEFAULT: Language = "fr"
ROLE_DEFAULT: Role = "controller"
SENTINELS_DEFAULT = 60.0
SENTINELS_SECONDS_MIN = 1.0

SOCKET_PATH_BYTES_MAX = 107
"""Linux refuses a longer Unix socket path (unix(7): 108 bytes with the final NUL)."""


class SettingRefused(Exception):
    """A setting has no usable value; `code` is stable, the message is for the operator."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Settings:
    """Every choice an operator has. Paths inside the data directory are derived, never chosen."""

    data: Path = DATA_DEFAULT
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

    @property
    def journal(self) -> Path:
        """The journal: the one file that must never be lost."""
        return self.data / "journal.db"

    @property
    def lock(self) -> Path:
        """Held by the one process that may write the journal."""
        return self.data / "journal.lock"

    @property
    def record(self) -> Path:
        """The record: may be deleted, the application makes it again from the journal."""
        return self.data / "record.db"

    @property
    def search(self) -> Path:
        """The search index: may be deleted, the application makes it again from the record."""
        return self.data / "search.db"

    @property
    def record_differed(self) -> Path:
        """The last record that was found to be wrong, kept for whoever finds out why."""
        return self.data / "record.db.differed"

    @property
    def record_order(self) -> Path:
        """There while the keeper asks the application to make the record anew."""
        return self.data / "record.order"

    @property
    def nightly_order(self) -> Path:
        """There while the application is to run the features' nightly jobs."""
        return self.data / "nightly.order"

    @property
    def rollout(self) -> Path:
        """Which features are deployed to whom: the keeper writes it, the application obeys it."""
        return self.data / "rollout.json"

    @property
    def doing(self) -> Path:
        """Which feature the application is in the middle of running; outlives its process."""
        return self.data / "application.doing"

    @property
    def sentinel_notes(self) -> Path:
        """Which notes the sentinels read again, and what each has to say, as digests."""
        return self.data / "sentinels.json"

    @property
    def incidents(self) -> Path:
        """Incidents, their discrepancies and their timelines; the keeper writes it."""
        return self.data / "incidents.db"

    @property
    def marks(self) -> Path:
        """How far the keeper has compared, and what devices hold; may be deleted."""
        return self.data / "marks.db"

    @property
    def backups(self) -> Path:
        """What is known of the copies: the newest one, and the newest comparison."""
        return self.data / "backups.json"

    @property
    def access(self) -> Path:
        """Accounts, sessions, and the audit trail."""
        return self.data / "access.db"

    @property
    def signing_key(self) -> Path:
        """The 32-byte Ed25519 seed in hexadecimal, readable by its owner only."""
        return self.data / "signing.key"

    @property
    def verification_key(self) -> Path:
        """What anyone needs to verify a receipt (C2SP vkey)."""
        return self.data / "verification.key"

    @property
    def application_socket(self) -> Path:
        """Where the application answers HTTP."""
        return self.data / "application.sock"

    @property
    def application_wake(self) -> Path:
        """Where the keeper says that the journal has grown."""
        return self.data / "application.wake"

    @property
    def keeper_wake(self) -> Path:
        """Where the application says that the record has moved."""
        return self.data / "keeper.wake"

    @property
    def control_socket(self) -> Path:
        """Where the operator's commands reach a running keeper."""
        return self.data / "keeper.sock"

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
    )


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
