from anamnesis.access.limits import (
    REMEMBERED_MAX,
    TRIES_PER_ADDRESS_MAX,
    TRIES_PER_LOGIN_MAX,
    WINDOW_SECONDS,
    SignInLimits,
)


def test_a_few_failures_cost_no_wait() -> None:
    limits = SignInLimits()
    for _ in range(TRIES_PER_LOGIN_MAX - 1):
        limits.tried("claire", "192.0.2.1", 0.0)
    assert limits.wait("claire", "192.0.2.1", 1.0) == 0.0


def test_too_many_failures_for_one_login_wait_from_any_address() -> None:
    limits = SignInLimits()
    for n in range(TRIES_PER_LOGIN_MAX):
        limits.tried("claire", f"192.0.2.{n}", 10.0)
    assert limits.wait("claire", "198.51.100.7", 11.0) == WINDOW_SECONDS - 1.0
    assert limits.wait("paul", "198.51.100.7", 11.0) == 0.0


def test_too_many_failures_from_one_address_wait_for_any_login() -> None:
    limits = SignInLimits()
    for n in range(TRIES_PER_ADDRESS_MAX):
        limits.tried(f"login-{n}", "192.0.2.1", 0.0)
    assert limits.wait("claire", "192.0.2.1", 0.0) > 0.0
    assert limits.wait("claire", "192.0.2.2", 0.0) == 0.0


def test_the_window_slides() -> None:
    limits = SignInLimits()
    for second in range(TRIES_PER_LOGIN_MAX):
        limits.tried("claire", "192.0.2.1", float(second))
    assert limits.wait("claire", "192.0.2.1", WINDOW_SECONDS - 1.0) == 1.0
    assert limits.wait("claire", "192.0.2.1", WINDOW_SECONDS) == 0.0


def test_success_forgives_the_login() -> None:
    limits = SignInLimits()
    for _ in range(TRIES_PER_LOGIN_MAX):
        limits.tried("claire", "192.0.2.1", 0.0)
    limits.succeeded("claire", "192.0.2.1")
    assert limits.wait("claire", "192.0.2.2", 0.0) == 0.0


def test_any_number_of_people_may_sign_in_from_one_address() -> None:
    limits = SignInLimits()
    for n in range(TRIES_PER_ADDRESS_MAX * 3):
        assert limits.wait(f"login-{n}", "192.0.2.1", 0.0) == 0.0
        limits.tried(f"login-{n}", "192.0.2.1", 0.0)
        limits.succeeded(f"login-{n}", "192.0.2.1")


def test_memory_of_failures_is_bounded() -> None:
    limits = SignInLimits()
    for n in range(REMEMBERED_MAX + 10):
        limits.tried(f"login-{n}", "192.0.2.1", 0.0)
    assert len(limits._failures) <= REMEMBERED_MAX
