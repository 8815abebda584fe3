from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from wire.addresses import public_address
from wire.http import AddressRefused, HttpClient
from wire.pinning import PinnedAdapter
from wire.target import aim

# {port} is the port of the canary: whoever is fooled by one of these connects to it.
HOSTILE = (
    "http://shop.example.com/",
    "http://127.0.0.1:{port}/",
    "http://localhost:{port}/",
    "https://127.0.0.1:{port}/",
    "https://127.0.0.1/",
    "https://127.1:{port}/",
    "https://127.1/",
    "https://127.0.1/",
    "https://0/",
    "https://0.0.0.0:{port}/",
    "https://2130706433:{port}/",
    "https://2130706433/",
    "https://0x7f000001:{port}/",
    "https://0x7f000001/",
    "https://0x7f.0.0.1/",
    "https://0x7f.0x0.0x0.0x1/",
    "https://017700000001/",
    "https://0177.0.0.1/",
    "https://0177.0.0.01:{port}/",
    "https://127.0.0.1./",
    "https://[::1]:{port}/",
    "https://[::1]/",
    "https://[::]/",
    "https://[::ffff:127.0.0.1]:{port}/",
    "https://[::ffff:7f00:1]/",
    "https://[0:0:0:0:0:ffff:127.0.0.1]/",
    "https://[fe80::1%25lo]/",
    "https://[::1%2525]/",
    "https://localhost:{port}/",
    "https://localhost/",
    "https://LOCALHOST/",
    "https://localhost./",
    "https://shop.example.com./",
    "https://shop.example.com:{port}/",
    "https://shop.example.com:80/",
    "https://shop.example.com:22/",
    "https://shop.example.com:8443/",
    "https://shop.example.com:99999/",
    "https://shop.example.com:-1/",
    "https://shop.example.com:443x/",
    "https://user@shop.example.com/",
    "https://user:secret@shop.example.com/",
    "https://shop.example.com@127.0.0.1:{port}/",
    "https://shop.example.com:443@127.0.0.1:{port}/",
    "https://127.0.0.1:{port}@shop.example.com/",
    "https://@shop.example.com/",
    "https://shop.example.com\\@127.0.0.1:{port}/",
    "https://127.0.0.1:{port}\\@shop.example.com/",
    "https:\\\\127.0.0.1:{port}/",
    "https://shop.example.com\t/",
    "https://shop.example.com\r\nHost: 127.0.0.1/",
    "https://shop.example.com\n.evil.example/",
    " https://shop.example.com/",
    "https://shop.example.com /",
    "https://shop.example.com\x00.evil.example/",
    "https://shöp.example.com/",
    "https://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/",
    "https://\uff11\uff12\uff17.\uff10.\uff10.\uff11/",
    "https://127。0。0。1/",
    "https://shop.example.com/\u202e",
    "https://%31%32%37.0.0.1/",
    "https://shop%2eexample.com/",
    "https://shop_name.example.com/",
    "https://-shop.example.com/",
    "https://shop-.example.com/",
    "https://shop..example.com/",
    "https://.example.com/",
    "https://shop/",
    "https://metadata/computeMetadata/v1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://shop.example.123/",
    "https://shop.example.0x1/",
    "https:///wp-json/",
    "https://",
    "https:shop.example.com",
    "//shop.example.com/",
    "shop.example.com",
    "",
    "file:///etc/passwd",
    "ftp://shop.example.com/",
    "gopher://127.0.0.1:{port}/_GET",
    "data:text/plain,hello",
    "javascript:alert(1)",
    "unix:///run/redis.sock",
    "https+unix://shop.example.com/",
    "https://[shop.example.com]/",
    "https://[::1/",
    "https://" + "a" * 64 + ".example.com/",
    "https://" + "abc." * 70 + "com/",
)


@pytest.mark.parametrize("form", HOSTILE, ids=repr)
def test_hostile_address_is_refused_before_any_connection(form: str, canary: Any) -> None:
    url = form.replace("{port}", str(canary.port))
    asked: list[str] = []

    def address_of(name: str) -> str:
        asked.append(name)
        return "127.0.0.1"

    client = HttpClient(adapter=PinnedAdapter(address_of))
    with pytest.raises(AddressRefused):
        client.request("GET", url, timeout=1)
    assert asked == []
    assert canary.connections == []


def test_the_table_of_hostile_forms_stays_long() -> None:
    assert len(set(HOSTILE)) >= 80


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "10.1.2.3", "::ffff:127.0.0.1", "169.254.169.254"])
def test_a_good_name_that_points_inwards_is_refused(address: str, canary: Any) -> None:
    client = HttpClient(adapter=PinnedAdapter(partial(public_address, resolve=lambda name: (address,))))
    with pytest.raises(AddressRefused):
        client.request("GET", "https://inwards.example.com/", timeout=1)
    assert canary.connections == []


@pytest.mark.parametrize(
    ("url", "called", "host"),
    [
        ("https://Shop.Example.com", "https://shop.example.com/", "shop.example.com"),
        ("https://shop.example.com:443/a?b=c#d", "https://shop.example.com/a?b=c", "shop.example.com"),
        ("https://xn--shp-tna.example/", "https://xn--shp-tna.example/", "xn--shp-tna.example"),
        ("https://a.io/wp-json/wc/v3/orders", "https://a.io/wp-json/wc/v3/orders", "a.io"),
    ],
)
def test_good_address(url: str, called: str, host: str) -> None:
    target = aim(url, None, {})
    assert (target.url, target.host) == (called, host)


def test_parameters_join_those_of_the_address_and_stay_out_of_what_is_shown() -> None:
    target = aim("https://shop.example.com/x?a=1", {"consumer_secret": "cs ü"}, {})
    assert target.url == "https://shop.example.com/x?a=1&consumer_secret=cs+%C3%BC"
    assert target.shown == "https://shop.example.com/x"


def test_a_mapped_origin_is_exact() -> None:
    origins = {
        "https://larkhus.example": "http://127.0.0.1:8002",
        "https://odd.example:8443": "http://127.0.0.1:9",
    }
    assert aim("https://LARKHUS.example/a", None, origins).url == "http://127.0.0.1:8002/a"
    assert aim("https://larkhus.example/a", None, origins).host == "larkhus.example"
    assert aim("https://odd.example:8443/", None, origins).url == "http://127.0.0.1:9/"
    assert aim("https://odd.example:8443/", None, origins).host == "odd.example:8443"
    assert aim("https://www.larkhus.example/", None, origins).url == "https://www.larkhus.example/"
    for other in ("http://larkhus.example/", "https://larkhus.example:8443/", "http://127.0.0.1:8002/"):
        with pytest.raises(AddressRefused):
            aim(other, None, origins)


@pytest.mark.parametrize(
    "target",
    [
        "http://10.0.0.5:80",
        "https://127.0.0.1:8001",
        "http://127.0.0.1",
        "http://127.0.0.1:1/x",
        "http://localhost:1",
    ],
)
def test_origins_may_only_be_mapped_to_this_machine(target: str) -> None:
    with pytest.raises(ValueError):
        HttpClient({"https://shop.example.com": target})
