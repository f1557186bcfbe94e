import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type PostgresServer, postgresMissing, startPostgres } from '@blindpost/testbed/postgres';
import { systemClock } from '../clock.js';
import { PostgresLink } from '../sql/postgres/link.js';
import { Unavailable } from '../unavailable.js';
import { PostgresBus } from './postgres.js';

describe('bus on a PostgreSQL that fails', { skip: await postgresMissing() }, () => {
  let postgres: PostgresServer;
  let bus: PostgresBus;
  const warnings: string[] = [];
  before(async () => {
    postgres = await startPostgres({ fsync: false });
    const warn = (message: string) => void warnings.push(message);
    bus = await PostgresBus.open({
      url: postgres.url,
      clock: systemClock,
      patienceMs: 500,
      beatMs: 50,
      warn,
    });
  });
  after(async () => {
    await bus.close();
    await postgres.stop();
  });

  test('after a restart every listener is told of the gap, once, and hears again', async () => {
    const ears = Array.from({ length: 20 }, () => ({ gaps: 0, hints: 0 }));
    for (const [index, ear] of ears.entries()) await bus.subscribe(`topic ${index >> 1}`, earOf(ear));
    await postgres.kill();
    await until(() => !bus.healthy());
    await assert.rejects(bus.publish('topic 0', Buffer.from('x')), Unavailable);
    await assert.rejects(bus.subscribe('topic 0', earOf({ gaps: 0, hints: 0 })), Unavailable);
    assert.equal(warnings.length, 1);
    await postgres.restart();
    await until(() => ears.every(({ gaps }) => gaps > 0));
    assert.ok(bus.healthy());
    for (let topic = 0; topic < 10; topic++) await bus.publish(`topic ${topic}`, Buffer.from('x'));
    await until(() => ears.every(({ hints }) => hints === 1));
    assert.ok(ears.every(({ gaps }) => gaps === 1));
  });

  test('who leaves while PostgreSQL is away hears neither of the gap nor of hints', async () => {
    const [gone, stays] = [
      { gaps: 0, hints: 0 },
      { gaps: 0, hints: 0 },
    ];
    const leave = await bus.subscribe('left', earOf(gone));
    await bus.subscribe('left', earOf(stays));
    await postgres.kill();
    await until(() => !bus.healthy());
    await leave();
    await postgres.restart();
    await until(() => stays.gaps === 1);
    await bus.publish('left', Buffer.from('x'));
    await until(() => stays.hints === 1);
    assert.deepEqual(gone, { gaps: 0, hints: 0 });
  });

  test('a server that hangs makes the bus unhealthy and refuses, and the gap is told when it wakes', async () => {
    const ear = { gaps: 0, hints: 0 };
    await bus.subscribe('hung', earOf(ear));
    const link = new PostgresLink({ url: postgres.url, patienceMs: 0 });
    await link.connect();
    const { rows } = await link.query(
      `select pid from pg_stat_activity where application_name = 'blindpost' and pid <> pg_backend_pid()`,
    );
    await link.close();
    const hung = [Number(rows[0]?.pid), postgres.pid];
    for (const pid of hung) process.kill(pid, 'SIGSTOP');
    await assert.rejects(bus.publish('hung', Buffer.from('x')), Unavailable);
    assert.equal(bus.healthy(), false);
    for (const pid of hung) process.kill(pid, 'SIGCONT');
    await until(() => ear.gaps > 0 && bus.healthy());
    await bus.publish('hung', Buffer.from('x'));
    await until(() => ear.hints > 0);
  });

  test('a PostgreSQL that is away refuses the start with Unavailable', async () => {
    const url = 'postgres://blindpost@127.0.0.1:1/nowhere';
    await assert.rejects(PostgresBus.open({ url, clock: systemClock }), Unavailable);
  });
});

function earOf(ear: { gaps: number; hints: number }) {
  return { onHint: () => void ear.hints++, onGap: () => void ear.gaps++ };
}

/** Waits for a state that must come; the runner's time limit is the guard. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
