"""An order from each of four countries, as its own shop would have it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from emails.message import MailContext
from flows.commerce import Address, OrderLine
from tests.emails.samples import coffee


@dataclass(frozen=True, slots=True)
class Abroad:
    """`titles` of the three lines; `amounts` of them, in minor units; `postal` is the shop's own address."""

    language: str
    locale: str
    timezone: str
    currency: str
    last: str
    first: str
    address: Address
    shop: str
    postal: str
    helper: str
    titles: tuple[str, str, str]
    variants: tuple[str, str, str]
    amounts: tuple[int, int, int]
    carrier: str
    method: str
    payment: str


JAPAN = Abroad(
    "ja", "ja-JP", "Asia/Tokyo", "JPY", "佐藤", "花子",
    Address("佐藤 花子", "", "神宮前1-2-3", "メゾン原宿 201", "渋谷区", "JP-13", "150-0001", "JP"),
    "松の木珈琲", "株式会社松の木珈琲\n〒604-8005\n京都府京都市中京区三条通1-1", "高橋",
    ("深煎りブレンド「夜の航路」", "エチオピア ウォッシュド", "ほうろうカップ"),
    ("1kg・豆のまま", "250g・中挽き", "350ml・クリーム"),
    (4800, 3960, 2400), "ヤマト運輸", "宅急便", "クレジットカード",
)  # fmt: skip
KOREA = Abroad(
    "ko", "ko-KR", "Asia/Seoul", "KRW", "김", "민수",
    Address("김민수", "", "테헤란로 152", "강남파이낸스센터 12층", "강남구", "KR-11", "06236", "KR"),
    "솔숲커피", "주식회사 솔숲커피\n서울 마포구 양화로 45\n02-123-4567", "지은",
    ("밤배 블렌드", "에티오피아 워시드", "법랑 컵"),
    ("1kg, 홀빈", "250g, 핸드드립용", "350ml, 크림"),
    (38000, 31800, 24000), "CJ대한통운", "택배", "신용카드",
)  # fmt: skip
CHINA = Abroad(
    "zh_Hans", "zh-CN", "Asia/Shanghai", "CNY", "王", "小明",
    Address("王小明", "", "南京西路1266号", "2座1801室", "上海市", "SH", "200040", "CN"),
    "松果咖啡", "松果咖啡有限公司\n杭州市西湖区文三路90号", "小林",
    ("“夜航”深烘拼配", "埃塞俄比亚水洗", "搪瓷杯"),
    ("1 千克，咖啡豆", "250 克，手冲研磨", "350 毫升，奶油色"),
    (16800, 13600, 6900), "顺丰速运", "快递", "支付宝",
)  # fmt: skip
TAIWAN = Abroad(
    "zh_Hant", "zh-TW", "Asia/Taipei", "TWD", "陳", "怡君",
    Address("陳怡君", "", "信義路五段7號", "35樓", "信義區", "台北市", "110", "TW"),
    "松果咖啡", "松果咖啡股份有限公司\n100 台北市中正區重慶南路一段10號", "小林",
    ("「夜航」深焙配方豆", "衣索比亞水洗", "琺瑯杯"),
    ("1 公斤，原豆", "250 公克，手沖研磨", "350 毫升，奶油色"),
    (120000, 99000, 58000), "黑貓宅急便", "宅配", "信用卡",
)  # fmt: skip
ABROAD = (JAPAN, KOREA, CHINA, TAIWAN)


def order_from(place: Abroad, pictures: str | None = None) -> MailContext:
    usual = coffee(pictures)
    lines = tuple(
        replace(line, title=title, variant=variant, total=amount)
        for line, title, variant, amount in zip(
            usual.lines, place.titles, place.variants, place.amounts, strict=True
        )
    )
    return _sold(usual, place, lines)


def _sold(usual: MailContext, place: Abroad, lines: tuple[OrderLine, ...]) -> MailContext:
    total = sum(line.total for line in lines)
    order = replace(
        usual.picture.order,
        currency=place.currency,
        total=total,
        subtotal=total,
        discount=0,
        discount_codes=(),
        tax=total // 11,
        tax_included=True,
        first_name=place.first,
        last_name=place.last,
        locale=place.locale,
        lines=lines,
        shipping_address=place.address,
        shipping_method=place.method,
        payment_method=place.payment,
    )
    brand = replace(
        usual.brand,
        name=place.shop,
        postal_address=place.postal,
        support_name=place.helper,
        country=place.address.country,
    )
    return replace(
        usual,
        brand=brand,
        picture=replace(usual.picture, order=order),
        lines=lines,
        locale=place.locale,
        timezone=place.timezone,
        first_name=place.first,
    )
