import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { signDraft } from '../../shared/action/countersign.ts';
import type { Statement } from '../../shared/action/action.ts';
import { bytesToBase64url } from '../../shared/bytes.ts';
import { signAssertion } from '../../shared/device/assertion.ts';
import { type Capability, everything } from '../../shared/device/capability.ts';
import {
  appendLogEntry,
  type DeviceDescription,
  type DeviceLog,
  type LogOperation,
  signLogEntry,
  verifyDeviceLog,
} from '../../shared/device/device-log.ts';
import { createLink, createLinkConfirmation, createLinkRequest } from '../../shared/device/link.ts';
import {
  createSigner,
  type Did,
  jwkToDid,
  jwkToPublic,
  type PublicJwk,
  type Signer,
} from '../../shared/identity/did.ts';
import { profileSchema } from '../../shared/identity/key-set.ts';
import { parse } from '../../shared/parse.ts';
import {
  accessTokenSchema,
  actionListSchema,
  deviceLogSchema,
  enrolledSchema,
  envelope,
  linkStateSchema,
  type Receipt,
  receiptSchema,
  routes,
} from '../../shared/routes.ts';
import type { Cursor } from '../../shared/sync/frame.ts';
import { type Batch, signBatch } from '../../shared/sync/row.ts';
import { eventually, type Network, type TestAnswer, type TestRelay } from './network.ts';
import { TestSocket } from './socket.ts';

export interface TestKeys {
  readonly did: Did;
  readonly jwk: PublicJwk;
  readonly ecdh: PublicJwk;
  readonly sign: Signer;
}

export async function createKeys(): Promise<TestKeys> {
  const subtle = crypto.subtle;
  const pair = await subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-384' }, false, ['sign', 'verify']);
  const sealing = await subtle.generateKey({ name: 'ECDH', namedCurve: 'P-384' }, false, ['deriveBits']);
  const jwk = jwkToPublic(await subtle.exportKey('jwk', pair.publicKey));
  const ecdh = jwkToPublic(await subtle.exportKey('jwk', sealing.publicKey));
  return { did: jwkToDid(jwk), jwk, ecdh, sign: createSigner(pair.privateKey) };
}

/** The data of an answer; fails with what the relay said when it refused. */
export function dataOf<S extends v.GenericSchema>(answer: TestAnswer, schema: S): v.InferOutput<S> {
  if (answer.status >= 300) throw new Error(`${answer.status} ${answer.text}`);
  return parse(envelope(schema), answer.json()).data as v.InferOutput<S>;
}

/** The stable code of a refusal, or the status of what is none. */
export function codeOf(answer: TestAnswer): string {
  const refusal = v.safeParse(
    v.object({ error: v.object({ code: v.string() }) }),
    answer.text && answer.json(),
  );
  return refusal.success ? refusal.output.error.code : String(answer.status);
}

/** A statement without the members that are given for every draft. */
export type Words = Omit<Statement, 'iat' | '_' | 'v'> & Partial<Pick<Statement, 'iat' | '_' | 'v'>>;

export const json = { 'content-type': 'application/json' };

export const nonce = () => bytesToBase64url(randomBytes(16));

/** A headless device of a relay's identity: keys, enrolment, drafts, sync; everything through shared and over HTTP. */
export class TestDevice {
  readonly relay: TestRelay;
  readonly network: Network;
  readonly keys: TestKeys;
  delegation = '';
  private token = '';

  constructor(network: Network, relay: TestRelay, keys: TestKeys) {
    this.network = network;
    this.relay = relay;
    this.keys = keys;
  }

  /** A new device that has used the relay's setup link. */
  static async enrolFirst(network: Network, relay: TestRelay): Promise<TestDevice> {
    const device = new TestDevice(network, relay, await createKeys());
    const answer = await device.enrol(device.setupToken(), await device.firstEntry());
    device.delegation = dataOf(answer, enrolledSchema).delegation;
    return device;
  }

  setupToken(): string {
    return this.relay.node.setupLink?.split('#')[1] ?? '';
  }

  describe(name = 'laptop'): DeviceDescription {
    const { did, jwk, ecdh } = this.keys;
    return { did, jwk, ecdh, name };
  }

  seconds(): number {
    return Math.floor(this.network.now() / 1000);
  }

  firstEntry(): Promise<string> {
    return this.sign(undefined, { t: 'add', device: this.describe(), cap: [...everything] });
  }

  sign(log: DeviceLog | undefined, op: LogOperation): Promise<string> {
    const { did, sign } = this.keys;
    return signLogEntry(log, { iss: this.relay.idTag, iat: this.seconds(), by: did, op }, sign);
  }

