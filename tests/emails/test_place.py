from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from babel import Locale

from emails.place import written
from emails.regions import is_code, region_name
from flows.commerce import Address
from tests.proof import Figure

ENGLISH, GERMAN = Locale.parse("en_US"), Locale.parse("de_DE")


@pytest.mark.parametrize(
    ("address", "lines"),
    [
        (
            Address("Nora W", "", "18 Larch St", "Apt 4", "Providence", "RI", "02906", "US"),
            ("Nora W", "18 Larch St", "Apt 4", "Providence, RI\u00a002906", "United States"),
        ),
        (
            Address("J. Seidel", "Seidel KG", "Lindenhof 7", "", "Leipzig", "SN", "04109", "DE"),
            ("J. Seidel", "Seidel KG", "Lindenhof 7", "04109\u00a0Leipzig", "Germany"),
        ),
        (
            Address("A. Shaw", "", "3 Mill Lane", "", "York", "", "YO1 7HU", "GB"),
            ("A. Shaw", "3 Mill Lane", "York", "YO1 7HU", "United Kingdom"),
        ),
        (Address(city="Cork", country="ie"), ("Cork", "Ireland")),
        (
            Address("A. Ryan", "", "4 Mill St", "", "Naas", "Co. Kildare", "W91 X2Y3", "IE"),
            ("A. Ryan", "4 Mill St", "Naas", "Co. Kildare", "W91 X2Y3", "Ireland"),
        ),
        (
            Address("L. Roux", "", "3 rue Haute", "", "Lyon", "", "69001", "FR"),
            ("L. Roux", "3 rue Haute", "69001\u00a0Lyon", "France"),
        ),
        (
            Address("C. Vega", "", "Calle Luna 4", "", "Madrid", "M", "28004", "ES"),
            ("C. Vega", "Calle Luna 4", "28004\u00a0Madrid", "Spain"),
        ),
        (
            Address("G. Riva", "", "Via Roma 2", "", "Monza", "MB", "20900", "IT"),
            ("G. Riva", "Via Roma 2", "20900\u00a0Monza MB", "Italy"),
        ),
        (
            Address("R. Lima", "", "Rua Azul 9", "Ap. 3", "Campinas", "SP", "13010-000", "BR"),
            ("R. Lima", "Rua Azul 9", "Ap. 3", "Campinas - SP", "13010-000", "Brazil"),
        ),
        (
            Address("M. Cruz", "", "Calle 8", "Col. Centro", "Puebla", "PUE", "72000", "MX"),
            ("M. Cruz", "Calle 8", "Col. Centro", "72000\u00a0Puebla, PUE", "Mexico"),
        ),
        (
            Address("Aina", "", "12 Jalan Melor", "", "Shah Alam", "SGR", "40000", "MY"),
            ("Aina", "12 Jalan Melor", "40000\u00a0Shah Alam", "Selangor", "Malaysia"),
        ),
        (
            Address("Kiss Anna", "Kiss Bt.", "Fő utca 3.", "", "Szeged", "CS", "6720", "HU"),
            ("Kiss Anna", "Kiss Bt.", "6720\u00a0Szeged", "Fő utca 3.", "Hungary"),
        ),
        (
            Address("J. Poole", "", "5 Bay Rd", "", "Perth", "WA", "6000", "AU"),
            ("J. Poole", "5 Bay Rd", "Perth WA\u00a06000", "Australia"),
        ),
        (
            Address("山田太郎", "青空商店", "丸の内1-2-3", "5階", "千代田区", "JP-13", "100-0005", "JP"),
            ("〒100-0005", "東京都千代田区丸の内1-2-3", "5階", "青空商店", "山田太郎", "Japan"),
        ),
        (
            Address("Taro Yamada", "", "1-2-3 Marunouchi", "", "Chiyoda-ku", "JP13", "100-0005", "JP"),
            ("Taro Yamada", "1-2-3 Marunouchi", "Chiyoda-ku, Tokyo\u00a0100-0005", "Japan"),
        ),
        (
            Address("김민지", "", "테헤란로 10", "3층", "강남구", "KR-11", "06234", "KR"),
            ("서울 강남구 테헤란로 10", "3층", "김민지", "06234", "South Korea"),
        ),
        (
            Address("王芳", "", "南京西路8号", "", "上海市", "CN10", "200000", "CN"),
            ("200000", "上海市南京西路8号", "王芳", "China"),
        ),
        (
            Address("林怡君", "", "忠孝東路5號", "", "臺北市", "", "100", "TW"),
            ("100", "臺北市忠孝東路5號", "林怡君", "Taiwan"),
        ),
        (
            Address("H. Omar", "", "Villa 3", "", "Dubai", "DU", "00000", "AE"),
            ("H. Omar", "Villa 3", "Dubai", "United Arab Emirates"),
        ),
        (Address(name="X", country="Atlantis"), ("X", "Atlantis")),
        (Address(), ()),
    ],
)
def test_how_a_country_writes(address: Address, lines: tuple[str, ...]) -> None:
    assert written(address, ENGLISH, home="") == lines


