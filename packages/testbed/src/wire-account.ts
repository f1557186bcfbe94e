/** Accounts as a client makes them, by the wire's rules alone. */
import { makeIdentity } from './keys.js';
import { type WireAnswer, wireRequest } from './wire-http.js';
import { solve } from './wire-pow.js';

export interface TestAccount {
  readonly id: string;
  /** The raw Ed25519 public key in Base64. */
  readonly publicKey: string;
  /** The token of the last login. */
  readonly token: string;
  /** Ed25519 over the UTF-8 text, in Base64. */
  sign(text: string): string;
  /** Another token, at the same server or at `url`. */
  login(url?: string): Promise<string>;
}

/** Who registers: a key, and what it signs. */
export interface Signer {
  readonly publicKey: string;
  sign(text: string): string;
}

export interface AccountOptions {
  /** Default: a fresh key. */
  identity?: Signer;
  /** Source address, such as `127.0.0.2`. */
  from?: string;
}

/** Registers an account at the server and logs it in. */
export async function makeAccount(url: string, options: AccountOptions = {}): Promise<TestAccount> {
  const { identity = makeIdentity(), from } = options;
  const registered = await register(url, identity, from);
  if (registered.status !== 200 && registered.status !== 201) throw new Error(`register: ${registered}`);
  const id = String(registered.json.accountId);
  const login = (at: string) => logIn(at, id, identity, from);
  let token = await login(url);
  return {
    id,
    publicKey: identity.publicKey,
    get token() {
      return token;
    },
    sign: (text) => identity.sign(text),
    async login(at = url) {
      token = await login(at);
      return token;
    },
  };
}

/** `POST /api/accounts` with fresh work. */
export async function register(url: string, identity: Signer, from?: string): Promise<WireAnswer> {
  const challenge = await wireRequest(`${url}/pow/challenge?type=account`, { from });
  if (challenge.status !== 200) return challenge;
  const { seed, difficulty, unit } = challenge.json;
  const puzzle = { seed: String(seed), difficulty: Number(difficulty), unit: String(unit) };
  const { publicKey } = identity;
  const headers = { 'x-pow-seed': puzzle.seed, 'x-pow-nonce': solve(puzzle, publicKey) };
  const signature = identity.sign(`ACCOUNT:${puzzle.seed}:${publicKey}`);
  return post(`${url}/api/accounts`, { publicKey, signature }, { headers, from });
}

/** A token by challenge and signature. */
async function logIn(url: string, accountId: string, identity: Signer, from?: string): Promise<string> {
  const challenged = await post(`${url}/api/accounts/challenge`, { accountId }, { from });
  if (challenged.status !== 200) throw new Error(`challenge: ${challenged}`);
  const challenge = String(challenged.json.challenge);
  const signature = identity.sign(`TOKEN:${new URL(url).host}:${challenge}:${accountId}`);
  const answer = await post(`${url}/api/accounts/token`, { accountId, challenge, signature }, { from });
  if (answer.status !== 200) throw new Error(`token: ${answer}`);
  return String(answer.json.token);
}

function post(
  url: string,
  body: unknown,
  options: { headers?: Record<string, string>; from?: string | undefined } = {},
): Promise<WireAnswer> {
  const headers = { 'content-type': 'application/json', ...options.headers };
  return wireRequest(url, { method: 'POST', headers, body: JSON.stringify(body), from: options.from });
}
