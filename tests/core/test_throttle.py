"""One call sent away for no reason is not a limit that was reached."""

import pytest

from upbeat.core.throttle import Answers


@pytest.mark.parametrize(
    ("answers", "seconds", "all_wait"),
    [
        ("!", 1, False),
        ("!", 5, False),
        ("!", 6, True),
        ("!", 3600, True),
        (".........!", 1, False),
        (".!.....!..!", 1, True),
        ("!.!", 1, False),
        ("!!!", 1, True),
        ("!!..........!", 1, False),
        ("!........!!", 1, False),
        ("!.......!!", 1, True),
    ],
)
def test_a_short_wait_is_everybodys_when_it_is_the_third_of_ten_and_a_long_one_always(
    answers: str, seconds: float, all_wait: bool
) -> None:
    heard = Answers()
    for answer in answers:
        heard.add(answer == "!")
    assert heard.concerns_all(seconds) is all_wait
