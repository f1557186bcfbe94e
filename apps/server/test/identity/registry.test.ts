import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import {
  AttesterContact,
  AttesterProof,
  Attesters,
  AuditTrail,
  auditText,
  EntityTypes,
  Leaves,
  RegisterAttesterAnswer,
  RegistryState,
  RevokeAttesterAnswer,
  Roots,
} from '@blindpost/protocol/identity';
import type { IdentityWire } from '@blindpost/testbed/wire-identity';
import { possessionMessage } from '@blindpost/zk/attester';
import { rootOf, rootOfPath, treeOf } from '@blindpost/zk/registry';
import { sign, signingKey } from '@blindpost/zk/signature';
import { assertOk, assertRefused } from '../relay/answers.js';
import { joinHouse, ownKey } from './house.js';
import { ADMIN, onEveryStage } from './stage.js';

const ATTESTER = { id: 'anthropic', name: 'Anthropic', allowedTypes: ['AI.CA', 'AI.GN', 'AI.AA'] };

async function state(wire: IdentityWire) {
  return assertOk(await wire.get('/registry'), RegistryState);
}

async function path(wire: IdentityWire, id: string) {
  return assertOk(await wire.get(`/registry/attesters/${id}/proof`), AttesterProof);
}

async function trail(wire: IdentityWire) {
  return assertOk(await wire.get('/admin/audit', { key: ADMIN }), AuditTrail).entries;
}

