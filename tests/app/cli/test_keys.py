"""Changing the encryption key: which key is needed, and a rotation that may stop anywhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography.fernet import Fernet
from sqlalchemy import text

from app.cli import keys as cli
from app.cli.checks import examine
from app.config import Config
from app.db import Database
from app.keys import BadSeal, Keys
from app.services import sealing
from app.services.sealing import reseal, seals, unneeded
from tests.app.desk import KEYS, START, connect_shop

OLD, NEW = KEYS.encryption[0], Fernet.generate_key().decode()
BOTH = Keys(KEYS.secret, (NEW, OLD))
Doorstep = Callable[..., Result]


@pytest.fixture
def config(database: tuple[str, str]) -> Config:
    return Config(
        address="http://127.0.0.1:8000",
        port=8000,
        data=Path("var"),
        mail_from_domain="mail.example.com",
        database_url=database[0],
        secret=KEYS.secret,
        encryption_keys=BOTH.encryption,
    )


@pytest.fixture
def doorstep(config: Config, monkeypatch: pytest.MonkeyPatch) -> Doorstep:
    monkeypatch.setattr(cli, "load", lambda: config)
    return lambda *arguments: CliRunner().invoke(cli.command, arguments)


def shops(db: Database, number: int) -> list[int]:
    return [connect_shop(db, f"shop-{n}.example", on=False).shop_id for n in range(number)]


def secrets(db: Database, shop_id: int, keys: Keys) -> dict[str, str]:
    with db.shops(shop_id) as session:
        sealed = session.execute(text("SELECT sealed FROM shop_secrets")).scalar_one()
    return keys.unseal(shop_id, bytes(sealed))


def finding(config: Config) -> tuple[str, str | None]:
    (found,) = (one for one in examine(config) if one.subject == "Encryption keys")
    return found.seen, found.wrong


def test_a_rotation_seals_all_anew_and_the_old_key_can_go(
    db: Database, config: Config, doorstep: Doorstep, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "BATCH", 2)
    ids = shops(db, 5)
    assert seals(db, BOTH) == {BOTH.ids[1]: 5}
    assert unneeded(BOTH, seals(db, BOTH)) == []
    assert finding(config) == ("5 seals need an older one", "Run `doorstep keys rotate`.")
    assert f"{BOTH.ids[1]}       5 sealed  opens" in doorstep("list").output
    assert doorstep("rotate").output == f"Sealed anew under {BOTH.ids[0]}: 5. Already under it: 0.\n"
    assert seals(db, BOTH) == {BOTH.ids[0]: 5}
    assert unneeded(BOTH, seals(db, BOTH)) == [BOTH.ids[1]]
    assert finding(config) == (f"{BOTH.ids[0]} seals everything, 1 older not needed any more", None)
    assert f"{BOTH.ids[1]}       0 sealed  not needed any more" in doorstep("list").output
    for shop_id in ids:
        assert secrets(db, shop_id, Keys(KEYS.secret, (NEW,))) == {
            "consumer_key": "ck_1",
            "consumer_secret": "cs_1",
        }
        with pytest.raises(BadSeal):
            secrets(db, shop_id, KEYS)
    again = doorstep("rotate")
    assert (again.exit_code, again.output) == (
        0,
        f"Sealed anew under {BOTH.ids[0]}: 0. Already under it: 5.\n",
    )


def test_a_rotation_that_stops_half_way_goes_on(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "BATCH", 2)
    shops(db, 5)
    next(reseal(db, BOTH))
    assert seals(db, BOTH) == {BOTH.ids[0]: 2, BOTH.ids[1]: 3}
    assert sum(batch.sealed for batch in reseal(db, BOTH)) == 3


def test_what_no_key_opens_is_named_and_does_not_stop_the_others(
    db: Database, config: Config, doorstep: Doorstep
) -> None:
    lost, kept = shops(db, 2)
    with db.shops(lost) as session:
        session.execute(text("UPDATE shop_secrets SET sealed = 'nonsense', sealed_with = ''"))
    with db.shops(kept) as session:
        session.execute(text("UPDATE shop_secrets SET sealed_with = ''"))  # from before keys had names
    assert seals(db, BOTH) == {sealing.UNKNOWN: 1, BOTH.ids[1]: 1}
    told = doorstep("rotate")
    assert (told.exit_code, told.output.splitlines()) == (
        1,
        [
            f"Sealed anew under {BOTH.ids[0]}: 1. Already under it: 0.",
            "! shop-0.example: none of the keys opens its secrets. It has to connect again.",
        ],
    )
    assert "unknown       1 sealed" in doorstep("list").output
    assert finding(config)[0] == "none opens 1 of the seals"
    missing = replace(config, encryption_keys=(Fernet.generate_key().decode(),))
    assert finding(missing)[0] == "none opens 2 of the seals"


def test_an_export_of_personal_data_moves_too(db: Database) -> None:
    (shop_id,) = shops(db, 1)
    with db.shops(shop_id) as session:
        session.execute(
            text(
                "INSERT INTO privacy_requests (shop_id, kind, key, received_at, due_at, next_at, export)"
                " VALUES (:id, 'export', 'k', :at, :at, :at, :export)"
            ),
            {"id": shop_id, "at": START, "export": KEYS.seal(shop_id, {"text": "all of it"})},
        )
    assert seals(db, BOTH) == {BOTH.ids[1]: 2}
    assert sum(batch.sealed for batch in reseal(db, BOTH)) == 2
    assert seals(db, BOTH) == {BOTH.ids[0]: 2}
    with db.shops(shop_id) as session:
        export = session.execute(text("SELECT export FROM privacy_requests")).scalar_one()
    assert Keys(KEYS.secret, (NEW,)).unseal(shop_id, bytes(export)) == {"text": "all of it"}


def test_an_id_tells_keys_apart_and_nothing_else() -> None:
    assert len(set(BOTH.ids)) == 2
    assert all(
        len(name) == 8 and name not in key for name, key in zip(BOTH.ids, BOTH.encryption, strict=True)
    )
    assert Keys(KEYS.secret, (OLD,)).ids == (BOTH.ids[1],)
