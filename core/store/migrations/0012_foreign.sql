-- Conversations in which an account buys from somebody else: nothing said there is about a sale of ours.
CREATE TABLE foreign_chats (
  account_id INTEGER NOT NULL REFERENCES accounts (id),
  chat_no TEXT NOT NULL,
  known_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, chat_no)
) STRICT, WITHOUT ROWID;
