-- +goose Up

-- One row: what this ledger is called. Two ledgers of one Kafka never share a consumer group.
CREATE TABLE ledger (
  singleton INTEGER NOT NULL PRIMARY KEY, -- 1
  id        TEXT    NOT NULL
) STRICT;

-- How far the ledger has come in each source, and whose turn it is to write.
CREATE TABLE projection_offset (
  topic        TEXT    NOT NULL,
  partition_id INTEGER NOT NULL,
  epoch        INTEGER NOT NULL,
  next_offset  INTEGER NOT NULL, -- -1: nothing written yet
  words        INTEGER NOT NULL, -- how often its retractions changed
  repeats      INTEGER NOT NULL,
  conflicts    INTEGER NOT NULL,
  below_floor  INTEGER NOT NULL,
  purged       INTEGER NOT NULL,
  refused      INTEGER NOT NULL,
  PRIMARY KEY (topic, partition_id)
) STRICT, WITHOUT ROWID;

-- The rowid grows with time, so rows are appended. A random primary key would move them about.
CREATE TABLE ttp_tag (
  id               INTEGER PRIMARY KEY,
  uuid             BLOB    NOT NULL,
  finding          BLOB    NOT NULL, -- the same for all versions of a rule that say the same of the same event
  state            INTEGER NOT NULL, -- 0 current, 1 superseded, 2 retracted
  source_kind      TEXT    NOT NULL,
  source_id        TEXT    NOT NULL,
  attacker_uuid    BLOB,
  identity_uuid    BLOB,
  session_id       TEXT    NOT NULL,
  sensor           TEXT    NOT NULL,
  tactic           TEXT    NOT NULL,
  technique_id     TEXT    NOT NULL,
  sub_technique_id TEXT    NOT NULL, -- empty for none
  confidence       INTEGER NOT NULL, -- hundredths
  rule_id          TEXT    NOT NULL,
  rule_version     INTEGER NOT NULL,
  rule_hash        TEXT    NOT NULL,
  attack_release   TEXT    NOT NULL,
  evidence         TEXT    NOT NULL, -- JSON as it came
  created_at       INTEGER NOT NULL, -- nanoseconds since 1970, UTC
  content          INTEGER NOT NULL, -- 64 bits of the record's hash
  origin           TEXT    NOT NULL,
  run_id           TEXT    NOT NULL,
  revision         INTEGER NOT NULL, -- -1: not known
  source_topic     TEXT    NOT NULL, -- empty: not known
  source_partition INTEGER NOT NULL,
  source_offset    INTEGER NOT NULL,
  tagged_partition INTEGER NOT NULL,
  tagged_offset    INTEGER NOT NULL,
  CONSTRAINT tag_has_anchor CHECK (attacker_uuid IS NOT NULL OR identity_uuid IS NOT NULL),
  CONSTRAINT tag_above_floor CHECK (confidence BETWEEN 30 AND 100),
  CONSTRAINT tag_state CHECK (state BETWEEN 0 AND 2)
) STRICT;

CREATE UNIQUE INDEX ttp_tag_uuid ON ttp_tag (uuid);
CREATE INDEX ttp_tag_finding ON ttp_tag (finding);
-- Every rollup row is a prefix of one of these: its bounds are looked up, and its tags are read in order.
CREATE INDEX ttp_tag_technique ON ttp_tag (technique_id, sub_technique_id, tactic, confidence, state, created_at);
CREATE INDEX ttp_tag_attacker ON ttp_tag (attacker_uuid, technique_id, sub_technique_id, tactic, confidence, state, created_at);
CREATE INDEX ttp_tag_session ON ttp_tag (session_id, created_at) WHERE session_id <> '';
CREATE INDEX ttp_tag_rule ON ttp_tag (rule_id, state, created_at);
CREATE INDEX ttp_tag_identity ON ttp_tag (identity_uuid, technique_id, sub_technique_id, tactic, confidence, state, created_at) WHERE identity_uuid IS NOT NULL;

-- The last word on each target, per partition of ttp.tagged.
CREATE TABLE retraction (
  tagged_partition INTEGER NOT NULL,
  target           TEXT    NOT NULL,
  sequence         INTEGER NOT NULL,
  restored         INTEGER NOT NULL,
  record           TEXT    NOT NULL, -- JSON
  PRIMARY KEY (tagged_partition, target)
) STRICT, WITHOUT ROWID;

