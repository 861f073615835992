"""The keeper's own routes as the interface's document describes them (docs/protocol.md)."""

from typing import Final

from anamnesis.web.api.items import (
    SECURITY_UNSAFE,
    Item,
    in_path,
    in_query,
    json_of,
    route,
    text,
)

SESSION, ENTRIES, PROOF = "Session", "Entries", "Proof"
TAGS: Final = {
    SESSION: "Signing in and out. The session is a cookie.",
    ENTRIES: "Writing, and what became of it. There is no other way to write anything.",
    PROOF: "What anybody needs to verify a receipt without this server's word for it.",
}

_NOT_SIGNED_IN = {401: "`not-signed-in`: no session, or it ended."}
_UNSAFE = {403: "`csrf-refused`, `origin-refused`: the header is missing, or the origin another."}
_BUSY = {
    503: "`record-unavailable`, `keeper-busy`, `audit-unavailable`: ask again in a moment.",
}


def paths() -> dict[str, Item]:
    """The path items, by path."""
    return {
        "/keep/session": {"post": _sign_in(), "get": _session(), "delete": _sign_out()},
        "/keep/entries": {"post": _entries()},
        "/keep/events": {"get": _events()},
        "/keep/witness": {"post": _witness()},
        "/keep/encounters/{encounter}/note": {"get": _note()},
        "/keep/receipts": {"get": _receipts()},
        "/keep/receipts/{entry}": {"get": _receipt()},
        "/keep/devices": {"get": _devices()},
        "/keep/devices/{device}": {"get": _device()},
        "/keep/outstanding": {"get": _outstanding()},
        "/keep/shares/{share}/openings": {"get": _openings()},
        "/keep/share": {"post": _open_share()},
        "/keep/health": {"get": _health()},
        "/keep/checkpoint": {"get": _checkpoint()},
        "/keep/key": {"get": _key()},
        "/keep/consistency": {"get": _consistency()},
    }


def _sign_in() -> Item:
    return route(
        "sign-in",
        SESSION,
        "Sign in",
        "Sets the cookies `anamnesis_session` (HttpOnly) and `anamnesis_csrf`. What writes has to "
        "send the second one's value again, as the header `X-CSRF-Token`.",
        json_of("Session", "Signed in."),
        {
            400: "`malformed`.",
            401: "`sign-in-refused`: the login or the password is wrong.",
            403: "`origin-refused`.",
            413: "`request-too-large`.",
            429: "`sign-in-limited`: too many tries; `retry_after` in seconds.",
        },
        body="SignIn",
        security=[],
    )


def _session() -> Item:
    words = "The session itself. Asking does not prolong it."
    return route("session", SESSION, "Who am I", words, json_of("Session"), _NOT_SIGNED_IN)


def _sign_out() -> Item:
    return route(
        "sign-out",
        SESSION,
        "Sign out",
        "Ends the session; its cookies are good for nothing any more.",
        {"204": {"description": "Signed out."}},
        _NOT_SIGNED_IN | _UNSAFE,
        security=SECURITY_UNSAFE,
    )


def _entries() -> Item:
    return route(
        "send-entries",
        ENTRIES,
        "Write",
        "Sends entries, at most 64 and 4 MiB together, one at most 1 MiB. Each is answered by a "
        "receipt (it is durable) or a refusal (nothing of it was kept). Any other answer, or none, "
        "means **unknown**: send the same entries again, under the same ids; what has arrived "
        "already gets the same receipt. A device numbers its entries from 1 without holes.",
        json_of("Results", "One result for each entry, in order."),
        _NOT_SIGNED_IN
        | _UNSAFE
        | {
            400: "`malformed`, `too-many-entries`: the request as a whole.",
            413: "`request-too-large`.",
            503: "`journal-unavailable`, `keeper-busy`: unknown, send again.",
        },
        body="Entries",
        security=SECURITY_UNSAFE,
    )


def _events() -> Item:
    stream = {"schema": {"type": "string"}}
    return route(
        "events",
        ENTRIES,
        "What happens",
        "Server-sent events: `recorded`, `note`, `divergence`, `outstanding`, `application` and "
        "`session`, each with JSON as its data. A comment every 15 s keeps the stream open.",
        {"200": {"description": "The stream.", "content": {"text/event-stream": stream}}},
        _NOT_SIGNED_IN | {503: "`keeper-busy`: too many streams are open."},
    )


def _witness() -> Item:
    return route(
        "witness",
        ENTRIES,
        "Is this what a reader would get?",
        "For a program that shows a note: the record is read again and compared with `shown`, the "
        "digest of the text on the screen.",
        json_of("Witnessed"),
        _NOT_SIGNED_IN | _UNSAFE | _BUSY | {400: "`malformed`.", 413: "`request-too-large`."},
        body="WitnessReport",
        security=SECURITY_UNSAFE,
    )


