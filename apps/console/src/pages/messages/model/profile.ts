/** Which of this browser's identities a window shows: `?profile=name`, or the one without a name. */

const NAME = /^[a-z0-9-]{1,32}$/;
const FIRST = 'main';

/** What is kept is kept under this name. */
export const profile = profileOf(location.search);

function profileOf(search: string): string {
  const name = new URLSearchParams(search).get('profile')?.toLowerCase() ?? '';
  return NAME.test(name) ? name : FIRST;
}

/** A window of somebody else's, who is to write to `address`. */
export function nextWindow(from: string, address: string): string {
  const number = /^\d{1,3}$/.test(from) ? Number(from) + 1 : 2;
  return `/?profile=${number}${invitation(address)}`;
}

/** Route that opens a conversation with an address; as a hash it never reaches a server. */
export function invitation(address: string): string {
  return `#/messages?to=${encodeURIComponent(address)}`;
}
