"""What people and their programs answer: a wish to leave, or a note that nobody is there (RFC 3834)."""

from __future__ import annotations

import re

from emails.inbound.parts import Part, plain_words

_LEAVES = re.compile(
    r"^(?:(?:re|aw|fwd?|sv|antw)[ \t]{0,3}:[ \t]{0,3}){0,3}(?:unsubscribe|remove me|opt[ -]?out"
    r"|abmelden|abbestellen|d[ée]sabonner|desinscri|se d[ée]sinscrire|cancelar suscripci[óo]n|darse de baja"
    r"|baja|配信停止|配信解除"
    r"|退订|取消订阅|取消訂閱|退訂|수신거부|수신 거부|berhenti melanggan)\b",
    re.IGNORECASE,
)
_LEAVE_PLACE = re.compile(r"^(?:l\+|(?:unsubscribe|opt-?out|leave)[+._-])", re.IGNORECASE)
_AUTOMATIC = re.compile(
    r"^(?:automatic reply|auto(?:matic)? ?(?:re(?:ply|sponse)|response)|auto[:-]|out of (?:the )?office"
    r"|out of town|on vacation|vacation|away from|i am away|automatische antwort|abwesenheit|abwesend"
    r"|r[ée]ponse automatique"
    r"|absen[ct]e?|respuesta autom[áa]tica|fuera de la oficina|resposta autom[áa]tica|risposta automatica"
    r"|自動応答|自動返信|不在|自动回复|自動回覆|자동 ?응답|부재)",
    re.IGNORECASE,
)
_ANSWERED = ("auto_reply", "auto-reply", "autoreply")


def wants_to_leave(mail: Part, places: tuple[str, ...]) -> bool:
    """To an address that is for that (`places`: to whom it came), or with such a subject."""
    return any(_LEAVE_PLACE.search(place) for place in places) or bool(
        _LEAVES.match(plain_words(mail.first("subject")).strip())
    )


def is_automatic(mail: Part) -> bool:
    """A machine's answer. A bounce carries the same marks, so it is looked for before."""
    submitted = mail.first("auto-submitted").lower()
    if submitted.startswith("auto-replied") or submitted.startswith("auto-notified"):
        return True
    marks = ("x-autoreply", "x-autorespond", "x-auto-response", "x-autoreply-from")
    if any(mail.first(name) for name in marks):
        return True
    if mail.first("precedence").lower() in _ANSWERED:
        return True
    return bool(_AUTOMATIC.match(plain_words(mail.first("subject")).strip()))
