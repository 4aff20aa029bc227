"""Names for numbers and strings that must not be mixed up.

Platform ids are strings: a Xianyu order id has 19 digits and would lose its end in a float (facts: decoding, 4).
"""

from typing import NewType

AccountId = NewType("AccountId", int)
"""Row id of one login on one marketplace."""
OrderId = NewType("OrderId", int)
"""The shop's own short number of an order: `#42`."""
OrderNo = NewType("OrderNo", str)
"""The platform's order id."""
ProductId = NewType("ProductId", int)
"""The shop's own short number of a product."""
KeepId = NewType("KeepId", int)
"""The short number of units kept for somebody: `k1`."""
RefundNo = NewType("RefundNo", str)
"""The platform's id of a refund request."""
ItemId = NewType("ItemId", str)
"""The platform's item (listing) id."""
BuyerId = NewType("BuyerId", int)
"""Row id of a buyer."""
UserId = NewType("UserId", str)
"""A platform's user id (`unb` on Xianyu)."""
ChatId = NewType("ChatId", int)
"""Row id of a conversation with a buyer."""
ChatNo = NewType("ChatNo", str)
"""The platform's conversation id (`cid`, `sid`)."""
InboxId = NewType("InboxId", int)
OutboxId = NewType("OutboxId", int)
NoticeId = NewType("NoticeId", int)
ApprovalId = NewType("ApprovalId", int)
MessageId = NewType("MessageId", int)
ActionId = NewType("ActionId", str)
"""Short id of a stored button action."""
