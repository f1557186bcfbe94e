import type { Bus } from '../../../platform/bus/bus.js';
import type { Name } from '../store/store.js';
import { encodeHint, type Hint, topicOf } from './hint.js';

/** Tells the sockets of an identity on every instance; how many instances listened. Rejects with `Unavailable`. */
export function notify(bus: Bus, name: Name, hint: Hint): Promise<number> {
  return bus.publish(topicOf(name), encodeHint(hint));
}
