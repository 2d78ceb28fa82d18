-- A desk: entries of others' chains that this community's desks took in, as their case chains say. Made again from them.
CREATE TABLE IF NOT EXISTS taken_in (
    chain BLOB NOT NULL,
    first INTEGER NOT NULL,
    last  INTEGER NOT NULL,
    hash  BLOB NOT NULL, -- of the last one
    PRIMARY KEY (chain, first)
) STRICT, WITHOUT ROWID;

-- The same, whose last entry is not held: nothing is said by them before it is. They stand apart, so that a run that never
-- ends takes no words from others.
CREATE TABLE IF NOT EXISTS taken_in_ahead (
    chain BLOB NOT NULL,
    last  INTEGER NOT NULL,
    hash  BLOB NOT NULL, -- of the last one
    first INTEGER NOT NULL,
    PRIMARY KEY (chain, last, hash, first)
) STRICT, WITHOUT ROWID;

-- Changes (kind 1) that were taken in (state 1): what is not told yet is found among them, without those set aside.
CREATE INDEX IF NOT EXISTS entry_taken ON entry (chain, seq) WHERE state = 1 AND kind = 1;
