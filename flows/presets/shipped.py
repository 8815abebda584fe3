"""A parcel is on its way: one mail per parcel, with what is inside it."""

from flows.conditions import is_test
from flows.events import OrderCancelled, OrderDeleted, OrderRefunded, ParcelShipped
from flows.facts import MailClass
from flows.flow import Flow
from flows.steps import Send

SHIPPED = Flow(
    key="shipped",
    version=1,
    mail_class=MailClass.TRANSACTIONAL,
    per="parcel",
    trigger=ParcelShipped,
    enter_if=~is_test,
    exit_on=(OrderCancelled, OrderDeleted, OrderRefunded),
    steps=(Send("parcel", "shipped/parcel", late_hours=48),),
)
