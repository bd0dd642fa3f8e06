-- +goose Up

-- One row: what this ledger is called. Two ledgers of one Kafka never share a consumer group.
CREATE TABLE ledger (
  singleton SMALLINT NOT NULL PRIMARY KEY, -- 1
  id        TEXT COLLATE "C" NOT NULL
);

-- How far the ledger has come in each source, and whose turn it is to write.
CREATE TABLE projection_offset (
  topic        TEXT COLLATE "C" NOT NULL,
  partition_id INTEGER NOT NULL,
  epoch        BIGINT NOT NULL,
  next_offset  BIGINT NOT NULL, -- -1: nothing written yet
  words        BIGINT NOT NULL, -- how often its retractions changed
  repeats      BIGINT NOT NULL,
  conflicts    BIGINT NOT NULL,
  below_floor  BIGINT NOT NULL,
  purged       BIGINT NOT NULL,
  refused      BIGINT NOT NULL,
  PRIMARY KEY (topic, partition_id)
);

-- The key grows with time, so that its index is appended to. A random one would be written all over.
CREATE TABLE ttp_tag (
  id               BIGINT  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  uuid             UUID NOT NULL,
  finding          UUID NOT NULL, -- the same for all versions of a rule that say the same of the same event
  state            SMALLINT NOT NULL, -- 0 current, 1 superseded, 2 retracted
  source_kind      TEXT COLLATE "C" NOT NULL,
  source_id        TEXT COLLATE "C" NOT NULL,
  attacker_uuid    UUID,
  identity_uuid    UUID,
  session_id       TEXT COLLATE "C" NOT NULL,
  sensor           TEXT COLLATE "C" NOT NULL,
  tactic           TEXT COLLATE "C" NOT NULL,
  technique_id     TEXT COLLATE "C" NOT NULL,
  sub_technique_id TEXT COLLATE "C" NOT NULL, -- empty for none
  confidence       SMALLINT NOT NULL, -- hundredths
  rule_id          TEXT COLLATE "C" NOT NULL,
  rule_version     BIGINT NOT NULL,
  rule_hash        TEXT COLLATE "C" NOT NULL,
  attack_release   TEXT COLLATE "C" NOT NULL,
  evidence         JSON NOT NULL, -- as it came: jsonb would spell it anew, and has no place for \u0000
  created_at       BIGINT NOT NULL, -- nanoseconds since 1970, UTC
  content          BIGINT NOT NULL, -- 64 bits of the record's hash
  origin           TEXT COLLATE "C" NOT NULL,
  run_id           TEXT COLLATE "C" NOT NULL,
  revision         BIGINT NOT NULL, -- -1: not known
  source_topic     TEXT COLLATE "C" NOT NULL, -- empty: not known
  source_partition INTEGER NOT NULL,
  source_offset    BIGINT NOT NULL,
  tagged_partition INTEGER NOT NULL,
  tagged_offset    BIGINT NOT NULL,
  CONSTRAINT tag_has_anchor CHECK (attacker_uuid IS NOT NULL OR identity_uuid IS NOT NULL),
  CONSTRAINT tag_above_floor CHECK (confidence BETWEEN 30 AND 100),
  CONSTRAINT tag_state CHECK (state BETWEEN 0 AND 2)
);

CREATE UNIQUE INDEX ttp_tag_uuid ON ttp_tag (uuid);
CREATE INDEX ttp_tag_finding ON ttp_tag (finding);
-- Every rollup row is a prefix of one of these: its bounds are looked up, and its tags are read in order,
-- which is by time and then by id.
CREATE INDEX ttp_tag_technique ON ttp_tag (technique_id, sub_technique_id, tactic, confidence, state, created_at, id);
CREATE INDEX ttp_tag_attacker ON ttp_tag (attacker_uuid, technique_id, sub_technique_id, tactic, confidence, state, created_at, id);
CREATE INDEX ttp_tag_session ON ttp_tag (session_id, created_at, id) WHERE session_id <> '';
CREATE INDEX ttp_tag_rule ON ttp_tag (rule_id, state, created_at, id);
CREATE INDEX ttp_tag_identity ON ttp_tag (identity_uuid, technique_id, sub_technique_id, tactic, confidence, state, created_at, id) WHERE identity_uuid IS NOT NULL;

