"""What is not sent but used at once: how to get at it, as soon as it is paid."""

from flows.conditions import has_digital_line, has_words, is_renewal, is_test
from flows.events import OrderCancelled, OrderDeleted, OrderPaid, OrderRefunded
from flows.facts import MailClass
from flows.flow import Flow
from flows.steps import Send

DIGITAL_ACCESS = Flow(
    key="digital_access",
    version=1,
    mail_class=MailClass.TRANSACTIONAL,
    trigger=OrderPaid,
    enter_if=has_digital_line & has_words("access") & ~is_test & ~is_renewal,
    exit_on=(OrderCancelled, OrderDeleted, OrderRefunded),
    steps=(Send("access", "digital_access/access", late_hours=72),),
)
