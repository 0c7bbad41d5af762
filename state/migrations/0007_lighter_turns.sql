R"sql(
-- Schema 7. What a turn need not pay for.

-- The few unfinished runs are found in their lanes too; of the origins one alone is asked for its last run.
DROP INDEX runs_unfinished;
DROP INDEX runs_of_origin;
CREATE INDEX runs_of_wakes ON runs (number) WHERE origin = 'wake';

-- The words of entries follow after them, many at a time: the index has those of every entry up to `up_to`. A
-- number that is free again at the end is given to a new entry, so `up_to` never is more than the last one.
CREATE TABLE entry_words_state (
  one   INTEGER PRIMARY KEY CHECK (one = 1),
  up_to INTEGER NOT NULL
) STRICT;
INSERT INTO entry_words_state SELECT 1, coalesce(max(number), 0) FROM entries;

DROP TRIGGER entry_words_added;
DROP TRIGGER entry_words_removed;
CREATE TRIGGER entry_words_removed BEFORE DELETE ON entries
  WHEN old.number <= (SELECT up_to FROM entry_words_state) BEGIN
  INSERT INTO entry_words (entry_words, rowid, text)
    SELECT 'delete', number, text FROM entry_texts WHERE number = old.number;
END;
CREATE TRIGGER entry_words_cut AFTER DELETE ON entries BEGIN
  UPDATE entry_words_state SET up_to = min(up_to, coalesce((SELECT max(number) FROM entries), 0));
END;
)sql"