CREATE TABLE rollup_technique (
  tactic           TEXT    NOT NULL,
  technique_id     TEXT    NOT NULL,
  sub_technique_id TEXT    NOT NULL,
  confidence       INTEGER NOT NULL,
  tags             INTEGER NOT NULL,
  first_seen       INTEGER NOT NULL,
  last_seen        INTEGER NOT NULL,
  PRIMARY KEY (tactic, technique_id, sub_technique_id, confidence)
) STRICT, WITHOUT ROWID;

CREATE TABLE rollup_attacker (
  attacker_uuid    BLOB    NOT NULL,
  tactic           TEXT    NOT NULL,
  technique_id     TEXT    NOT NULL,
  sub_technique_id TEXT    NOT NULL,
  confidence       INTEGER NOT NULL,
  tags             INTEGER NOT NULL,
  first_seen       INTEGER NOT NULL,
  last_seen        INTEGER NOT NULL,
  PRIMARY KEY (attacker_uuid, tactic, technique_id, sub_technique_id, confidence)
) STRICT, WITHOUT ROWID;

CREATE TABLE rollup_attacker_sensor (
  attacker_uuid    BLOB    NOT NULL,
  tactic           TEXT    NOT NULL,
  technique_id     TEXT    NOT NULL,
  sub_technique_id TEXT    NOT NULL,
  confidence       INTEGER NOT NULL,
  sensor           TEXT    NOT NULL,
  tags             INTEGER NOT NULL,
  PRIMARY KEY (attacker_uuid, tactic, technique_id, sub_technique_id, confidence, sensor)
) STRICT, WITHOUT ROWID;

CREATE TABLE rollup_session (
  session_id       TEXT    NOT NULL,
  tactic           TEXT    NOT NULL,
  technique_id     TEXT    NOT NULL,
  sub_technique_id TEXT    NOT NULL,
  confidence       INTEGER NOT NULL,
  tags             INTEGER NOT NULL,
  first_seen       INTEGER NOT NULL,
  last_seen        INTEGER NOT NULL,
  PRIMARY KEY (session_id, tactic, technique_id, sub_technique_id, confidence)
) STRICT, WITHOUT ROWID;

CREATE TABLE rollup_day (
  day              TEXT    NOT NULL,
  tactic           TEXT    NOT NULL,
  technique_id     TEXT    NOT NULL,
  sub_technique_id TEXT    NOT NULL,
  confidence       INTEGER NOT NULL,
  tags             INTEGER NOT NULL,
  first_seen       INTEGER NOT NULL,
  last_seen        INTEGER NOT NULL,
  PRIMARY KEY (day, tactic, technique_id, sub_technique_id, confidence)
) STRICT, WITHOUT ROWID;

CREATE TABLE rollup_day_sensor (
  day              TEXT    NOT NULL,
  tactic           TEXT    NOT NULL,
  technique_id     TEXT    NOT NULL,
  sub_technique_id TEXT    NOT NULL,
  confidence       INTEGER NOT NULL,
  sensor           TEXT    NOT NULL,
  tags             INTEGER NOT NULL,
  PRIMARY KEY (day, tactic, technique_id, sub_technique_id, confidence, sensor)
) STRICT, WITHOUT ROWID;

CREATE TABLE rollup_rule (
  rule_id          TEXT    NOT NULL,
  tactic           TEXT    NOT NULL,
  technique_id     TEXT    NOT NULL,
  sub_technique_id TEXT    NOT NULL,
  confidence       INTEGER NOT NULL,
  tags             INTEGER NOT NULL,
  first_seen       INTEGER NOT NULL,
  last_seen        INTEGER NOT NULL,
  PRIMARY KEY (rule_id, tactic, technique_id, sub_technique_id, confidence)
) STRICT, WITHOUT ROWID;

CREATE TABLE rollup_sensor (
  sensor           TEXT    NOT NULL,
  tactic           TEXT    NOT NULL,
  technique_id     TEXT    NOT NULL,
  sub_technique_id TEXT    NOT NULL,
  confidence       INTEGER NOT NULL,
  tags             INTEGER NOT NULL,
  first_seen       INTEGER NOT NULL,
  last_seen        INTEGER NOT NULL,
  PRIMARY KEY (sensor, tactic, technique_id, sub_technique_id, confidence)
) STRICT, WITHOUT ROWID;

