R"sql(
-- Schema 6. What is looked for in sessions and runs that may be long: the last compaction, and the last run of an origin.
CREATE INDEX entries_compactions ON entries (session_id, seq) WHERE kind = 'compaction';
CREATE INDEX runs_of_origin ON runs (origin, number);
)sql"
