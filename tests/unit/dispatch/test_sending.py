"""What waits is tried again with growing pauses, and a duplicate is known for one."""

from datetime import timedelta
from email.message import EmailMessage

import pytest

from anamnesis.dispatch.sending import (
    GIVEN_UP_AFTER,
    RETRIED_AFTER_MAX,
    RETRIED_AFTER_MIN,
    NotSent,
    Sending,
    is_due,
    pause,
)
from anamnesis.dispatch.smtp import message
from anamnesis.dispatch.webhook import key_of, signature
from anamnesis.incident.dispatch import Attachment, Dispatch, Waiting, mails
from anamnesis.seams import instant
from anamnesis.settings import SettingRefused
from anamnesis.storage.memory.dispatches import MemoryDispatchStore
from tests.unit.keeper.fakes import FakeClock

ODILE, PAUL = mails("k-1", "paper", ["odile@here.fr", "paul@here.fr"], "Objet", "Texte à lire")
HOOK = Dispatch("k-1", "incident-opened", "webhook", "", "Objet", "{}")


class Way:
    """A way out that answers as it was told to, and remembers what it was given."""

    def __init__(self, *answers: Exception | None) -> None:
        self.answers = list(answers)
        self.given: list[Dispatch] = []

    def send(self, dispatch: Dispatch, created_at: str) -> None:
        self.given.append(dispatch)
        answer = self.answers.pop(0) if self.answers else None
        if answer is not None:
            raise answer


def sending(
    *answers: Exception | None, waiting: tuple[Dispatch, ...] = (ODILE,)
) -> tuple[MemoryDispatchStore, Way, FakeClock, Sending]:
    store, way, clock = MemoryDispatchStore(), Way(*answers), FakeClock()
    store.enqueue(waiting, instant(clock.now()))
    return store, way, clock, Sending(store, {"mail": way}, clock)


def test_what_was_accepted_is_not_sent_again() -> None:
    store, way, clock, work = sending()
    assert work.step() == 1
    clock.move(3600)
    assert work.step() == 0
    assert way.given == [ODILE]
    assert store.state().sent == 1


def test_pauses_double_up_to_an_hour() -> None:
    assert [pause(n) for n in range(3)] == [timedelta(0), RETRIED_AFTER_MIN, 2 * RETRIED_AFTER_MIN]
    assert pause(30) == RETRIED_AFTER_MAX
    at = FakeClock().now()
    tried = Waiting(1, "mail", instant(at), 1, instant(at))
    assert not is_due(tried, at + RETRIED_AFTER_MIN / 2)
    assert is_due(tried, at + RETRIED_AFTER_MIN)
    assert is_due(tried, at - timedelta(days=1)), "the clock was set back"


def test_one_that_is_refused_keeps_no_other_from_being_sent() -> None:
    store, way, clock, work = sending(NotSent("smtp-recipient-refused"), waiting=(ODILE, PAUL))
    assert work.step() == 1
    assert way.given == [ODILE, PAUL]
    clock.move(RETRIED_AFTER_MIN.total_seconds())
    assert work.step() == 1
    assert store.state().waiting == 0


def test_a_server_that_is_away_is_asked_once_per_pause_however_much_waits() -> None:
    away = NotSent("smtp-unreachable", is_anybodys=True)
    store, way, clock, work = sending(away, away, waiting=(ODILE, PAUL))
    assert work.step() == work.step() == 0
    assert way.given == [ODILE]
    assert store.state().failure == "smtp-unreachable"
    clock.move(RETRIED_AFTER_MIN.total_seconds())
    assert work.step() == 0
    assert way.given == [ODILE, PAUL], "each has its turn"
    clock.move(2 * RETRIED_AFTER_MIN.total_seconds())
    assert work.step() == 2
    assert store.state().failure is None


def test_an_attempt_is_on_the_disk_before_it_is_made() -> None:
    """A process that dies while sending, or a full disk after it, makes no flood."""
    store, _, clock, _ = sending()

    class Dies:
        def send(self, dispatch: Dispatch, created_at: str) -> None:
            assert store.waiting(1)[0].attempts == 1
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Sending(store, {"mail": Dies()}, clock).step()
    after = Way()
    restarted = Sending(store, {"mail": after}, clock)
    assert restarted.step() == 0
    clock.move(RETRIED_AFTER_MIN.total_seconds())
    assert restarted.step() == 1


def test_what_cannot_be_sent_at_all_is_said_and_the_rest_goes_on() -> None:
    store, way, _, work = sending(ValueError("x"), waiting=(ODILE, PAUL, HOOK))
    assert work.step() == 1
    assert way.given == [ODILE, PAUL]
    assert [one.failure for one in store.standings("k-1")] == [
        "dispatch-unsendable",
        None,
        "webhook-not-set",
    ]


def test_after_five_days_it_is_given_up_and_counted() -> None:
    store, _, clock, work = sending(NotSent("a"), NotSent("b"))
    work.step()
    clock.move(GIVEN_UP_AFTER.total_seconds())
    work.step()
    assert (store.state().waiting, store.state().given_up) == (0, 1)
    assert store.standings("k-1")[0].failure == "b"


def test_an_e_mail_carries_its_text_its_files_and_always_the_same_message_id() -> None:
    paper = Attachment("Déclaration.pdf", "application/pdf", b"%PDF-\x00")
    [one] = mails("incident-3", "paper", ["odile@here.fr"], "Objet à lire", "Été.", [paper])
    mail: EmailMessage = message(one, "anamnesis@here.fr", "anamnesis/local", AT)
    again = message(one, "anamnesis@here.fr", "anamnesis/local", AT)
    assert mail["Message-ID"] == again["Message-ID"] == "<incident-3@anamnesis-local>"
    assert (mail["To"], mail["Subject"]) == ("odile@here.fr", "Objet à lire")
    body = mail.get_body()
    assert body is not None
    assert body.get_content().strip() == "Été."
    [file] = mail.iter_attachments()
    assert (file.get_filename(), file.get_content()) == ("Déclaration.pdf", b"%PDF-\x00")
    assert mail.as_bytes().isascii(), "any server takes it"


AT = "2026-11-26T12:00:00.000Z"


def test_a_call_is_signed_as_the_standard_says() -> None:
    """The example of the Standard Webhooks libraries."""
    key = key_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    body = b'{"test": 2432232314}'
    assert signature(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body) == (
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_trop court", "whsec_YWJj", "MfKQ9r8GKYq"])
def test_a_secret_that_is_none_is_refused(secret: str) -> None:
    with pytest.raises(SettingRefused) as refused:
        key_of(secret)
    assert refused.value.code == "webhook-secret-invalid"
