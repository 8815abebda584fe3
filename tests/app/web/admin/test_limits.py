"""Limits on mails: set on a page, refused in words where they cannot be, followed by what waits."""

from __future__ import annotations

import io
import json
import re
from dataclasses import dataclass
from typing import Any

import pytest

from app.services.limits import fields_of
from app.services.outside import sign_report
from flows.commerce import Platform
from flows.limits import USUAL
from tests.app.web.addresses import bearer
from tests.app.web.admin.mails import Counter
from tests.app.web.admin.test_shipping import errors, token_in
from tests.app.web.conftest import Site


@dataclass
class Desk(Counter):
    def save(self, **fields: str) -> tuple[int, str]:
        page = self.get("/limits")[1]
        return self.post(
            "/limits", **{"seen": token_in(page).replace("&#43;", "+"), **fields_of(USUAL), **fields}
        )

    def held(self) -> Any:
        return self.sql("SELECT * FROM mail_limits WHERE shop_id = :shop")


@pytest.fixture
def desk(site: Site) -> Desk:
    return Desk(site)


def test_a_shop_that_chose_nothing_has_the_usual_limits(desk: Desk) -> None:
    status, page = desk.get("/limits")
    assert status == 200 and not desk.held()
    shown = dict(re.findall(r'<input class="input" id="(\w+)"[^>]*? value="([^"]*)"', page))
    assert {name: shown[name] for name in ("gap_hours", "week", "month", "quiet_from", "quiet_until")} == {
        "gap_hours": "96",
        "week": "3",
        "month": "5",
        "quiet_from": "21:00",
        "quiet_until": "08:00",
    }
    assert "Set the limits" in desk.get("/settings")[1]


def test_what_is_set_is_kept_and_told(desk: Desk) -> None:
    status, page = desk.save(gap_hours="120", quiet_from="22:30", quiet_service="1", unread_minutes="")
    assert status == 200 and "Saved." in page
    (row,) = desk.held()
    assert (row.gap_hours, row.week, row.quiet_from, row.quiet_until) == (120, 3, 1350, 480)
    assert (row.quiet_service, row.unread_minutes) == (True, None)
    (change,) = desk.sql("SELECT words FROM admin_changes WHERE shop_id = :shop AND area = 'limits'")
    assert "hours between two offers: 120 instead of 96" in change.words
    assert "quiet from: 22:30 instead of 21:00" in change.words
    assert desk.save(gap_hours="120", quiet_from="22:30", quiet_service="1", unread_minutes="")[0] == 200
    assert len(desk.sql("SELECT 1 FROM admin_changes WHERE shop_id = :shop AND area = 'limits'")) == 1
    assert desk.post("/limits", seen="", **fields_of(USUAL))[0] == 409, "an older form changes nothing"


