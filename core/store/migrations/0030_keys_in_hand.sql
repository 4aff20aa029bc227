-- A key somebody gave away by hand is found by its fingerprint alone, among those that are still to be sold.
CREATE INDEX card_keys_in_hand ON card_keys (fingerprint) WHERE state IN ('free', 'reserved');
