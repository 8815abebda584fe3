"""Knobs that belong to no wait: a switch, money, a share, a count; out of bounds, and set by two."""

from __future__ import annotations

import pytest

from app.web.admin.knob_fields import loose_knobs, problem_with, read, said, settings_of, written
from flows.presets import PRESETS, preset
from flows.steps import Knob, KnobKind
from tests.app.web.admin.hand import Hand, words_of

VIP = "/flows/vip_thank_you/settings"
MONEY = Knob("least", 20_000, 0, 100_000, "Least", KnobKind.MONEY)
SHARE = Knob("percent", 0, 0, 50, "Off", KnobKind.PERCENT)
SWITCH = Knob("tell", 1, 0, 1, "Tell", KnobKind.YES_NO)
COUNT = Knob("years", 3, 1, 10, "Years")


@pytest.mark.parametrize(
    ("knob", "currency", "typed", "value"),
    [
        (MONEY, "EUR", "250", 25_000),
        (MONEY, "EUR", " 250.5 ", 25_050),
        (MONEY, "EUR", "250,05", 25_005),
        (MONEY, "JPY", "250", 250),
        (MONEY, "KWD", "2.505", 2_505),
        (MONEY, "", "2.50", 250),
        (MONEY, "JPY", "250.5", None),
        (MONEY, "EUR", "250.505", None),
        (MONEY, "EUR", "-1", None),
        (MONEY, "EUR", "1e3", None),
        (MONEY, "EUR", "1.000,50", None),
        (MONEY, "EUR", "\u0661", None),
        (MONEY, "EUR", "", None),
        (MONEY, "EUR", "9" * 10, None),
        (SHARE, "EUR", "12", 12),
        (SHARE, "EUR", "12.5", None),
        (COUNT, "EUR", "1234567", None),
    ],
)
def test_what_is_typed(knob: Knob, currency: str, typed: str, value: int | None) -> None:
    assert read(knob, typed, currency) == value


def test_what_is_wrong_and_how_it_is_said() -> None:
    assert problem_with(MONEY, None, "EUR") == "An amount is needed: 0.00 to 1000.00 EUR."
    assert problem_with(MONEY, 100_001, "EUR") == "1000.01 EUR is out of bounds: 0.00 to 1000.00 EUR."
    assert problem_with(SHARE, 51, "EUR") == "51 % is out of bounds: 0 to 50 %."
    assert problem_with(COUNT, None, "") == "A whole number is needed: 1 to 10."
    assert problem_with(MONEY, 100_000, "EUR") is None
    assert [said(SWITCH, 1, ""), said(SWITCH, 0, ""), said(MONEY, 5, "JPY")] == ["on", "off", "5 JPY"]
    assert written(MONEY, 2_505, "KWD") == "2.505"


@pytest.mark.parametrize("flow", PRESETS, ids=lambda flow: flow.key)
def test_every_knob_has_its_place_on_the_page(hand: Hand, flow: object) -> None:
    """At its wait, or among the settings; none is out of reach."""
    key = str(getattr(flow, "key", ""))
    page = hand.get(f"/flows/{key}").text
    for knob in preset(key).knobs:
        assert f'name="{knob.key}"' in page or f'id="about-{knob.key}"' in page, knob.key
    shown = settings_of(preset(key), preset(key).knob_values({}), "EUR")
    assert [row.key for row in shown] == [knob.key for knob in loose_knobs(preset(key))]


def test_the_threshold_is_set_in_the_shop_s_money(hand: Hand) -> None:
    assert 'name="least_total" inputmode="decimal" value="200.00"' in hand.get("/flows/vip_thank_you").text
    answer = hand.post(VIP, least_total="350,50", was_least_total="200.00")
    assert answer.status_code == 200
    assert "Total from which an order is thanked for: 350.50" in words_of(answer)
    assert 'value="350.50"' in answer.text
    (row,) = hand.rows("SELECT knobs FROM flow_switches WHERE flow_key = 'vip_thank_you'")
    assert row.knobs == {"least_total": 35_050}
    assert hand.changes()[-1][2].startswith("Total from which an order is thanked for: 350.50")


@pytest.mark.parametrize("typed", ["", "abc", "-5", "1.234", "9999999999", "1000000.01"])
def test_what_cannot_be_is_told_and_kept_in_the_field(hand: Hand, typed: str) -> None:
    answer = hand.post(VIP, least_total=typed, was_least_total="200.00")
    assert answer.status_code == 422
    assert f'value="{typed}"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert hand.rows("SELECT 1 FROM flow_switches WHERE flow_key = 'vip_thank_you' AND knobs <> '{}'") == []


def test_two_who_set_it_hear_of_each_other(hand: Hand) -> None:
    hand.post(VIP, least_total="300", was_least_total="200.00")
    answer = hand.post(VIP, least_total="400", was_least_total="200.00")
    assert answer.status_code == 409
    assert "Somebody has set this to 300.00 meanwhile; you wrote 400." in words_of(answer)
    assert hand.post(VIP, least_total="400", was_least_total="300.00").status_code == 200


def test_a_switch_sets_itself_alone(hand: Hand) -> None:
    path = "/flows/cancel_refund_exchange/settings"
    answer = hand.post(path, refunded="0", was_refunded="1")
    assert answer.status_code == 200
    assert "Tell that money was given back: off." in words_of(answer)
    (row,) = hand.rows("SELECT knobs FROM flow_switches WHERE flow_key = 'cancel_refund_exchange'")
    assert row.knobs == {"refunded": 0}
    assert hand.post(path, refunded="2", was_refunded="0").status_code == 422


def test_what_is_no_setting_of_the_flow_sets_nothing(hand: Hand) -> None:
    assert hand.post(VIP, hour="11").status_code == 400, "an hour is set at its wait"
    assert hand.post(VIP, nonsense="1").status_code == 400
    assert hand.post("/flows/nothing/settings", least_total="1").status_code == 404
