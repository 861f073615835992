"""What the members of patients' rights mean, for the interface's own description."""

from typing import Final

from anamnesis.web.api.words import Said

RIGHTS_PROPERTIES: Final[dict[str, Said]] = {
    "ground": Said("The ground in law (GDPR art. 17(1) or 18(1)).", "unlawful"),
    "asked_by": Said("Who asked for it.", "patient"),
    "restricted": Said("Whether the record is only kept from now on.", True),
    "erasure": Said("The erasure that was carried out.", "01a0b3c4-5d6e-7f80-9a1b-2c3d4e5f6071"),
    "ErasureAct.entries": Said("How many contents are no more.", 12),
}
