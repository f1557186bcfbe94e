import type { RedisLibrary } from '../../../../../platform/redis/connection.js';
import { BUNDLES } from './bundles.js';
import { DISCOVERABLE } from './discoverable.js';
import { GRANTS } from './grants.js';
import { MAILBOXES } from './mailboxes.js';
import { NAMES } from './names.js';
import { RECORD } from './record.js';
import { SESSIONS } from './sessions.js';

/** One function per verb and slot. To be loaded by the connection that the store is opened on. */
export const RELAY_LIBRARY: RedisLibrary = {
  code: [
    '#!lua name=blindpost_relay',
    RECORD,
    SESSIONS,
    BUNDLES,
    DISCOVERABLE,
    NAMES,
    MAILBOXES,
    GRANTS,
  ].join(''),
};
