import { createSignal } from 'solid-js';
import { type PageName, pageOf, queryOf, restOf } from './address.js';

export { hrefOf, PAGES, type PageName } from './address.js';

const [hash, setHash] = createSignal(location.hash);
addEventListener('hashchange', () => setHash(location.hash));

/** The present page. */
export const page = (): PageName => pageOf(hash());
/** The present page's own part of the route. */
export const rest = (): string[] => restOf(hash());
/** The present route's query. */
export const query = (): URLSearchParams => queryOf(hash());
