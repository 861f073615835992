"""Whether a patient's record is only kept (GDPR art. 18): what was decided last, and stands."""

from anamnesis.record.resource_model import Resource
from anamnesis.record.resource_store import ResourceReader


def restriction_of(reader: ResourceReader, practice: str, patient: str) -> Resource | None:
    """The decision by which the record is only kept now; None where it is not, or no longer."""
    decided = reader.resources(practice, patient, "restriction")
    standing = [one for one in decided if one.content["restricted"]]
    return standing[-1] if standing else None
