"""What a merchant's own block may print for other readers than the one of a preview: every branch is seen."""

from __future__ import annotations

import random
import re
from time import process_time

import pytest

from emails.own_html.block import in_every_way
from emails.own_html.published import LISTS, VALUES
from emails.own_html.reading import read
from emails.own_html.refused import Refused
from emails.own_html.ways import MOST_WAYS, ways
from tests.emails.samples import coffee
from tests.proof import Count

ORDER = coffee()
MARK = re.compile(r"\[(\d+)\]")


def htmls(source: str) -> list[str]:
    return [block.html for block in in_every_way(source, ORDER, "en")]


def words(source: str) -> list[str]:
    return [" ".join(block.text.split()) for block in in_every_way(source, ORDER, "en")]


@pytest.mark.parametrize(
    ("source", "prints"),
    [
        ("plain", ["plain"]),
        ("{% if coupon.code %}a{% endif %}z", ["z", "az"]),
        ("{% if coupon.code %}a{% else %}b{% endif %}", ["b", "a"]),
        ("{% if name %}a{% elif coupon.code %}b{% else %}c{% endif %}", ["a", "b", "c"]),
        # Beside each other they take turns together; within each other each has its own.
        (
            "{% if name %}a{% else %}b{% endif %}{% if coupon.code %}c{% else %}d{% endif %}",
            ["ad", "ac", "bd"],
        ),
        (
            "{% if name %}{% if coupon.code %}a{% else %}b{% endif %}{% else %}c{% endif %}",
            ["b", "a", "c"],
        ),
        # A list that is empty for this reader has a row for another one.
        ("{% for pick in picks %}a{% else %}b{% endfor %}", ["b", "a"]),
        ("{% for pick in picks %}{{ pick.title }} {% endfor %}", ["", "Linen apron"]),
        ("{% if coupon.code %}{{ coupon.code }}{% endif %}", ["", "THANKS10"]),
    ],
)
def test_each_way_is_printed_once(source: str, prints: list[str]) -> None:
    assert words(source) == prints


def test_a_value_that_is_missing_here_is_no_empty_link_elsewhere() -> None:
    source = "".join(
        f'{{% if {name} %}}<a href="{{{{ {name} }}}}">{{{{ {name} }}}}</a>{{% endif %}}'
        for name in ("order.link", "shop.link")
    )
    assert all('href=""' not in html for html in htmls(source))
    pictures = '{% for pick in picks %}<img src="{{ pick.picture }}" alt="x" width="99">{% endfor %}'
    assert "https://shop.example/picture.jpg" in htmls(pictures)[1]


def test_every_value_has_an_example() -> None:
    told = "".join(f"[{{{{ {name} }}}}]" for name in VALUES)
    rows = "".join(
        f"{{% for row in {name} %}}[{{{{ row.{field} }}}}]{{% endfor %}}"
        for name in LISTS
        for field in LISTS[name]
    )
    assert "[]" not in words(f"<p>{told}</p>{rows}")[-1]


def test_too_many_ways_are_refused_before_any_is_printed() -> None:
    branches = "".join(f"{{% elif order.pieces == {n} %}}{n}" for n in range(MOST_WAYS - 2))
    within = f"{{% if name %}}x{branches}{{% else %}}y{{% endif %}}"
    assert len(ways(read(within))) == MOST_WAYS
    with pytest.raises(Refused, match=f"may look {MOST_WAYS + 1} ways"):
        ways(read(within.replace("{% else %}", "{% elif order.pieces %}{% else %}")))
    nested = "{% if name %}" * 15 + "x" + "{% endif %}" * 15
    began = process_time()
    ways(read(nested * 20))
    assert process_time() - began < 1


def test_no_branch_of_any_block_is_missed(count: Count) -> None:
    """Blocks made at random; each branch prints a number of its own."""
    refused = 0
    for seed in range(count(40, 2_000)):
        source = Made(random.Random(seed)).source
        try:
            shown = " ".join(htmls(source))
        except Refused:
            refused += 1
            continue
        assert set(MARK.findall(shown)) == set(MARK.findall(source)), source
    assert refused < seed / 4


class Made:
    def __init__(self, chance: random.Random) -> None:
        self.chance, self.used = chance, 0
        self.source = self.body(0)

    def body(self, depth: int) -> str:
        return "".join(self.piece(depth) for _ in range(self.chance.randint(1, 3)))

    def piece(self, depth: int) -> str:
        self.used += 1
        told = f"[{self.used}]"
        kind = self.chance.choice(("said", "if", "else", "elif", "for")) if depth < 3 else "said"
        if kind == "said":
            return told
        test = self.chance.choice(("name", "coupon.code", "order.pieces > 3", "not parcel.number"))
        inner, other = self.body(depth + 1), self.body(depth + 1)
        if kind == "for":
            over = self.chance.choice(tuple(LISTS))
            return f"{told}{{% for r{self.used} in {over} %}}{inner}{{% else %}}{other}{{% endfor %}}"
        branch = f"{{% elif shop.email %}}{self.body(depth + 1)}" if kind == "elif" else ""
        end = "" if kind == "if" else f"{{% else %}}{other}"
        return f"{told}{{% if {test} %}}{inner}{branch}{end}{{% endif %}}"
