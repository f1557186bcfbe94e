import { Unavailable } from '../../../platform/unavailable.js';

/**
 * Null where the check throws: whatever it is that a token from outside made the library stumble over, such a
 * token does not hold. Only `Unavailable` is passed on, for then nobody can tell.
 */
export async function refusedBy<T>(check: () => Promise<T>): Promise<T | null> {
  try {
    return await check();
  } catch (error) {
    if (error instanceof Unavailable) throw error;
    return null;
  }
}