def _note() -> Item:
    return route(
        "note-read-back",
        ENTRIES,
        "A note, read back",
        "The note as the keeper itself reads it from the record, past the application. A note "
        "that nobody has written is version 0 and blank.",
        json_of("NoteReadBack"),
        _NOT_SIGNED_IN | _BUSY | {400: "`malformed`.", 404: "`encounter-unknown`."},
        parameters=[in_path("encounter", "The encounter's id.")],
    )


def _receipts() -> Item:
    return route(
        "receipts",
        ENTRIES,
        "My entries",
        "The session's own entries, newest first.",
        json_of("ReceiptRows"),
        _NOT_SIGNED_IN | _BUSY | {400: "`malformed`."},
        parameters=[
            in_query("before", "Only entries before this position.", 0, 999_999_999_999_999),
            in_query("limit", "How many at most.", 1, 100),
        ],
    )


def _receipt() -> Item:
    return route(
        "receipt",
        ENTRIES,
        "A receipt",
        "The receipt of an entry of this practice, in the state it has now.",
        json_of("Receipt"),
        _NOT_SIGNED_IN | _BUSY | {400: "`malformed`.", 404: "`entry-unknown`."},
        parameters=[in_path("entry", "The entry's id.")],
    )


def _devices() -> Item:
    return route(
        "devices",
        ENTRIES,
        "What devices still hold",
        "Devices of this practice that held something when they were last heard of. A device that "
        "will never send it is declared lost by a `device-loss.write`; whatever it sends all the "
        "same is taken.",
        json_of("DevicesHolding"),
        _NOT_SIGNED_IN | _BUSY,
    )


def _device() -> Item:
    return route(
        "device",
        ENTRIES,
        "A device’s last number",
        "What a device has to go on from; 0 for one that was never seen, or is another's.",
        json_of("DeviceKnown"),
        _NOT_SIGNED_IN | _BUSY | {400: "`malformed`."},
        parameters=[in_path("device", "The device's id.")],
    )


def _outstanding() -> Item:
    return route(
        "outstanding",
        ENTRIES,
        "What is outstanding",
        "Entries of this practice that are journaled, and that the record could not take or "
        "shows wrongly.",
        json_of("OutstandingRows"),
        _NOT_SIGNED_IN | _BUSY,
    )


def _openings() -> Item:
    return route(
        "share-openings",
        "Sharing",
        "Who opened a share",
        "Every opening and every refused try, newest first, from the audit trail.",
        json_of("Openings"),
        _NOT_SIGNED_IN | _BUSY | {404: "`share-unknown`."},
        parameters=[in_path("share", "The share's id.")],
    )


def _open_share() -> Item:
    return route(
        "open-share",
        "Sharing",
        "Open a share as a patient",
        "With the link's token and the code. Sets the cookie `anamnesis_share`, with which "
        "`GET /shared` and `GET /shared/file` show the document. A code opens once.",
        {"200": {"description": "Opened."}},
        {
            400: "`malformed`.",
            401: "`share-refused`: the same for a wrong code, and for a link that is unknown, "
            "expired, revoked, used or locked.",
            403: "`origin-refused`.",
            413: "`request-too-large`.",
            429: "`share-limited`: too many tries.",
            503: "`record-unavailable`, `keeper-busy`: ask again in a moment.",
        },
        body="ShareOpened",
        security=[],
    )


def _health() -> Item:
    words = "The state of every part. Public: it tells nothing about anybody."
    return route("health", PROOF, "Health", words, json_of("Health"), {}, security=[])


def _checkpoint() -> Item:
    words = "The newest signed checkpoint of the journal (C2SP `tlog-checkpoint`)."
    return route("checkpoint", PROOF, "The newest checkpoint", words, text(), _BUSY, security=[])


def _key() -> Item:
    words = "The key that receipts are verified with (C2SP `vkey`)."
    return route("key", PROOF, "The verification key", words, text(), {}, security=[])


def _consistency() -> Item:
    return route(
        "consistency",
        PROOF,
        "A consistency proof",
        "That the journal of size `from` is the beginning of that of size `to` (RFC 9162).",
        json_of("Consistency"),
        {400: "`malformed`.", 404: "`size-unknown`."} | _BUSY,
        parameters=[
            in_query("from", "The smaller size.", 0, 999_999_999_999_999, required=True),
            in_query("to", "The larger size.", 0, 999_999_999_999_999, required=True),
        ],
        security=[],
    )
