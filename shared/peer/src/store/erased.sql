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
