/** The middleware of integrators, in a service of Node's own that asks a real server. */
import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { after, before, test } from 'node:test';
import { type Entity, EntityIdentity, type EntityProof } from '@blindpost/client/identity';
import {
  entityClaims,
  entityHeaders,
  entityProof,
  entityToken,
  type GatedRequest,
  type VerifiedEntity,
} from '@blindpost/client/identity/middleware';
import { startServer, type TestServer } from '@blindpost/testbed/server';
import { type WireAnswer, wireRequest } from '@blindpost/testbed/wire-http';
import { exportJWK, generateKeyPair, jwtVerify } from 'jose';
import { ADMIN } from '../database-stage.js';

const DAY = '2026-11-27';
const DOMAIN = 'service.example';

let server: TestServer;
let ei: EntityIdentity;
let entity: Entity;
/** For the context of the service. */
let proof: EntityProof;
/** For another one. */
let elsewhere: EntityProof;
const services: Server[] = [];

before(async () => {
  server = await startServer({ services: ['identity'], env: { ADMIN_API_KEY: ADMIN } });
  ei = new EntityIdentity({ apiUrl: server.url });
  entity = ei.createEntity();
  const { commitment } = entity;
  const attestation = await ei.requestAttestation({ commitment, type: 'AI.CA', attester: 'development' });
  proof = await entity.prove({ attestation, contextId: DAY });
  elsewhere = await entity.prove({ attestation, contextId: '2026-11-28' });
});
after(async () => {
  for (const service of services) service.close();
  await server.stop();
});

type Options = Partial<Parameters<typeof entityProof>[0]>;

/** A service behind the middleware, which answers whom it saw. */
async function serve(options: Options = {}): Promise<string> {
  const gate = entityProof<IncomingMessage & GatedRequest>({
    identity: ei,
    domain: DOMAIN,
    contextId: () => DAY,
    ...options,
  });
  const service = createServer((request, response) => {
    void gate(request, response, (error) => {
      if (error !== undefined) response.statusCode = 500;
      response.end(JSON.stringify(error === undefined ? entityOf(request) : { error: String(error) }));
    });
  });
  services.push(service);
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  const address = service.address();
  assert.ok(typeof address === 'object' && address !== null);
  return `http://127.0.0.1:${address.port}`;
}

function entityOf(request: GatedRequest): VerifiedEntity | undefined {
  return request.entity;
}

function assertTurnedAway(answer: WireAnswer, status: number, code: string, field?: string): void {
  assert.equal(answer.status, status, String(answer));
  const { error, message, details, ...others } = answer.json;
  assert.deepEqual(others, {});
  assert.equal(error, code, String(answer));
  assert.equal(typeof message, 'string');
  assert.ok(typeof details === 'object' && details !== null);
  if (field !== undefined) assert.equal(Reflect.get(details, 'field'), field, String(answer));
  assert.equal(answer.headers['www-authenticate'], status === 401 ? 'Entity-Proof' : undefined);
}

test('a proof for this context lets its entity in once, and a replay out', async () => {
  const url = await serve({ expect: { entityType: 'AI.CA' } });
  const headers = entityHeaders(proof);
  assert.equal(headers['Entity-Type'], 'AI.CA/1.0');
  const answer = await wireRequest(url, { headers });
  assert.equal(answer.status, 200, String(answer));
  const { entityType, entityCommitment, recorded, publicSignals } = answer.json;
  assert.deepEqual(
    { entityType, entityCommitment, recorded, publicSignals },
    {
      entityType: 'AI.CA',
      entityCommitment: entity.commitment,
      recorded: true,
      publicSignals: proof.publicSignals,
    },
  );
  assertTurnedAway(await wireRequest(url, { headers }), 401, 'nullifier_used');
});

test('of 20 who send the same headers at once one is let in', async () => {
  const url = await serve({ domain: 'race.example' });
  const headers = entityHeaders(proof);
  const answers = await Promise.all(Array.from({ length: 20 }, () => wireRequest(url, { headers })));
  assert.equal(answers.filter(({ status }) => status === 200).length, 1);
});

