/** An OpenID issuer as a server sees it: keys at a URL, and tokens signed by them. */
import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { makeJwt, signerOf } from './wire-jwt.js';

export interface TestIssuer {
  /** Its name, the tokens' `iss`. */
  readonly url: string;
  readonly jwksUrl: string;
  readonly audience: string;
  /** Settings of a server that takes its tokens. */
  readonly env: Readonly<Record<string, string>>;
  /** How often its keys were fetched. */
  readonly fetches: number;
  /** While true, its keys are answered with 500. */
  broken: boolean;
  /** A token of an hour; a claim that is `undefined` is left out, `header` goes over the protected header. */
  sign(sub: string, claims?: Record<string, unknown>, header?: Record<string, unknown>): string;
  /** From now on signs with a new key, published beside the old ones unless told otherwise. */
  rotate(algorithm?: IssuerAlgorithm, published?: boolean): void;
  stop(): Promise<void>;
}

export type IssuerAlgorithm = 'RS256' | 'ES256' | 'EdDSA';

interface IssuerKey {
  readonly kid: string;
  readonly algorithm: IssuerAlgorithm;
  readonly privateKey: KeyObject;
  readonly published: boolean;
  readonly jwk: object;
}

const LIFETIME_S = 3_600;

/** Starts an issuer on a free loopback port. */
export async function startIssuer(algorithm: IssuerAlgorithm = 'ES256'): Promise<TestIssuer> {
  const keys = [makeKey(algorithm, true)];
  let fetches = 0;
  let broken = false;
  const server = createServer((_request, response) => {
    fetches += 1;
    response.writeHead(broken ? 500 : 200, { 'content-type': 'application/json' });
    const published = keys.filter((key) => key.published).map(({ jwk }) => jwk);
    response.end(broken ? '{}' : JSON.stringify({ keys: published }));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  server.unref();
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the issuer has no TCP port');
  const url = `http://127.0.0.1:${address.port}`;
  const jwksUrl = `${url}/jwks.json`;
  const audience = 'blindpost-tests';
  return {
    url,
    jwksUrl,
    audience,
    env: { AUTH_ISSUER: url, AUTH_AUDIENCE: audience, AUTH_JWKS_URL: jwksUrl },
    get fetches() {
      return fetches;
    },
    get broken() {
      return broken;
    },
    set broken(value) {
      broken = value;
    },
    sign(sub, claims = {}, header = {}) {
      const key = keys.at(-1);
      if (key === undefined) throw new Error('the issuer has no key');
      const iat = Math.floor(Date.now() / 1000);
      const standard = { iss: url, aud: audience, sub, iat, exp: iat + LIFETIME_S, jti: randomUUID() };
      return makeJwt(
        { alg: key.algorithm, typ: 'JWT', kid: key.kid, ...header },
        { ...standard, ...claims },
        signerOf(key.algorithm, key.privateKey),
      );
    },
    rotate(next = algorithm, published = true) {
      keys.push(makeKey(next, published));
    },
    async stop() {
      if (!server.listening) return;
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function makeKey(algorithm: IssuerAlgorithm, published: boolean): IssuerKey {
  const kid = randomUUID();
  const { publicKey, privateKey } = generate(algorithm);
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid, alg: algorithm, use: 'sig' };
  return { kid, algorithm, privateKey, published, jwk };
}

function generate(algorithm: IssuerAlgorithm): { publicKey: KeyObject; privateKey: KeyObject } {
  switch (algorithm) {
    case 'RS256':
      return generateKeyPairSync('rsa', { modulusLength: 2048 });
    case 'ES256':
      return generateKeyPairSync('ec', { namedCurve: 'P-256' });
    case 'EdDSA':
      return generateKeyPairSync('ed25519');
  }
}
