-- Whom an order's parcel goes to: name, phone and address, sealed together; gone some time after the order ended.
CREATE TABLE receivers (
  order_id INTEGER PRIMARY KEY REFERENCES orders (id),
  sealed BLOB NOT NULL
) STRICT;
