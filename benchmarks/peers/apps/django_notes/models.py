"""The note; every save of one leaves a row of history."""

import uuid

from django.db import models
from simple_history.models import HistoricalRecords


class Note(models.Model):
    """A note as it is now."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    motif = models.TextField()
    interrogatoire = models.TextField()
    examen = models.TextField()
    conclusion = models.TextField()
    history = HistoricalRecords()

    def __str__(self) -> str:
        return str(self.id)
