R"sql(
-- Schema 2: devices and what they may do.

-- One record a device: the key it has proven and what it was approved for. Lists are JSON arrays of texts. `revision`
-- changes with every change of what the device may do, so that a decision made on an older state can be told.
CREATE TABLE devices (
  number         INTEGER PRIMARY KEY,
  device_id      TEXT    NOT NULL UNIQUE,
  public_key     TEXT    NOT NULL,
  label          TEXT    NOT NULL,
  display_name   TEXT    NOT NULL,
  platform       TEXT    NOT NULL,
  device_family  TEXT    NOT NULL,
  client_id      TEXT    NOT NULL,
  client_mode    TEXT    NOT NULL,
  roles          TEXT    NOT NULL,
  scopes         TEXT    NOT NULL,
  approved_via   TEXT    NOT NULL,
  created_ms     INTEGER NOT NULL,
  approved_ms    INTEGER NOT NULL,
  seen_ms        INTEGER NOT NULL,
  seen_reason    TEXT    NOT NULL,
  revision       INTEGER NOT NULL
) STRICT;

-- At most one token a device and role, as the SHA-256 of it. `previous_hash` is the one before an upgrade: it is good
-- until the new one was used once, so that an answer that got lost locks nobody out.
CREATE TABLE device_tokens (
  number        INTEGER PRIMARY KEY,
  device_id     TEXT    NOT NULL REFERENCES devices (device_id) ON DELETE CASCADE,
  role          TEXT    NOT NULL,
  hash          TEXT    NOT NULL,
  previous_hash TEXT    NOT NULL,
  nonce         TEXT    NOT NULL,
  scopes        TEXT    NOT NULL,
  created_ms    INTEGER NOT NULL,
  rotated_ms    INTEGER NOT NULL,
  used_ms       INTEGER NOT NULL,
  UNIQUE (device_id, role)
) STRICT;

-- What waits for the operator: a device that wants in or wants more, a node that wants its commands to be called.
CREATE TABLE pairing_requests (
  number         INTEGER PRIMARY KEY,
  request_id     TEXT    NOT NULL UNIQUE,
  kind           TEXT    NOT NULL CHECK (kind IN ('device', 'node')),
  device_id      TEXT    NOT NULL,
  public_key     TEXT    NOT NULL,
  display_name   TEXT    NOT NULL,
  platform       TEXT    NOT NULL,
  device_family  TEXT    NOT NULL,
  client_id      TEXT    NOT NULL,
  client_mode    TEXT    NOT NULL,
  client_version TEXT    NOT NULL,
  role           TEXT    NOT NULL,
  scopes         TEXT    NOT NULL,
  caps           TEXT    NOT NULL,
  commands       TEXT    NOT NULL,
  remote_address TEXT    NOT NULL,
  silent         INTEGER NOT NULL,
  repair         INTEGER NOT NULL,
  created_ms     INTEGER NOT NULL,
  UNIQUE (kind, device_id)
) STRICT;

-- What a paired node may be asked to do.
CREATE TABLE nodes (
  number         INTEGER PRIMARY KEY,
  node_id        TEXT    NOT NULL UNIQUE REFERENCES devices (device_id) ON DELETE CASCADE,
  label          TEXT    NOT NULL,
  display_name   TEXT    NOT NULL,
  platform       TEXT    NOT NULL,
  device_family  TEXT    NOT NULL,
  client_id      TEXT    NOT NULL,
  client_mode    TEXT    NOT NULL,
  client_version TEXT    NOT NULL,
  caps           TEXT    NOT NULL,
  commands       TEXT    NOT NULL,
  created_ms     INTEGER NOT NULL,
  approved_ms    INTEGER NOT NULL
) STRICT;

-- Setup codes, as the SHA-256 of each: good once, for a short time.
CREATE TABLE setup_codes (
  number      INTEGER PRIMARY KEY,
  setup_id    TEXT    NOT NULL UNIQUE,
  hash        TEXT    NOT NULL UNIQUE,
  access      TEXT    NOT NULL CHECK (access IN ('full', 'limited', 'node')),
  created_ms  INTEGER NOT NULL,
  expires_ms  INTEGER NOT NULL,
  used_ms     INTEGER NOT NULL,
  device_id   TEXT    NOT NULL,
  device_name TEXT    NOT NULL
) STRICT;
)sql"