def test_the_shops_own_country_is_not_named() -> None:
    address = Address(city="Leipzig", postcode="04109", country="DE")
    assert written(address, GERMAN, home="de") == ("04109\u00a0Leipzig",)
    assert written(address, GERMAN, home="AT")[-1] == "Deutschland"


def test_a_missing_part_takes_its_sign_with_it() -> None:
    def lines(**parts: str) -> tuple[str, ...]:
        return written(Address(**parts), ENGLISH, home=parts["country"])

    assert lines(city="Reno", postcode="89501", country="US") == ("Reno\u00a089501",)
    assert lines(region="NV", country="US") == ("NV",)
    assert lines(city="Olinda", country="BR") == ("Olinda",)
    assert lines(postcode="100-0005", line1="丸の内", country="JP") == ("〒100-0005", "丸の内")
    assert lines(line1="丸の内", country="JP") == ("丸の内",)


def test_a_stores_sign_for_a_region_is_named_or_left_out() -> None:
    assert region_name("JP-27", "JP", local=True) == "大阪府"
    assert region_name("JP27", "JP", local=False) == "Osaka"
    assert region_name("JP-48", "JP", local=True) == "JP-48"
    assert region_name("GD", "CN", local=True) == region_name("CN20", "CN", local=True) == "广东"
    assert region_name("KR-49", "KR", local=False) == "Jeju-do"
    assert region_name("PNG", "MY", local=False) == "Pulau Pinang"
    assert region_name("Kildare", "IE", local=False) == "Kildare"
    assert [is_code(sign) for sign in ("JP-13", "SP", "CAMP", "Ohio", "Co. Cork", "")] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]
    kept = written(Address(city="Naas", region="KE", postcode="W91", country="IE"), ENGLISH, home="IE")
    assert kept == ("Naas", "W91")


@pytest.mark.proof
def test_real_addresses_of_every_territory(figure: Figure) -> None:
    """Real places, each with the lines that its country's people wrote down for it: our lines that hold the
    city or the postcode are among them. Records without both say nothing and are left out."""
    told = Path(os.environ["DOORSTEP_ADDRESSES"], "real_addresses.jsonl").read_text("utf-8").splitlines()
    fair = [record for record in map(json.loads, told) if _speaks(record)]
    agreeing = sum(map(_agrees, fair))
    figure("addresses whose town stands as their country writes it", agreeing / len(fair))
    assert len(fair) > 200
    assert agreeing / len(fair) >= 0.85


Record = Mapping[str, Mapping[str, str]]


def _town(record: Record) -> str:
    kinds = ("city", "town", "village", "municipality", "hamlet", "locality")
    return next((record["components"][kind] for kind in kinds if record["components"].get(kind)), "")


def _speaks(record: Record) -> bool:
    postcode = record["components"].get("postcode", "")
    return bool(postcode and _town(record)) and all(
        part in str(record["formatted"]) for part in (postcode, _town(record))
    )


def _agrees(record: Record) -> bool:
    parts, lines = record["components"], str(record["formatted"]).split("\n")
    town, postcode, country = _town(record), parts["postcode"], str(record["cc"])
    beside = next((line for line in lines if town in line and postcode in line), "")
    sign = re.search(r"\b[A-Z]{2,3}\b", beside.replace(town, "").replace(postcode, ""))
    region = parts.get("state_code") or parts.get("state", "")
    if sign:
        region = sign[0]  # what a store would have told
    elif region not in str(record["formatted"]):
        region = ""
    address = Address(city=town, region=region, postcode=postcode, country=country)
    own = [
        re.sub("[\u2068\u2069]", "", line).replace("\u00a0", " ")
        for line in written(address, ENGLISH, home=country)
    ]
    return all(line in lines for line in own if town in line or postcode in line)
