/**
 * Starts what the test files of one run share, tells its parent where it is, and ends with it: a PostgreSQL for
 * `TEST_POSTGRES`, and the servers of `stand.ts` for `TEST_STAND`.
 */
import { postgresMissing, startPostgres } from '@blindpost/testbed/postgres';
import { redisMissing } from '@blindpost/testbed/redis';
import { Stage as AccountsStage } from './accounts/stage.js';
import { Stage as E2eeStage } from './e2ee/stage.js';
import { Stage as RelayStage } from './relay/stage.js';
import type { Stand } from './stand.js';

/** Every suite's servers are connected to it, some of them with two processes of their own. */
const CONNECTIONS = 500;

const own = true;
const stages: Record<
  string,
  () => { open(): Promise<void>; shut(): Promise<void>; urls: readonly string[] }
> = {
  'e2ee on sqlite': () => new E2eeStage('sqlite', { own }),
  'accounts on sqlite': () => new AccountsStage('sqlite', { own }),
  'relay on memory': () => new RelayStage('memory', {}, own),
};
if ((await redisMissing()) === false) {
  stages['relay on redis'] = () => new RelayStage('redis', {}, own);
}
const postgres =
  (await postgresMissing()) === false
    ? // Nobody cuts its power: what it has answered need not survive that.
      await startPostgres({ fsync: false, settings: [`max_connections=${CONNECTIONS}`] })
    : null;
if (postgres !== null) {
  process.env.TEST_POSTGRES = postgres.url;
  stages['e2ee on postgres'] = () => new E2eeStage('two servers', { own });
  stages['accounts on postgres'] = () => new AccountsStage('postgres', { own });
}

const open = new Map(Object.entries(stages).map(([name, make]) => [name, make()] as const));
await Promise.all([...open.values()].map((stage) => stage.open()));

const end = async (): Promise<void> => {
  await Promise.all([...open.values()].map((stage) => stage.shut()));
  await postgres?.stop();
  process.exit();
};
process.once('disconnect', () => void end());
const stand: Stand = Object.fromEntries([...open].map(([name, { urls }]) => [name, urls]));
process.send?.({
  TEST_STAND: JSON.stringify(stand),
  ...(postgres === null ? {} : { TEST_POSTGRES: postgres.url }),
});
