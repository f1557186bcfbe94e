import { type Environment, printSettings, readSettings } from './platform/settings/environment.js';
import { httpsFaults, withHttps } from './platform/settings/https.js';
import { isProduction, PLATFORM_SETTINGS, productionFaults } from './platform/settings/platform.js';
import { ACCOUNTS_SETTINGS, issuerFaults } from './services/accounts/settings.js';
import { E2EE_SETTINGS } from './services/e2ee/settings.js';
import { IDENTITY_SETTINGS } from './services/identity/settings.js';
import { POOL_SETTINGS } from './services/pool/settings.js';
import { RELAY_SETTINGS } from './services/relay/settings.js';

/** Services that can be served, in the order they are mounted. */
export const SERVICES = ['relay', 'pool', 'e2ee', 'identity'] as const;
export type ServiceName = (typeof SERVICES)[number];

const GROUPS = {
  platform: PLATFORM_SETTINGS,
  relay: RELAY_SETTINGS,
  pool: POOL_SETTINGS,
  accounts: ACCOUNTS_SETTINGS,
  e2ee: E2EE_SETTINGS,
  identity: IDENTITY_SETTINGS,
};

type Read = Extract<ReturnType<typeof readSettings<typeof GROUPS>>, { ok: true }>['values'];
export type Settings = Read & { services: readonly ServiceName[]; production: boolean };

/**
 * Everything the server is told, read once from the environment.
 * @param asked services named on the command line; they win over SERVICES
 */
export function loadSettings(
  environment: Environment,
  asked: readonly string[],
): { ok: true; settings: Settings } | { ok: false; faults: string[] } {
  const read = readSettings(environment, GROUPS);
  if (!read.ok) return read;
  const { relay, accounts } = read.values;
  const platform = withHttps(read.values.platform);
  const production = isProduction(platform);
  const named = asked.length > 0 ? asked : platform.SERVICES;
  const unknown = named.filter((name) => !SERVICES.some((service) => service === name));
  const services = named.length === 0 ? SERVICES : SERVICES.filter((service) => named.includes(service));
  const faults = [
    ...httpsFaults(read.values.platform),
    ...productionFaults(platform),
    ...issuerFaults(accounts, production),
    ...unknown.map((name) => `${name} is no service; there is ${SERVICES.join(', ')}`),
  ];
  const shared = relay.RELAY_REDIS_URL ?? platform.REDIS_URL ?? platform.DATABASE_URL;
  if (shared !== undefined && platform.BLINDPOST_SECRET === undefined) {
    // Instances that blind with different secrets would not find each other's identities.
    faults.push(
      'BLINDPOST_SECRET is required with a shared store (REDIS_URL, RELAY_REDIS_URL or DATABASE_URL)',
    );
  }
  if (faults.length > 0) return { ok: false, faults };
  return { ok: true, settings: { ...read.values, platform, services, production } };
}

/** Every setting with its value (secrets masked) and meaning. */
export function describeSettings(environment: Environment): string {
  return printSettings(GROUPS, environment);
}