-- The last word on each target, per partition of ttp.tagged.
CREATE TABLE retraction (
  tagged_partition INTEGER NOT NULL,
  target           TEXT COLLATE "C" NOT NULL,
  sequence         BIGINT NOT NULL,
  restored         SMALLINT NOT NULL,
  record           TEXT NOT NULL, -- JSON
  PRIMARY KEY (tagged_partition, target)
);

CREATE TABLE rollup_technique (
  tactic           TEXT COLLATE "C" NOT NULL,
  technique_id     TEXT COLLATE "C" NOT NULL,
  sub_technique_id TEXT COLLATE "C" NOT NULL,
  confidence       SMALLINT NOT NULL,
  tags             BIGINT NOT NULL,
  first_seen       BIGINT NOT NULL,
  last_seen        BIGINT NOT NULL,
  PRIMARY KEY (tactic, technique_id, sub_technique_id, confidence)
);

CREATE TABLE rollup_attacker (
  attacker_uuid    UUID NOT NULL,
  tactic           TEXT COLLATE "C" NOT NULL,
  technique_id     TEXT COLLATE "C" NOT NULL,
  sub_technique_id TEXT COLLATE "C" NOT NULL,
  confidence       SMALLINT NOT NULL,
  tags             BIGINT NOT NULL,
  first_seen       BIGINT NOT NULL,
  last_seen        BIGINT NOT NULL,
  PRIMARY KEY (attacker_uuid, tactic, technique_id, sub_technique_id, confidence)
);

CREATE TABLE rollup_attacker_sensor (
  attacker_uuid    UUID NOT NULL,
  tactic           TEXT COLLATE "C" NOT NULL,
  technique_id     TEXT COLLATE "C" NOT NULL,
  sub_technique_id TEXT COLLATE "C" NOT NULL,
  confidence       SMALLINT NOT NULL,
  sensor           TEXT COLLATE "C" NOT NULL,
  tags             BIGINT NOT NULL,
  PRIMARY KEY (attacker_uuid, tactic, technique_id, sub_technique_id, confidence, sensor)
);

CREATE TABLE rollup_session (
  session_id       TEXT COLLATE "C" NOT NULL,
  tactic           TEXT COLLATE "C" NOT NULL,
  technique_id     TEXT COLLATE "C" NOT NULL,
  sub_technique_id TEXT COLLATE "C" NOT NULL,
  confidence       SMALLINT NOT NULL,
  tags             BIGINT NOT NULL,
  first_seen       BIGINT NOT NULL,
  last_seen        BIGINT NOT NULL,
  PRIMARY KEY (session_id, tactic, technique_id, sub_technique_id, confidence)
);

CREATE TABLE rollup_day (
  day              TEXT COLLATE "C" NOT NULL,
  tactic           TEXT COLLATE "C" NOT NULL,
  technique_id     TEXT COLLATE "C" NOT NULL,
  sub_technique_id TEXT COLLATE "C" NOT NULL,
  confidence       SMALLINT NOT NULL,
  tags             BIGINT NOT NULL,
  first_seen       BIGINT NOT NULL,
  last_seen        BIGINT NOT NULL,
  PRIMARY KEY (day, tactic, technique_id, sub_technique_id, confidence)
);

CREATE TABLE rollup_day_sensor (
  day              TEXT COLLATE "C" NOT NULL,
  tactic           TEXT COLLATE "C" NOT NULL,
  technique_id     TEXT COLLATE "C" NOT NULL,
  sub_technique_id TEXT COLLATE "C" NOT NULL,
  confidence       SMALLINT NOT NULL,
  sensor           TEXT COLLATE "C" NOT NULL,
  tags             BIGINT NOT NULL,
  PRIMARY KEY (day, tactic, technique_id, sub_technique_id, confidence, sensor)
);

CREATE TABLE rollup_rule (
  rule_id          TEXT COLLATE "C" NOT NULL,
  tactic           TEXT COLLATE "C" NOT NULL,
  technique_id     TEXT COLLATE "C" NOT NULL,
  sub_technique_id TEXT COLLATE "C" NOT NULL,
  confidence       SMALLINT NOT NULL,
  tags             BIGINT NOT NULL,
  first_seen       BIGINT NOT NULL,
  last_seen        BIGINT NOT NULL,
  PRIMARY KEY (rule_id, tactic, technique_id, sub_technique_id, confidence)
);

