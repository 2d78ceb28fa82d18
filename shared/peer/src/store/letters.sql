-- Letters on their way by hand. Lost, they cost another way of the stick and never an entry.

-- Own requests that went out and the answer that was taken.
CREATE TABLE IF NOT EXISTS letter (
    hash  BLOB PRIMARY KEY,
    made  INTEGER NOT NULL,
    chain BLOB NOT NULL,
    first INTEGER NOT NULL,
    last  INTEGER NOT NULL,
    asks  INTEGER NOT NULL,
    stood BLOB NOT NULL,
    taken BLOB
) STRICT, WITHOUT ROWID;

-- Files that this peer wrote onto sticks: it knows them again by their names, since it cannot open them.
CREATE TABLE IF NOT EXISTS stick_file (
    name   TEXT PRIMARY KEY,
    letter BLOB NOT NULL,
    party  BLOB NOT NULL,
    copy   BLOB NOT NULL,
    digest BLOB NOT NULL,
    made   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Requests of others that this peer carries, and their answers.
CREATE TABLE IF NOT EXISTS kept_letter (
    hash   BLOB PRIMARY KEY,
    sender BLOB NOT NULL,
    came   INTEGER NOT NULL,
    bytes  BLOB NOT NULL,
    answer BLOB
) STRICT;
CREATE INDEX IF NOT EXISTS kept_letter_sender ON kept_letter (sender);
