/**
 * The solver: finds nonces on all seven tracks, on worker threads in Node and in browsers.
 *
 * @module
 */
export { SolverError, type SolverErrorCode } from './error.js';
export { type SearchOptions, Solver, type SolverOptions, type TrackSolution } from './solver.js';
