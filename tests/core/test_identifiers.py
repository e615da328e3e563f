"""Codes as people type them."""

from time import perf_counter

import pytest

from upbeat.core.identifiers import Upc, parse_isrc, parse_upc, spaced
from upbeat.core.problem import Problem


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("036000291452", "036000291452"),
        ("0 36000 29145 2", "036000291452"),
        ("0-36000-29145-2", "036000291452"),
        ("0036000291452", "036000291452"),
        ("00036000291452", "036000291452"),
        ("4 061707 81123 4", "4061707811234"),
        ("  4061707811234\n", "4061707811234"),
        ("04061707811234", "4061707811234"),
        ("UPC: 036000291452", "036000291452"),
        ("EAN-13: 4061707811234", "4061707811234"),
        ("UPC 036000291452", "036000291452"),
        ("'036000291452", "036000291452"),
        ("4061707\N{NO-BREAK SPACE}81123\N{EN DASH}4", "4061707811234"),
        ("\uff14\uff10\uff16\uff11\uff17\uff10\uff17\uff18\uff11\uff11\uff12\uff13\uff14", "4061707811234"),
    ],
)
def test_every_form_of_one_code_is_the_same_code(text: str, code: str) -> None:
    assert parse_upc(text) == Upc(code)


def test_a_zero_that_got_lost_is_put_back_and_said() -> None:
    upc = parse_upc("36000291452")
    assert upc == Upc("036000291452", "We put back the zero in front that had got lost: 0 36000 29145 2.")


def test_a_wrong_last_digit_is_named_with_the_right_one() -> None:
    problem = parse_upc("4 061707 81123 0")
    assert isinstance(problem, Problem)
    assert problem.sentence == (
        "The last digit does not fit. For 4 061707 81123 it would be 4, not 0. "
        "Look at the number your distributor gave you."
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "upc_empty"),
        ("   ", "upc_empty"),
        ("UPC:", "upc_empty"),
        ("036000291453", "upc_check_digit"),
        ("36000291453", "upc_length"),
        ("1234567890", "upc_length"),
        ("7", "upc_length"),
        ("123456789012345", "upc_length"),
        ("7.31453E+11", "upc_shortened"),
        ("03600029145X", "upc_not_digits"),
        ("QMEU31910213", "upc_not_digits"),
        ("\u0664\u0660\u0666\u0661\u0667\u0660\u0667\u0668\u0661\u0661\u0662\u0663\u0664", "upc_not_digits"),
        ("000000000000", "upc_zeros"),
        ("0" * 100_000, "upc_length"),
    ],
)
def test_what_is_no_code_says_why(text: str, code: str) -> None:
    problem = parse_upc(text)
    assert isinstance(problem, Problem)
    assert problem.code == code
    assert problem.sentence


def test_a_catalogue_is_asked_for_the_short_form_first() -> None:
    assert Upc("036000291452").variants == ("036000291452", "0036000291452", "00036000291452")
    assert Upc("4061707811234").variants == ("4061707811234", "04061707811234")
    assert Upc("14061707811231").variants == ("14061707811231",)


def test_a_code_is_printed_as_under_its_bars() -> None:
    assert [spaced(code) for code in ("036000291452", "4061707811234", "14061707811231")] == [
        "0 36000 29145 2",
        "4 061707 81123 4",
        "14 061707 81123 1",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "USHM81871741",
        "US-HM8-18-71741",
        " us hm8 18 71741 ",
        "ISRC US-HM8-18-71741",
        "isrc: ushm8\u20101871741",
    ],
)
def test_every_form_of_one_isrc_is_the_same(text: str) -> None:
    assert parse_isrc(text) == "USHM81871741"


def test_an_isrc_with_a_prefix_nobody_registered_is_taken() -> None:
    assert parse_isrc("TC-ABC-26-00001") == "TCABC2600001"


@pytest.mark.parametrize(
    "text", ["", "USHM8187174", "USHM818717411", "1SHM81871741", "US-HM8-18-7174O", "none"]
)
def test_what_is_no_isrc_says_what_one_looks_like(text: str) -> None:
    problem = parse_isrc(text)
    assert isinstance(problem, Problem)
    assert "US-HM8-18-71741" in problem.right


@pytest.mark.parametrize("junk", ["-" * 100_000, "UPC" * 33_000, "E+" * 50_000, "\u0301" * 100_000])
def test_a_flood_is_answered_at_once(junk: str) -> None:
    started = perf_counter()
    parse_upc(junk)
    parse_isrc(junk)
    assert perf_counter() - started < 0.1
