import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import fc from 'fast-check';
import { E2eeError, E2eeHttp } from './index.js';
import { ACCOUNT, type Asked, envelopeOf, PEER, refusal, type Said, StandIn } from './stand-in.fixture.js';

const server = new StandIn();
const TIME = '2026-01-01T00:00:00.000Z';
const KEY = Buffer.alloc(32, 7).toString('base64');
const BYTES = new Uint8Array(32).fill(7);
const PREKEY = { keyId: 1, publicKey: KEY };
const PUBLISHED = {
  accountId: PEER,
  algorithm: 'x25519',
  identityKey: KEY,
  signedPreKeyId: 1,
  signedPreKey: KEY,
  signedPreKeySignature: KEY,
  signedPreKeyExpiresAt: null,
  lastResortPreKey: null,
  pqPreKeyId: null,
  pqPreKey: null,
  pqPreKeySignature: null,
  meta: { publicKey: 'not Base64: of the application' },
  verified: true,
};
const BUNDLE = {
  ...PUBLISHED,
  id: ACCOUNT,
  createdAt: TIME,
  updatedAt: TIME,
  oneTimePreKeysStored: 1,
  oneTimePreKeysRemaining: 1,
};
const UPLOAD = {
  identityKey: BYTES,
  signedPreKeyId: 1,
  signedPreKey: BYTES,
  signedPreKeySignature: BYTES,
  oneTimePreKeys: [{ keyId: 1, publicKey: BYTES }],
};
const SESSION = {
  id: ACCOUNT,
  accountAId: ACCOUNT,
  accountBId: PEER,
  initiatedById: ACCOUNT,
  lastMessageAt: null,
  hint: null,
  meta: null,
  createdAt: TIME,
  updatedAt: TIME,
};
const OUTGOING = { recipientId: PEER, ciphertext: BYTES };

let refused: unknown[];
let http: E2eeHttp;

before(() => server.start());
after(() => server.stop());
beforeEach(async () => {
  await server.reset();
  refused = [];
  const token = async (no?: string) => {
    refused.push(no);
    return no === undefined ? 'first' : 'second';
  };
  http = new E2eeHttp({ url: server.url, tokens: { token } });
});

/** Answers these in turn, the last one for ever; undefined drops the connection. */
function script(...said: (Said | undefined)[]): void {
  server.answer = () => (said.length > 1 ? said.shift() : said[0]);
}

const body = ({ body }: Asked): Record<string, unknown> => Object(body);

test('bytes are Base64 on the wire alone, and meta stays as it is', async () => {
  script({ body: BUNDLE });
  const bundle = await http.uploadKeys(UPLOAD);
  assert.deepEqual(bundle.identityKey, BYTES);
  assert.deepEqual(bundle.meta, PUBLISHED.meta);
  const [asked] = server.asked;
  assert.ok(asked !== undefined);
  assert.equal(asked.path, '/api/e2ee/keys/upload');
  assert.equal(asked.headers.authorization, 'Bearer first');
  assert.deepEqual(body(asked).oneTimePreKeys, [PREKEY]);
});

test('every route is asked as it is documented', async () => {
  script({ body: { ...PUBLISHED, oneTimePreKey: PREKEY } });
  await http.myBundle();
  assert.deepEqual((await http.bundle(PEER)).oneTimePreKey, { keyId: 1, publicKey: BYTES });
  await http.bundle(PEER, { consume: false });
  await http.claim(PEER.toUpperCase());
  script({ body: { oneTimePreKeys: 3, low: true } });
  assert.deepEqual(await http.keyStatus(), { oneTimePreKeys: 3, low: true });
  script({ body: SESSION });
  assert.deepEqual(await http.ensureSession(PEER, { hint: 'x3dh' }), SESSION);
  script({ body: envelopeOf(1, 'a') });
  await http.ackOne(ACCOUNT);
  script({ body: { acknowledged: 2 } });
  assert.equal(await http.ack({ ids: [ACCOUNT, PEER] }), 2);
  assert.equal(await http.ack({ upTo: 7 }), 2);
  script({ body: { sent: 1 } });
  assert.equal(await http.distribute({ groupId: 'g', items: [OUTGOING] }), 1);
  assert.deepEqual(
    server.asked.map(({ method, path, query }) =>
      `${method} ${path.slice('/api/e2ee/'.length)} ${query}`.trim(),
    ),
    [
      'GET keys/me',
      `GET keys/${PEER}/bundle consumeOneTimePreKey=true`,
      `GET keys/${PEER}/bundle consumeOneTimePreKey=false`,
      `POST keys/${PEER}/claim`,
      'GET keys/status',
      `POST sessions/${PEER}`,
      `POST messages/${ACCOUNT}/ack`,
      'POST messages/ack',
      'POST messages/ack',
      'POST groups/sender-key/distribute',
    ],
  );
  const [item] = body(server.asked.at(-1) ?? assert.fail()).items as { clientMessageId: string }[];
  assert.match(item?.clientMessageId ?? '', /^[0-9a-f]{32}$/);
});

test('a bundle of another account than the one asked for is not believed', async () => {
  script({ body: { ...PUBLISHED, accountId: ACCOUNT, oneTimePreKey: null } });
  await assert.rejects(http.bundle(PEER), { code: 'bad_answer' });
});

