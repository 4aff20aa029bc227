-- Words a person goes by (仓库, 客服): what alerts call, and nothing anybody may do by it.
CREATE TABLE tags (
  member_id INTEGER NOT NULL REFERENCES members (id),
  tag TEXT NOT NULL,
  PRIMARY KEY (member_id, tag)
) STRICT, WITHOUT ROWID;
CREATE INDEX tags_tag ON tags (tag, member_id);

-- Which tag an event or a kind of notice calls, where it differs; empty: nobody.
CREATE TABLE calls (
  event TEXT PRIMARY KEY,
  tag TEXT NOT NULL
) STRICT, WITHOUT ROWID;
