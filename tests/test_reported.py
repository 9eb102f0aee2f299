"""The words of progress: what people call the same few things."""

import pytest

from rag_rules.reported import UNCLEAR, WORDS, Vocabulary, not_read
from rag_rules.states import Reported

USUAL = Vocabulary.of({})


@pytest.mark.parametrize(
    ("word", "reported"),
    [
        ("Completed", Reported.COMPLETED),
        ("CLOSED", Reported.COMPLETED),
        ("100% complete", Reported.COMPLETED),
        ("On-track", Reported.ON_TRACK),
        ("In progress", Reported.ON_TRACK),
        ("Green", Reported.ON_TRACK),
        ("At risk.", Reported.AT_RISK),
        ("Amber", Reported.AT_RISK),
        ("Off target", Reported.OFF_TRACK),
        ("Delayed", Reported.OFF_TRACK),
        ("Incomplete", Reported.OFF_TRACK),
        ("Not complete", Reported.OFF_TRACK),
        ("G", Reported.ON_TRACK),
        ("a", Reported.AT_RISK),
        ("R", Reported.OFF_TRACK),
        ("Not  started", Reported.NOT_STARTED),
        ("On hold", Reported.PAUSED),
        ("Deferred", Reported.PAUSED),
        ("Superseded", Reported.CANCELLED),
    ],
)
def test_a_usual_word_is_known(word: str, reported: Reported) -> None:
    assert USUAL.read(word) is reported


@pytest.mark.parametrize(
    "word", ["75% complete", "Mostly complete", "Nearly done", "Not complete yet", "7", "Red/Amber"]
)
def test_a_word_that_says_something_else_is_not_known(word: str) -> None:
    assert USUAL.read(word) is None


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("Complete 31/3/23", "put the date in a column of finish dates"),
        ("Completed (June 2023)", "write “Completed” alone here"),
        ("On track 31/3/23", "write “On track” alone here"),
        ("95% complete", "the percentage in a column of progress"),
        ("100%", "the percentage in a column of progress"),
        ("95 per cent", "the percentage in a column of progress"),
    ],
)
def test_a_word_with_a_date_or_a_percentage_is_not_known_and_says_where_that_belongs(word: str, hint: str) -> None:
    assert USUAL.read(word) is None
    assert hint in not_read(word).hint


@pytest.mark.parametrize("word", ["Wibble", "Stage 2", "Delayed may slip", "7", ""])
def test_a_word_that_is_simply_unknown_has_no_hint_of_its_own(word: str) -> None:
    assert not_read(word).hint == ""


@pytest.mark.parametrize("word", UNCLEAR)
def test_a_word_that_differs_between_organisations_is_not_taken_either_way(word: str) -> None:
    assert USUAL.read(word) is None


def test_the_words_of_the_scheme_go_first() -> None:
    own = Vocabulary.of({"Blue": Reported.COMPLETED, "Green": Reported.COMPLETED, "★": Reported.AT_RISK})
    assert [own.read(word) for word in ("BLUE", "green", "★", "Amber")] == [
        Reported.COMPLETED,
        Reported.COMPLETED,
        Reported.AT_RISK,
        Reported.AT_RISK,
    ]


@pytest.mark.parametrize("word", ["", " ", "-", "n/a", "TBC", "Not known"])
def test_a_word_for_missing_data_says_nothing(word: str) -> None:
    assert USUAL.says_nothing(word)


@pytest.mark.parametrize("word", ["Not due", "Completed", "Blue"])
def test_a_word_of_progress_says_something(word: str) -> None:
    assert not USUAL.says_nothing(word)


def test_a_word_for_missing_data_of_the_scheme_says_nothing() -> None:
    assert Vocabulary.of({}, ("No update",)).says_nothing("no update")


def test_no_word_is_both_known_and_unclear() -> None:
    assert not set(WORDS) & set(UNCLEAR)
