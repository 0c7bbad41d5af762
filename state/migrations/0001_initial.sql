R"sql(
-- Schema 1. The first and the last line make this file a C++ string, see migrations.cpp. A released file never changes:
-- what is to be different is the next number.

-- One row. `generation` counts the workers that were started.
CREATE TABLE meta (
  one            INTEGER PRIMARY KEY CHECK (one = 1),
  schema_version INTEGER NOT NULL,
  instance_id    TEXT    NOT NULL,
  generation     INTEGER NOT NULL
) STRICT;
INSERT INTO meta VALUES (1, 0, '', 0);

CREATE TABLE sessions (
  number              INTEGER PRIMARY KEY,
  key                 TEXT    NOT NULL UNIQUE,
  session_id          TEXT    NOT NULL UNIQUE,
  agent_id            TEXT    NOT NULL,
  label               TEXT    NOT NULL DEFAULT '',
  created_ms          INTEGER NOT NULL,
  updated_ms          INTEGER NOT NULL,
  last_interaction_ms INTEGER NOT NULL DEFAULT 0,
  next_seq            INTEGER NOT NULL DEFAULT 1,
  input_tokens        INTEGER NOT NULL DEFAULT 0,
  output_tokens       INTEGER NOT NULL DEFAULT 0,
  context_tokens      INTEGER NOT NULL DEFAULT 0,
  last_run_id         TEXT    NOT NULL DEFAULT '',
  last_run_status     TEXT    NOT NULL DEFAULT '',
  last_run_started_ms INTEGER NOT NULL DEFAULT 0,
  last_run_ended_ms   INTEGER NOT NULL DEFAULT 0,
  last_provider       TEXT    NOT NULL DEFAULT '',
  last_model          TEXT    NOT NULL DEFAULT ''
) STRICT;
-- Lists, newest first, of all agents or of one, and their counts.
CREATE INDEX sessions_by_update ON sessions (updated_ms, agent_id);

-- A session may get a new session_id; the entries under the old one stay. Hence no reference to sessions.
CREATE TABLE entries (
  number     INTEGER PRIMARY KEY,
  session_id TEXT    NOT NULL,
  seq        INTEGER NOT NULL,
  id         TEXT    NOT NULL,
  kind       TEXT    NOT NULL,
  role       TEXT    NOT NULL,
  run_id     TEXT    NOT NULL,
  created_ms INTEGER NOT NULL,
  body       TEXT    NOT NULL,
  UNIQUE (session_id, seq)
) STRICT;

CREATE TABLE runs (
  number      INTEGER PRIMARY KEY,
  run_id      TEXT    NOT NULL UNIQUE,
  session_key TEXT    NOT NULL,
  session_id  TEXT    NOT NULL,
  agent_id    TEXT    NOT NULL,
  origin      TEXT    NOT NULL,
  status      TEXT    NOT NULL
              CHECK (status IN ('accepted', 'running', 'done', 'failed', 'aborted', 'timed_out', 'interrupted')),
  request     TEXT    NOT NULL,
  result      TEXT    NOT NULL,
  generation  INTEGER NOT NULL,
  accepted_ms INTEGER NOT NULL,
  started_ms  INTEGER NOT NULL,
  ended_ms    INTEGER NOT NULL
) STRICT;
-- Only the few that are not at their end: what a new worker looks for at its start.
CREATE INDEX runs_unfinished ON runs (generation) WHERE status IN ('accepted', 'running');
-- Who is ahead of a run in its session, asked at each turn.
CREATE INDEX runs_in_lane ON runs (session_key, number) WHERE status IN ('accepted', 'running');

CREATE TABLE idempotency (
  number     INTEGER PRIMARY KEY,
  method     TEXT    NOT NULL,
  key        TEXT    NOT NULL,
  answer     TEXT    NOT NULL,
  created_ms INTEGER NOT NULL,
  UNIQUE (method, key)
) STRICT;
CREATE INDEX idempotency_by_age ON idempotency (created_ms);
)sql"
