/** Values that are wrong for what a member is, and requests that are right but for one of them. */
import { randomUUID } from 'node:crypto';
import { MAX_CLIENT_MESSAGE_ID, MAX_GROUP_ID, MAX_HINT } from '@blindpost/protocol/e2ee';
import { makeE2eeUpload } from '@blindpost/testbed/wire-bundle';
import fc from 'fast-check';
import { bytes, inFuture } from './messages.js';

/** Left out, where a value should stand. */
const LEFT_OUT = Symbol('left out');

const json = fc.jsonValue({ maxDepth: 2 });
const noText = json.filter((value) => typeof value !== 'string' && value !== null);
const anyText = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('', '\u0000', '\ud800'));
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const id = randomUUID();

const uuid = fc.oneof(
  noText,
  anyText.filter((text) => !UUID.test(text)),
  fc.constantFrom(
    null,
    LEFT_OUT,
    `{${id}}`,
    `${id}\n`,
    ` ${id}`,
    `${id}\u0000`,
    id.replaceAll('-', ''),
    `urn:uuid:${id}`,
    `${id.slice(0, -1)}g`,
    `${id.slice(0, -1)}\uff10`,
  ),
);
/** No padding, the URL's alphabet, stray bits, white space, and padding where none belongs. */
const base64 = fc.oneof(
  noText,
  fc.constantFrom(
    ...['A', 'AA', 'AAA', 'AAAAA', 'AB==', 'AAB=', 'AA-_', '-_8=', 'AA==AA==', 'AAAA====', '====', '='],
    ...[
      'AA A',
      'AAAA\n',
      ' AAAA',
      'AA\r\nAA',
      'AAAA\u0000',
      'ÄÖÜß',
      '\ud800AAA',
      'AA=A',
      'data:;base64,AAAA',
    ],
  ),
  fc.string({ minLength: 1 }).filter((text) => Buffer.from(text, 'base64').toString('base64') !== text),
);
const enumeration = fc.oneof(
  json.filter((value) => ![0, 1, 2, 3].includes(Number(value)) || typeof value !== 'number'),
  fc.constantFrom(4, -1, 0.5, 2 ** 31, 1e308, '0', [0], true),
);
const keyId = fc.oneof(
  json.filter((value) => !Number.isInteger(value) && value !== null),
  fc.constantFrom(-1, 0.5, 2 ** 32, 2 ** 53, 1e308, '1', [1], true),
);
const instant = fc.oneof(
  noText,
  fc.string(),
  fc.constantFrom(
    ...[
      '',
      'now',
      'tomorrow',
      '2099',
      '2099-01-01',
      '2099-01-01T00:00:00',
      '2099-01-01T00:00Z',
      '20990101T000000Z',
    ],
    ...['2099-02-30T00:00:00Z', '2099-13-01T00:00:00Z', '2099-00-10T00:00:00Z', '2099-01-32T00:00:00Z'],
    ...['2099-01-01T25:00:00Z', '2099-01-01T00:61:00Z', '2099-01-01T00:00:99Z', '2099-01-01T00:00:00+99:00'],
    ...['+012099-01-01T00:00:00Z', '12099-01-01T00:00:00Z', '-2099-01-01T00:00:00Z', '2099-W01-1T00:00:00Z'],
    ...['2099-01-01T00:00:00Z ', '2099-01-01T00:00:00Z\n', '٢٠٩٩-01-01T00:00:00Z', '2099-01-01T00:00:00.Z'],
    ...['Fri, 01 Jan 2099 00:00:00 GMT', '2099-01-01T00:00:00 UTC', 4_070_908_800_000],
  ),
);
const past = fc.constantFrom('1970-01-01T00:00:00Z', '2020-01-01T00:00:00+14:00', '0001-01-01T00:00:00Z');
const longer = (max: number) =>
  fc.oneof(
    noText,
    fc.integer({ min: max + 1, max: max * 40 }).map((length) => 'x'.repeat(length)),
  );
/** Deeper ones are refused before anybody reads which member it is. */
const meta = fc.oneof(
  json.filter((value) => value !== null && (typeof value !== 'object' || Array.isArray(value))),
  fc
    .constantFrom(65, 66)
    .map((depth) => ({ deep: JSON.parse('['.repeat(depth - 1) + ']'.repeat(depth - 1)) })),
  fc.integer({ min: 9_000, max: 50_000 }).map((size) => ({ large: 'x'.repeat(size) })),
);
const list = json.filter((value) => !Array.isArray(value) && value !== null);
const required = <T>(values: fc.Arbitrary<T>) => fc.oneof(values, fc.constantFrom(null, LEFT_OUT));

/** A request that would be taken, and values that must be refused in it, by the path of the member. */
export interface Takes {
  readonly path: string;
  readonly body: () => object;
  readonly wrong: Readonly<Record<string, fc.Arbitrary<unknown>>>;
}

