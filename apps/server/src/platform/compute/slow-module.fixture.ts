/** A job in a module that takes its time to load. */
import { isMainThread } from 'node:worker_threads';
import { defineJob } from './job.js';

if (!isMainThread) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_000);

export const loaded = defineJob<null, string>(import.meta.url, 'loaded', () => 'loaded');
