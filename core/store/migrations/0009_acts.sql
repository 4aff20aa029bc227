-- A day's acts are looked up by when they happened.
CREATE INDEX acts_at ON acts (at);