test('the headers are read in Base64 and base64url, padded or not, the points by themselves or as a member', async () => {
  const url = await serve({ consume: false, domain: 'spelling.example' });
  const points = JSON.stringify(proof.proof);
  const signals = JSON.stringify(proof.publicSignals);
  for (const proofText of [points, `{"proof":${points}}`]) {
    for (const encoding of ['base64', 'base64url'] as const) {
      for (const padding of ['', '=']) {
        const spelled = (text: string) => {
          const bare = Buffer.from(text).toString(encoding).replace(/=+$/, '');
          return padding === '' ? bare : bare.padEnd(Math.ceil(bare.length / 4) * 4, padding);
        };
        const headers = {
          'Entity-Type': 'AI.CA/1.0',
          'Entity-Proof': spelled(proofText),
          'Entity-Signals': spelled(signals),
        };
        assert.equal((await wireRequest(url, { headers })).status, 200, `${encoding} ${padding}`);
      }
    }
  }
});

test('a proof for another context is for somebody else, and the right one is told', async () => {
  const url = await serve();
  const answer = await wireRequest(url, { headers: entityHeaders(elsewhere) });
  assertTurnedAway(answer, 401, 'expectation_failed', 'entity-signals');
  const none = await wireRequest(url);
  assertTurnedAway(none, 401, 'unauthorized', 'entity-type');
  for (const { json } of [answer, none]) assert.equal(Reflect.get(Object(json.details), 'contextId'), DAY);
});

test('the context is chosen per request, and what choosing throws goes on', async () => {
  const url = await serve({
    domain: 'choice.example',
    contextId: async (request) => {
      const day = request.headers['x-day'];
      if (typeof day !== 'string') throw new Error('no day');
      return day;
    },
  });
  const ask = (day: Record<string, string>, shown: EntityProof) =>
    wireRequest(url, { headers: { ...entityHeaders(shown), ...day } });
  assert.equal((await ask({ 'x-day': '2026-11-28' }, elsewhere)).status, 200);
  assertTurnedAway(await ask({ 'x-day': '2026-11-28' }, proof), 401, 'expectation_failed');
  assert.equal((await ask({}, proof)).status, 500);
});

test('Entity-Type is the type that was proven', async () => {
  const url = await serve({ consume: false, domain: 'type.example' });
  const headers = entityHeaders(proof);
  const typed = (type: string) => wireRequest(url, { headers: { ...headers, 'Entity-Type': type } });
  assert.equal((await typed('AI.CA/1.0')).status, 200);
  assertTurnedAway(await typed('HU.US/1.0'), 401, 'expectation_failed', 'entity-type');
  for (const odd of ['AI.CA', 'AI.CA/1', 'AI.CA/2.0', 'AI.CA/1.0/x', 'ai.ca/1.0', 'constructor/1.0', '/1.0'])
    assertTurnedAway(await typed(odd), 400, 'invalid_request', 'entity-type');
});

test('a type that is not wanted here is forbidden', async () => {
  const headers = entityHeaders(proof);
  const human = await serve({ expect: { category: 'HU' }, domain: 'human.example' });
  assertTurnedAway(await wireRequest(human, { headers }), 403, 'expectation_failed', 'expect.category');
  const model = await serve({ expect: { entityType: 'AI.LM' }, domain: 'model.example' });
  assertTurnedAway(await wireRequest(model, { headers }), 403, 'expectation_failed', 'expect.entityType');
  // What was refused was not used up.
  const any = await serve({ domain: 'human.example' });
  assert.equal((await wireRequest(any, { headers })).status, 200);
});

test('what was used up at another domain is good here, and here again it is not', async () => {
  const headers = entityHeaders(elsewhere);
  const contextId = () => '2026-11-28';
  const [foreign, here] = [await serve({ contextId, domain: 'foreign.example' }), await serve({ contextId })];
  assert.equal((await wireRequest(foreign, { headers })).status, 200);
  assert.equal((await wireRequest(here, { headers })).status, 200);
  assertTurnedAway(await wireRequest(here, { headers }), 401, 'nullifier_used');
});