  enrol(setup: string, entry: string): Promise<TestAnswer> {
    return this.relay.ask(routes.enrol, {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ setup, entry }),
    });
  }

  async log(): Promise<DeviceLog> {
    const { entries } = dataOf(await this.relay.ask(routes.deviceLog), deviceLogSchema);
    return verifyDeviceLog(
      this.relay.idTag,
      entries.map(({ entry }) => entry),
    );
  }

  async assertion(change: { jti?: string; aud?: TestRelay['idTag'] } = {}): Promise<string> {
    const { did, sign } = this.keys;
    const { jti = nonce(), aud = this.relay.idTag } = change;
    return signAssertion({ did, aud, jti, now: this.seconds() }, sign);
  }

  exchange(assertion: string, delegation: readonly string[] = [this.delegation]): Promise<TestAnswer> {
    const grant_type = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
    const body = JSON.stringify({ grant_type, assertion, delegation });
    return this.relay.ask(routes.token, { method: 'POST', headers: json, body });
  }

  /** An access token; kept until `forgetToken`. */
  async accessToken(): Promise<string> {
    this.token ||= dataOf(await this.exchange(await this.assertion()), accessTokenSchema).access_token;
    return this.token;
  }

  forgetToken(): void {
    this.token = '';
  }

  async ask(path: string, method = 'GET', body?: unknown): Promise<TestAnswer> {
    const headers = { ...json, authorization: `Bearer ${await this.accessToken()}` };
    const bytes = body instanceof Uint8Array ? body : JSON.stringify(body);
    return this.relay.ask(path, { method, headers, ...(body !== undefined && { body: bytes }) });
  }

  /** Enrols another device over a one-time link. */
  async enrolSecond(cap: readonly Capability[] = everything): Promise<TestDevice> {
    const other = new TestDevice(this.network, this.relay, await createKeys());
    const link = createLink((n) => new Uint8Array(randomBytes(n)));
    const path = `${routes.links}/${link.id}`;
    await this.ask(routes.links, 'POST', { id: link.id, expiresAt: this.seconds() + 600 });
    const request = await createLinkRequest(link, other.describe('phone'));
    await this.relay.ask(`${path}/request`, { method: 'POST', headers: json, body: JSON.stringify(request) });
    const log = await this.log();
    const entry = await this.sign(log, { t: 'add', device: request.device, cap: [...cap] });
    const { head } = await appendLogEntry(this.relay.idTag, log, entry);
    const confirmation = await createLinkConfirmation(link, head);
    dataOf(
      await this.ask(routes.deviceLog, 'POST', { entry, link: { id: link.id, confirmation } }),
      deviceLogSchema,
    );
    const state = dataOf(await this.relay.ask(path), linkStateSchema);
    if (state.state !== 'enrolled') throw new Error(`the link is ${state.state}`);
    other.delegation = state.delegation;
    return other;
  }

  async remove(did: Did): Promise<TestAnswer> {
    return this.ask(routes.deviceLog, 'POST', {
      entry: await this.sign(await this.log(), { t: 'remove', did }),
    });
  }

  async draft(words: Words, change: { iss?: TestRelay['idTag']; k?: string } = {}): Promise<string> {
    const profile = dataOf(await this.relay.ask(routes.me), profileSchema);
    const { iss = this.relay.idTag, k = profile.keys[0]!.keyId } = change;
    const statement = { iat: this.seconds(), _: nonce(), v: 'F' as const, ...words };
    return signDraft(iss, k, statement, this.keys.sign);
  }

  async submit(...drafts: string[]): Promise<Receipt[]> {
    return dataOf(await this.ask(routes.actions, 'POST', { drafts }), receiptSchema).results;
  }

  /** Says it and gives its id. */
  async say(words: Words): Promise<string> {
    const [receipt] = await this.submit(await this.draft(words));
    if (receipt?.status !== 'accepted') throw new Error(JSON.stringify(receipt));
    return receipt.actionId;
  }

  async items(after = 0) {
    return dataOf(await this.ask(`${routes.actions}?after=${after}&limit=500`), actionListSchema).items;
  }

  /** Waits until the relay has this action, as `wanted` says. */
  eventually(
    actionId: string,
    wanted: (item: Awaited<ReturnType<TestDevice['items']>>[number]) => boolean = () => true,
  ) {
    return eventually(`${actionId} at ${this.relay.idTag}`, async () =>
      (await this.items()).find((item) => item.actionId === actionId && wanted(item)),
    );
  }

  batch(session: string, first: number, rows: readonly (readonly [string, Uint8Array])[]): Promise<Batch> {
    const list = rows.map(([doc, update]) => ({ doc, update }));
    const { did, sign } = this.keys;
    return signBatch(
      this.relay.idTag,
      { device: did, session, first, time: this.network.now(), rows: list },
      sign,
    );
  }

  /** Opens `/ws/sync` and says hello. */
  async sync(session = nonce(), cursor: Cursor = { log: '', seq: 0, chain: '' }): Promise<TestSocket> {
    const socket = await TestSocket.open(this.relay);
    socket.send({ kind: 'hello', token: await this.accessToken(), session, cursor });
    return socket;
  }
}
