"""What SpamAssassin says of every mail, without the net: nearly nothing, in every language."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from emails.dkim import new_key, signed
from emails.message import RenderedMail
from emails.mime import mail_bytes
from emails.render import render
from tests.app.mta.test_postfix import chosen
from tests.emails.cases import STATES
from tests.emails.samples import HOLLOW_PINE, coffee, lamps
from tests.emails.test_envelope import labelled, sealed
from tests.proof import Figure

MOST = 0.5
KEY = new_key("shop.example", "d1")
# What the receiver's own server puts on top; a name that begins with "mail" is what a mail server has.
RECEIVED = (
    b"Received: from mail.shop.example (mail.shop.example [93.184.215.14])\r\n"
    b"\tby mx.example.com (Postfix) with ESMTPS id 4F2k1x0z9Q\r\n"
    b"\tfor <nora@example.com>; Fri, 16 Oct 2026 14:41:02 +0000 (UTC)\r\n"
)
_STATUS = re.compile(
    r"^X-Spam-Status: \w+, score=(-?[\d.]+) required=[\d.]+ tests=([\w,\s]*?)\s+(?:autolearn|version)", re.M
)


def mails() -> dict[str, bytes]:
    brand = replace(HOLLOW_PINE, sender="orders@shop.example", support_email="help@shop.example")
    found: dict[str, bytes] = {}
    for template, language in chosen():
        context = STATES[template][0](lamps() if language == "de" else coffee())
        way = "https://shop.example/u/7c1e/one-click" if context.links.one_click else None
        letter = sealed(
            at_shop_example(render(template, context, language)),
            brand=brand,
            links=replace(context.links, one_click=way),
            labels=labelled(domain="shop.example"),
        )
        name = f"<{len(found):032x}@shop.example>"
        found[f"{language} {template}"] = RECEIVED + signed(
            mail_bytes(replace(letter, message_id=name)), (KEY,)
        )
    return found


def at_shop_example(mail: RenderedMail) -> RenderedMail:
    def moved(text: str) -> str:
        return re.sub(r"\b(?:[a-z]+\.)*(?:hollow-pine|larkhus)\.example\b", "shop.example", text)

    return replace(mail, html=moved(mail.html), text=moved(mail.text))


@pytest.mark.proof
@pytest.mark.timeout(900)
def test_no_mail_looks_like_spam(tmp_path: Path, figure: Figure) -> None:
    program = os.environ.get("DOORSTEP_SPAMASSASSIN") or shutil.which("spamassassin")
    assert program, "Debian's package spamassassin is not installed"
    written = mails()
    box = b"".join(b"From x Fri Oct 16 14:41:02 2026\n" + of_box(mail) + b"\n" for mail in written.values())
    done = subprocess.run(
        [program, "-L", "--mbox"],
        input=box,
        capture_output=True,
        env={**os.environ, "HOME": str(tmp_path), "LC_ALL": "C.UTF-8"},
        timeout=850,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()[-2_000:]
    said = _STATUS.findall(done.stdout.decode("utf-8", "replace"))
    told = [(float(score), re.findall(r"[A-Z]\w+", rules)) for score, rules in said]
    assert len(told) == len(written)
    rules = Counter(rule for _, names in told for rule in names)
    print("\n".join(f"{rule}: {many} of {len(told)} mails" for rule, many in rules.most_common()))
    figure("mails", len(told))
    figure("highest", max(score for score, _ in told))
    loud = {name: one for name, one in zip(written, told, strict=True) if one[0] > MOST}
    assert loud == {}


def of_box(mail: bytes) -> bytes:
    """Lines as a box has them; no line of ours begins with "From "."""
    return re.sub(rb"^From ", b">From ", mail.replace(b"\r\n", b"\n"), flags=re.M)
