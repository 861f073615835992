"""Who gets a feature, asked as OpenFeature has it, and what another flag service can say of it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from openfeature import api
from openfeature.evaluation_context import EvaluationContext
from openfeature.exception import ErrorCode
from openfeature.flag_evaluation import FlagResolutionDetails, Reason
from openfeature.provider import FeatureProvider
from openfeature.provider.in_memory_provider import InMemoryFlag, InMemoryProvider

from anamnesis.features.flags import DOMAIN, RolloutProvider
from anamnesis.features.loading import FeatureNotFound, flag_service
from anamnesis.rollout.cohort import Cohort
from anamnesis.rollout.rollout import Rollout
from anamnesis.rollout.sentinels import SENTINEL_PRACTICE, sentinel_of

AT = "2026-11-23T12:00:00.000Z"
COHORT = Cohort(practices=("lilas",), practitioners=("kerjean",))
DEPLOYED = Rollout().deployed("letters", "entry-point", ("typing",), COHORT, AT)
SUSPENDED = DEPLOYED.suspended("letters", AT, "note-altered")


def other(value: bool) -> Callable[[], FeatureProvider]:
    flag = InMemoryFlag("said", {"said": value})
    return lambda: InMemoryProvider({"letters": flag})


def provider(
    rollout: Rollout = DEPLOYED, plug: Callable[[], FeatureProvider] | None = None
) -> RolloutProvider:
    made = RolloutProvider(lambda: rollout, plug)
    made.initialize(EvaluationContext())
    return made


def answer(of: RolloutProvider, practice: str, who: str) -> FlagResolutionDetails[bool]:
    context = EvaluationContext(who, {"practice": practice})
    return of.resolve_boolean_details("letters", False, context)


@pytest.mark.parametrize(
    ("practice", "who", "given"),
    [("lilas", "morel", True), ("roses", "kerjean", True), ("roses", "morel", False)],
)
def test_the_cohort_gets_it(practice: str, who: str, given: bool) -> None:
    assert provider().gives("letters", practice, who) is given


def test_any_code_may_ask_through_openfeature() -> None:
    api.set_provider_and_wait(provider(), DOMAIN)
    try:
        ask = api.get_client(DOMAIN)
        context = EvaluationContext("kerjean", {"practice": "roses"})
        assert ask.get_boolean_value("letters", False, context)
        assert not ask.get_boolean_value("unheard-of", False, context)
        assert ask.get_string_details("letters", "x", context).error_code == "TYPE_MISMATCH"
    finally:
        api.clear_providers()


def test_everybodys_share_is_a_split_and_a_suspended_feature_is_disabled() -> None:
    everybody = DEPLOYED.deployed("letters", "entry-point", ("typing",), Cohort(share=1.0), AT)
    assert answer(provider(everybody), "roses", "morel").reason == Reason.SPLIT
    assert answer(provider(SUSPENDED), "lilas", "morel").reason == Reason.DISABLED


def test_who_is_asked_about_has_to_be_said() -> None:
    found = provider().resolve_boolean_details("letters", True, EvaluationContext("kerjean"))
    assert (found.value, found.error_code) == (False, ErrorCode.TARGETING_KEY_MISSING)


@pytest.mark.parametrize("value", [True, False])
def test_another_flag_service_may_keep_it_from_the_cohort(value: bool) -> None:
    assert provider(plug=other(value)).gives("letters", "lilas", "morel") is value


def test_another_flag_service_gives_nothing_that_the_rollout_does_not() -> None:
    assert not provider(plug=other(True)).gives("letters", "roses", "morel")
    assert not provider(SUSPENDED, other(True)).gives("letters", "lilas", "morel")
    assert not provider(DEPLOYED.in_mode("safe"), other(True)).gives("letters", "lilas", "morel")


def test_a_sentinel_gets_its_feature_whatever_another_service_says() -> None:
    found = provider(plug=other(False))
    assert found.gives("letters", SENTINEL_PRACTICE, sentinel_of("letters"))


def test_a_service_that_is_not_ready_fails_or_knows_nothing_says_no() -> None:
    unready = RolloutProvider(lambda: DEPLOYED, other(True))
    assert answer(unready, "lilas", "morel").error_code == ErrorCode.PROVIDER_NOT_READY
    unknowing = provider(plug=lambda: InMemoryProvider({}))
    assert answer(unknowing, "lilas", "morel").error_code == ErrorCode.GENERAL


def test_a_service_is_made_from_a_file_and_one_that_is_not_there_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "theirs.py"
    file.write_text(
        "from openfeature.provider.in_memory_provider import InMemoryProvider\n"
        "class Theirs(InMemoryProvider):\n"
        "    def __init__(self): super().__init__({})\n"
    )
    assert flag_service(f"{file}:Theirs").get_metadata().name == "In-Memory Provider"
    for named in (f"{file}:Nobodys", f"{tmp_path / 'none.py'}:Theirs", "not-installed"):
        with pytest.raises(FeatureNotFound):
            flag_service(named)
