import { createSignal } from 'solid-js';
import type { PageName } from './route.js';

const [busy, setBusy] = createSignal<ReadonlySet<PageName>>(new Set());

/** Pages that work while another one is looked at; the navigation marks them. */
export { busy };

export function markBusy(page: PageName, on: boolean): void {
  setBusy((pages) => {
    const next = new Set(pages);
    if (on) next.add(page);
    else next.delete(page);
    return next;
  });
}
