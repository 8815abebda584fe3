"""How amounts of a currency are counted."""

from __future__ import annotations

import re
from functools import lru_cache

_NO_DECIMALS = re.compile("BIF|CLP|DJF|GNF|ISK|JPY|KMF|KRW|PYG|RWF|UGX|UYI|VND|VUV|XAF|XOF|XPF")
_THREE_DECIMALS = re.compile("BHD|IQD|JOD|KWD|LYD|OMR|TND")


@lru_cache(maxsize=256)
def decimals(currency: str) -> int:
    """How many decimals the minor unit of a currency stands for (ISO 4217); 2 where it is unknown."""
    code = currency.upper()
    if _NO_DECIMALS.fullmatch(code):
        return 0
    return 3 if _THREE_DECIMALS.fullmatch(code) else 2
