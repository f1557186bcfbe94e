import type { PoolSettings } from '../settings.js';
import { localSink } from './local.js';
import { readMysqlUrl } from './mysql-url.js';
import type { RedemptionSink } from './sink.js';

/** @throws StartRefused when the gateway's URL cannot be understood */
export async function openSink({
  POOL_REDEEM_MYSQL_URL: url,
}: Pick<PoolSettings, 'POOL_REDEEM_MYSQL_URL'>): Promise<RedemptionSink> {
  if (url === undefined) return localSink;
  const { MysqlSink } = await import('./mysql.js');
  return new MysqlSink(readMysqlUrl(url));
}
