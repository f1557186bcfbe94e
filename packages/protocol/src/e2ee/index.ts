export * from './envelopes.js';
export * from './frames.js';
export * from './keys.js';
export * from './limits.js';
export * from './primitives.js';
export * from './sessions.js';
