"""A well-known password stays one when it is doubled, followed by a year, or written with signs."""

import random
import string

import pytest
from django.contrib.auth.password_validation import get_password_validators, validate_password
from django.core.exceptions import ValidationError

from crm import settings as product
from crm.passwords import LEAST_GUESSES, guesses
from leads.models import User
from tests.factories import bruna


def validate(password: str, user: User | None = None) -> None:
    validate_password(password, user, get_password_validators(product.AUTH_PASSWORD_VALIDATORS))


@pytest.mark.parametrize(
    "password",
    [
        "qwertyuiop12", "123456789012", "aaaaaaaaaaaa", "passwordpassword", "Password2026!", "P@ssw0rd2026!",
        "1qaz2wsx3edc", "1q2w3e4r5t6y", "zaq12wsxcde3", "abcabcabcabc", "letmein1letmein2", "0987654321qwe",
        "x7Kq9zx7Kq9z", "11111111111a", "qwerty!QWERTY!", "manchesterunited", "Summer 2026 !", "Lakers2020champs",
        "hindsight2026", "iloveyou" * 100,
    ],
)  # fmt: skip
def test_what_a_program_guesses_among_the_first_is_refused_with_a_sentence(password: str) -> None:
    assert len(password) >= 12
    with pytest.raises(ValidationError) as refused:
        validate(password)
    assert "password_cheap" in [error.code for error in refused.value.error_list]
    assert any("Take several words" in said for said in refused.value.messages)


@pytest.mark.django_db
def test_brunas_own_name_with_something_behind_it_is_refused_to_her() -> None:
    own = bruna()
    own.display_name = "Zwirnmeister"
    validate("Zwirnmeister lemons 77")
    with pytest.raises(ValidationError) as refused:
        validate("zwirnmeister77", own)
    assert "password_cheap" in [error.code for error in refused.value.error_list]


@pytest.mark.parametrize(
    "password",
    [
        "nine lemons on a blue roof", "correct horse 9", "correcthorsebatterystaple", "a long enough secret",
        "ñandú canta de noche", "482915736045", "only small letters here", "馬と電池とホチキス青い屋根",
        "".join(f"{n} geese" for n in range(900)),
    ],
)  # fmt: skip
def test_what_is_ones_own_is_taken_whatever_it_is_made_of(password: str) -> None:
    validate(password)


def test_chance_is_not_mistaken_for_a_habit() -> None:
    chance = random.Random(1)
    made = ("".join(chance.choice(string.ascii_letters + string.digits) for _ in range(12)) for _ in range(300))
    assert [password for password in made if guesses(password, []) < LEAST_GUESSES] == []
