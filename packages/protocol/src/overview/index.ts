export * from './overview.js';
export * from './primitives.js';
export * from './services.js';
