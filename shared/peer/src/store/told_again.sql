-- For a desk: facts that were sealed to keys of before, as they stand in a case chain once more, and where. Made again
-- from the case chains.
CREATE TABLE IF NOT EXISTS told_again (
    chain    BLOB NOT NULL,
    seq      INTEGER NOT NULL,
    plain    BLOB NOT NULL,
    by_chain BLOB NOT NULL,
    by_seq   INTEGER NOT NULL,
    PRIMARY KEY (chain, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS told_again_by ON told_again (by_chain, by_seq);

-- For a suitcase: facts that it told and that the centre has not opened yet. Sealed to a key that the centre has given up
-- they would be lost; keys are not among them.
CREATE TABLE IF NOT EXISTS own_fact (
    chain BLOB NOT NULL,
    seq   INTEGER NOT NULL,
    plain BLOB NOT NULL,
    PRIMARY KEY (chain, seq)
) STRICT, WITHOUT ROWID;
