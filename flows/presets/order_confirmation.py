"""The order is here: sent at once, to everybody, while they are still looking. What a subscription renewed
nobody looks at, and the shop writes of it itself."""

from flows.conditions import is_pos, is_renewal, is_test
from flows.events import OrderCancelled, OrderDeleted, OrderPlaced, OrderRefunded
from flows.facts import MailClass
from flows.flow import Flow
from flows.steps import Send

ORDER_CONFIRMATION = Flow(
    key="order_confirmation",
    version=1,
    mail_class=MailClass.TRANSACTIONAL,
    trigger=OrderPlaced,
    enter_if=~is_pos & ~is_test & ~is_renewal,
    exit_on=(OrderCancelled, OrderDeleted, OrderRefunded),
    steps=(Send("confirmation", "order_confirmation/confirmation", late_hours=12),),
)
