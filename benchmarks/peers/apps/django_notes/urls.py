"""The notes, as REST framework's own view set serves them."""

from rest_framework.routers import SimpleRouter
from rest_framework.serializers import ModelSerializer
from rest_framework.viewsets import ModelViewSet

from django_notes.models import Note


class NoteSerializer(ModelSerializer):
    """A note as JSON."""

    class Meta:
        """Which fields."""

        model = Note
        fields = ("id", "motif", "interrogatoire", "examen", "conclusion")


class NoteViewSet(ModelViewSet):
    """Reads and writes notes; nobody is asked who they are."""

    authentication_classes = ()
    permission_classes = ()
    queryset = Note.objects.all()
    serializer_class = NoteSerializer


router = SimpleRouter()
router.register("notes", NoteViewSet)
urlpatterns = router.urls
