-- name: void
-- Codes nobody used are good no longer: a newer one is printed.
UPDATE binding_codes SET expires_at = :now WHERE used_at IS NULL AND expires_at > :now;

-- name: keep
-- A code that was printed, by its fingerprint.
INSERT INTO binding_codes (fingerprint, made_at, expires_at) VALUES (:fingerprint, :now, :expires_at);

-- name: use
-- Use a code up: the first one wins.
UPDATE binding_codes SET used_at = :now, used_by = :who, used_in = :chat
WHERE fingerprint = :fingerprint AND used_at IS NULL AND expires_at > :now;
