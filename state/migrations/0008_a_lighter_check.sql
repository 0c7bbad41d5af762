R"sql(
-- Schema 8. What a run's status may be, asked so that SQLite compares: for a list it makes a table of its own each time
-- a row is written, which was an eighth of what storing a turn takes.
CREATE TABLE runs_checked (
  number      INTEGER PRIMARY KEY,
  run_id      TEXT    NOT NULL UNIQUE,
  session_key TEXT    NOT NULL,
  session_id  TEXT    NOT NULL,
  agent_id    TEXT    NOT NULL,
  origin      TEXT    NOT NULL,
  status      TEXT    NOT NULL
              CHECK (status = 'done' OR status = 'accepted' OR status = 'running' OR status = 'failed'
                     OR status = 'aborted' OR status = 'timed_out' OR status = 'interrupted'),
  request     TEXT    NOT NULL,
  result      TEXT    NOT NULL,
  generation  INTEGER NOT NULL,
  accepted_ms INTEGER NOT NULL,
  started_ms  INTEGER NOT NULL,
  ended_ms    INTEGER NOT NULL
) STRICT;
INSERT INTO runs_checked SELECT number, run_id, session_key, session_id, agent_id, origin, status, request, result,
                                generation, accepted_ms, started_ms, ended_ms FROM runs ORDER BY number;
DROP TABLE runs;
ALTER TABLE runs_checked RENAME TO runs;
CREATE INDEX runs_in_lane ON runs (session_key, number) WHERE status IN ('accepted', 'running');
CREATE INDEX runs_by_end ON runs (ended_ms) WHERE ended_ms > 0;
CREATE INDEX runs_of_wakes ON runs (number) WHERE origin = 'wake';
)sql"
