import type { PoolSettings } from '../settings.js';
import { localSink } from './local.js';
import { MysqlSink } from './mysql.js';
import { readMysqlUrl } from './mysql-url.js';
import type { RedemptionSink } from './sink.js';

/** @throws StartRefused when the gateway's URL cannot be understood */
export function openSink({
  POOL_REDEEM_MYSQL_URL: url,
}: Pick<PoolSettings, 'POOL_REDEEM_MYSQL_URL'>): RedemptionSink {
  return url === undefined ? localSink : new MysqlSink(readMysqlUrl(url));
}
