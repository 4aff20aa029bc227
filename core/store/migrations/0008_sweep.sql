-- What the sweep looks for: buttons that expired.
CREATE INDEX actions_expired ON actions (expires_at) WHERE expires_at IS NOT NULL;