test('a send whose answer is lost goes again under the same id; a given id is kept', async () => {
  script(
    undefined,
    { status: 503, headers: { 'retry-after': '0' }, body: refusal('unavailable') },
    {
      body: envelopeOf(1, 'a'),
    },
  );
  await http.send(OUTGOING);
  const ids = server.asked.map((asked) => body(asked).clientMessageId);
  assert.equal(ids.length, 3);
  assert.equal(new Set(ids).size, 1);
  await http.send({ ...OUTGOING, clientMessageId: 'mine' });
  assert.equal(body(server.asked.at(-1) ?? assert.fail()).clientMessageId, 'mine');
});

test('a retry waits as long as the server asked, but not for ever', async () => {
  script(
    { status: 429, headers: { 'retry-after': '1' }, body: refusal('rate_limit_exceeded') },
    {
      body: { oneTimePreKeys: 3, low: true },
    },
  );
  const since = performance.now();
  await http.keyStatus();
  assert.ok(performance.now() - since >= 999);
  script({ status: 429, headers: { 'retry-after': '3600' }, body: refusal('rate_limit_exceeded') });
  await assert.rejects(http.keyStatus(), { code: 'rate_limit_exceeded', retryAfterMs: 3_600_000 });
  assert.equal(server.asked.length, 3);
});

test('a claim whose answer is lost is not repeated: it would burn a second prekey', async () => {
  script(undefined);
  await assert.rejects(http.claim(PEER), { code: 'unreachable' });
  assert.equal(server.asked.length, 1);
});

test('a refused token is replaced, once', async () => {
  server.answer = ({ headers }) =>
    headers.authorization === 'Bearer second'
      ? { body: { oneTimePreKeys: 3, low: true } }
      : { status: 401, body: refusal('unauthorized') };
  await http.keyStatus();
  assert.deepEqual(refused, [undefined, 'first']);
  script({ status: 401, body: refusal('unauthorized') });
  await assert.rejects(
    http.keyStatus(),
    (error) => error instanceof E2eeError && error.code === 'unauthorized',
  );
  assert.equal(server.asked.length, 4);
});

test('a refusal keeps the code and the details of the server', async () => {
  script({ status: 507, body: refusal('queue_full', { scope: 'sender' }) });
  await assert.rejects(http.send(OUTGOING), { code: 'queue_full', details: { scope: 'sender' } });
  assert.equal(server.asked.length, 1, 'asked once: asking again would not help');
});

test('what waits comes by the page, megabytes at once', async () => {
  const large = Array.from({ length: 12 }, (_, n) => envelopeOf(n + 4, 'x'.repeat(256 * 1024)));
  script({ headers: { 'x-has-more': 'true' }, body: large });
  const { envelopes, hasMore } = await http.pending({ take: 1000, after: 3 });
  assert.equal(envelopes.length, 12);
  assert.equal(envelopes[0]?.ciphertext.length, 256 * 1024);
  assert.equal(hasMore, true);
  assert.equal(String(server.asked[0]?.query), 'take=500&after=3');
});

test('a page out of order, doubled, from before what was asked or without its header is not believed', async () => {
  const [a, b] = [envelopeOf(4, 'a'), envelopeOf(5, 'b')];
  const more = { 'x-has-more': 'false' };
  for (const said of [{ headers: more, body: [b, a] }, { headers: more, body: [a, a] }, { body: [a] }]) {
    script(said);
    await assert.rejects(http.pending(), { code: 'bad_answer' });
  }
  script({ headers: more, body: [a] });
  await assert.rejects(http.pending({ after: 4 }), { code: 'bad_answer' });
});

test('an answer that is not the protocol is a bad answer, never believed', async () => {
  const verbs = [
    () => http.uploadKeys(UPLOAD),
    () => http.myBundle(),
    () => http.bundle(PEER),
    () => http.claim(PEER),
    () => http.keyStatus(),
    () => http.ensureSession(PEER),
    () => http.send(OUTGOING),
    () => http.pending(),
    () => http.ack({ upTo: 1 }),
    () => http.ackOne(ACCOUNT),
    () => http.distribute({ groupId: 'g', items: [OUTGOING] }),
  ];
  const whole = {
    ...BUNDLE,
    ...SESSION,
    ...envelopeOf(1, 'a'),
    oneTimePreKey: null,
    sent: 1,
    acknowledged: 1,
    low: true,
  };
  const bodies = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    // Right but for one member that every answer has in some form.
    fc
      .record({ id: fc.jsonValue(), accountId: fc.jsonValue(), sent: fc.jsonValue(), low: fc.jsonValue() })
      .map((odd) => ({
        ...whole,
        ...odd,
        acknowledged: -1,
        oneTimePreKeys: 0.5,
        oneTimePreKeysStored: null,
        signedPreKey: 'A===',
      })),
  );
  await fc.assert(
    fc.asyncProperty(bodies, fc.constantFrom(...verbs), async (odd, verb) => {
      script({ headers: { 'x-has-more': 'no' }, body: odd });
      await verb().then(
        // A random sent count may be a right one.
        (answer) => assert.ok(typeof answer === 'number'),
        (error) => assert.equal(error.code, 'bad_answer'),
      );
    }),
  );
});