CREATE TABLE rollup_sensor (
  sensor           TEXT COLLATE "C" NOT NULL,
  tactic           TEXT COLLATE "C" NOT NULL,
  technique_id     TEXT COLLATE "C" NOT NULL,
  sub_technique_id TEXT COLLATE "C" NOT NULL,
  confidence       SMALLINT NOT NULL,
  tags             BIGINT NOT NULL,
  first_seen       BIGINT NOT NULL,
  last_seen        BIGINT NOT NULL,
  PRIMARY KEY (sensor, tactic, technique_id, sub_technique_id, confidence)
);

-- Tags that have an identity alone.
CREATE TABLE rollup_identity (
  identity_uuid    UUID NOT NULL,
  tactic           TEXT COLLATE "C" NOT NULL,
  technique_id     TEXT COLLATE "C" NOT NULL,
  sub_technique_id TEXT COLLATE "C" NOT NULL,
  confidence       SMALLINT NOT NULL,
  tags             BIGINT NOT NULL,
  first_seen       BIGINT NOT NULL,
  last_seen        BIGINT NOT NULL,
  PRIMARY KEY (identity_uuid, tactic, technique_id, sub_technique_id, confidence)
);

CREATE TABLE rollup_identity_sensor (
  identity_uuid    UUID NOT NULL,
  tactic           TEXT COLLATE "C" NOT NULL,
  technique_id     TEXT COLLATE "C" NOT NULL,
  sub_technique_id TEXT COLLATE "C" NOT NULL,
  confidence       SMALLINT NOT NULL,
  sensor           TEXT COLLATE "C" NOT NULL,
  tags             BIGINT NOT NULL,
  PRIMARY KEY (identity_uuid, tactic, technique_id, sub_technique_id, confidence, sensor)
);

-- To whom attackers belong: the last word on each. Identities and campaigns are summed up over it.
CREATE TABLE attacker_link (
  attacker_uuid UUID NOT NULL PRIMARY KEY,
  identity_uuid UUID NOT NULL,
  campaign_uuid UUID NOT NULL -- zero for none
);

CREATE INDEX attacker_link_identity ON attacker_link (identity_uuid);
CREATE INDEX attacker_link_campaign ON attacker_link (campaign_uuid);

-- One row per attacker, for lists in the order of the last activity.
CREATE TABLE attacker (
  attacker_uuid UUID NOT NULL PRIMARY KEY,
  tags          BIGINT NOT NULL,
  first_seen    BIGINT NOT NULL,
  last_seen     BIGINT NOT NULL
);

CREATE INDEX attacker_last_seen ON attacker (last_seen, attacker_uuid);

-- Texts by their hash: a tag's rule_hash leads to exactly what made it.
CREATE TABLE rule_text (
  hash TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  body TEXT NOT NULL
);

CREATE TABLE rule_publication (
  revision    BIGINT NOT NULL PRIMARY KEY,
  change_kind TEXT COLLATE "C" NOT NULL, -- rule, list, removal
  unit_key    TEXT COLLATE "C" NOT NULL,
  version     BIGINT NOT NULL,
  hash        TEXT COLLATE "C" NOT NULL,
  source      TEXT COLLATE "C" NOT NULL,
  admitted_at BIGINT NOT NULL
);

-- A rule as each publication of its text holds it.
CREATE TABLE rule_version (
  rule_id  TEXT COLLATE "C" NOT NULL,
  revision BIGINT NOT NULL,
  unit_key TEXT COLLATE "C" NOT NULL,
  version  BIGINT NOT NULL,
  hash     TEXT COLLATE "C" NOT NULL,
  name     TEXT COLLATE "C" NOT NULL,
  in_force SMALLINT NOT NULL,
  PRIMARY KEY (rule_id, revision)
);

CREATE INDEX rule_version_unit ON rule_version (unit_key, in_force);

-- Rules that are not simply enabled.
CREATE TABLE rule_state (
  rule_id      TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  inbox_offset BIGINT NOT NULL,
  revision     BIGINT NOT NULL,
  record       TEXT NOT NULL -- JSON
);

CREATE TABLE rule_inbox (
  topic       TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  last_offset BIGINT NOT NULL
);

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
