/** The command `eid`, run as a process. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { RegisterAttesterAnswer } from '@blindpost/protocol/identity';
import { removeDirectory, temporaryDirectory } from '@blindpost/testbed/process';
import { startServer, type TestServer } from '@blindpost/testbed/server';
import { IdentityWire } from '@blindpost/testbed/wire-identity';
import { ADMIN } from '../database-stage.js';
import { assertOk } from '../relay/answers.js';
import { type Ended, startCommand } from './command.js';

const EID = fileURLToPath(new URL('../../../../cli/bin/eid.js', import.meta.url));
const SECRET = '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff';

let folder = '';
before(async () => {
  folder = await temporaryDirectory('eid');
});
after(() => removeDirectory(folder));

const path = (name: string) => join(folder, name);
const json = (name: string): unknown => JSON.parse(readFileSync(path(name), 'utf8'));
const mode = (name: string) => (statSync(path(name)).mode & 0o777).toString(8);
const eid = (args: string, env: Record<string, string> = {}): Promise<Ended> =>
  startCommand(EID, args.split(' '), env, folder).ended;

async function succeed(args: string, env: Record<string, string> = {}): Promise<string> {
  const { code, stdout, stderr } = await eid(args, env);
  assert.equal(code, 0, `${args}\n${stdout}\n${stderr}`);
  return stdout;
}

async function fail(
  args: string,
  code: number,
  says: RegExp,
  env: Record<string, string> = {},
): Promise<void> {
  const ended = await eid(args, env);
  assert.equal(ended.code, code, `${args}\n${ended.stdout}\n${ended.stderr}`);
  assert.match(ended.stderr, says);
  assert.ok(!(ended.stdout + ended.stderr).includes(SECRET));
}

test('eid types prints the table of the document', async () => {
  const table = `Entity Types:

  Code     Phonetic  Description
  ──────   ────────  ───────────
  AI.CA    Kah       Conversational Agent
  AI.PO    Poe       Program Orchestrator
  AI.WS    Wiz       Web Site
  AI.OS    Aus       Operating System
  AI.GN    Jen       Generative Model
  AI.AA    Ahh       Autonomous Agent
  AI.LM    Elm       Language Model
  AI.DB    Deb       Data Broker
  AI.JG    Jig       Judge/Evaluator
  AI.SY    Sigh      Synthetic Media Generator
  AR.RB    Rob       Robot Bot
  AR.DR    Dar       Drone
  AR.VH    Vee       Vehicle
  HU.US    Who       Human User
  HY.CP    Kip       Copilot (human-AI pair)
  HY.HS    His       Hive Swarm
`;
  assert.equal(await succeed('types'), table);
});

describe('without a server', () => {
  test('eid prove writes proof.json, for development, and eid verify finds it valid', async () => {
    writeFileSync(path('proof.json'), 'of somebody else', { mode: 0o644 });
    const said = await succeed(`prove --type AI.CA --context session123 --secret ${SECRET}`);
    assert.ok(!said.includes(SECRET));
    assert.match(said, /^Proof written to proof\.json\nType: AI\.CA \(Kah, Conversational Agent\)\n/);
    const proof = json('proof.json');
    assert.ok(typeof proof === 'object' && proof !== null);
    const members = new Map(Object.entries(proof));
    assert.deepEqual(
      [...members.keys()],
      ['proof', 'publicSignals', 'entityType', 'contextId', 'development'],
    );
    assert.equal(members.get('entityType'), 'AI.CA');
    assert.equal(members.get('development'), true);
    assert.equal(members.get('publicSignals')[4], members.get('contextId'));
    assert.equal(mode('proof.json'), '600');

    const verified = await succeed('verify --proof proof.json --context session123');
    assert.match(
      verified,
      /^Valid: true\nType: AI\.CA \(Kah, Conversational Agent\)\nCommitment: \d+\nNullifier: \d+\n/,
    );
    const key = fileURLToPath(
      new URL('../../artefacts/verification_key.json', import.meta.resolve('@blindpost/zk/artefacts')),
    );
    assert.match(await succeed(`verify --proof proof.json --vkey ${key}`), /^Valid: true\n/);
    assert.match(await succeed('inspect proof.json'), /not verified here\ntype: +AI\.CA \(Kah/);
  });

  test('whatever is changed in the file makes it invalid', async () => {
    const proof = json('proof.json');
    assert.ok(typeof proof === 'object' && proof !== null && 'publicSignals' in proof);
    const { publicSignals } = proof;
    assert.ok(Array.isArray(publicSignals));
    const changed: [string, unknown][] = [
      ['signal', { ...proof, publicSignals: publicSignals.with(0, '5') }],
      [
        'another type, relabelled',
        { ...proof, publicSignals: publicSignals.with(2, '769'), entityType: 'HU.US' },
      ],
      ['label of the type', { ...proof, entityType: 'HU.US' }],
      ['label of the context', { ...proof, contextId: '5' }],
      ['points', { ...proof, proof: {} }],
      ['no object', null],
    ];
    for (const [what, value] of changed) {
      writeFileSync(path('changed.json'), JSON.stringify(value));
      const { code, stdout } = await eid('verify --proof changed.json');
      assert.deepEqual([code, stdout], [1, 'Valid: false\n'], what);
    }
    writeFileSync(path('changed.json'), JSON.stringify(proof).slice(0, 300));
    await fail('verify --proof changed.json', 1, /holds no proof/);
    await fail('verify --proof proof.json --context session124', 1, /expectation_failed/);
  });

  test('eid keygen prints a secret only where that is asked for, and overwrites none', async () => {
    const said = await succeed('keygen');
    const key = readFileSync(path('entity.key'), 'utf8').trim();
    assert.match(key, /^[0-9a-f]{64}$/);
    assert.equal(mode('entity.key'), '600');
    assert.ok(!said.includes(key));
    assert.match(said, /^Secret written to entity\.key\nCommitment: \d+\n$/);
    await fail('keygen', 2, /entity\.key cannot be written: EEXIST/);
    assert.equal(readFileSync(path('entity.key'), 'utf8').trim(), key);
    const printed = await eid('keygen --print');
    assert.match(printed.stdout, /^[0-9a-f]{64}\n$/);
    assert.match(printed.stderr, /^Commitment: \d+\n$/);
  });

  test('what is typed wrong ends with 2, and proves nothing', async () => {
    const usage: [string, RegExp][] = [
      ['prove --context x', /--type/],
      ['prove --type AI.CA', /--context/],
      ['prove --type constructor --context x', /eid types/],
      ['prove --type AI.CA --context x --secret abc', /--secret is no secret/],
      ['prove --type AI.CA --context x --secret-file missing', /missing cannot be read/],
      [`prove --type AI.CA --context x --secret ${SECRET} --secret-file entity.key`, /give one of them/],
      ['prove --type AI.CA --context x --attestation proof.json', /give its secret/],
      [`prove --type AI.CA --context x --secret ${SECRET} --attestation proof.json`, /holds no attestation/],
      ['prove --type AI.CA --context x --url ftp://nowhere', /not an http/],
      ['prove --type AI.CA --context x --wasm missing.wasm', /missing\.wasm cannot be read/],
      ['prove --type AI.CA --context x --output no/such/folder.json --zkey proof.json', /invalid_artefacts/],
      ['verify', /--proof/],
      ['verify --proof missing.json', /missing\.json cannot be read/],
      ['verify --proof proof.json --vkey proof.json', /proof\.json: protocol/],
      ['verify --proof proof.json --consume', /go with --url/],
      ['verify --proof proof.json --url http://127.0.0.1:1', /unreachable/],
      ['attest --type AI.CA --url http://127.0.0.1:1', /--commitment/],
      ['attest --type AI.CA --url http://127.0.0.1:1 --commitment x', /no number/],
      ['inspect entity.key', /no JSON/],
      ['inspect', /file/],
      ['unheard-of', /unknown command/],
      ['types --unheard-of', /unknown option/],
    ];
    for (const [args, says] of usage) await fail(args, 2, says);
    await fail('prove --type AI.CA --context x', 2, /EID_SECRET is no secret/, { EID_SECRET: 'abc' });
    assert.ok(!existsSync(path('no')));
    assert.equal((await eid('--help')).code, 0);
    assert.equal((await eid('prove --help')).code, 0);
  });
});

describe('with a server', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer({ services: ['identity'], env: { ADMIN_API_KEY: ADMIN } });
  });
  after(() => server.stop());

  test('an entity is attested, proves on the present registry, and is verified once', async () => {
    const said = await succeed(`attest --type HU.US --url ${server.url}`, { EID_SECRET: SECRET });
    assert.match(said, /^Attestation written to attestation\.json\nType: HU\.US/);
    assert.match(said, /worth nothing outside/);
    assert.equal(mode('attestation.json'), '600');
    assert.ok(!readFileSync(path('attestation.json'), 'utf8').includes(SECRET));
    assert.match(await succeed('inspect attestation.json'), /type: +HU\.US\n/);
    await fail('prove --type AI.CA --context x --attestation attestation.json', 2, /is for HU\.US/, {
      EID_SECRET: SECRET,
    });
    const foreign = { EID_SECRET: SECRET.replace('0', '1') };
    await fail(
      'prove --type HU.US --context x --attestation attestation.json',
      1,
      /entityCommitment/,
      foreign,
    );

    writeFileSync(path('secret'), `${SECRET}\n`);
    const options = `--type HU.US --context 1706454600 --secret-file secret --url ${server.url}`;
    await succeed(`prove ${options} --attestation attestation.json --output human.json`);
    const verify = `verify --proof human.json --url ${server.url} --domain eid.example --context 1706454600`;
    assert.match(
      await succeed(verify),
      /^Valid: true\nType: HU\.US \(Who, Human User\)\n[\s\S]*Nullifier status: new\n/,
    );
    assert.match(await succeed(`${verify} --consume`), /Nullifier status: new, recorded\n/);
    await fail(`${verify} --consume`, 1, /nullifier_used/);
    await fail(`verify --proof proof.json --url ${server.url}`, 1, /root_mismatch/);
  });

  test('an attester that keeps its own key registers, signs, and attests', async () => {
    const stdout = await succeed('keygen --attester lab');
    const key = readFileSync(path('attester.key'), 'utf8').trim();
    assert.ok(!stdout.includes(key));
    const registration = JSON.parse(stdout.slice(stdout.indexOf('{')));
    const wire = new IdentityWire(server.url, ADMIN);
    const registered = await wire.register({ ...registration, name: 'Lab', allowedTypes: ['AI.LM'] });
    const { apiKey } = assertOk(registered, RegisterAttesterAnswer);
    const env = { EID_SECRET: SECRET, EID_API_KEY: apiKey };
    const attest = `attest --url ${server.url} --output lab.json --attester-key attester.key`;
    const said = await succeed(`${attest} --type AI.LM`, env);
    assert.ok(!said.includes(apiKey) && !said.includes('worth nothing'));
    await fail(`${attest} --type AI.CA`, 1, /forbidden/, env);
    await fail(`${attest} --type AI.LM`, 1, /unauthorized/, { ...env, EID_API_KEY: 'f'.repeat(64) });
  });
});
