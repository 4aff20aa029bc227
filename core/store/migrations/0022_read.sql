-- When the platform's record of an item was read: one without a description is not asked for at every answer.
ALTER TABLE listings ADD COLUMN read_at INTEGER;
