-- Version 4. Ids are 16 bytes, hashes 32; numbers stand in for ids inside the database.
CREATE TABLE meta (
    only    INTEGER PRIMARY KEY CHECK (only = 1),
    version INTEGER NOT NULL,
    lineage BLOB
) STRICT;

CREATE TABLE tenants (
    number   INTEGER PRIMARY KEY,
    id       BLOB    NOT NULL UNIQUE,
    root     BLOB    NOT NULL, -- Ed25519 key, X25519 key
    position INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Authors, and peers that the centre has named. `taken`, `bytes`: entries of the hour, and their bytes. `end_seq`, `end_hash`: held up to here without a hole.
CREATE TABLE chains (
    number   INTEGER PRIMARY KEY,
    tenant   INTEGER NOT NULL REFERENCES tenants,
    id       BLOB    NOT NULL,
    end_seq  INTEGER NOT NULL DEFAULT 0,
    end_hash BLOB    NOT NULL,
    last     INTEGER NOT NULL DEFAULT 0,
    hour     INTEGER NOT NULL DEFAULT 0,
    taken    INTEGER NOT NULL DEFAULT 0,
    bytes    INTEGER NOT NULL DEFAULT 0,
    register INTEGER NOT NULL DEFAULT 0,
    UNIQUE (tenant, id)
) STRICT;

-- `creator`: the chain whose change was stored first. `erased`: an order named it, no body about it is kept.
CREATE TABLE records (
    number  INTEGER PRIMARY KEY,
    tenant  INTEGER NOT NULL REFERENCES tenants,
    id      BLOB    NOT NULL,
    creator INTEGER REFERENCES chains,
    shared  INTEGER NOT NULL DEFAULT 0,
    erased  INTEGER NOT NULL DEFAULT 0,
    UNIQUE (tenant, id)
) STRICT;

-- `own` entries that an order named because they hold erased keys.
CREATE TABLE erased_entries (
    chain INTEGER NOT NULL REFERENCES chains,
    seq   INTEGER NOT NULL,
    PRIMARY KEY (chain, seq)
) STRICT, WITHOUT ROWID;

-- The log. `place` = tenant's number * 2^50 + position, so a tenant's log is one run of rows.
-- `record` is set for changes only.
CREATE TABLE entries (
    place  INTEGER PRIMARY KEY,
    chain  INTEGER NOT NULL REFERENCES chains,
    seq    INTEGER NOT NULL,
    record INTEGER,
    prev   BLOB    NOT NULL,
    hash   BLOB    NOT NULL,
    entry  BLOB    NOT NULL -- as it travels
) STRICT;
CREATE UNIQUE INDEX entries_seq ON entries (chain, seq);
CREATE INDEX entries_record ON entries (record, place) WHERE record IS NOT NULL;
-- Grants, and what later versions may say about a record, as long as they have a body: by the record's id, which stands
-- behind the tag. Of the tag's two hexadecimal digits an odd first one below 8 means a record and a body.
CREATE INDEX entries_about ON entries (substr(entry, 2, 16))
    WHERE record IS NULL AND substr(hex(substr(entry, 1, 1)), 1, 1) IN ('1', '3', '5', '7');

-- The newest grant or withdrawal of a record for a peer: entry `seq` of chain `by`.
CREATE TABLE grants (
    record INTEGER NOT NULL REFERENCES records,
    peer   INTEGER NOT NULL REFERENCES chains,
    by     INTEGER NOT NULL,
    seq    INTEGER NOT NULL,
    open   INTEGER NOT NULL,
    PRIMARY KEY (record, peer)
) STRICT, WITHOUT ROWID;

-- What a peer may read: the `place` of an entry, let in by the cause at `position`, `nth` among what that let in.
CREATE TABLE inbox (
    peer     INTEGER NOT NULL REFERENCES chains,
    position INTEGER NOT NULL,
    nth      INTEGER NOT NULL,
    place    INTEGER NOT NULL,
    PRIMARY KEY (peer, position, nth)
) STRICT, WITHOUT ROWID;

CREATE TABLE enrolments (
    tenant  INTEGER NOT NULL REFERENCES tenants,
    chain   BLOB    NOT NULL,
    time    INTEGER NOT NULL,
    request BLOB    NOT NULL,
    invitation BLOB NOT NULL DEFAULT x'', -- its id; empty for what version 1 kept
    PRIMARY KEY (tenant, chain)
) STRICT;

INSERT INTO meta (only, version) VALUES (1, 4);
