"""Everything that is derived from the installation's secrets: seals, signatures, keyed hashes."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from itsdangerous import BadSignature, URLSafeSerializer
from itsdangerous.encoding import base64_decode, base64_encode

from emails import return_path
from emails.address import one_spelling
from emails.return_path import Purpose, ReturnPath

# Nothing that is taken for something else when it is read aloud or copied by hand.
_READABLE = "23456789ABCDEFGHJKMNPQRSTVWXYZ"

_JSON = json.JSONEncoder(separators=(",", ":")).encode
_quoted = json.encoder.encode_basestring_ascii


class BadSeal(Exception):
    """Sealed bytes that none of our keys opens, or that belong to another shop."""


class BadLink(Exception):
    """A signed link that we did not write."""


@dataclass(frozen=True)
class Keys:
    """`encryption` holds Fernet keys, newest first; all of them open, the first one seals."""

    secret: str = field(repr=False)
    encryption: tuple[str, ...] = field(repr=False)

    @property
    def ids(self) -> tuple[str, ...]:
        """The keys' names, newest first: enough to tell which key a row needs, too little to guess it."""
        return tuple(hashlib.sha256(key.encode()).hexdigest()[:8] for key in self.encryption)

    def seal(self, shop_id: int, values: Mapping[str, str]) -> bytes:
        """Encrypts a shop's secrets; the shop is sealed in, so a row moved to another fails."""
        return self._fernet().encrypt(json.dumps({"shop": shop_id, "values": dict(values)}).encode())

    def unseal(self, shop_id: int, sealed: bytes) -> dict[str, str]:
        """Raises BadSeal."""
        try:
            opened = json.loads(self._fernet().decrypt(sealed))
        except InvalidToken as error:
            raise BadSeal("none of the encryption keys opens this row") from error
        if opened["shop"] != shop_id:
            raise BadSeal("the sealed values belong to another shop")
        return dict(opened["values"])

    def address_hash(self, shop_id: int, address: str) -> str:
        """How a suppressed address is remembered after the person is forgotten, however a store writes it."""
        return self._mac("address", f"{shop_id}:{one_spelling(address)}")

    def webhook_secret(self, shop_token: str) -> str:
        """WooCommerce: the secret of a shop's webhooks, hexadecimal as its checks demand."""
        return self._mac("woocommerce-webhook", shop_token)

    def plugin_secret(self, shop_token: str) -> str:
        """WooCommerce: what the shop's companion plugin signs its requests and page tokens with."""
        return self._mac("woocommerce-plugin", shop_token)

    def outside_secret(self, shop_token: str, salt: str) -> str:
        """What other tools of a merchant sign their reports with. `salt`: "" until they wanted a new one."""
        return self._mac("outside-sends", f"{shop_token}:{salt}" if salt else shop_token)

    def door_secret(self, shop_id: int, salt: str) -> str:
        """What a shop's own tool checks our calls with: 32 bytes as Standard Webhooks writes them."""
        made = bytes.fromhex(self._mac("webhook-door", f"{shop_id}:{salt}"))
        return f"whsec_{base64.b64encode(made).decode()}"

    def pong(self, shop_id: int, asked: str, prefix: str) -> str:
        """What only we can answer when we are asked, through this shop's own address, whether we are
        there, and below which path. `asked` is made anew each time, so that no stored answer counts."""
        return f"doorstep {self._mac('ping', f'{shop_id}:{asked}:{prefix}')} {prefix}"

    def message_id(self, shop_id: int, message: int, domain: str) -> str:
        """The Message-ID of a ledger row: the same on every attempt, telling nothing."""
        return f"<{self._mac('message', f'{shop_id}:{message}')[:32]}@{domain}>"

    def return_path(self, purpose: Purpose, shop_id: int, message: int, domain: str) -> str:
        """An address that says which mail comes back to it, and that we wrote it."""
        return return_path.written(self.secret.encode(), ReturnPath(purpose, shop_id, message), domain)

    def read_return_path(self, address: str) -> ReturnPath | None:
        """None for an address that we did not write."""
        return return_path.read(self.secret.encode(), address)

    def selector(self, shop_id: int, domain: str) -> str:
        """The name below which a shop's DKIM key stands in its DNS: another one for each domain and shop."""
        return f"d{self._mac('selector', f'{shop_id}:{domain}')[:10]}"

    def coupon_code(self, shop_id: int, message: int) -> str:
        """The code that a ledger row carries: the same on every attempt, and nobody guesses another."""
        number = int(self._mac("coupon", f"{shop_id}:{message}"), 16)
        letters = []
        for _ in range(9):
            number, place = divmod(number, len(_READABLE))
            letters.append(_READABLE[place])
        return f"THX-{''.join(letters)}"

    def account_name(self, url: str) -> str:
        """A name for an account at a mail vendor, the same for the same login, which it does not tell."""
        return self._mac("mail-account", url)[:24]

    def draw_seed(self, shop_id: int, month: str) -> str:
        """What a month's draw goes by: the same all month, and nobody can work it out."""
        return self._mac("draw", f"{shop_id}:{month}")

    def reference_hash(self, reference: str) -> str:
        return self._mac("install", reference)

    def sign(self, purpose: str, value: Any) -> str:
        """A URL-safe signed value that only the same purpose reads back: letter by letter as `read`'s
        library would write it without packing, which took more time than all the rest of a mail's links."""
        payload = base64.urlsafe_b64encode(_compact(value).encode()).rstrip(b"=")
        signature = hmac.digest(_signing_key(self.secret, purpose), payload, "sha1")
        return f"{payload.decode()}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"

    def read(self, purpose: str, token: str) -> Any:
        """Raises BadLink, also for a good signature in another spelling than ours (the last letter of
        base64 has bits that nothing reads)."""
        try:
            value = URLSafeSerializer(self.secret, salt=f"doorstep.{purpose}").loads(token)
        except BadSignature as error:
            raise BadLink("this link was not written by us") from error
        signature = token.rpartition(".")[2].encode()
        if base64_encode(base64_decode(signature)) != signature:
            raise BadLink("this link was not written by us")
        return value

    def _mac(self, purpose: str, value: str) -> str:
        message = f"{purpose}\x00{value}".encode()
        return hmac.digest(self.secret.encode(), message, "sha256").hex()

    def _fernet(self) -> MultiFernet:
        return MultiFernet([Fernet(key) for key in self.encryption])


def _compact(value: Any) -> str:
    """As `_JSON` writes it; of a row of numbers and words, which most links carry, in a third of the time."""
    if type(value) is not list or not {type(one) for one in value} <= {int, str}:
        return _JSON(value)
    return f"[{','.join([str(one) if type(one) is int else _quoted(one) for one in value])}]"


@lru_cache(maxsize=64)
def _signing_key(secret: str, purpose: str) -> bytes:
    """As itsdangerous derives it ("django-concat")."""
    return hashlib.sha1(f"doorstep.{purpose}signer{secret}".encode()).digest()
