export { RELAY_LIBRARY } from './lua/library.js';
export { RedisRelayStore } from './store.js';
