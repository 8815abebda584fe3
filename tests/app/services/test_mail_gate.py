"""What stands between an edited mail and its readers: dead links, and faults that the edit brought."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic, process_time

import pytest

from app.queries.mail_versions import SHIPPED, OwnMail
from app.services.mail_gate import MOST_LINKS, Fault, faults, look_at_links
from app.services.own_mail import placed_in, shipped
from app.services.preview import Edited
from emails.i18n import languages
from emails.own_html.ways import MOST_WAYS
from tests.app.desk import KEYS, Desk
from tests.app.services.test_preview import Post
from wire.http import HttpClient

ASK = "review_request/ask"
SITE = "https://shop.example"


@dataclass
class Pages:
    """A site whose paths are the statuses that it answers; /slow takes its time."""

    http: HttpClient
    asked: list[tuple[str, str]] = field(default_factory=list)


@pytest.fixture
def pages() -> Iterator[Pages]:
    asked: list[tuple[str, str]] = []

    class Site(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            asked.append((self.command, self.path))
            self.send_response(int(self.path.strip("/")))
            self.end_headers()

        do_GET = do_HEAD

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield Pages(HttpClient({SITE: f"http://127.0.0.1:{server.server_address[1]}"}), asked)
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("status", [200, 301, 403, 405, 500, 503])
def test_a_page_that_is_there_is_no_matter(pages: Pages, status: int) -> None:
    report = look_at_links(pages.http, [f"{SITE}/{status}"])
    assert (report.broken, report.unknown) == ((), ())
    assert pages.asked == [("HEAD", f"/{status}")]


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_is_gone_is_broken(pages: Pages, status: int) -> None:
    report = look_at_links(pages.http, [f"{SITE}/200", f"{SITE}/{status}", f"{SITE}/{status}"])
    assert report.broken == (f"{SITE}/{status} leads to a page that is not there ({status}).",)


def test_the_insecure_address_is_asked_for_securely(pages: Pages) -> None:
    assert look_at_links(pages.http, ["http://shop.example/404"]).broken


def test_nobody_answers(pages: Pages) -> None:
    closed = HttpClient({SITE: "http://127.0.0.1:9"})
    report = look_at_links(closed, [f"{SITE}/200"])
    assert not report.broken
    assert "did not answer" in report.unknown[0]


@pytest.mark.parametrize(
    "link",
    [
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://127.1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://169.254.169.254/latest/meta-data/",
        "https://10.0.0.1/",
        "https://localhost/",
        "https://localhost./",
        "https://shop.example:8443/",
        "https://intranet/",
        "http://192.168.0.1/",
    ],
)
def test_a_private_address_is_never_called(pages: Pages, link: str) -> None:
    report = look_at_links(pages.http, [link])
    assert report.broken
    assert pages.asked == []


def test_many_links_are_not_looked_at(pages: Pages) -> None:
    began = monotonic()
    report = look_at_links(pages.http, [f"{SITE}/{200 + n}" for n in range(MOST_LINKS + 1)])
    assert report.broken == (f"There are {MOST_LINKS + 1} links; at most {MOST_LINKS} can be looked at.",)
    assert pages.asked == []
    assert look_at_links(pages.http, [f"{SITE}/{200 + n}" for n in range(MOST_LINKS)]).broken == ()
    assert monotonic() - began < 10


OURS = Edited({}, SHIPPED)


def found(desk: Desk, edited: Edited, ours: Edited = OURS, only: str = "") -> list[Fault]:
    wanted = [only] if only else list(languages())
    with desk.database.shops(desk.shop_id) as session:
        return faults(
            session, Post(), desk.shop_id, ASK, edited, ours, wanted, keys=KEYS, now=desk.now
        )  # fmt: skip


def own(html: str) -> Edited:
    return Edited({}, OwnMail(placed_in(ASK, shipped(ASK), html), html))


def test_a_clean_block_has_no_faults(desk: Desk) -> None:
    html = '<h3>Hello {{ name }}</h3><p>Read <a href="https://example.com/care">how to care for it</a>.</p>'
    assert (
        found(desk, own(html + "<ul><li>One</li></ul>loose words<hr><table><tr><td>a</td></tr></table>"))
        == []
    )


def test_a_fault_of_every_language_is_said_once(desk: Desk) -> None:
    (fault,) = found(desk, own('<p style="color:#eee">Hardly to be seen</p>'))
    assert fault.language == ""
    assert "Hardly to be seen" in fault.says


def test_a_fault_of_one_language_names_it(desk: Desk) -> None:
    edited = Edited({"de": {"review.ask.preheader": "Kurz"}}, SHIPPED)
    assert {fault.language for fault in found(desk, edited)} == {"de"}
    assert found(desk, edited, only="en") == []


def test_what_is_wrong_without_the_edit_is_not_the_edits_fault(desk: Desk) -> None:
    short = {"de": {"review.ask.preheader": "Kurz"}}
    edited = replace(own("<p>Hello to you</p>"), words=short)
    assert found(desk, edited, Edited(short, SHIPPED)) == []


PALE = '<p style="color:#eee">Hardly to be seen</p>'


@pytest.mark.parametrize(
    "html",
    [
        "{% if coupon.code %}" + PALE + "{% endif %}",
        "<p>A word from us</p>{% if coupon.code %}<p>Hello</p>{% elif not name %}" + PALE + "{% endif %}",
        "{% for pick in picks %}<p>{{ pick.title }}</p>{% else %}" + PALE + "{% endfor %}",
        "{% for line in lines %}{% if line.quantity > 90 %}" + PALE + "{% endif %}{% endfor %}",
    ],
)
def test_what_only_other_readers_meet_is_looked_at(desk: Desk, html: str) -> None:
    (fault,) = found(desk, own(html))
    assert (fault.language, "Hardly to be seen" in fault.says) == ("", True)
    assert found(desk, own(html.replace(PALE, "<p>Easy to read</p>"))) == []


def test_a_fault_that_every_reader_meets_is_said_once(desk: Desk) -> None:
    assert len(found(desk, own(PALE + "{% if coupon.code %}<p>Hello</p>{% endif %}"))) == 1


def test_a_branch_about_what_this_order_lacks_is_no_fault(desk: Desk) -> None:
    html = (
        '{% if product.picture %}<p><img src="{{ product.picture }}" alt="{{ product.title }}" width="99">'
        "</p>{% endif %}{% for pick in picks %}<p>{{ pick.title }}, {{ pick.price }}<br>"
        '<a href="{{ pick.link }}">See the {{ pick.title }}</a></p>{% endfor %}'
        "{% if coupon.code %}<h3>{{ coupon.code }}</h3>{% endif %}"
        "{% if not name %}<p>Hello friend</p>{% endif %}"
    )
    assert found(desk, own(html)) == []


def test_as_many_branches_as_may_be_are_looked_at_in_time(desk: Desk) -> None:
    branches = "".join(f"{{% elif order.pieces == {n} %}}<p>Number {n}</p>" for n in range(MOST_WAYS - 2))
    began = process_time()
    assert found(desk, own(f"{{% if not name %}}{PALE}{branches}{{% endif %}}"))
    assert process_time() - began < 2
