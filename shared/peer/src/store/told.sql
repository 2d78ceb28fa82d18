-- A suitcase: the newest verdict of each case chain on each own chain, by the entry that brought it.
CREATE TABLE IF NOT EXISTS judged (
    chain    BLOB NOT NULL,
    by_chain BLOB NOT NULL,
    by_seq   INTEGER NOT NULL,
    by_hash  BLOB NOT NULL,
    seq      INTEGER NOT NULL, -- up to where
    hash     BLOB NOT NULL,
    PRIMARY KEY (chain, by_chain)
) STRICT, WITHOUT ROWID;

-- A desk: up to where its case chain told a suitcase of a chain of its line.
CREATE TABLE IF NOT EXISTS told_verdict (
    chain    BLOB NOT NULL,
    reader   BLOB NOT NULL,
    by_chain BLOB NOT NULL,
    seq      INTEGER NOT NULL,
    PRIMARY KEY (chain, reader, by_chain)
) STRICT, WITHOUT ROWID;