-- Tags that have an identity alone.
CREATE TABLE rollup_identity (
  identity_uuid    BLOB    NOT NULL,
  tactic           TEXT    NOT NULL,
  technique_id     TEXT    NOT NULL,
  sub_technique_id TEXT    NOT NULL,
  confidence       INTEGER NOT NULL,
  tags             INTEGER NOT NULL,
  first_seen       INTEGER NOT NULL,
  last_seen        INTEGER NOT NULL,
  PRIMARY KEY (identity_uuid, tactic, technique_id, sub_technique_id, confidence)
) STRICT, WITHOUT ROWID;

CREATE TABLE rollup_identity_sensor (
  identity_uuid    BLOB    NOT NULL,
  tactic           TEXT    NOT NULL,
  technique_id     TEXT    NOT NULL,
  sub_technique_id TEXT    NOT NULL,
  confidence       INTEGER NOT NULL,
  sensor           TEXT    NOT NULL,
  tags             INTEGER NOT NULL,
  PRIMARY KEY (identity_uuid, tactic, technique_id, sub_technique_id, confidence, sensor)
) STRICT, WITHOUT ROWID;

-- To whom attackers belong: the last word on each. Identities and campaigns are summed up over it.
CREATE TABLE attacker_link (
  attacker_uuid BLOB    NOT NULL PRIMARY KEY,
  identity_uuid BLOB    NOT NULL,
  campaign_uuid BLOB    NOT NULL -- zero for none
) STRICT, WITHOUT ROWID;

CREATE INDEX attacker_link_identity ON attacker_link (identity_uuid);
CREATE INDEX attacker_link_campaign ON attacker_link (campaign_uuid);

-- One row per attacker, for lists in the order of the last activity.
CREATE TABLE attacker (
  attacker_uuid BLOB    NOT NULL PRIMARY KEY,
  tags          INTEGER NOT NULL,
  first_seen    INTEGER NOT NULL,
  last_seen     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX attacker_last_seen ON attacker (last_seen, attacker_uuid);

-- Texts by their hash: a tag's rule_hash leads to exactly what made it.
CREATE TABLE rule_text (
  hash TEXT NOT NULL PRIMARY KEY,
  body TEXT NOT NULL
) STRICT;

CREATE TABLE rule_publication (
  revision    INTEGER NOT NULL PRIMARY KEY,
  change_kind TEXT    NOT NULL, -- rule, list, removal
  unit_key    TEXT    NOT NULL,
  version     INTEGER NOT NULL,
  hash        TEXT    NOT NULL,
  source      TEXT    NOT NULL,
  admitted_at INTEGER NOT NULL
) STRICT;

-- A rule as each publication of its text holds it.
CREATE TABLE rule_version (
  rule_id  TEXT    NOT NULL,
  revision INTEGER NOT NULL,
  unit_key TEXT    NOT NULL,
  version  INTEGER NOT NULL,
  hash     TEXT    NOT NULL,
  name     TEXT    NOT NULL,
  in_force INTEGER NOT NULL,
  PRIMARY KEY (rule_id, revision)
) STRICT, WITHOUT ROWID;

CREATE INDEX rule_version_unit ON rule_version (unit_key, in_force);

-- Rules that are not simply enabled.
CREATE TABLE rule_state (
  rule_id      TEXT    NOT NULL PRIMARY KEY,
  inbox_offset INTEGER NOT NULL,
  revision     INTEGER NOT NULL,
  record       TEXT    NOT NULL -- JSON
) STRICT, WITHOUT ROWID;

CREATE TABLE rule_inbox (
  topic       TEXT    NOT NULL PRIMARY KEY,
  last_offset INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE rule_inbox;
DROP TABLE rule_state;
DROP TABLE rule_version;
DROP TABLE rule_publication;
DROP TABLE rule_text;
DROP TABLE attacker;
DROP TABLE attacker_link;
DROP TABLE rollup_identity_sensor;
DROP TABLE rollup_identity;
DROP TABLE rollup_sensor;
DROP TABLE rollup_rule;
DROP TABLE rollup_day_sensor;
DROP TABLE rollup_day;
DROP TABLE rollup_session;
DROP TABLE rollup_attacker_sensor;
DROP TABLE rollup_attacker;
DROP TABLE rollup_technique;
DROP TABLE retraction;
DROP TABLE ttp_tag;
DROP TABLE projection_offset;
DROP TABLE ledger;
