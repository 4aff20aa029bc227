-- Numbers that are with their orders: few, and looked at by the standing check.
CREATE INDEX waybills_taken ON waybills (id) WHERE state = 'taken';
