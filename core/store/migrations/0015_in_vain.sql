-- Records that were asked for and did not come: looked for at each catch-up, and few.
CREATE INDEX outbox_in_vain ON outbox (account_id, created_at)
  WHERE kind = 'look_up' AND state IN ('refused', 'failed');
