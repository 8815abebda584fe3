"""What a merchant wrote for a mail: an access link, a guide, a checklist, a story."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Content:
    """`text`: plain words, one paragraph a line. `url`: where more of it stands. `product_id`: the product
    that it was written for, None where it is for a category or the whole shop."""

    text: str = ""
    url: str = ""
    title: str = ""
    product_id: str | None = None