export function takesTo(recipientId: string): { send: Takes; ack: Takes; others: Takes[] } {
  const send: Takes = {
    path: '/messages',
    body: () => ({
      recipientId,
      sessionId: randomUUID(),
      type: 2,
      groupId: 'g',
      ciphertext: bytes(8),
      header: bytes(8),
      signature: bytes(8),
      expiresAt: inFuture(),
      meta: { m: 1 },
    }),
    wrong: {
      recipientId: uuid,
      sessionId: longer(128),
      type: enumeration,
      groupId: longer(MAX_GROUP_ID),
      clientMessageId: longer(MAX_CLIENT_MESSAGE_ID),
      ciphertext: fc.oneof(required(base64), fc.constant('')),
      header: base64,
      signature: base64,
      expiresAt: fc.oneof(instant, past),
      meta,
    },
  };
  const ack: Takes = {
    path: '/messages/ack',
    body: () => ({ ids: [randomUUID(), randomUUID()] }),
    wrong: {
      ids: fc.oneof(list, fc.constant(LEFT_OUT)),
      'ids.1': uuid.filter((value) => value !== LEFT_OUT),
      upTo: fc.oneof(
        json.filter((value) => !Number.isInteger(value) && value !== null),
        fc.constantFrom(-1, 0.5, 2 ** 53, 1e308, '1', [1]),
      ),
    },
  };
  const upload: Takes = {
    path: '/keys/upload',
    body: () => ({
      ...makeE2eeUpload(2),
      algorithm: 'x25519',
      signedPreKeyExpiresAt: inFuture(),
      lastResortPreKey: { keyId: 1, publicKey: bytes(32) },
      pqPreKeyId: 1,
      pqPreKey: bytes(32),
      pqPreKeySignature: bytes(64),
      meta: { m: 1 },
    }),
    wrong: {
      algorithm: fc.oneof(longer(32), fc.constant('')),
      identityKey: fc.oneof(required(base64), fc.constant('')),
      signedPreKeyId: required(keyId),
      signedPreKey: fc.oneof(required(base64), fc.constant('')),
      signedPreKeySignature: required(base64),
      signedPreKeyExpiresAt: instant,
      oneTimePreKeys: list,
      'oneTimePreKeys.1': json.filter((value) => typeof value !== 'object' || value === null),
      'oneTimePreKeys.1.keyId': required(keyId),
      'oneTimePreKeys.1.publicKey': fc.oneof(required(base64), fc.constant('')),
      lastResortPreKey: json.filter((value) => typeof value !== 'object' || Array.isArray(value)),
      'lastResortPreKey.keyId': required(keyId),
      'lastResortPreKey.publicKey': required(base64),
      pqPreKeyId: keyId,
      pqPreKey: base64,
      pqPreKeySignature: base64,
      meta,
    },
  };
  const session: Takes = {
    path: `/sessions/${recipientId}`,
    body: () => ({ hint: 'x3dh-v1', meta: { m: 1 } }),
    wrong: { hint: longer(MAX_HINT), meta },
  };
  const distribute: Takes = {
    path: '/groups/sender-key/distribute',
    body: () => ({
      groupId: 'g',
      expiresAt: inFuture(),
      items: [0, 1].map(() => ({ recipientId, ciphertext: bytes(8), header: bytes(8), meta: { m: 1 } })),
    }),
    wrong: {
      groupId: fc.oneof(required(longer(MAX_GROUP_ID)), fc.constant('')),
      expiresAt: fc.oneof(instant, past),
      items: required(fc.oneof(list, fc.constant([]))),
      'items.1': json.filter((value) => typeof value !== 'object' || value === null),
      'items.1.recipientId': uuid,
      'items.1.ciphertext': fc.oneof(required(base64), fc.constant('')),
      'items.0.header': base64,
      'items.1.signature': base64,
      'items.1.clientMessageId': longer(MAX_CLIENT_MESSAGE_ID),
      'items.1.meta': meta,
    },
  };
  return { send, ack, others: [upload, session, distribute] };
}

/** The body with one member changed; `path` is dotted. */
export function changed(body: object, path: string, value: unknown): object {
  const copy: object = structuredClone(body);
  const names = path.split('.');
  const last = names.pop() ?? '';
  const owner = names.reduce<object>((each, name) => Object(Reflect.get(each, name)), copy);
  if (value === LEFT_OUT) Reflect.deleteProperty(owner, last);
  else Object.defineProperty(owner, last, { value, enumerable: true, configurable: true, writable: true });
  return copy;
}

/** A wrong value for one member of one of the requests; a counterexample of it can be read. */
export function wrongly(takes: readonly Takes[]) {
  const members = takes.flatMap(({ path, wrong }, place) =>
    Object.entries(wrong).map(([name, values]) => ({ path, place, name, values })),
  );
  return fc
    .constantFrom(...members)
    .chain(({ path, place, name, values }) =>
      values.map((value) => ({ path, place, name, value: value === LEFT_OUT ? LEFT_OUT : value })),
    );
}
