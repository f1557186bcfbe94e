/** What the page on the SDK of entity identity shows is run as it is written. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { mariadbMissing, startMariadb } from '@blindpost/testbed/mariadb';
import { postgresMissing, startPostgres } from '@blindpost/testbed/postgres';
import { startServer } from '@blindpost/testbed/server';
import { SCALAR_MODULUS } from '@blindpost/zk/field';
import pg from 'pg';

const ROOT = fileURLToPath(new URL('../../../../..', import.meta.url));
const PAGE = readFileSync(join(ROOT, 'docs/identity-sdk.md'), 'utf8');
const run = promisify(execFile);

function block(name: string): string {
  const [, text] = new RegExp(`^\`\`\`\\w+ ${name}\\n([\\s\\S]*?)^\`\`\``, 'm').exec(PAGE) ?? [];
  assert.ok(text !== undefined, name);
  return text;
}

test('the first proof is made and found valid', async () => {
  const server = await startServer({ services: ['identity'] });
  try {
    const program = block('prove.mjs').replace('http://127.0.0.1:8080', server.url);
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program], { cwd: ROOT });
    assert.equal(stdout, 'true AI.CA\n');
  } finally {
    await server.stop();
  }
});

/** The largest numbers there are, which 66 characters do not hold. */
const [commitment, nullifier] = [SCALAR_MODULUS - 1n, SCALAR_MODULUS - 2n];
const INSERT = `INSERT INTO verified_entities (commitment, entity_type, nullifier, domain)
  VALUES ('${commitment}', 'AI.CA', '${nullifier}', 'service.example')`;
const SELECT =
  'SELECT commitment FROM verified_entities WHERE expires_at IS NULL AND verified_at IS NOT NULL';
const again = INSERT.replace(String(commitment), '1');

test('the table of verified entities is one of MariaDB', { skip: await mariadbMissing() }, async () => {
  const mariadb = await startMariadb();
  try {
    const name = new URL(mariadb.url).pathname.slice(1);
    const ask = (sql: string) => mariadb.sql(`use ${name}; ${sql}`);
    await ask(block('mysql'));
    await ask(INSERT);
    assert.deepEqual(await ask(SELECT), [String(commitment)]);
    await assert.rejects(ask(again), /Duplicate entry/);
  } finally {
    await mariadb.stop();
  }
});

test('the table of verified entities is one of PostgreSQL', { skip: await postgresMissing() }, async () => {
  const postgres = await startPostgres();
  const client = new pg.Client({ connectionString: postgres.url });
  try {
    await client.connect();
    await client.query(block('postgresql'));
    await client.query(INSERT);
    const { rows } = await client.query(SELECT);
    assert.deepEqual(rows, [{ commitment: String(commitment) }]);
    await assert.rejects(client.query(again), /duplicate key/);
  } finally {
    await client.end();
    await postgres.stop();
  }
});
