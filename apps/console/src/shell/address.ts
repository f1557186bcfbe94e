/** The addresses of pages: what stands behind `#` in the browser's. */

/** The pages, in the order of the navigation. */
export const PAGES = ['messages', 'mine', 'prove', 'operate'] as const;
export type PageName = (typeof PAGES)[number];

/** The page that a location's hash names, `#/mine`, `#/mine/…` or `#/mine?…`; the first one for anything else. */
export function pageOf(hash: string): PageName {
  const name = /^#\/([a-z]+)(?:[/?]|$)/.exec(hash)?.[1];
  return PAGES.find((page) => page === name) ?? PAGES[0];
}

/** What stands behind the page's name, decoded: `#/messages/alice` leaves `['alice']`. */
export function restOf(hash: string): string[] {
  return pathOf(hash)
    .split('/')
    .slice(2)
    .filter((part) => part !== '')
    .map((part) => {
      try {
        return decodeURIComponent(part);
      } catch {
        // A hash that somebody mistyped is shown as it is.
        return part;
      }
    });
}

/** What stands behind a question mark: `#/messages?to=alice`. Like all of a hash it never reaches a server. */
export function queryOf(hash: string): URLSearchParams {
  return new URLSearchParams(hash.slice(pathOf(hash).length));
}

/** The address of a page, for `href`. */
export function hrefOf(name: PageName, ...parts: string[]): string {
  return ['#', name, ...parts.map(encodeURIComponent)].join('/');
}

function pathOf(hash: string): string {
  return hash.split('?')[0] ?? '';
}
