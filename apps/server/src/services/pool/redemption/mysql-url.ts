import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { StartRefused } from '../../../platform/start-refused.js';

/** Where a database of MySQL's kind is, and who we are there. */
export interface MysqlAddress {
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
  /** Absent: the connection is not encrypted. */
  ssl?: { ca?: string; rejectUnauthorized: true; verifyIdentity: boolean };
}

const OPTIONS = ['ssl-mode', 'ssl-ca'];

/**
 * Reads `mysql://user:password@host:3306/database?ssl-mode=VERIFY_IDENTITY&ssl-ca=/path/ca.pem`. The options are
 * those of MySQL's own clients; modes that encrypt without looking at the certificate are not among them.
 * @throws StartRefused; the URL is not in the message, because the password is in the URL
 */
export function readMysqlUrl(text: string): MysqlAddress {
  if (!URL.canParse(text)) throw refused('is not a URL');
  const url = new URL(text);
  const database = decoded(url.pathname.slice(1));
  if (url.username === '' || database === '') throw refused('must name a user and a database');
  const unknown = [...url.searchParams.keys()].find((name) => !OPTIONS.includes(name));
  if (unknown !== undefined) throw refused(`has an option other than ${OPTIONS.join(' and ')}`);
  const host = decoded(url.hostname).replace(/^\[(.*)\]$/, '$1');
  const ssl = readTls(url.searchParams, host);
  return {
    host,
    port: url.port === '' ? 3306 : Number(url.port),
    user: decoded(url.username),
    password: decoded(url.password),
    database,
    ...(ssl === undefined ? {} : { ssl }),
  };
}

function readTls(options: URLSearchParams, host: string): MysqlAddress['ssl'] {
  const ca = options.get('ssl-ca');
  const mode = options.get('ssl-mode') ?? (ca === null ? 'DISABLED' : 'VERIFY_CA');
  if (mode === 'DISABLED') return undefined;
  if (mode !== 'VERIFY_CA' && mode !== 'VERIFY_IDENTITY') {
    throw refused('has an ssl-mode other than DISABLED, VERIFY_CA and VERIFY_IDENTITY');
  }
  const verifyIdentity = mode === 'VERIFY_IDENTITY';
  // The client would compare the certificate of an address with the name "localhost".
  if (verifyIdentity && isIP(host) !== 0)
    throw refused('must name a host, not an address, to VERIFY_IDENTITY');
  const verified = { rejectUnauthorized: true, verifyIdentity } as const;
  return ca === null ? verified : { ...verified, ca: readAuthority(ca) };
}

function readAuthority(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw refused('names an ssl-ca that cannot be read');
  }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw refused('has a % that escapes nothing');
  }
}

function refused(fault: string): StartRefused {
  return new StartRefused(`POOL_REDEEM_MYSQL_URL ${fault}`);
}
