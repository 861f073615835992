from anamnesis.access.session import Session
from anamnesis.keeper.forward import forwarded_headers
from anamnesis.record.resource_model import Share
from tests.unit.access.shares import SHARE, share
from tests.unit.keeper.fakes import NOON, request

CLAIRE = Session("s-1", "claire", "p-claire", "lilas", "Dr Zoé Aubry", NOON, NOON)


def forwarded(visitor: Session | Share | None = CLAIRE, **headers: str) -> dict[str, str]:
    pairs = forwarded_headers(request(**headers), visitor)
    return {name.decode(): value.decode() for name, value in pairs}


def test_the_application_is_told_who_asks() -> None:
    sent = forwarded()
    assert sent["x-anamnesis-practitioner"] == "p-claire"
    assert sent["x-anamnesis-practice"] == "lilas"
    assert sent["x-anamnesis-login"] == "claire"
    assert sent["x-anamnesis-name"] == "Dr%20Zo%C3%A9%20Aubry"


def test_an_identity_from_outside_never_gets_through() -> None:
    forged = {"x_anamnesis_practitioner": "p-evil", "x_anamnesis_anything": "1"}
    assert forwarded(CLAIRE, **forged)["x-anamnesis-practitioner"] == "p-claire"
    assert "x-anamnesis-anything" not in forwarded(CLAIRE, **forged)
    assert not [name for name in forwarded(None, **forged) if name.startswith("x-anamnesis")]


def test_the_session_stays_with_the_keeper() -> None:
    sent = forwarded(cookie="a=1; anamnesis_session=secret; anamnesis_language=en")
    assert sent["cookie"] == "a=1; anamnesis_language=en"
    assert "cookie" not in forwarded(cookie="anamnesis_session=secret")
    assert forwarded(share(), cookie="anamnesis_share=secret; a=1")["cookie"] == "a=1"


def test_an_opened_share_is_named_and_nobody_is_signed_in_by_it() -> None:
    forged = {"x_anamnesis_share": "forged", "x_anamnesis_practitioner": "p-evil"}
    sent = forwarded(share(), **forged)
    named = {name: value for name, value in sent.items() if name.startswith("x-anamnesis-")}
    assert named == {"x-anamnesis-share": SHARE, "x-anamnesis-share-practice": "lilas"}
    assert "x-anamnesis-share" not in forwarded(CLAIRE, **forged)
    assert "x-anamnesis-share" not in forwarded(None, **forged)


def test_headers_of_the_connection_end_with_it() -> None:
    sent = forwarded(
        connection="keep-alive, X-Private", x_private="1", te="trailers", accept="text/html"
    )
    assert "accept" in sent
    assert not {"connection", "x-private", "te"} & sent.keys()
