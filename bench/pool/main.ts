/**
 * bench/pool: what a flood of worthless proofs does to everybody else. Not a test: nothing fails here.
 *
 * Method 1. One machine, loopback. Server, flood, honest miner and this program are four processes. `/health` is
 * asked 50 times a second: 10 s in quiet, then 20 s beside a flood of 128 connections, each from an address and with
 * a token of its own, that submit random nonces of the dearest track as fast as they are answered, and beside one
 * miner that finds and submits nonces of a cheap track. Limits that would end the flood early (requests, strikes,
 * slots) are off, so that the bounded verifier stands alone.
 * Control: plain Node that answers the same flood without looking, for what HTTP alone costs on these cores.
 */
import { fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startServer } from '@blindpost/testbed/server';
import { machine } from '../relay/procfs.js';
import { commit } from '../relay/results.js';
import { CHEAP_TRACK, DEAR_TRACK, type Phase, runPhase } from './phase.js';

const { values: options } = parseArgs({
  options: {
    json: { type: 'string' },
    connections: { type: 'string', default: '128' },
    quiet: { type: 'string', default: '10' },
    seconds: { type: 'string', default: '20' },
  },
});
const connections = Number(options.connections);
const facts = { method: 1, date: new Date().toISOString(), commit: commit(), machine: machine(), options };

const runs: Record<string, Record<string, Phase>> = {};
const control = fork(fileURLToPath(new URL('./control.js', import.meta.url)), [DEAR_TRACK]);
const port = await new Promise((resolve) => control.once('message', resolve));
runs.control = await run(`http://127.0.0.1:${String(port)}`, false);
control.disconnect();

const server = await startServer({
  services: ['pool'],
  env: {
    POOL_LIMIT_REQUESTS: '0',
    POOL_LIMIT_STRIKES: '0',
    POOL_LIMIT_VERIFY: '0',
    POOL_TRACK_WEIGHTS: `${CHEAP_TRACK}=1,${DEAR_TRACK}=1`,
    // A short target keeps the cheap track at its fewest bits.
    POOL_TARGET_SECONDS: '1',
  },
});
runs.pool = await run(server.url, true);
await server.stop();

if (options.json !== undefined)
  writeFileSync(options.json, `${JSON.stringify({ ...facts, runs }, null, 1)}\n`);

async function run(url: string, honest: boolean): Promise<Record<string, Phase>> {
  const quiet = await runPhase(url, 0, Number(options.quiet), honest);
  say(honest ? 'pool' : 'control', 'quiet', quiet);
  const flooded = await runPhase(url, connections, Number(options.seconds), honest);
  say(honest ? 'pool' : 'control', 'flooded', flooded);
  return { quiet, flooded };
}

function say(target: string, phase: string, { health, wins, lost, answers, answersPerSecond }: Phase): void {
  const flood = `${answersPerSecond} answers/s ${JSON.stringify(answers)}`;
  const honest = `${wins.count} wins, p50 ${wins.p50} ms, p99 ${wins.p99} ms, else ${JSON.stringify(lost)}`;
  process.stdout.write(
    `${target} ${phase}: health p50 ${health.p50} ms, p99 ${health.p99} ms, max ${health.max} ms; ${flood}; ${honest}\n`,
  );
}
