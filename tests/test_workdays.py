"""Working days: weekends and the holidays that the caller gives do not count."""

from datetime import date, timedelta

import pytest

from rag_rules.errors import SettingError
from rag_rules.workdays import add_working_days, clear_working_days_before, is_working_day, working_days

CHRISTMAS = (date(2023, 12, 25), date(2023, 12, 26), date(2024, 1, 1))
FRIDAY = date(2023, 12, 22)


def test_a_weekend_is_no_working_day() -> None:
    assert [is_working_day(FRIDAY + timedelta(days=ahead)) for ahead in range(4)] == [True, False, False, True]


def test_a_holiday_is_no_working_day() -> None:
    assert not is_working_day(date(2023, 12, 25), CHRISTMAS)


@pytest.mark.parametrize(
    ("start", "end", "number"),
    [
        (FRIDAY, FRIDAY, 0),
        (FRIDAY, date(2023, 12, 24), 0),
        (FRIDAY, date(2023, 12, 27), 1),
        (FRIDAY, date(2024, 1, 2), 4),
        (date(2023, 12, 27), FRIDAY, -1),
        (date(2024, 2, 28), date(2024, 3, 1), 2),
        (date(2023, 2, 28), date(2023, 3, 1), 1),
        (date(2023, 12, 29), date(2024, 1, 1), 0),
        (date(2023, 1, 1), date(2024, 1, 1), 258),
    ],
)
def test_working_days_come_after_the_start_and_up_to_the_end(start: date, end: date, number: int) -> None:
    assert working_days(start, end, CHRISTMAS) == number


def test_a_holiday_at_a_weekend_is_not_taken_off_twice() -> None:
    assert working_days(FRIDAY, date(2023, 12, 25), [date(2023, 12, 23)]) == 1


def test_a_holiday_listed_twice_counts_once() -> None:
    assert working_days(FRIDAY, date(2023, 12, 27), [*CHRISTMAS, *CHRISTMAS]) == 1


def test_working_days_are_added_over_weekend_and_holidays() -> None:
    assert add_working_days(FRIDAY, 1, CHRISTMAS) == date(2023, 12, 27)


def test_working_days_are_taken_away_over_weekend_and_holidays() -> None:
    assert add_working_days(date(2024, 1, 2), -4, CHRISTMAS) == FRIDAY


def test_five_clear_working_days_leave_five_whole_ones() -> None:
    meeting = date(2023, 9, 20)
    latest = clear_working_days_before(meeting, 5)
    between = [latest + timedelta(days=ahead) for ahead in range(1, (meeting - latest).days)]
    assert sum(map(is_working_day, between)) == 5


def test_clear_days_step_over_a_bank_holiday() -> None:
    assert clear_working_days_before(date(2023, 9, 1), 5, [date(2023, 8, 28)]) == date(2023, 8, 23)


def test_no_clear_day_is_the_working_day_before() -> None:
    assert clear_working_days_before(date(2023, 9, 18), 0) == date(2023, 9, 15)


@pytest.mark.parametrize("number", [10_001, -10_001, 10**30])
def test_more_days_than_can_be_counted_are_refused(number: int) -> None:
    with pytest.raises(SettingError, match="more than can be counted"):
        add_working_days(FRIDAY, number)


def test_a_negative_number_of_clear_days_is_refused() -> None:
    with pytest.raises(SettingError, match="no number of clear days"):
        clear_working_days_before(FRIDAY, -1)


@pytest.mark.parametrize(("day", "number"), [(date.max, 1), (date.min, -1)])
def test_the_end_of_the_calendar_is_said(day: date, number: int) -> None:
    with pytest.raises(SettingError, match="years 1 to 9999"):
        add_working_days(day, number)
