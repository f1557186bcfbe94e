import ipaddr from 'ipaddr.js';
import { flag, integer, list, oneOf, secretText, text, url, type Values } from './setting.js';

/** What every service stands on. */
export const PLATFORM_SETTINGS = {
  NODE_ENV: text('development', '`production` makes secrets and TLS (or a trusted proxy) required'),
  SERVICES: list(
    'services to run, comma-separated; none means all',
    'a list of services',
    (entry) => entry !== '',
  ),
  HOST: text('127.0.0.1', 'address to listen on; anything but loopback means production'),
  PORT: integer(8080, 0, 65535, 'port to listen on; 0 picks a free one'),
  DATA_DIR: text('data', 'folder of what the server keeps on disk'),
  DB_PATH: text(undefined, 'file of the SQLite database; none means blindpost.db in DATA_DIR'),
  DATABASE_URL: url(
    ['postgres:', 'postgresql:'],
    'PostgreSQL 13 or newer, shared by several servers; none means SQLite',
  ),
  PUBLIC_URL: url(
    ['http:', 'https:'],
    'where clients reach the server; its host is accepted in Host and Origin',
  ),
  CORS_ORIGINS: list('browser origins that may call, comma-separated', 'a list of origins', isOrigin),
  TRUSTED_PROXIES: list(
    'proxies whose forwarded headers count: addresses or CIDR',
    'a list of addresses or CIDR',
    isRange,
  ),
  REDIS_URL: url(['redis:', 'rediss:'], 'Redis 7 or newer; none means memory', { secret: false }),
  COMPUTE_WORKERS: integer(0, 0, 256, 'threads for dear work; 0 = one per core but one, and one at least'),
  COMPUTE_LIMIT_QUEUE: integer(64, 1, 100_000, 'jobs that may wait for them; beyond, 503'),
  ADMIN_API_KEY: secretText(32, 'key of the admin routes, at least 32 characters'),
  BLINDPOST_SECRET: secretText(32, 'every other secret derives from it; at least 32 characters'),
  CONSOLE: oneOf(['on', 'off'], 'on', 'whether the web console is served at /'),
  TLS_CERT: text(undefined, 'file of the certificate chain, PEM'),
  TLS_KEY: text(undefined, 'file of the private key, PEM'),
  HTTPS_ENABLED: flag(false, 'the same in other words: TLS on HTTPS_PORT with HTTPS_CERT and HTTPS_KEY'),
  HTTPS_PORT: integer(3443, 0, 65535, 'port to listen on with HTTPS_ENABLED'),
  HTTPS_CERT: text(undefined, 'file of the certificate chain with HTTPS_ENABLED'),
  HTTPS_KEY: text(undefined, 'file of the private key with HTTPS_ENABLED'),
  RAILWAY_ENVIRONMENT: text(undefined, 'what /health calls the environment, if not by NODE_ENV'),
  LOG_LEVEL: oneOf(
    ['trace', 'debug', 'info', 'warn', 'error', 'silent'],
    'info',
    'least severe line that is logged',
  ),
};

export type PlatformSettings = Values<typeof PLATFORM_SETTINGS>;

function isOrigin(entry: string): boolean {
  return URL.canParse(entry) && new URL(entry).origin === entry;
}

/** Four parts or IPv6 only: `10` and `0x7f000001` are addresses to inet_aton, but hardly to who wrote them. */
function isRange(entry: string): boolean {
  const [address = '', ...rest] = entry.split('/');
  if (!ipaddr.IPv4.isValidFourPartDecimal(address) && !ipaddr.IPv6.isValid(address)) return false;
  return rest.length === 0 || ipaddr.isValidCIDR(entry);
}

/** `NODE_ENV=production`, or an address that others can reach. */
export function isProduction(settings: Pick<PlatformSettings, 'NODE_ENV' | 'HOST'>): boolean {
  return settings.NODE_ENV === 'production' || !isLoopbackHost(settings.HOST);
}

/** A name or literal that only this machine can dial. */
export function isLoopbackHost(host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  if (bare === 'localhost') return true;
  return ipaddr.isValid(bare) && ipaddr.process(bare).range() === 'loopback';
}

/** Names of what production lacks: it must not start with made-up secrets or in clear text. */
export function productionFaults(settings: PlatformSettings): string[] {
  const faults: string[] = [];
  if ((settings.TLS_CERT === undefined) !== (settings.TLS_KEY === undefined)) {
    faults.push('TLS_CERT and TLS_KEY must be set together');
  }
  if (!isProduction(settings)) return faults;
  if (settings.ADMIN_API_KEY === undefined) faults.push('ADMIN_API_KEY is required in production');
  if (settings.BLINDPOST_SECRET === undefined) faults.push('BLINDPOST_SECRET is required in production');
  const exposed = settings.TLS_CERT === undefined && settings.TRUSTED_PROXIES.length === 0;
  if (exposed && !isLoopbackHost(settings.HOST)) {
    faults.push('TLS_CERT and TLS_KEY are required in production, or TRUSTED_PROXIES, or a loopback HOST');
  }
  return faults;
}
