-- Instants are milliseconds since 1970 UTC; money is 分; BLOBs are encrypted (laws.md 11) unless said.

CREATE TABLE heartbeat (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  at INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  pid INTEGER NOT NULL,
  version TEXT NOT NULL,
  health TEXT NOT NULL DEFAULT '{}'
) STRICT;

CREATE TABLE accounts (
  id INTEGER PRIMARY KEY,
  shop TEXT NOT NULL DEFAULT 'main',
  name TEXT NOT NULL UNIQUE,
  platform TEXT NOT NULL CHECK (platform IN ('xianyu')),
  user_id TEXT,
  state TEXT NOT NULL CHECK (state IN ('new', 'online', 'offline', 'login_expired', 'challenged')),
  reason TEXT NOT NULL DEFAULT '',
  changed_at INTEGER NOT NULL,
  first_connected_at INTEGER,
  caught_up_at INTEGER,
  last_frame_at INTEGER,
  link BLOB
) STRICT;

CREATE TABLE members (
  id INTEGER PRIMARY KEY,
  who TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('viewer', 'operator', 'owner')),
  added_at INTEGER NOT NULL
) STRICT;

CREATE TABLE group_chats (
  chat TEXT PRIMARY KEY,
  bound_at INTEGER NOT NULL
) STRICT;

-- Everything that arrives, stored before it is acknowledged.
CREATE TABLE inbox (
  id INTEGER PRIMARY KEY,
  source TEXT NOT NULL CHECK (source IN ('market', 'request')),
  account_id INTEGER REFERENCES accounts (id),
  key TEXT NOT NULL UNIQUE,
  second_key TEXT UNIQUE,
  kind TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'parked', 'quarantined')),
  raw BLOB,
  received_at INTEGER NOT NULL,
  done_at INTEGER,
  error TEXT
) STRICT;
-- The raw records of markets, apart: marking an inbox row done must not write its kilobytes again.
CREATE TABLE payloads (
  inbox_id INTEGER PRIMARY KEY REFERENCES inbox (id),
  raw BLOB NOT NULL
) STRICT;
CREATE INDEX inbox_waiting ON inbox (source, id) WHERE state = 'waiting';
CREATE INDEX inbox_odd ON inbox (kind, id) WHERE state IN ('parked', 'quarantined');

CREATE TABLE buyers (
  id INTEGER PRIMARY KEY,
  platform TEXT NOT NULL,
  user_id TEXT NOT NULL,
  nick TEXT NOT NULL DEFAULT '',
  first_seen_at INTEGER NOT NULL,
  orders INTEGER NOT NULL DEFAULT 0 CHECK (orders >= 0),
  paid_orders INTEGER NOT NULL DEFAULT 0 CHECK (paid_orders >= 0),
  blocked_reason TEXT,
  UNIQUE (platform, user_id)
) STRICT;

CREATE TABLE products (
  id INTEGER PRIMARY KEY,
  shop TEXT NOT NULL DEFAULT 'main',
  title TEXT NOT NULL,
  spec TEXT NOT NULL DEFAULT '',
  configured INTEGER NOT NULL DEFAULT 0 CHECK (configured IN (0, 1)),
  mode TEXT NOT NULL DEFAULT 'virtual' CHECK (mode IN ('virtual', 'physical')),
  auto_ship INTEGER NOT NULL DEFAULT 0 CHECK (auto_ship IN (0, 1)),
  delay_min_minutes INTEGER NOT NULL CHECK (delay_min_minutes BETWEEN 0 AND 120),
  delay_max_minutes INTEGER NOT NULL CHECK (delay_max_minutes BETWEEN delay_min_minutes AND 120),
  price_fen INTEGER CHECK (price_fen >= 0),
  floor_fen INTEGER CHECK (floor_fen >= 0),
  postage_fen INTEGER NOT NULL DEFAULT 0 CHECK (postage_fen >= 0),
  max_quantity INTEGER CHECK (max_quantity > 0),
  counted INTEGER NOT NULL DEFAULT 0 CHECK (counted IN (0, 1)),
  keyed INTEGER NOT NULL DEFAULT 0 CHECK (keyed IN (0, 1)),
  free INTEGER NOT NULL DEFAULT 0 CHECK (free >= 0),
  reserved INTEGER NOT NULL DEFAULT 0 CHECK (reserved >= 0),
  sold INTEGER NOT NULL DEFAULT 0 CHECK (sold >= 0),
  low_at INTEGER NOT NULL,
  carrier TEXT,
  delivery_text BLOB,
  facts TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'paused')),
  version INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE listings (
  account_id INTEGER NOT NULL REFERENCES accounts (id),
  item_id TEXT NOT NULL,
  spec TEXT NOT NULL DEFAULT '',
  product_id INTEGER NOT NULL REFERENCES products (id),
  title TEXT NOT NULL DEFAULT '',
  price_fen INTEGER,
  PRIMARY KEY (account_id, item_id, spec)
) STRICT, WITHOUT ROWID;
CREATE INDEX listings_product ON listings (product_id);

