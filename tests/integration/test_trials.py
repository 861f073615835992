"""Where nobody can try a feature, it is deployed on purpose or not at all."""

from pathlib import Path

from tests.deploying import FAULTS, feature
from tests.running import Running


def test_a_feature_that_no_sentinel_can_try_is_refused_unless_it_is_meant_at_once(
    anamnesis: Running, tmp_path: Path
) -> None:
    code = f"{FAULTS / 'pages.py'}:Hides"
    asked = ("deploy", code, "--practitioner", "nobody")
    refused = feature(anamnesis, *asked)
    assert refused.returncode == 2
    assert "sentinels-off" in refused.stderr
    assert "hides" not in feature(anamnesis, "list").stdout
    assert feature(anamnesis, *asked, "--at-once").returncode == 0
    assert feature(anamnesis, "withdraw", "hides").returncode == 0