await onEveryStage('the registry', (stage) => {
  test('begins empty, and the house joins with a key of its own', async () => {
    const { wire } = stage;
    const empty = await state(wire);
    assert.equal(empty.attestersCount, 0);
    assert.deepEqual(assertOk(await wire.get('/registry/attesters'), Attesters), { attesters: [] });
    await joinHouse(wire);
    assert.equal((await state(wire)).attestersCount, 1);
  });

  test('an attester is added with what the document says of it, and seen at every server', async () => {
    const { wire } = stage;
    const contact = 'security@anthropic.example';
    const answer = assertOk(await wire.register({ ...ATTESTER, contact }), RegisterAttesterAnswer);
    assert.match(answer.apiKey, /^[0-9a-f]{64}$/);
    assert.equal(answer.warning, 'Store the API key securely. It cannot be retrieved again.');
    assert.deepEqual(answer.attester.types, ATTESTER.allowedTypes);
    assert.equal(answer.attester.index, 1);
    for (const each of stage.wires) {
      assert.equal((await state(each)).root, answer.registryRoot);
      const { attesters } = assertOk(await each.get('/registry/attesters'), Attesters);
      const [, listed] = attesters;
      const { createdAt, ...rest } = listed ?? assert.fail();
      assert.deepEqual(rest, answer.attester);
      assert.ok(Math.abs(Date.parse(createdAt) - Date.now()) < 60_000);
      assert.doesNotMatch(JSON.stringify(attesters), /security@|apiKey|sealed/);
    }
    const kept = assertOk(await wire.get('/admin/attesters/anthropic', { key: ADMIN }), AttesterContact);
    assert.deepEqual(kept, { id: 'anthropic', contact, serverHeldKey: true });
  });

  test('every path leads from its leaf to the root, and all leaves make the tree', async () => {
    const { wire } = stage;
    const { root } = await state(wire);
    const { leaves, size, root: told } = assertOk(await wire.get('/registry/leaves'), Leaves);
    assert.equal(told, root);
    assert.equal(size, leaves.length);
    assert.equal(rootOf(treeOf(leaves.map(({ leaf }) => BigInt(leaf)))).toString(), root);
    for (const id of ['house', 'anthropic']) {
      const { leaf, index, pathElements, pathIndices, root: above } = await path(wire, id);
      assert.equal(pathElements.length, 20);
      assert.deepEqual(
        pathIndices,
        Array.from({ length: 20 }, (_, bit) => (index >> bit) & 1),
      );
      assert.equal(leaf, leaves[index]?.leaf);
      const reached = rootOfPath(BigInt(leaf), { pathElements: pathElements.map(BigInt), pathIndices });
      assert.equal(reached.toString(), root);
      assert.equal(above, root);
    }
  });

  test('an id, a key or a type that does not go changes nothing', async () => {
    const { wire } = stage;
    const [before, entries] = [await state(wire), await trail(wire)];
    const other = { ...ATTESTER, id: 'other' };
    assertRefused(await wire.register(ATTESTER), 409, 'attester_exists', 'id');
    assertRefused(await wire.register(ownKey('copy')), 409, 'attester_exists', 'publicKeyX');
    for (const code of ['constructor', 'AI.XX', 'ai.ca', '', '__proto__', 'AI.CA ']) {
      const allowedTypes = ['AI.CA', code];
      assertRefused(await wire.register({ ...other, allowedTypes }), 400, 'invalid_type', 'allowedTypes.1');
    }
    for (const [field, body] of [
      ['id', { ...other, id: 'Other' }],
      ['id', { ...other, id: 'a b' }],
      ['id', { name: 'x', allowedTypes: ['AI.CA'] }],
      ['name', { ...other, name: '' }],
      ['name', { ...other, name: 'a\u0000b' }],
      ['name', { ...other, name: 'x'.repeat(129) }],
      ['contact', { ...other, contact: '\ud800' }],
      ['allowedTypes', { ...other, allowedTypes: [] }],
    ] as const) {
      assertRefused(await wire.register(body), 400, 'invalid_request', field);
    }
    assert.deepEqual(await state(wire), before);
    assert.deepEqual(await trail(wire), entries);
  });

  test('a key is taken from whoever proves to have it: on the curve, in the subgroup, for this id', async () => {
    const { wire } = stage;
    const key = signingKey(new Uint8Array(32).fill(9));
    const own = ownKey('keeper', 9);
    const wrong = [
      ['publicKeyX', { ...own, publicKeyX: '1', publicKeyY: '1' }],
      // Of order 2, then of order 4: on the curve, outside the subgroup.
      [
        'publicKeyX',
        {
          ...own,
          publicKeyX: '0',
          publicKeyY: (-1n + 0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001n).toString(),
        },
      ],
      ['publicKeyX', { ...own, publicKeyX: '0', publicKeyY: '1' }],
      ['publicKeyX', { ...own, publicKeyX: `0${own.publicKeyX}` }],
      ['publicKeyY', { ...own, publicKeyY: undefined }],
      ['publicKeyX', { ...own, publicKeyX: undefined }],
      ['proofOfPossession', { ...own, proofOfPossession: undefined }],
      ['proofOfPossession', { ...own, proofOfPossession: ownKey('another', 9).proofOfPossession }],
      ['proofOfPossession', { ...own, proofOfPossession: ownKey('keeper', 8).proofOfPossession }],
      [
        'proofOfPossession.signatureS',
        { ...own, proofOfPossession: { ...own.proofOfPossession, signatureS: '-1' } },
      ],
    ] as const;
    for (const [field, body] of wrong) {
      assertRefused(await wire.register(body), 400, 'invalid_request', field);
    }
    assert.deepEqual(
      sign(key, possessionMessage(key.publicKey, 'keeper')),
      sign(key, possessionMessage(key.publicKey, 'keeper')),
    );
    const answer = assertOk(await wire.register(own), RegisterAttesterAnswer);
    assert.equal(answer.attester.publicKeyX, own.publicKeyX);
    const kept = assertOk(await wire.get('/admin/attesters/keeper', { key: ADMIN }), AttesterContact);
    assert.deepEqual(kept, { id: 'keeper', contact: null, serverHeldKey: false });
  });

  test('there is no development attester in production', async () => {
    const refused = await stage.wire.register({ ...ATTESTER, id: 'dev', development: true });
    assertRefused(refused, 403, 'forbidden', 'development');
    assertRefused(
      await stage.wire.register({ ...ATTESTER, id: 'dev', development: 1 }),
      400,
      'invalid_request',
    );
  });

  test('a revoked attester is gone, and the roots that held it with it', async () => {
    const { wire } = stage;
    const before = assertOk(await wire.get('/registry/roots'), Roots).roots;
    const { index } = await path(wire, 'anthropic');
    const answer = assertOk(await stage.nth(1).revoke('anthropic'), RevokeAttesterAnswer);
    assert.equal(answer.attesterId, 'anthropic');
    for (const each of stage.wires) {
      assert.equal((await state(each)).root, answer.registryRoot);
      assertRefused(await each.get('/registry/attesters/anthropic/proof'), 404, 'attester_not_found', 'id');
      assertRefused(await each.revoke('anthropic'), 404, 'attester_not_found', 'id');
      const { roots } = assertOk(await each.get('/registry/roots'), Roots);
      assert.deepEqual(
        roots.map(({ root }) => root).slice(1),
        before.map(({ root }) => root).slice(-2),
        'the empty registry and that of the house stay valid',
      );
      assert.equal(roots[0]?.validUntil, null);
      for (const { since, validUntil } of roots.slice(1)) {
        assert.ok(validUntil !== null && Date.parse(validUntil) >= Date.parse(since) + 3_600_000);
      }
    }
    const { leaves } = assertOk(await wire.get('/registry/leaves'), Leaves);
    assert.equal(leaves[index]?.leaf, '0');
  });

  test('the audit trail tells of every change, each entry bound to the one before', async () => {
    const { wire } = stage;
    const entries = await trail(wire);
    assert.deepEqual(
      entries.map(({ event, subject }) => `${event} ${subject}`.trim()),
      [
        'registry_created',
        'attester_added house',
        'attester_added anthropic',
        'attester_added keeper',
        'attester_revoked anthropic',
      ],
    );
    let previousHash = '0'.repeat(64);
    for (const entry of entries) {
      assert.equal(entry.previousHash, previousHash);
      assert.equal(createHash('sha256').update(auditText(entry)).digest('hex'), entry.hash);
      previousHash = entry.hash;
    }
    assert.equal(entries.at(-1)?.details.root, (await state(wire)).root);
    const page = await wire.get('/admin/audit?after=1&take=2', { key: ADMIN });
    assert.deepEqual(assertOk(page, AuditTrail).entries, entries.slice(1, 3));
    assert.equal(page.headers['x-has-more'], 'true');
    const end = await wire.get('/admin/audit?after=3', { key: ADMIN });
    assert.equal(end.headers['x-has-more'], 'false');
  });

  test('lists are paged, and an odd page is refused', async () => {
    const { wire } = stage;
    const page = await wire.get('/registry/leaves?after=0&take=1');
    assert.deepEqual(
      assertOk(page, Leaves).leaves.map(({ index }) => index),
      [1],
    );
    assert.equal(page.headers['x-has-more'], 'true');
    const last = await wire.get('/registry/attesters?after=0');
    assert.deepEqual(
      assertOk(last, Attesters).attesters.map(({ id }) => id),
      ['keeper'],
    );
    assert.equal(last.headers['x-has-more'], 'false');
    for (const query of [
      'after=-1',
      'after=x',
      'take=0',
      'take=1.5',
      'take=12345',
      'after=1&after=2',
      'after=',
    ]) {
      const field = query.split('=')[0];
      assertRefused(await wire.get(`/registry/leaves?${query}`), 400, 'invalid_request', field);
    }
  });

  test('admin routes answer the admin key alone', async () => {
    const { wire } = stage;
    const attempts = [
      () => wire.post('/admin/attesters', ATTESTER),
      () => wire.post('/admin/attesters', ATTESTER, { key: `${ADMIN}x` }),
      () => wire.delete('/admin/attesters/house'),
      () => wire.get('/admin/attesters/house'),
      () => wire.delete('/admin/attestations/00000000-0000-4000-8000-000000000000'),
      () => wire.get('/admin/audit'),
    ];
    for (const attempt of attempts) assertRefused(await attempt(), 401, 'unauthorized');
    const token = { headers: { 'x-admin-token': ADMIN } };
    assert.equal((await wire.get('/admin/audit', token)).status, 200);
    assert.equal((await state(wire)).attestersCount, 2);
  });

  test('the table of types is that of the document', async () => {
    const { types, categories } = assertOk(await stage.wire.get('/types'), EntityTypes);
    assert.equal(types.length, 16);
    assert.deepEqual(types[0], {
      code: 'AI.CA',
      hex: '0x0101',
      numeric: 257,
      name: 'Conversational Agent',
      phonetic: 'Kah',
      category: 'AI',
    });
    assert.deepEqual(types[9]?.hex, '0x010A');
    assert.deepEqual(categories, {
      AI: 'Artificial Intelligence',
      AR: 'Autonomous Robotics',
      HU: 'Human',
      HY: 'Hybrid',
    });
  });

  test('an id that nobody can have is of no attester, whatever stands in it', async () => {
    const { wire } = stage;
    for (const id of ['%00', 'lab%00', '%EF%BF%BF', "'%20OR%201=1%20--", 'x'.repeat(256)]) {
      const path = `/admin/attesters/${id}`;
      const ask = [
        wire.get(`/registry/attesters/${id}/proof`),
        wire.get(path, { key: ADMIN }),
        wire.delete(path, { key: ADMIN }),
      ];
      for (const answer of await Promise.all(ask)) assertRefused(answer, 404, 'attester_not_found', 'id');
    }
  });
});
