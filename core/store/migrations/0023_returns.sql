-- What came back of an order is asked for with every look at it.
CREATE INDEX ledger_returned ON ledger (order_id) WHERE kind = 'returned';
