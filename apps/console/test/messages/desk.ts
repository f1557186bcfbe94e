/** The page of messages as somebody uses it: by what is to be seen and pressed there. */
import type { Page } from '@blindpost/testbed/chromium';

export type Way = 'Anonymous' | 'With an account';
export const WAYS: readonly Way[] = ['Anonymous', 'With an account'];

export class Desk {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** The first visit: makes an identity. */
  async arrive(way: Way): Promise<void> {
    await this.page.getByRole('radio', { name: way }).check();
    await this.press('Make an identity');
    await this.connected();
  }

  async connected(): Promise<void> {
    await this.page.locator('.line-state.open').waitFor({ state: 'attached' });
  }

  async press(name: string): Promise<void> {
    await this.page.getByRole('button', { name, exact: true }).click();
  }

  /** The own address, as it is shown for others. */
  async address(): Promise<string> {
    await this.press('Your address');
    const address = await this.page.getByRole('dialog').locator('.secret code').first().innerText();
    await this.press('Close');
    return address;
  }

  /** Opens the conversation with an address. */
  async writeTo(address: string): Promise<void> {
    await this.page.getByLabel('Write to an address').fill(address);
    await this.press('Open');
    await this.page.locator('.composer textarea').waitFor();
  }

  /** Opens the first conversation of the list. */
  async openFirst(): Promise<void> {
    await this.page.locator('.peers-list a').first().click();
    await this.page.locator('.composer textarea').waitFor();
  }

  /** Writes and sends. Resolves when it is kept here. */
  async write(text: string): Promise<void> {
    const field = this.page.locator('.composer textarea');
    const [first = '', ...more] = text.split('\n');
    await field.fill(first);
    for (const line of more) {
      await field.press('Shift+Enter');
      await this.page.keyboard.insertText(line);
    }
    await field.press('Enter');
    await this.letter(text).waitFor();
    await this.page.waitForFunction(() => document.querySelector('textarea')?.value === '');
  }

  /** Asks for the end of this identity, and says yes. */
  async burn(): Promise<void> {
    await this.press('Your address');
    await this.press('Burn this identity');
    await this.press('Burn everything');
  }

  letter(text: string) {
    return this.page.locator('.letter', { has: this.page.getByText(text, { exact: true }) });
  }

  /** Resolves when the letter is here. */
  async reads(text: string): Promise<void> {
    await this.letter(text).waitFor();
  }

  /** Resolves when a letter of one's own has come this far. */
  async progress(text: string, progress: string): Promise<void> {
    await this.letter(text).locator('.progress', { hasText: progress }).waitFor();
  }

  /** All letters of the conversation that is open, in order. */
  texts(): Promise<string[]> {
    return this.page.locator('.letter-text').allInnerTexts();
  }

  /** Names of the databases that this browser keeps. */
  databases(): Promise<string[]> {
    return this.page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name ?? '').sort());
  }
}
