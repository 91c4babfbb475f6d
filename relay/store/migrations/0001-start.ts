import { type Kysely, sql } from 'kysely';

const statements = [
  `create table identities (
    id_tag text primary key, name text not null, log_id text not null,
    created_at integer not null) strict`,
  `create table identity_keys (
    id_tag text not null references identities, key_id text not null, public_key text not null, sealed blob not null,
    created_at integer not null, expires integer, primary key (id_tag, key_id)) strict`,
  `create table setups (
    id_tag text primary key references identities, token_hash text not null, expires_at integer not null,
    used_entry text) strict`,
  `create table device_log (
    id_tag text not null references identities, seq integer not null, hash text not null, entry text not null,
    k text not null, token text not null, received_at integer not null, primary key (id_tag, seq)) strict`,
  `create table delegations (
    jti text primary key, id_tag text not null references identities, did text not null, token text not null,
    exp integer not null, revoked_at integer) strict`,
  `create index delegations_did on delegations (id_tag, did)`,
  `create table chains (
    id text primary key, id_tag text not null references identities, chain text not null, exp integer not null) strict`,
  `create table links (
    id text primary key, id_tag text not null references identities, expires_at integer not null, request text,
    did text, confirmation text) strict`,
  `create table assertions (
    id_tag text not null, did text not null, jti text not null, exp integer not null,
    primary key (id_tag, did, jti)) strict, without rowid`,
  `create table actions (
    seq integer primary key, id_tag text not null references identities, statement_id text not null,
    action_id text not null, iss text not null, nonce text, type text not null, key text, visibility text not null,
    iat integer not null, token text not null, proof text, proof_asked_at integer not null, origin text not null, state text not null,
    received_at integer not null, unique (id_tag, iss, statement_id)) strict`,
  `create unique index actions_nonce on actions (id_tag, iss, nonce) where origin = 'own'`,
  `create index actions_action_id on actions (id_tag, action_id)`,
  `create index actions_key on actions (id_tag, key) where key is not null`,
  `create table deliveries (
    id integer primary key, id_tag text not null references identities, statement_id text not null,
    neighbour text not null, state text not null, tries integer not null, next_at integer not null, reason text,
    unique (id_tag, statement_id, neighbour)) strict`,
  `create index deliveries_waiting on deliveries (neighbour, id) where state = 'waiting'`,
  `create table relations (
    id_tag text not null references identities, neighbour text not null, following integer not null,
    follower integer not null,
    primary key (id_tag, neighbour)) strict`,
  `create table profiles (
    id_tag text primary key, etag text, profile text, fetched_at integer not null, failed_until integer not null,
    failure text) strict`,
  `create table files (
    id_tag text not null references identities, id text not null, descriptor text not null,
    content_type text not null, file_name text not null, created_at integer not null,
    primary key (id_tag, id)) strict`,
  `create table file_blobs (
    id_tag text not null references identities, file_id text not null, blob text not null, format text not null,
    primary key (id_tag, blob, file_id)) strict`,
  `create table attachments (
    id_tag text not null references identities, statement_id text not null, file_id text not null,
    owner text not null, state text not null, tries integer not null, next_at integer not null,
    primary key (id_tag, statement_id, file_id)) strict`,
  `create index attachments_file on attachments (id_tag, file_id)`,
  `create index attachments_waiting on attachments (owner) where state = 'waiting'`,
  `create table sync_batches (
    id_tag text not null references identities, seq integer not null, chain text not null, device text not null,
    session text not null, first integer not null, last integer not null, batch blob not null,
    received_at integer not null, primary key (id_tag, seq)) strict`,
  `create unique index sync_batches_session on sync_batches (id_tag, device, session, first)`,
  `create table probes (id integer primary key, value text not null) strict`,
];

export const start = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
