-- The peer's database, version 2. Version 1 had no `stray`. Everything but `entry`, `chain`, `meta`, `reception`, `record_key`, `draft`,
-- `stray` and `counter` is derived and can be made again from the entries. The rows of lists are in `rows.sql`.

CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE chain (
    id   INTEGER PRIMARY KEY,
    name BLOB NOT NULL UNIQUE,
    seq  INTEGER NOT NULL DEFAULT 0,  -- contiguous end held here
    hash BLOB NOT NULL
) STRICT;

-- Every entry held, own and foreign; `bytes` as on the wire.
CREATE TABLE entry (
    id     INTEGER PRIMARY KEY,       -- order of arrival
    chain  INTEGER NOT NULL REFERENCES chain (id),
    seq    INTEGER NOT NULL,
    hash   BLOB NOT NULL,
    prev   BLOB NOT NULL,
    kind   INTEGER NOT NULL,
    record BLOB,
    peer   BLOB,
    bytes  BLOB NOT NULL,
    -- 0 waits to be looked at, 1 taken, 2 not taken (see exception), 3 not for us to open, 4 of a record that was given up,
    -- 5 the same without its body
    state  INTEGER NOT NULL,
    UNIQUE (chain, seq)
) STRICT;
CREATE INDEX entry_record ON entry (record, id) WHERE record IS NOT NULL;
CREATE INDEX entry_waiting ON entry (id) WHERE state = 0;
-- What waits to be sent is weighed on every page an officer opens, and after weeks without a network it is much.
CREATE INDEX entry_size ON entry (chain, seq, length(bytes));

-- Own entries of a chain before a rebirth that parted from what others hold of it. They were written again in the chain
-- that goes on; here they stay as they were signed.
CREATE TABLE stray (
    chain BLOB NOT NULL,
    seq   INTEGER NOT NULL,
    hash  BLOB NOT NULL,
    prev  BLOB NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (chain, seq, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE record_key (
    record     BLOB NOT NULL,
    generation INTEGER NOT NULL,
    key        BLOB NOT NULL,
    PRIMARY KEY (record, generation)
) STRICT, WITHOUT ROWID;

-- Who may write a record besides the centre: its creator and those who were granted it.
CREATE TABLE writer (
    record BLOB NOT NULL,
    chain  BLOB NOT NULL,
    PRIMARY KEY (record, chain)
) STRICT, WITHOUT ROWID;

CREATE TABLE reception (public BLOB PRIMARY KEY, secret BLOB NOT NULL, made INTEGER NOT NULL) STRICT, WITHOUT ROWID;

-- Epoch keys that a desk has opened: in force for the records a chain makes from this number on.
CREATE TABLE epoch (
    chain     BLOB NOT NULL,
    seq       INTEGER NOT NULL,
    key       BLOB NOT NULL,
    reception BLOB NOT NULL,
    officer   TEXT NOT NULL,
    PRIMARY KEY (chain, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE anchor (
    answerer BLOB NOT NULL,
    chain    BLOB NOT NULL,
    seq      INTEGER NOT NULL,
    bytes    BLOB NOT NULL,
    PRIMARY KEY (chain, answerer, seq)
) STRICT, WITHOUT ROWID;

-- The anchors that own entries name: what was written from this number on, was written not before their time.
CREATE TABLE named_anchor (
    chain BLOB NOT NULL,
    seq   INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (chain, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE dialogue (answerer TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT, WITHOUT ROWID;

-- What the centre said about a chain, and the newest register head it named.
CREATE TABLE verdict (
    chain    BLOB PRIMARY KEY,
    seq      INTEGER NOT NULL,
    register INTEGER NOT NULL,
    at       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE exception (
    chain    BLOB NOT NULL,
    seq      INTEGER NOT NULL,
    code     INTEGER NOT NULL,
    sentence TEXT NOT NULL,
    told     INTEGER NOT NULL DEFAULT 0, -- a desk has put it into a verdict
    PRIMARY KEY (chain, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE draft (
    id      BLOB PRIMARY KEY,
    form    TEXT NOT NULL,
    body    TEXT NOT NULL,
    changed INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Receipt numbers given out, a row a day.
CREATE TABLE counter (day INTEGER PRIMARY KEY, last INTEGER NOT NULL) STRICT;
