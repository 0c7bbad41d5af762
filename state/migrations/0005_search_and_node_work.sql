R"sql(
-- Schema 5. The words of transcripts, and what nodes that are away are to be asked.

-- The text of a message: its content, or the text parts of it. A part is read by its path, since one that is no object
-- is no JSON of its own.
CREATE VIEW entry_texts (number, text) AS
  SELECT number,
         CASE json_type(body, '$.content')
           WHEN 'text' THEN json_extract(body, '$.content')
           ELSE (SELECT group_concat(json_extract(body, part.fullkey || '.text'), ' ')
                   FROM json_each(body, '$.content') AS part
                  WHERE json_extract(body, part.fullkey || '.type') = 'text')
         END
    FROM entries WHERE kind = 'message' AND json_valid(body);

CREATE VIRTUAL TABLE entry_words USING fts5 (
  text, content = 'entry_texts', content_rowid = 'number', tokenize = 'unicode61 remove_diacritics 2'
);
CREATE TRIGGER entry_words_added AFTER INSERT ON entries BEGIN
  INSERT INTO entry_words (rowid, text) SELECT number, text FROM entry_texts WHERE number = new.number;
END;
CREATE TRIGGER entry_words_removed BEFORE DELETE ON entries BEGIN
  INSERT INTO entry_words (entry_words, rowid, text)
    SELECT 'delete', number, text FROM entry_texts WHERE number = old.number;
END;
INSERT INTO entry_words (rowid, text) SELECT number, text FROM entry_texts;

-- At most one piece of work of a type waits for a node. `expires_ms` 0: it waits until the node takes it.
CREATE TABLE node_work (
  number     INTEGER PRIMARY KEY,
  id         TEXT    NOT NULL UNIQUE,
  node_id    TEXT    NOT NULL REFERENCES devices (device_id) ON DELETE CASCADE,
  type       TEXT    NOT NULL,
  priority   TEXT    NOT NULL CHECK (priority IN ('normal', 'high')),
  created_ms INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL,
  UNIQUE (node_id, type)
) STRICT;
ALTER TABLE devices ADD COLUMN work_revision INTEGER NOT NULL DEFAULT 0;
)sql"
