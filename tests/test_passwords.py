"""A well-known password stays one when it is doubled, followed by a year, or written with signs. All of Django's list:

WORDS=all pytest tests/test_passwords.py
"""

import os
import random
import string
from collections.abc import Callable

import pytest
from django.contrib.auth.password_validation import get_password_validators, validate_password
from django.core.exceptions import ValidationError

from crm import settings as product
from crm.passwords import _ranks, is_cheap

#: A twentieth of them is what CI looks at.
WORDS = list(_ranks())[:: 1 if os.environ.get("WORDS") == "all" else 20]
LEET = str.maketrans("aeios", "@310$")


def at_least_12(word: str, filling: str) -> str:
    return word + (filling * 12)[: max(0, 12 - len(word))]


@pytest.mark.parametrize(
    "made",
    [
        lambda word: word * max(2, -(-12 // len(word))),
        lambda word: at_least_12(word, "1234567890"),
        lambda word: at_least_12(word, "!"),
        lambda word: at_least_12(word.capitalize() + "2026", "!"),
        lambda word: at_least_12("1" + word, "0"),
        lambda word: at_least_12(word.translate(LEET) + "2026", "!") if word.isalpha() else "",
    ],
    ids=["again and again", "counted on", "with signs", "with a year", "between digits", "with signs for letters"],
)
def test_none_of_djangos_list_gets_in_by_becoming_longer(made: Callable[[str], str]) -> None:
    """Words of one or two letters are no words."""
    tried = [made(word) for word in WORDS if len(word) > 2 and word.isascii()]
    assert len(tried) > 900
    assert [word for word in tried if word and not is_cheap(word)] == []


@pytest.mark.parametrize(
    "password",
    [
        "qwertyuiop12", "123456789012", "aaaaaaaaaaaa", "passwordpassword", "Password2026!", "P@ssw0rd2026!",
        "1qaz2wsx3edc", "1q2w3e4r5t6y", "zaq12wsxcde3", "abcabcabcabc", "letmein1letmein2", "0987654321qwe",
        "bruna-bruna-bruna", "x7Kq9zx7Kq9z", "11111111111a", "qwerty!QWERTY!", "manchesterunited", "Summer 2026 !",
        "iloveyou" * 100,
    ],
)  # fmt: skip
def test_what_a_program_guesses_among_the_first_is_refused_with_a_sentence(password: str) -> None:
    assert len(password) >= 12
    with pytest.raises(ValidationError) as refused:
        validate_password(password, password_validators=get_password_validators(product.AUTH_PASSWORD_VALIDATORS))
    assert "password_cheap" in [error.code for error in refused.value.error_list]
    assert any("Take several words" in said for said in refused.value.messages)


@pytest.mark.parametrize(
    "password",
    [
        "nine lemons on a blue roof", "correct horse 9", "correcthorsebatterystaple", "a long enough secret",
        "ñandú canta de noche", "482915736045", "only small letters here", "馬と電池とホチキス青い屋根",
        "".join(f"{n} geese" for n in range(900)),
    ],
)  # fmt: skip
def test_what_is_ones_own_is_taken_whatever_it_is_made_of(password: str) -> None:
    validate_password(password, password_validators=get_password_validators(product.AUTH_PASSWORD_VALIDATORS))


def test_chance_is_hardly_ever_mistaken_for_a_habit() -> None:
    chance = random.Random(1)
    letters = string.ascii_letters + string.digits
    made = ["".join(chance.choice(letters) for _ in range(12)) for _ in range(500)]
    words = [word for word in _ranks() if word.isalpha() and 4 <= len(word) <= 8]
    made += [" ".join(chance.sample(words, 4)) for _ in range(500)]
    assert sum(map(is_cheap, made)) <= 2
