/** Control characters, which a database or a terminal may choke on, and halves of characters. */
const UNFIT = /[\p{Cc}\p{Cs}]/u;

/** Whether a text can be kept and shown as it is. */
export function isFitText(text: string): boolean {
  return !UNFIT.test(text);
}
