"""Why the record could not take an entry. The entry stays in the journal, whole, and listed.

| code | what happened | what brings it in |
| --- | --- | --- |
| `unknown-kind` | a newer build's kind | a build that knows it, and a rebuild |
| `content-refused` | not the shape of its kind | a build that reads it, and a rebuild |
| `practice-mismatch` | a practice created under another's id | the operator |
| `practice-exists` | a second creation of the practice | nothing needed: the first one stands |
| `practitioner-exists` | a second creation of the practitioner | nothing needed, likewise |
| `practitioner-unknown` | an appointment with nobody of this practice | booking it again |
| `patient-exists` | a second creation of the patient | amending the patient |
| `patient-unknown` | not a patient of this practice | creating the patient, then again |
| `patient-mismatch` | the encounter or measurement is another patient's | the author, by hand |
| `encounter-exists` | a second start of the encounter | nothing needed: the first one stands |
| `encounter-unknown` | nobody started this encounter in this practice | starting it, then again |
| `text-changed` | the text signed is not the current one | reading it again, and signing that |
| `nothing-to-sign` | nothing was ever written in the note | writing, then signing |
| `entered-in-error` | signing a note that was entered in error | nothing: it is void |
| `divergence-unknown` | deciding about what this note has not | reading the note again |
| `observation-unknown` | correcting a measurement this practice has not | the author, by hand |
| `appointment-unknown` | a status for an appointment this practice has not | the author, by hand |
| `appointment-overlaps` | the practitioner has this time already | another time, or meaning it |
| `appointment-changed` | somebody moved it meanwhile | looking again, then again |
| `resource-unknown` | withdrawing what this practice has not | the author, by hand |
| `resource-mismatch` | the id stands for something of another type | the author, by hand |
| `document-unknown` | of a document this practice has not | writing it, then again |
| `document-not-issued` | sharing a draft | issuing it, then again |
| `share-exists` | a second sharing under the same id | nothing needed: the first one stands |
| `share-unknown` | revoking a sharing this practice has not | the author, by hand |
| `file-incomplete` | parts of the file are not there | sending them, then again |
| `file-differs` | the parts are not the file that was digested | sending the file again |
| `fold-failed` | a fault of this program while applying it | a build without it, and a rebuild |
| `erased` | its content was erased by a decision that the journal has | nothing: it is on no list |

Whatever the code: text typed in a `note.*` entry whose shape is known is kept beside the note
(KeptTypedText), so that it can be read and brought back.
"""

from typing import Final

FOLD_FAILED: Final = "fold-failed"
ERASED: Final = "erased"

CODES: Final[frozenset[str]] = frozenset(
    {
        "unknown-kind",
        "content-refused",
        "practice-mismatch",
        "practice-exists",
        "practitioner-exists",
        "practitioner-unknown",
        "patient-exists",
        "patient-unknown",
        "patient-mismatch",
        "encounter-exists",
        "encounter-unknown",
        "text-changed",
        "nothing-to-sign",
        "entered-in-error",
        "divergence-unknown",
        "observation-unknown",
        "appointment-unknown",
        "appointment-overlaps",
        "appointment-changed",
        "resource-unknown",
        "resource-mismatch",
        "document-unknown",
        "document-not-issued",
        "share-exists",
        "share-unknown",
        "file-incomplete",
        "file-differs",
        FOLD_FAILED,
        ERASED,
    }
)


class NotTaken(Exception):
    """The rules do not let this entry into the record; `code` is one of CODES."""

    def __init__(self, code: str) -> None:
        if code not in CODES:
            raise ValueError(f"{code} is not a code of outstanding entries.")
        super().__init__(code)
        self.code = code
