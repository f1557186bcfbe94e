import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import fc from 'fast-check';
import { uuidText } from '../../../platform/sql/id.js';
import { revokeAll } from '../store/revoke-all.js';
import { revokeToken } from '../store/revoke-token.js';
import type { Bearer } from './bearer.js';
import { House } from './house.fixture.js';
import { Standings } from './standings.js';
import { tokenIdBytes } from './token-id.js';
import { Verifier } from './verifier.js';

const HOUR_MS = 3_600_000;

describe('verification', () => {
  let house: House;
  let one: Awaited<ReturnType<House['instance']>>;
  let other: Awaited<ReturnType<House['instance']>>;
  before(async () => {
    house = await House.open();
  });
  after(() => house.end());
  beforeEach(async () => {
    house.bus.down = false;
    house.hold = Promise.resolve();
    one = await house.instance();
    other = await house.instance();
    house.reads = 0;
  });

  const bearerOf = async (token: string, verifier = one.verifier): Promise<Bearer> => {
    const verified = await verifier.verify(token);
    assert.ok(verified.ok, JSON.stringify(verified));
    return verified.bearer;
  };
  const refused = async (token: string, verifier = one.verifier): Promise<void> => {
    const verified = await verifier.verify(token);
    assert.ok(!verified.ok);
    assert.equal(verified.code, 'unauthorized');
  };
  /** Ends the token in the database and says so, as the command does. */
  const revoke = async ({ accountId, tokenId, expiresAt }: Bearer): Promise<void> => {
    await house.db.write(revokeToken, { token: tokenIdBytes(tokenId), expiresAt });
    await one.endings.tell({ accountId, tokenId });
  };

  test('a token tells whom it speaks for and until when', async () => {
    const account = await house.account();
    const bearer = await bearerOf(await house.token(account));
    assert.deepEqual(bearer.account, account);
    assert.equal(bearer.accountId, uuidText(account));
    assert.equal(bearer.device, 'default');
    assert.match(bearer.tokenId, /^[0-9a-f]{32}$/);
    assert.ok(Math.abs(bearer.expiresAt - house.clock.now() - HOUR_MS) < 1_000);
  });

  test('the database is asked once in 30 s, and not at all for what is no token', async () => {
    const token = await house.token();
    for (let n = 0; n < 10; n++) await bearerOf(token);
    assert.equal(house.reads, 1);
    house.clock.advance(29_999);
    await bearerOf(token);
    assert.equal(house.reads, 1);
    house.clock.advance(1);
    await bearerOf(token);
    assert.equal(house.reads, 2);
    for (const text of ['', '.', '..', 'a.b', 'a.b.c.d', ' a.b.c', `${token} `, 'é.é.é']) await refused(text);
    await refused(`${'a'.repeat(16 * 1024)}.b.c`);
    assert.equal(house.reads, 2);
  });

  test('verifications of one token at once share one look', async () => {
    const token = await house.token();
    await Promise.all(Array.from({ length: 50 }, () => bearerOf(token)));
    assert.equal(house.reads, 1);
  });

  test('a token ends when its time is over, though it is remembered', async () => {
    const token = await house.token();
    const bearer = await bearerOf(token);
    house.clock.advance(bearer.expiresAt - house.clock.now() - 1);
    await bearerOf(token);
    house.clock.advance(1);
    await refused(token);
    assert.equal(await one.verifier.stands(bearer), false);
  });

  test('a revoked token is refused at once here, and elsewhere with the news', async () => {
    const [token, witness] = [await house.token(), await house.token()];
    const bearer = await bearerOf(token);
    await bearerOf(token, other.verifier);
    await bearerOf(witness, other.verifier);
    house.reads = 0;
    await revoke(bearer);
    await refused(token);
    await refused(token, other.verifier);
    await bearerOf(witness, other.verifier);
    // The witness was still remembered.
    assert.equal(house.reads, 2);
  });

  test('the end of all tokens of an account ends each of them, and no other account', async () => {
    const account = await house.account();
    const tokens = [await house.token(account), await house.token(account)];
    const witness = await house.token();
    for (const token of [...tokens, witness]) await bearerOf(token, other.verifier);
    await house.db.write(revokeAll, { account, until: null });
    await one.endings.tell({ accountId: uuidText(account), tokenId: null });
    for (const token of tokens) await refused(token, other.verifier);
    await bearerOf(witness, other.verifier);
    await bearerOf(await house.token(account, 1), other.verifier);
  });

  test('news that did not come cost 30 s at most', async () => {
    const token = await house.token();
    const { tokenId, expiresAt } = await bearerOf(token);
    await house.db.write(revokeToken, { token: tokenIdBytes(tokenId), expiresAt });
    await bearerOf(token);
    house.clock.advance(30_000);
    await refused(token);
  });

  test('while no news can come nothing is remembered, and after a gap everything is asked again', async () => {
    const [token, quiet] = [await house.token(), await house.token()];
    const { tokenId, expiresAt } = await bearerOf(token);
    await bearerOf(quiet);
    house.bus.down = true;
    await house.db.write(revokeToken, { token: tokenIdBytes(tokenId), expiresAt });
    await refused(token);
    house.reads = 0;
    await bearerOf(quiet);
    await bearerOf(quiet);
    assert.equal(house.reads, 2);
    house.bus.recover();
    await bearerOf(quiet);
    await bearerOf(quiet);
    assert.equal(house.reads, 3);
  });

  test('a look that an ending overtook is neither remembered nor shared', async () => {
    const token = await house.token();
    const bearer = await bearerOf(token);
    house.clock.advance(30_000);
    let release = (): void => undefined;
    house.hold = new Promise((resolve) => {
      release = resolve;
    });
    const early = one.verifier.verify(token);
    while (house.reads < 2) await new Promise(setImmediate);
    // The database has answered the early look, but the answer has not arrived.
    await new Promise((resolve) => setTimeout(resolve, 20));
    await revoke(bearer);
    const late = one.verifier.verify(token);
    release();
    assert.equal((await early).ok, true);
    assert.equal((await late).ok, false);
    await refused(token);
  });

  test('stands asks the database, whatever is remembered', async () => {
    const token = await house.token();
    const bearer = await bearerOf(token);
    assert.equal(await one.verifier.stands(bearer), true);
    assert.equal(house.reads, 2);
    await house.db.write(revokeToken, { token: tokenIdBytes(bearer.tokenId), expiresAt: bearer.expiresAt });
    assert.equal(await one.verifier.stands(bearer), false);
  });

  test('a token of an account that is not there does not hold', async () => {
    await refused(await house.token(Uint8Array.from(Buffer.alloc(16, 5))));
  });

  test('beyond the bound tokens hold as well, only dearer', async () => {
    const verifier = new Verifier(
      house.own,
      new Standings(house.db, house.clock, one.endings),
      house.clock,
      2,
    );
    const tokens = await Promise.all([1, 2, 3, 4].map(() => house.token()));
    for (const token of [...tokens, ...tokens]) await bearerOf(token, verifier);
  });

  test('a hundred tokens of one account hold', async () => {
    const account = await house.account();
    const tokens = await Promise.all(Array.from({ length: 100 }, () => house.token(account)));
    for (const token of [...tokens, ...tokens]) await bearerOf(token);
    assert.ok(one.standings.held >= 1);
  });

  test('no text whatsoever throws or holds', async () => {
    const part = fc.oneof(
      fc.string(),
      fc.json().map((text) => Buffer.from(text).toString('base64url')),
      fc.base64String(),
    );
    const texts = fc.oneof(
      fc.string(),
      fc.tuple(part, part, part).map((parts) => parts.join('.')),
    );
    await fc.assert(fc.asyncProperty(texts, (text) => refused(text)));
  });
});
