-- One row a record, for lists. Derived: dropped and made anew when a program brings other rows.

DROP TABLE IF EXISTS record;
DROP TABLE IF EXISTS search;
DROP TABLE IF EXISTS tally;

CREATE TABLE record (
    record     BLOB PRIMARY KEY,
    kind       INTEGER NOT NULL,
    number     TEXT,
    state      TEXT NOT NULL,
    title      TEXT NOT NULL,
    service    TEXT NOT NULL,
    official   TEXT,
    registered INTEGER,                   -- when the journal number was given
    created    INTEGER NOT NULL,
    changed    INTEGER NOT NULL,
    conflicts  INTEGER NOT NULL,
    flags      INTEGER NOT NULL,
    creator    BLOB NOT NULL,
    officer    TEXT NOT NULL,             -- who recorded it
    holder     TEXT NOT NULL,             -- which clerk has it; empty for nobody and once it is closed
    person     TEXT NOT NULL,             -- the applicant's tax number, if there is one
    apart      TEXT NOT NULL,             -- records that look like it and were told apart, by space
    own_seq    INTEGER NOT NULL,          -- newest own entry about it, 0 if none: chain * 2^48 + number
    sort       BLOB NOT NULL,             -- title in Ukrainian order
    undecided  INTEGER NOT NULL,          -- 1 for a request nobody has decided
    alike      INTEGER NOT NULL DEFAULT 0 -- 1 if another undecided request looks the same
) STRICT;
CREATE INDEX record_created ON record (kind, created, record);
CREATE INDEX record_state ON record (kind, state, created, record);
CREATE INDEX record_service ON record (kind, service, created, record);
CREATE INDEX record_creator ON record (kind, creator, created, record);
CREATE INDEX record_officer ON record (kind, officer, created, record);
CREATE INDEX record_changed ON record (kind, changed, record);
CREATE INDEX record_sort ON record (kind, sort, created, record);
CREATE INDEX record_number ON record (number) WHERE number IS NOT NULL;
CREATE INDEX record_official ON record (official) WHERE official IS NOT NULL;
CREATE INDEX record_registered ON record (kind, registered, record) WHERE registered IS NOT NULL;
CREATE INDEX record_holder ON record (holder, created) WHERE holder <> '';
CREATE INDEX record_differing ON record (kind, created) WHERE conflicts > 0 OR flags & 3 <> 0;
CREATE INDEX record_alike ON record (kind, sort, created) WHERE alike = 1;
CREATE INDEX record_name ON record (service, sort) WHERE undecided = 1;
CREATE INDEX record_person ON record (service, person) WHERE undecided = 1 AND person <> '';
CREATE INDEX record_people ON record (kind, person, record) WHERE person <> '';
CREATE INDEX record_own ON record (kind, own_seq);

-- How many records of a kind stand where, so that no page counts them all.
CREATE TABLE tally (
    kind  INTEGER NOT NULL,
    state TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (kind, state)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER record_made AFTER INSERT ON record BEGIN
    INSERT INTO tally (kind, state, count) VALUES (new.kind, new.state, 1)
        ON CONFLICT (kind, state) DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER record_moved AFTER UPDATE OF state ON record WHEN old.state <> new.state BEGIN
    UPDATE tally SET count = count - 1 WHERE kind = old.kind AND state = old.state;
    INSERT INTO tally (kind, state, count) VALUES (new.kind, new.state, 1)
        ON CONFLICT (kind, state) DO UPDATE SET count = count + 1;
END;

CREATE VIRTUAL TABLE search USING fts5 (text, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 0', prefix = '2 3');