@pytest.mark.parametrize(
    ("fields", "wrong", "words"),
    [
        ({"quiet_from": "21:00", "quiet_until": "21:00"}, "quiet_until", "the whole day"),
        ({"quiet_from": "08:01", "quiet_until": "08:00"}, "quiet_until", "less than 4 hours"),
        ({"quiet_from": "25:00"}, "quiet_from", "A time of day"),
        ({"quiet_from": ""}, "quiet_from", "A time of day"),
        ({"gap_hours": "-1"}, "gap_hours", "A whole number"),
        ({"gap_hours": "721"}, "gap_hours", "from 0 to 720"),
        ({"week": "0"}, "week", "from 1 to 30"),
        ({"month": "many"}, "month", "A whole number"),
        ({"fresh_service": "2000"}, "fresh_service", "from 0 to 1440"),
        ({"unread_minutes": "1.5"}, "unread_minutes", "A whole number"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    desk: Desk, fields: dict[str, str], wrong: str, words: str
) -> None:
    status, page = desk.save(**fields)
    assert status == 422 and words in errors(page)[wrong]
    assert not desk.held()


def test_no_quiet_hours_at_all(desk: Desk) -> None:
    assert desk.save(quiet_from="", quiet_until="")[0] == 200
    (row,) = desk.held()
    assert row.quiet_from == row.quiet_until


def test_what_waits_for_a_place_is_weighed_anew(desk: Desk) -> None:
    desk.open_flows()
    desk.buy()
    desk.sql(
        "UPDATE messages SET lane = 2, reason = 'frequency_cap', next_at = '2030-01-01Z'"
        " WHERE shop_id = :shop"
    )
    desk.save(gap_hours="1")
    rows = desk.sql("SELECT next_at FROM messages WHERE shop_id = :shop")
    assert rows and all(row.next_at.year < 2030 for row in rows)


def upload(desk: Desk, told: bytes) -> tuple[int, str]:
    return desk.post("/limits/sends", sends=(io.BytesIO(told), "sends.csv"))


def test_a_file_of_what_a_newsletter_sent(desk: Desk) -> None:
    now = desk.site.runtime.clock.now()
    lines = (
        f"Email,sent_at,tool\nmia@example.com,{now.isoformat()},Spring letter\nnobody,{now.isoformat()},x\n"
    )
    status, page = upload(desk, lines.encode())
    assert status == 200 and "1 new, 1 not taken (line 3: no mail can reach this address)." in page
    assert "Spring letter" in page
    assert "1 known already" in upload(desk, lines.encode())[1]
    (row,) = desk.sql("SELECT * FROM outside_sends WHERE shop_id = :shop")
    assert row.address_hash == desk.site.runtime.keys.address_hash(desk.shop_id, "mia@example.com")
    assert (row.mail_class, row.tool) == ("M", "Spring letter")
    for bad, words in (
        (b"name\nmia\n", "no column email"),
        (b"\xff\xfe\x00", "no text in UTF-8"),
        (b"", "email"),
    ):
        status, page = upload(desk, bad)
        assert status == 422 and words in page
    long = b"email,sent_at\n" + b"x" * (2 * 1024 * 1024)
    answer = desk.site.client.post(
        "/woocommerce/app/limits/sends",
        headers=bearer(desk.site, desk.platform),
        content_type="multipart/form-data; boundary=edge",
        data=b'--edge\r\nContent-Disposition: form-data; name="sends"; filename="s.csv"\r\n\r\n'
        + long
        + b"\r\n--edge--\r\n",
    )
    assert answer.status_code == 422 and "larger than 2 MB" in answer.get_data(as_text=True)


def secret_in(page: str) -> str:
    return page.partition("with this secret: <code>")[2].partition("</code>")[0]


def report(desk: Desk, secret: str, tool: str = "Newsletter") -> int:
    """What a tool that holds the secret says that it sent to Mia."""
    at = desk.site.runtime
    sends = [{"id": f"{tool}-1", "email": "mia@example.com", "tool": tool, "sent_at": str(at.clock.now())}]
    body, seconds = json.dumps({"sends": sends}).encode(), str(int(at.clock.real().timestamp()))
    headers = {"X-Doorstep-Time": seconds, "X-Doorstep-Signature": sign_report(secret, seconds, body)}
    token = desk.site.shopify.token if desk.platform is Platform.SHOPIFY else desk.site.woocommerce.token
    return desk.site.client.post(f"/sends/{token}", data=body, headers=headers).status_code


def test_a_new_secret_ends_the_one_before(desk: Desk) -> None:
    first = secret_in(desk.get("/limits")[1])
    assert report(desk, first) == 200
    other = Desk(desk.site, platform=Platform.SHOPIFY)
    theirs = secret_in(other.get("/limits")[1])
    status, page = desk.post("/limits/secret")
    second = secret_in(page)
    assert status == 200 and "The one before counts no more." in page
    assert re.fullmatch(r"[0-9a-f]{64}", second) and second != first
    assert (report(desk, first), report(desk, second)) == (401, 200)
    assert secret_in(desk.post("/limits/secret")[1]) not in (first, second)
    assert report(desk, second) == 401
    assert secret_in(other.get("/limits")[1]) == theirs and report(other, theirs) == 200
    assert "The secret of the reports was changed." in desk.get("/limits")[1]


def test_what_a_tool_reported_can_be_taken_out_and_counts_no_more(desk: Desk) -> None:
    secret = secret_in(desk.get("/limits")[1])
    for tool in ("Newsletter", 'Cart "reminder" & more'):
        report(desk, secret, tool)
    desk.open_flows()
    desk.buy()
    desk.sql(
        "UPDATE messages SET lane = 2, reason = 'frequency_cap', next_at = '2030-01-01Z'"
        " WHERE shop_id = :shop"
    )
    page = desk.get("/limits")[1]
    assert all(
        f'name="tool" value="{tool}"' in page for tool in ("Newsletter", "Cart &#34;reminder&#34; &amp; more")
    )
    status, page = desk.post("/limits/tools/remove", tool="Newsletter")
    assert status == 200 and "1 mail of Newsletter counts no more." in page
    assert [row.tool for row in desk.sql("SELECT tool FROM outside_sends WHERE shop_id = :shop")] == [
        'Cart "reminder" & more'
    ]
    assert all(
        row.next_at.year < 2030 for row in desk.sql("SELECT next_at FROM messages WHERE shop_id = :shop")
    )
    assert "1 mail of Newsletter counts no more." in desk.get("/limits")[1]
    assert "Nothing was changed." in desk.post("/limits/tools/remove", tool="Newsletter")[1]
    assert "Nothing was changed." in desk.post("/limits/tools/remove", tool="a\0b")[1]
    assert len(desk.sql("SELECT 1 FROM admin_changes WHERE shop_id = :shop AND area = 'limits'")) == 1


def test_tools_of_another_shop_stay(desk: Desk) -> None:
    other = Desk(desk.site, platform=Platform.SHOPIFY)
    report(other, secret_in(other.get("/limits")[1]))
    desk.post("/limits/tools/remove", tool="Newsletter")
    assert len(other.sql("SELECT 1 FROM outside_sends WHERE shop_id = :shop")) == 1
