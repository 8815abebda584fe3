"""Names of states and provinces where an envelope has the name and a store gives only a code of its own."""

from __future__ import annotations

import re

_CODE = re.compile(r"(?:[A-Z]{2}-?)?[A-Z0-9]{1,4}")

# By number, as ISO 3166-2 and both platforms count them (Shopify "JP-13", WooCommerce "JP13").
_JAPAN = (
    "北海道 青森県 岩手県 宮城県 秋田県 山形県 福島県 茨城県 栃木県 群馬県 埼玉県 千葉県 東京都 "
    "神奈川県 新潟県 富山県 石川県 福井県 山梨県 長野県 岐阜県 静岡県 愛知県 三重県 滋賀県 京都府 "
    "大阪府 兵庫県 奈良県 和歌山県 鳥取県 島根県 岡山県 広島県 山口県 徳島県 香川県 愛媛県 高知県 "
    "福岡県 佐賀県 長崎県 熊本県 大分県 宮崎県 鹿児島県 沖縄県"
)
_JAPAN_LATIN = (
    "Hokkaido Aomori Iwate Miyagi Akita Yamagata Fukushima Ibaraki Tochigi Gunma Saitama Chiba Tokyo "
    "Kanagawa Niigata Toyama Ishikawa Fukui Yamanashi Nagano Gifu Shizuoka Aichi Mie Shiga Kyoto "
    "Osaka Hyogo Nara Wakayama Tottori Shimane Okayama Hiroshima Yamaguchi Tokushima Kagawa Ehime "
    "Kochi Fukuoka Saga Nagasaki Kumamoto Oita Miyazaki Kagoshima Okinawa"
)

_KOREA = {
    "11": ("서울", "Seoul"),
    "26": ("부산", "Busan"),
    "27": ("대구", "Daegu"),
    "28": ("인천", "Incheon"),
    "29": ("광주", "Gwangju"),
    "30": ("대전", "Daejeon"),
    "31": ("울산", "Ulsan"),
    "41": ("경기도", "Gyeonggi-do"),
    "42": ("강원특별자치도", "Gangwon-do"),
    "43": ("충청북도", "Chungcheongbuk-do"),
    "44": ("충청남도", "Chungcheongnam-do"),
    "45": ("전북특별자치도", "Jeonbuk-do"),
    "46": ("전라남도", "Jeollanam-do"),
    "47": ("경상북도", "Gyeongsangbuk-do"),
    "48": ("경상남도", "Gyeongsangnam-do"),
    "49": ("제주특별자치도", "Jeju-do"),
    "50": ("세종", "Sejong"),
}

# Letters at Shopify; WooCommerce counts them in an order of its own (CN1 to CN32), which is the order here.
_CHINA = {
    "YN": ("云南", "Yunnan"),
    "BJ": ("北京", "Beijing"),
    "TJ": ("天津", "Tianjin"),
    "HE": ("河北", "Hebei"),
    "SX": ("山西", "Shanxi"),
    "NM": ("内蒙古", "Inner Mongolia"),
    "LN": ("辽宁", "Liaoning"),
    "JL": ("吉林", "Jilin"),
    "HL": ("黑龙江", "Heilongjiang"),
    "SH": ("上海", "Shanghai"),
    "JS": ("江苏", "Jiangsu"),
    "ZJ": ("浙江", "Zhejiang"),
    "AH": ("安徽", "Anhui"),
    "FJ": ("福建", "Fujian"),
    "JX": ("江西", "Jiangxi"),
    "SD": ("山东", "Shandong"),
    "HA": ("河南", "Henan"),
    "HB": ("湖北", "Hubei"),
    "HN": ("湖南", "Hunan"),
    "GD": ("广东", "Guangdong"),
    "GX": ("广西", "Guangxi"),
    "HI": ("海南", "Hainan"),
    "CQ": ("重庆", "Chongqing"),
    "SC": ("四川", "Sichuan"),
    "GZ": ("贵州", "Guizhou"),
    "SN": ("陕西", "Shaanxi"),
    "GS": ("甘肃", "Gansu"),
    "QH": ("青海", "Qinghai"),
    "NX": ("宁夏", "Ningxia"),
    "MO": ("澳门", "Macao"),
    "XZ": ("西藏", "Tibet"),
    "XJ": ("新疆", "Xinjiang"),
}

_MALAYSIA = {
    "JHR": "Johor",
    "KDH": "Kedah",
    "KTN": "Kelantan",
    "KUL": "Kuala Lumpur",
    "LBN": "Labuan",
    "MLK": "Melaka",
    "NSN": "Negeri Sembilan",
    "PHG": "Pahang",
    "PJY": "Putrajaya",
    "PLS": "Perlis",
    "PNG": "Pulau Pinang",
    "PRK": "Perak",
    "SBH": "Sabah",
    "SGR": "Selangor",
    "SWK": "Sarawak",
    "TRG": "Terengganu",
}


def is_code(region: str) -> bool:
    """Whether it is a store's short sign for a region and no word of a language."""
    return _CODE.fullmatch(region) is not None


def region_name(region: str, country: str, local: bool) -> str:
    """The name of a code; the region itself where it is no code or not one that we know. `local`: in the
    script of the country instead of in Latin letters."""
    if not is_code(region):
        return region
    own = region.removeprefix(country).lstrip("-")
    return _named(own, country, local) or region


def _named(own: str, country: str, local: bool) -> str:
    if country == "JP":
        names = (_JAPAN if local else _JAPAN_LATIN).split()
        return names[int(own) - 1] if own.isdecimal() and 1 <= int(own) <= len(names) else ""
    if country == "KR":
        return _KOREA[own][not local] if own in _KOREA else ""
    if country == "CN":
        by_number = list(_CHINA)
        if own.isdecimal() and 1 <= int(own) <= len(by_number):
            own = by_number[int(own) - 1]
        return _CHINA[own][not local] if own in _CHINA else ""
    return _MALAYSIA.get(own, "") if country == "MY" else ""
