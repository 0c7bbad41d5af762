R"sql(
-- Schema 4. What happened outside a conversation and waits to be told to its agent. `run_id`: the run that tells it, empty
-- while it waits. `source`: where its text is from, empty for the gateway and its operators. `wakes`: it asks for a turn
-- of its own.
CREATE TABLE system_events (
  number      INTEGER PRIMARY KEY,
  session_key TEXT    NOT NULL,
  source      TEXT    NOT NULL,
  text        TEXT    NOT NULL,
  wakes       INTEGER NOT NULL,
  run_id      TEXT    NOT NULL DEFAULT '',
  created_ms  INTEGER NOT NULL
) STRICT;
CREATE INDEX system_events_by_session ON system_events (session_key, run_id, number);
CREATE INDEX system_events_by_run ON system_events (run_id) WHERE run_id <> '';
)sql"
