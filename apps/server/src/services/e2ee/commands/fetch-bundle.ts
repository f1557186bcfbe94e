import { type KeyStatus, LOW_STOCK, type PublicBundle } from '@blindpost/protocol/e2ee';
import { type Refusal, refuse } from '@blindpost/protocol/errors';
import { uuidBytes, uuidText } from '../../../platform/sql/id.js';
import { type Bearer, ownerOf } from '../accounts.js';
import { HINT, topicOf } from '../delivery/topic.js';
import type { E2ee } from '../e2ee.js';
import { claimCaps } from '../settings.js';
import { bundle as bundleRow } from '../store/bundle.js';
import { claimPreKey } from '../store/claim-prekey.js';
import { DEFAULT_DEVICE } from '../store/queue.js';
import { publicBundle } from '../wire/bundle.js';

type Found = { ok: true; bundle: PublicBundle } | Refusal;

/** `GET /keys/me` */
export async function ownPublicBundle({ db }: E2ee, bearer: Bearer): Promise<Found> {
  const row = await db.read(bundleRow, ownerOf(bearer));
  if (row === null) return refuse('not_found', {}, 'No bundle is published.');
  return { ok: true, bundle: publicBundle(row, bearer.accountId, null) };
}

/** `GET /keys/status` */
export async function keyStatus({ db }: E2ee, bearer: Bearer): Promise<KeyStatus> {
  const row = await db.read(bundleRow, ownerOf(bearer));
  const oneTimePreKeys = row?.stock ?? 0;
  return { oneTimePreKeys, low: oneTimePreKeys < LOW_STOCK };
}

/**
 * Another's bundle, with a one-time prekey unless `take` is `none`: `again` gives within a minute the one given
 * before, `fresh` never.
 */
export async function fetchBundle(
  e2ee: E2ee,
  bearer: Bearer,
  accountId: string,
  take: 'none' | 'again' | 'fresh',
): Promise<Found> {
  const account = uuidBytes(accountId);
  if (account === null) return unknown();
  const target = { account, device: DEFAULT_DEVICE };
  if (take === 'none') {
    const row = await e2ee.db.read(bundleRow, target);
    return row === null ? unknown() : { ok: true, bundle: publicBundle(row, uuidText(account), null) };
  }
  const claimed = await e2ee.db.write(claimPreKey, {
    target,
    pair: e2ee.names.pair(bearer.account, bearer.device, account),
    fresh: take === 'fresh',
    caps: claimCaps(e2ee.settings),
    now: e2ee.clock.now(),
  });
  if (claimed === null) return unknown();
  const { bundle, preKey, taken } = claimed;
  // A hint: who misses it is told at the next connection.
  if (taken && bundle.stock < LOW_STOCK) {
    e2ee.bus.publish(topicOf(uuidText(account)), HINT.low).catch(() => undefined);
  }
  return { ok: true, bundle: publicBundle(bundle, uuidText(account), preKey) };
}

function unknown(): Refusal {
  return refuse('not_found', { field: 'accountId' }, 'No bundle is published under this id.');
}
