"""Who gets which feature, asked and answered as OpenFeature has it (specification 0.8).

The rollout decides. Another flag service may be plugged in, and can only take away: what is not
deployed, or is suspended, it cannot give, and sentinels get their feature whatever it says.
"""

import threading
from collections.abc import Callable
from typing import Final, NoReturn

import structlog
from openfeature.evaluation_context import EvaluationContext
from openfeature.exception import ErrorCode, TypeMismatchError
from openfeature.flag_evaluation import FlagResolutionDetails, Reason
from openfeature.provider import AbstractProvider, FeatureProvider, Metadata

from anamnesis.rollout.rollout import Deployment, Rollout
from anamnesis.rollout.sentinels import is_sentinel

DOMAIN: Final = "anamnesis"
"""Under which any code in the application asks: `openfeature.api.get_client(DOMAIN)`."""
PRACTICE: Final = "practice"
"""The attribute with the practice's id; the targeting key is the practitioner's."""

_Yes = FlagResolutionDetails[bool]
_log = structlog.get_logger()


class RolloutProvider(AbstractProvider):
    """Answers with the rollout in force. `plug`, if any, makes the other flag service.

    The other one is made and initialized apart, by OpenFeature's own thread; until it is ready,
    and whenever it fails or does not know a feature, its answer is no.
    """

    def __init__(
        self, rollout: Callable[[], Rollout], plug: Callable[[], FeatureProvider] | None = None
    ) -> None:
        super().__init__()
        self._rollout = rollout
        self._plug = plug
        self._other: FeatureProvider | None = None
        self._failing = threading.Event()

    def initialize(self, evaluation_context: EvaluationContext) -> None:
        """Makes the other service ready; raises whatever it raises."""
        if self._plug is not None:
            other = self._plug()
            other.initialize(evaluation_context)
            self._other = other

    def shutdown(self) -> None:
        """Lets go of the other service."""
        if self._other is not None:
            self._other.shutdown()

    def get_metadata(self) -> Metadata:
        """The name by which OpenFeature calls it."""
        return Metadata(name="anamnesis-rollout")

    def gives(self, feature: str, practice: str, practitioner: str) -> bool:
        """Whether this practitioner gets the feature now."""
        context = EvaluationContext(practitioner, {PRACTICE: practice})
        return self.resolve_boolean_details(feature, False, context).value

    def resolve_boolean_details(
        self,
        flag_key: str,
        default_value: bool,
        evaluation_context: EvaluationContext | None = None,
    ) -> FlagResolutionDetails[bool]:
        """Whether somebody gets the feature named, and why. Never raises."""
        rollout = self._rollout()
        one = rollout.of(flag_key)
        if one is None:
            return _Yes(default_value, ErrorCode.FLAG_NOT_FOUND, "Not deployed.", Reason.DEFAULT)
        context = evaluation_context or EvaluationContext()
        practice = context.attributes.get(PRACTICE)
        if not context.targeting_key or not isinstance(practice, str):
            needed = "The practitioner's id as targeting key, and the practice's."
            return _Yes(False, ErrorCode.TARGETING_KEY_MISSING, needed, Reason.ERROR)
        if not one.active or rollout.mode != "features":
            return _Yes(False, reason=Reason.DISABLED, variant="off")
        if not one.runs_for(practice, context.targeting_key):
            return _Yes(False, reason=Reason.TARGETING_MATCH, variant="off")
        if self._plug is not None and not is_sentinel(practice):
            return self._asked(flag_key, context)
        return _Yes(True, reason=_reason(one, practice, context.targeting_key), variant="on")

    def _asked(self, feature: str, context: EvaluationContext) -> FlagResolutionDetails[bool]:
        """What the other service says."""
        if self._other is None:
            return _Yes(False, ErrorCode.PROVIDER_NOT_READY, "Not ready.", Reason.ERROR)
        try:
            answer = self._other.resolve_boolean_details(feature, False, context)
            answer.raise_for_error()
        except Exception as failure:  # noqa: BLE001 - whatever it raises, its answer is no
            if not self._failing.is_set():
                _log.error("flag-service-failed", failure=type(failure).__name__)
            self._failing.set()
            return _Yes(False, ErrorCode.GENERAL, type(failure).__name__, Reason.ERROR)
        self._failing.clear()
        given = answer.value is True
        return _Yes(given, reason=answer.reason, variant="on" if given else "off")

    def resolve_string_details(self, *_asked: object, **_named: object) -> NoReturn:
        """Raises TypeMismatchError: a feature is given or not."""
        raise TypeMismatchError(_BOOLEAN)

    def resolve_integer_details(self, *_asked: object, **_named: object) -> NoReturn:
        """Raises TypeMismatchError."""
        raise TypeMismatchError(_BOOLEAN)

    def resolve_float_details(self, *_asked: object, **_named: object) -> NoReturn:
        """Raises TypeMismatchError."""
        raise TypeMismatchError(_BOOLEAN)

    def resolve_object_details(self, *_asked: object, **_named: object) -> NoReturn:
        """Raises TypeMismatchError."""
        raise TypeMismatchError(_BOOLEAN)


_BOOLEAN: Final = "A feature is a boolean flag."


def _reason(one: Deployment, practice: str, practitioner: str) -> Reason:
    named = practice in one.cohort.practices or practitioner in one.cohort.practitioners
    return Reason.TARGETING_MATCH if named or is_sentinel(practice) else Reason.SPLIT
