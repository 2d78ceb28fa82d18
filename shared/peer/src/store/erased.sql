-- What orders of the register have dropped here. Derived from the register: carried out again at the next start if lost.

CREATE TABLE IF NOT EXISTS erased_record (record BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS erased_entry (
    chain BLOB NOT NULL,
    seq   INTEGER NOT NULL,
    PRIMARY KEY (chain, seq)
) STRICT, WITHOUT ROWID;

-- For a desk: single keys that were written into a case chain when the epoch that made them was dropped, and where.
CREATE TABLE IF NOT EXISTS kept_key (
    chain  BLOB NOT NULL,
    seq    INTEGER NOT NULL,
    record BLOB NOT NULL,
    PRIMARY KEY (chain, seq, record)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS kept_key_record ON kept_key (record);

-- For a desk: the first entry of a chain about a record, when the record was ordered to be erased, if the epoch that it
-- stands in was seen not to make the record's key. Lost, that epoch is taken for one that does, which costs a fact.
CREATE TABLE IF NOT EXISTS cleared_epoch (
    record BLOB NOT NULL,
    chain  BLOB NOT NULL,
    seq    INTEGER NOT NULL,
    PRIMARY KEY (record, chain, seq)
) STRICT, WITHOUT ROWID;
