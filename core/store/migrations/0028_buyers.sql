-- The conversations of a buyer.

CREATE INDEX chats_buyer ON chats (buyer_id, id);