test('headers that are missing, doubled, too long or of another shape are named', async () => {
  const url = await serve({ domain: 'shape.example' });
  const good = entityHeaders(proof);
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const names = ['Entity-Type', 'Entity-Proof', 'Entity-Signals'] as const;
  for (const name of names) {
    const { [name]: _, ...others } = good;
    assertTurnedAway(await wireRequest(url, { headers: others }), 401, 'unauthorized', name.toLowerCase());
  }
  const proofs = [
    '',
    '!',
    'AAA',
    base64('null'),
    base64('{}'),
    base64('{"proof":{}}'),
    base64('[1]'),
    'A'.repeat(4097),
  ];
  for (const odd of proofs) {
    const answer = await wireRequest(url, { headers: { ...good, 'Entity-Proof': odd } });
    assertTurnedAway(answer, 400, 'invalid_request', 'entity-proof');
  }
  const { publicSignals } = proof;
  const signals = [
    base64('{}'),
    base64('[]'),
    base64(JSON.stringify(publicSignals.slice(1))),
    base64(JSON.stringify([...publicSignals, '0'])),
    base64(JSON.stringify(publicSignals.with(0, `0${publicSignals[0]}`))),
    base64('[1,2,3,4,5]'),
    `${good['Entity-Signals']},${good['Entity-Signals']}`,
    'A'.repeat(2049),
  ];
  for (const odd of signals) {
    const answer = await wireRequest(url, { headers: { ...good, 'Entity-Signals': odd } });
    assertTurnedAway(answer, 400, 'invalid_request', 'entity-signals');
  }
  const forged = { ...proof, publicSignals: publicSignals.with(0, '5') };
  assertTurnedAway(await wireRequest(url, { headers: entityHeaders(forged) }), 401, 'proof_invalid');
  assert.equal((await wireRequest(url, { headers: good })).status, 200);
});

test('nobody is let in while nobody can tell', async () => {
  const identity = new EntityIdentity({ apiUrl: 'http://127.0.0.1:1' });
  const url = await serve({ identity });
  const answer = await wireRequest(url, { headers: entityHeaders(proof) });
  assertTurnedAway(answer, 503, 'unavailable');
  assert.equal(answer.headers['retry-after'], '2');
});

test('a token carries the claims of the document, signed by the integrator, with the type that was proven', async () => {
  const url = await serve({ consume: false, domain: 'token.example' });
  const { json } = await wireRequest(url, { headers: entityHeaders(proof) });
  const verdict = await ei.verify(proof, { domain: 'token.example' });
  assert.ok(verdict.valid);
  const verifiedAt = Number(json.verifiedAt);
  // Whatever was written over what was verified.
  const written = { entityType: 'HU.US', phoneticName: 'Who' };
  const entityHere: VerifiedEntity = { ...verdict, ...written, ...proof, ...written, verifiedAt };
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { extractable: true });
  const options = { alg: 'EdDSA', issuer: 'https://service.example', audience: 'api', lifetimeSeconds: 600 };
  for (const key of [privateKey, await exportJWK(privateKey)]) {
    const token = await entityToken(entityHere, { key, ...options });
    const { payload } = await jwtVerify(token, publicKey, { issuer: options.issuer, audience: 'api' });
    assert.match(String(payload.sub), /^[0-9a-f]{64}$/);
    assert.deepEqual(payload, {
      iss: options.issuer,
      aud: 'api',
      sub: payload.sub,
      iat: verifiedAt,
      exp: verifiedAt + 600,
      entity_type: 'AI.CA',
      entity_phonetic: 'Kah',
      entity_proof: { proof: proof.proof, signals: proof.publicSignals, verified_at: verifiedAt },
    });
    const other = await generateKeyPair('EdDSA');
    await assert.rejects(jwtVerify(token, other.publicKey));
  }
  assert.equal(entityClaims(entityHere).exp, verifiedAt + 3_600);
  assert.throws(
    () => entityClaims({ ...entityHere, publicSignals: proof.publicSignals.with(2, '1') }),
    RangeError,
  );
  assert.throws(() => entityClaims({ ...entityHere, publicSignals: [] }), RangeError);
});
