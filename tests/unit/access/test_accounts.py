import pytest

from anamnesis.access.account import AccountRefused, check_login, check_password, folded_login


def test_blanks_and_capitals_do_not_matter_in_a_login() -> None:
    assert folded_login("  Claire.Aubry ") == "claire.aubry"


@pytest.mark.parametrize("login", ["c", "claire", "c.aubry@lilas", "claire-2", "0claire"])
def test_a_login_that_people_can_type_is_taken(login: str) -> None:
    check_login(login)


@pytest.mark.parametrize("login", ["", ".claire", "claire.", "clé", "a b", "x" * 65, "a\n"])
def test_another_login_is_refused(login: str) -> None:
    with pytest.raises(AccountRefused) as refused:
        check_login(login)
    assert refused.value.code == "login-invalid"


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("elevenchars", "password-too-short"),
        ("x" * 257, "password-too-long"),
        ("aaaaaaaaaaaaaaaa", "password-too-simple"),
        ("claire.aubry.x", "password-too-simple"),
    ],
)
def test_a_weak_password_is_refused(password: str, code: str) -> None:
    with pytest.raises(AccountRefused) as refused:
        check_password("claire.aubry.x", password)
    assert refused.value.code == code


def test_a_passphrase_is_taken() -> None:
    check_password("claire", "twelve chars")
