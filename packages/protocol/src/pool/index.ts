export * from './admin.js';
export * from './frames.js';
export * from './limits.js';
export * from './money.js';
export * from './primitives.js';
export * from './rounds.js';
