/** Sums up a CPU profile as V8 writes it (Chrome DevTools Protocol, domain Profiler). */
import type { Profiler } from 'node:inspector';
import { round } from './latency.js';

/** Time at the top of the stack, in all and in one place. `share` of the time that was not idle. */
export type SelfTime = { place: string; ms: number; share: number };
export type ProfileSummary = { busyMs: number; idleMs: number; functions: SelfTime[]; packages: SelfTime[] };

const IDLE = '(idle)';

/** The functions with most self time, and the same by package. */
export function summariseProfile(profile: Profiler.Profile, top = 30): ProfileSummary {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node.callFrame]));
  const callers = new Map(
    profile.nodes.flatMap(({ callFrame, children = [] }) =>
      children.map((id) => [id, callFrame.functionName]),
    ),
  );
  const functions = new Map<string, number>();
  const packages = new Map<string, number>();
  let idle = 0;
  let busy = 0;
  profile.samples?.forEach((id, index) => {
    const frame = nodes.get(id);
    // The first delta is from the start of the profile to the first sample.
    const ms = (profile.timeDeltas?.[index] ?? 0) / 1000;
    if (frame === undefined) return;
    if (frame.functionName === IDLE) {
      idle += ms;
      return;
    }
    busy += ms;
    const file = place(frame.url);
    const name = frame.functionName === '' ? '(anonymous)' : frame.functionName;
    // Native functions have short names that say little without their caller's.
    const native = name.startsWith('(') ? name : `${name} (called by ${callers.get(id) ?? 'nobody'})`;
    add(functions, file === '' ? native : `${name} ${file}:${frame.lineNumber + 1}`, ms);
    add(packages, packageOf(file, name), ms);
  });
  const ranked = (sums: Map<string, number>): SelfTime[] =>
    [...sums]
      .sort(([, a], [, b]) => b - a)
      .slice(0, top)
      .map(([at, ms]) => ({ place: at, ms: Math.round(ms), share: round(ms / busy) }));
  return {
    busyMs: Math.round(busy),
    idleMs: Math.round(idle),
    functions: ranked(functions),
    packages: ranked(packages),
  };
}

function add(sums: Map<string, number>, key: string, ms: number): void {
  sums.set(key, (sums.get(key) ?? 0) + ms);
}

/** The end of a script's path that tells where it belongs. */
function place(url: string): string {
  return url
    .replace(/^.*\/node_modules\//, '')
    .replace(/^.*\/(apps|packages|bench)\//, '$1/')
    .replace('/dist/', '/');
}

function packageOf(file: string, name: string): string {
  if (file === '') return name === '(garbage collector)' ? name : '(engine and system calls)';
  if (file.startsWith('node:')) return 'node';
  const parts = file.split('/');
  if (parts[0] === 'apps' || parts[0] === 'packages') return parts.slice(0, 2).join('/');
  return parts.slice(0, file.startsWith('@') ? 2 : 1).join('/');
}

/** The summary as lines for a person. */
export function describeProfile({ busyMs, idleMs, functions, packages }: ProfileSummary): string {
  const line = ({ place: at, ms, share }: SelfTime) =>
    `${String(Math.round(share * 100)).padStart(4)} %  ${String(ms).padStart(6)} ms  ${at}`;
  return [
    `busy ${busyMs} ms, idle ${idleMs} ms`,
    'self time by package',
    ...packages.slice(0, 12).map(line),
    'self time by function',
    ...functions.map(line),
  ].join('\n');
}
