import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Overview } from '@blindpost/protocol/overview';
import { ADMIN, DatabaseStage, onStages } from '../database-stage.js';
import { assertOk, assertRefused } from '../relay/answers.js';
import { askOverview, overview, PRODUCTION } from './stage.js';

const SERVED = [
  {
    asked: ['relay', 'pool', 'e2ee', 'identity'],
    sections: ['relay', 'pool', 'e2ee', 'accounts', 'identity'],
    stores: ['door', 'bus', 'database', 'compute'],
  },
  { asked: ['relay'], sections: ['relay'], stores: ['door', 'bus', 'compute'] },
] as const;

class Stage extends DatabaseStage {
  constructor(readonly served: (typeof SERVED)[number]) {
    super('sqlite', { services: served.asked, env: { ...PRODUCTION, RELAY_LIMIT_JAIL: '0' } });
  }
}

const stages = SERVED.map((served) => [served.asked.join(', '), () => new Stage(served)] as const);

await onStages('the overview', new Map(stages), (stage) => {
  test('is for the admin key, in one of two headers', async () => {
    const from = '127.0.51.1';
    for (const key of [undefined, '', `${ADMIN}x`, 'another']) {
      assertRefused(await askOverview(stage.url, { key, from }), 401, 'unauthorized');
    }
    assertOk(await askOverview(stage.url, { key: ADMIN, from }), Overview);
  });

  test('wrong keys are limited, and do not lock the right one out', async () => {
    const from = '127.0.51.2';
    const statuses: number[] = [];
    for (let guess = 0; guess < 12; guess += 1) {
      statuses.push((await askOverview(stage.url, { key: `guess ${guess}`, from })).status);
    }
    assert.deepEqual(
      statuses.slice(0, 10),
      Array.from({ length: 10 }, () => 401),
    );
    assert.deepEqual(statuses.slice(10), [429, 429]);
    assertOk(await askOverview(stage.url, { key: ADMIN, from }), Overview);
  });

  test('is kept by nobody', async () => {
    const answer = await askOverview(stage.url, { key: ADMIN });
    assert.equal(answer.headers['cache-control'], 'no-store');
    assert.equal((await askOverview(stage.url)).headers['cache-control'], 'no-store');
  });

  test('consoles that look at the same time are answered by one gathering', async () => {
    const told = await Promise.all(Array.from({ length: 10 }, () => overview(stage.url)));
    assert.ok(new Set(told.map(({ at_ms }) => at_ms)).size <= 2, 'at most one more, at the turn of a second');
  });

  test('tells of the services that are served and of no other', async () => {
    const { services, stores, health } = await overview(stage.url);
    assert.deepEqual(Object.keys(services), stage.served.sections);
    assert.deepEqual(Object.keys(health), stage.served.sections);
    assert.deepEqual(
      stores.map(({ name, state }) => [name, state]),
      stage.served.stores.map((name) => [name, 'ok']),
    );
  });
});