CREATE TABLE chats (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES accounts (id),
  chat_no TEXT NOT NULL,
  buyer_id INTEGER REFERENCES buyers (id),
  item_id TEXT,
  item_title TEXT NOT NULL DEFAULT '',
  mode TEXT NOT NULL DEFAULT 'auto' CHECK (mode IN ('auto', 'human')),
  human_until INTEGER,
  taken_by TEXT NOT NULL DEFAULT '',
  answered_through INTEGER NOT NULL DEFAULT 0,
  answer_due_at INTEGER,
  burst_from INTEGER,
  bargain_rounds INTEGER NOT NULL DEFAULT 0,
  version INTEGER NOT NULL DEFAULT 1,
  changed_at INTEGER NOT NULL,
  UNIQUE (account_id, chat_no)
) STRICT;
CREATE INDEX chats_due ON chats (answer_due_at) WHERE answer_due_at IS NOT NULL;
CREATE INDEX chats_human ON chats (human_until) WHERE mode = 'human';

CREATE TABLE messages (
  id INTEGER PRIMARY KEY,
  chat_id INTEGER NOT NULL REFERENCES chats (id),
  pnm_id TEXT,
  sender TEXT NOT NULL CHECK (sender IN ('buyer', 'us', 'owner', 'platform')),
  kind TEXT NOT NULL CHECK (kind IN ('text', 'image')),
  text BLOB NOT NULL,
  sent_at INTEGER NOT NULL,
  stored_at INTEGER NOT NULL,
  by TEXT NOT NULL DEFAULT '',
  outbox_id INTEGER
) STRICT;
CREATE INDEX messages_chat ON messages (chat_id, id);

