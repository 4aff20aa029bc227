-- name: next_due
-- When the next deadline, reminder, end of what is kept or idle takeover is due.
SELECT min(at) AS at FROM (
  SELECT min(CASE WHEN NOT reminded THEN remind_at WHEN NOT escalated THEN escalate_at ELSE expires_at END) AS at
  FROM approvals INDEXED BY approvals_next WHERE state = 'pending'
  UNION ALL
  SELECT min(remind_at) FROM fulfilments WHERE remind_at IS NOT NULL
  UNION ALL
  SELECT min(expires_at) FROM keeps INDEXED BY keeps_due WHERE state = 'kept'
  UNION ALL
  SELECT min(human_until) FROM chats WHERE mode = 'human'
);
