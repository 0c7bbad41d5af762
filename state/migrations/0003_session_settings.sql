R"sql(
-- Schema 3. What clients set on a session, the groups they sort sessions into, and the way to the runs of a time.

ALTER TABLE sessions ADD COLUMN started_ms     INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN archived       INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN pinned         INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN unread         INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN category       TEXT    NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN model_override TEXT    NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN thinking_level TEXT    NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN look           TEXT    NOT NULL DEFAULT '{}';
UPDATE sessions SET started_ms = created_ms;

CREATE TABLE session_groups (
  name     TEXT    PRIMARY KEY,
  position INTEGER NOT NULL,
  cwd      TEXT    NOT NULL DEFAULT '',
  worktree INTEGER NOT NULL DEFAULT 0
) STRICT;
ALTER TABLE meta ADD COLUMN section_order TEXT NOT NULL DEFAULT '[]';

-- Usage reports read the runs that ended within some days.
CREATE INDEX runs_by_end ON runs (ended_ms) WHERE ended_ms > 0;
)sql"