CREATE TABLE orders (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES accounts (id),
  order_no TEXT NOT NULL,
  chat_no TEXT,
  buyer_id INTEGER REFERENCES buyers (id),
  item_id TEXT,
  state TEXT NOT NULL
    CHECK (state IN ('pending_payment', 'pending_ship', 'shipped', 'completed', 'cancelled', 'refunding')),
  version INTEGER NOT NULL DEFAULT 1,
  platform_status TEXT,
  amount_fen INTEGER CHECK (amount_fen >= 0),
  needs_postage INTEGER CHECK (needs_postage IN (0, 1)),
  recorded_at INTEGER,
  created_at INTEGER NOT NULL,
  paid_at INTEGER,
  shipped_at INTEGER,
  closed_at INTEGER,
  ship_method TEXT,
  carrier TEXT,
  tracking_no TEXT,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX orders_no ON orders (order_no, account_id);
CREATE INDEX orders_chat ON orders (account_id, chat_no, id);
CREATE INDEX orders_buyer ON orders (buyer_id, paid_at);
CREATE INDEX orders_open ON orders (state, id) WHERE state IN ('pending_payment', 'pending_ship', 'refunding');

CREATE TABLE order_lines (
  order_id INTEGER NOT NULL REFERENCES orders (id),
  line_no INTEGER NOT NULL,
  product_id INTEGER REFERENCES products (id),
  item_id TEXT NOT NULL,
  title TEXT NOT NULL DEFAULT '',
  spec TEXT NOT NULL DEFAULT '',
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  unit_price_fen INTEGER,
  total_fen INTEGER,
  PRIMARY KEY (order_id, line_no)
) STRICT, WITHOUT ROWID;
CREATE INDEX order_lines_product ON order_lines (product_id, order_id);

CREATE TABLE refunds (
  id INTEGER PRIMARY KEY,
  order_id INTEGER NOT NULL REFERENCES orders (id),
  state TEXT NOT NULL CHECK (state IN ('asked', 'withdrawn', 'refunded')),
  amount_fen INTEGER,
  asked_at INTEGER NOT NULL,
  settled_at INTEGER
) STRICT;
CREATE INDEX refunds_order ON refunds (order_id, id);
CREATE UNIQUE INDEX refunds_open ON refunds (order_id) WHERE state = 'asked';

-- One shipping task an order: the primary key forbids a second.
CREATE TABLE fulfilments (
  order_id INTEGER PRIMARY KEY REFERENCES orders (id),
  state TEXT NOT NULL CHECK (state IN ('scheduled', 'awaiting_approval', 'manual', 'held', 'executing',
    'succeeded', 'failed', 'unknown', 'short', 'cancelled')),
  version INTEGER NOT NULL DEFAULT 1,
  mode TEXT NOT NULL CHECK (mode IN ('virtual', 'physical')),
  due_at INTEGER,
  planned_at INTEGER,
  reason TEXT,
  attempts INTEGER NOT NULL DEFAULT 0,
  error_class TEXT CHECK (error_class IN ('network', 'api', 'business', 'login', 'unknown')),
  error TEXT,
  carrier TEXT,
  tracking_no TEXT,
  text_sent INTEGER NOT NULL DEFAULT 0 CHECK (text_sent IN (0, 1)),
  by_hand INTEGER NOT NULL DEFAULT 0 CHECK (by_hand IN (0, 1)),
  remind_at INTEGER,
  reminders INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  executed_at INTEGER,
  done_at INTEGER,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX fulfilments_due ON fulfilments (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX fulfilments_remind ON fulfilments (remind_at) WHERE remind_at IS NOT NULL;
CREATE INDEX fulfilments_open ON fulfilments (state, order_id)
  WHERE state NOT IN ('succeeded', 'cancelled', 'scheduled');

CREATE TABLE history (
  id INTEGER PRIMARY KEY,
  machine TEXT NOT NULL CHECK (machine IN ('order', 'fulfilment')),
  entity_id INTEGER NOT NULL,
  version INTEGER NOT NULL,
  at INTEGER NOT NULL,
  before TEXT,
  after TEXT NOT NULL,
  event TEXT NOT NULL,
  actor TEXT NOT NULL,
  detail TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX history_entity ON history (entity_id, machine, version);

CREATE TABLE approvals (
  id INTEGER PRIMARY KEY,
  order_id INTEGER NOT NULL REFERENCES orders (id),
  state TEXT NOT NULL CHECK (state IN ('pending', 'approved', 'rejected', 'expired', 'withdrawn')),
  version INTEGER NOT NULL DEFAULT 1,
  reasons TEXT NOT NULL,
  asked_at INTEGER NOT NULL,
  remind_at INTEGER NOT NULL,
  escalate_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  reminded INTEGER NOT NULL DEFAULT 0 CHECK (reminded IN (0, 1)),
  escalated INTEGER NOT NULL DEFAULT 0 CHECK (escalated IN (0, 1)),
  decided_at INTEGER,
  decided_by TEXT
) STRICT;
CREATE UNIQUE INDEX approvals_pending ON approvals (order_id) WHERE state = 'pending';
CREATE INDEX approvals_order ON approvals (order_id, id);
CREATE INDEX approvals_next ON approvals (
  CASE WHEN NOT reminded THEN remind_at WHEN NOT escalated THEN escalate_at ELSE expires_at END
) WHERE state = 'pending';

CREATE TABLE reservations (
  order_id INTEGER PRIMARY KEY REFERENCES orders (id),
  product_id INTEGER NOT NULL REFERENCES products (id),
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  state TEXT NOT NULL CHECK (state IN ('held', 'sold', 'released')),
  created_at INTEGER NOT NULL,
  expires_at INTEGER
) STRICT;
CREATE INDEX reservations_product ON reservations (product_id, state);

CREATE TABLE ledger (
  id INTEGER PRIMARY KEY,
  product_id INTEGER NOT NULL REFERENCES products (id),
  at INTEGER NOT NULL,
  kind TEXT NOT NULL
    CHECK (kind IN ('receipt', 'adjustment', 'returned', 'write_off', 'reserve', 'release', 'sell')),
  quantity INTEGER NOT NULL,
  free_after INTEGER NOT NULL,
  reserved_after INTEGER NOT NULL,
  sold_after INTEGER NOT NULL,
  order_id INTEGER REFERENCES orders (id),
  actor TEXT NOT NULL
) STRICT;
CREATE INDEX ledger_product ON ledger (product_id, id);
CREATE UNIQUE INDEX ledger_once ON ledger (order_id, kind) WHERE order_id IS NOT NULL AND kind = 'sell';

CREATE TABLE card_keys (
  id INTEGER PRIMARY KEY,
  product_id INTEGER NOT NULL REFERENCES products (id),
  secret BLOB NOT NULL,
  fingerprint TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('free', 'reserved', 'sold', 'void')),
  order_id INTEGER REFERENCES orders (id),
  added_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  CHECK ((state IN ('reserved', 'sold')) = (order_id IS NOT NULL)),
  UNIQUE (product_id, fingerprint)
) STRICT;
CREATE INDEX card_keys_free ON card_keys (product_id, id) WHERE state = 'free';
CREATE INDEX card_keys_order ON card_keys (order_id) WHERE order_id IS NOT NULL;

-- Every effect on the world, written with the state it belongs to.
CREATE TABLE outbox (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES accounts (id),
  kind TEXT NOT NULL
    CHECK (kind IN ('look_up', 'find_order', 'confirm', 'deliver', 'consign', 'consign_parcel', 'answer')),
  key TEXT NOT NULL UNIQUE,
  order_id INTEGER REFERENCES orders (id),
  chat_id INTEGER REFERENCES chats (id),
  after_id INTEGER REFERENCES outbox (id),
  body BLOB,
  state TEXT NOT NULL
    CHECK (state IN ('waiting', 'claimed', 'asking', 'done', 'refused', 'failed', 'unknown', 'cancelled')),
  due_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  asked INTEGER NOT NULL DEFAULT 0,
  run TEXT,
  lease_until INTEGER,
  tried_at INTEGER,
  error_class TEXT,
  error TEXT,
  result TEXT,
  created_at INTEGER NOT NULL,
  done_at INTEGER
) STRICT;
CREATE INDEX outbox_due ON outbox (due_at) WHERE state IN ('waiting', 'asking');
CREATE INDEX outbox_acts ON outbox (due_at)
  WHERE state IN ('waiting', 'asking') AND kind NOT IN ('look_up', 'find_order');
CREATE INDEX outbox_claimed ON outbox (lease_until) WHERE state = 'claimed';
CREATE INDEX outbox_order ON outbox (order_id, id) WHERE order_id IS NOT NULL;
CREATE INDEX outbox_chat ON outbox (chat_id, id) WHERE chat_id IS NOT NULL;
CREATE INDEX outbox_unknown ON outbox (id) WHERE state = 'unknown';

-- What the owner is told: references, never rendered text.
CREATE TABLE notices (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  urgency TEXT NOT NULL CHECK (urgency IN ('quiet', 'normal', 'urgent')),
  entity TEXT NOT NULL,
  entity_id INTEGER NOT NULL,
  version INTEGER NOT NULL,
  key TEXT NOT NULL UNIQUE,
  count INTEGER NOT NULL DEFAULT 1,
  chat TEXT,
  detail TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL CHECK (state IN ('waiting', 'claimed', 'done', 'failed')),
  due_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  run TEXT,
  created_at INTEGER NOT NULL,
  done_at INTEGER,
  error TEXT
) STRICT;
CREATE INDEX notices_due ON notices (due_at) WHERE state = 'waiting';
CREATE INDEX notices_failed ON notices (id) WHERE state = 'failed';
CREATE INDEX notices_claimed ON notices (id) WHERE state = 'claimed';

-- Cards as they stand in chats, to be redrawn when their thing changes.
CREATE TABLE copies (
  id INTEGER PRIMARY KEY,
  chat TEXT NOT NULL,
  message TEXT NOT NULL,
  kind TEXT NOT NULL,
  entity TEXT NOT NULL,
  entity_id INTEGER NOT NULL,
  version INTEGER NOT NULL,
  shown_at INTEGER NOT NULL,
  UNIQUE (chat, message)
) STRICT;
CREATE INDEX copies_entity ON copies (entity, entity_id);

CREATE TABLE actions (
  id TEXT PRIMARY KEY,
  words TEXT NOT NULL,
  entity TEXT NOT NULL,
  entity_id INTEGER NOT NULL,
  version INTEGER NOT NULL,
  chat TEXT NOT NULL,
  confirms INTEGER NOT NULL DEFAULT 0 CHECK (confirms IN (0, 1)),
  made_for TEXT,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  used_by TEXT,
  used_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE pauses (
  id INTEGER PRIMARY KEY,
  scope TEXT NOT NULL CHECK (scope IN ('all', 'product', 'chat', 'stop')),
  entity_id INTEGER,
  until_at INTEGER,
  by TEXT NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  at INTEGER NOT NULL,
  ended_at INTEGER,
  ended_by TEXT
) STRICT;
CREATE INDEX pauses_on ON pauses (scope, entity_id) WHERE ended_at IS NULL;

-- What people did (law 8). Unique on the request: a command replayed after a crash acts once.
CREATE TABLE acts (
  id INTEGER PRIMARY KEY,
  request TEXT NOT NULL UNIQUE,
  who TEXT NOT NULL,
  name TEXT NOT NULL,
  chat TEXT NOT NULL,
  at INTEGER NOT NULL,
  verb TEXT NOT NULL,
  entity TEXT NOT NULL,
  entity_id INTEGER NOT NULL,
  before TEXT NOT NULL DEFAULT '',
  after TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX acts_entity ON acts (entity, entity_id, id);

CREATE TABLE daily (
  day TEXT NOT NULL,
  name TEXT NOT NULL,
  value INTEGER NOT NULL,
  PRIMARY KEY (day, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE findings (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  law TEXT NOT NULL,
  row TEXT NOT NULL,
  fixed_at INTEGER
) STRICT;
CREATE INDEX findings_open ON findings (id) WHERE fixed_at IS NULL;
