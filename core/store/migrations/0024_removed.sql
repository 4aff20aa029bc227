-- An account that stands in the configuration no more: since when. Its orders keep their history.
ALTER TABLE accounts ADD COLUMN removed_at INTEGER;
