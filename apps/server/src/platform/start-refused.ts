/** The server must not start, for a reason that its operator can mend; the message names the setting or file. */
export class StartRefused extends Error {
  override readonly name: string = 'StartRefused';
}
