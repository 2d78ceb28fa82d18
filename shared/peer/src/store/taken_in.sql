-- A desk: entries of others' chains that this community's desks took in, as their case chains say. Made again from them.
CREATE TABLE IF NOT EXISTS taken_in (
    chain BLOB NOT NULL,
    first INTEGER NOT NULL,
    last  INTEGER NOT NULL,
    hash  BLOB NOT NULL, -- of the last one
    PRIMARY KEY (chain, first)
) STRICT, WITHOUT ROWID;
