"""What every place of copies does: a folder, and a store that speaks S3."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from anamnesis.backup.place import Place, place_at
from anamnesis.backup.refusal import BackupRefused
from anamnesis.backup.sealing import new_identity, sealing, unsealing

KINDS = ("folder", "s3")


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(port=0)
    server.start()
    host, port = server.get_host_and_port()
    before = dict(os.environ)
    os.environ |= {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "nobody",
        "AWS_SECRET_ACCESS_KEY": "nothing",
        "AWS_DEFAULT_REGION": "eu-west-3",
        "AWS_REGION": "eu-west-3",
    }
    boto3.client("s3").create_bucket(
        Bucket="copies", CreateBucketConfiguration={"LocationConstraint": "eu-west-3"}
    )
    yield os.environ["AWS_ENDPOINT_URL"]
    server.stop()
    os.environ.clear()
    os.environ |= before


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "folder":
        return place_at(str(tmp_path / "copies"))
    request.getfixturevalue("endpoint")
    return place_at(f"s3://copies/{tmp_path.name}")


def code_of(act: Callable[[], object]) -> str:
    with pytest.raises(BackupRefused) as refused:
        act()
    return refused.value.code


def test_a_piece_comes_back_as_it_was_put(place: Place) -> None:
    data = bytes(range(256)) * 5_000
    place.put("segments/one.age", data)
    assert place.get("segments/one.age") == data
    assert code_of(lambda: place.get("segments/two.age")) == "piece-missing"


def test_names_are_listed_in_order_and_by_their_beginning(place: Place) -> None:
    assert place.names("manifests/") == []
    for name in ("manifests/2", "manifests/10", "segments/1", "verification.key"):
        place.put(name, b"x")
    assert place.names("manifests/") == ["manifests/10", "manifests/2"]


def test_a_place_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    place = place_at(str(tmp_path / "file"))
    assert code_of(lambda: place.put("segments/one.age", b"x")) == "place-refused"


def test_a_bucket_that_is_not_there_says_so(endpoint: str) -> None:
    place = place_at("s3://nowhere")
    assert code_of(lambda: place.put("segments/one.age", b"x")) == "place-refused"


def test_only_the_identity_opens_what_was_sealed_for_its_recipient(tmp_path: Path) -> None:
    identity, recipient = new_identity()
    other, _ = new_identity()
    (tmp_path / "mine").write_text(f"# recipient: {recipient}\n{identity}\n")
    (tmp_path / "other").write_text(f"{other}\n")
    sealed = sealing(recipient)("≥ 38,5 °C".encode())
    assert b"38,5" not in sealed
    assert unsealing(tmp_path / "mine")(sealed) == "≥ 38,5 °C".encode()
    assert code_of(lambda: unsealing(tmp_path / "other")(sealed)) == "piece-unopened"
    assert code_of(lambda: unsealing(tmp_path / "mine")(sealed[:-1])) == "piece-unopened"
    assert code_of(lambda: unsealing(tmp_path / "none")) == "identity-missing"
    assert code_of(lambda: sealing("age1nobody")) == "recipient-invalid"
