export { MemoryRelayStore } from './store.js';
