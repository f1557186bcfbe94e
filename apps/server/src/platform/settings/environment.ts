import leven from 'leven';
import type { Setting, SettingGroup, Values } from './setting.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads every group from the environment at once, so that all faults are told together.
 * A name that carries one of our prefixes and is no setting is refused: a typing error in a limit
 * would otherwise leave the limit at its default in silence.
 */
export function readSettings<G extends Record<string, SettingGroup>>(
  environment: Environment,
  groups: G,
): { ok: true; values: { [K in keyof G]: Values<G[K]> } } | { ok: false; faults: string[] } {
  const faults = unknownNames(environment, groups);
  const values = mapGroups(groups, (group) =>
    Object.fromEntries(
      Object.entries(group).map(([name, setting]) => {
        const text = environment[name];
        // An empty value is an absent one: compose files write `NAME=` for "not set".
        if (text === undefined || text === '') return [name, setting.fallback];
        const result = setting.parse(text);
        if (result.ok) return [name, result.value];
        faults.push(`${name} must be ${result.expected}`);
        return [name, setting.fallback];
      }),
    ),
  );
  return faults.length > 0 ? { ok: false, faults } : { ok: true, values };
}

/** One `NAME=value  # meaning` line per setting, secrets masked. */
export function printSettings(groups: Record<string, SettingGroup>, environment: Environment): string {
  const lines = Object.values(groups).flatMap((group) =>
    Object.entries(group).map(
      ([name, setting]) => `${name}=${shown(setting, environment[name])}  # ${setting.describe}`,
    ),
  );
  return lines.join('\n');
}

function shown(setting: Setting<unknown>, text: string | undefined): string {
  if (text === undefined || text === '') {
    const fallback = setting.fallback;
    return fallback === undefined ? '' : String(fallback);
  }
  if (setting.secret) return '********';
  // Passwords hide in URLs, and in a mistyped one nobody knows where.
  if (!setting.parse(text).ok && text.includes('@')) return '********';
  if (!URL.canParse(text) || new URL(text).password === '') return text;
  const masked = new URL(text);
  masked.password = '********';
  return masked.href;
}

function unknownNames(environment: Environment, groups: Record<string, SettingGroup>): string[] {
  const known = Object.values(groups).flatMap((group) => Object.keys(group));
  const prefixes = new Set([
    'BLINDPOST_',
    'COMPUTE_',
    'AUTH_',
    ...Object.keys(groups).map((group) => `${group.toUpperCase()}_`),
  ]);
  prefixes.delete('PLATFORM_');
  return Object.keys(environment)
    .filter((name) => [...prefixes].some((prefix) => name.startsWith(prefix)) && !known.includes(name))
    .map((name) => `${name} is no setting; the nearest is ${nearest(name, known)}`);
}

function nearest(name: string, known: readonly string[]): string {
  return known.reduce((best, candidate) => (leven(name, candidate) < leven(name, best) ? candidate : best));
}

function mapGroups<G extends Record<string, SettingGroup>>(
  groups: G,
  read: (group: SettingGroup) => Record<string, unknown>,
): { [K in keyof G]: Values<G[K]> } {
  // The one cast of this file: the mapped type cannot be followed through Object.fromEntries.
  return Object.fromEntries(Object.entries(groups).map(([name, group]) => [name, read(group)])) as {
    [K in keyof G]: Values<G[K]>;
  };
}
