import { join } from 'node:path';
import type { Page } from '@blindpost/testbed/chromium';

const WIDTHS = [1280, 390];

/**
 * Writes `NAME-WIDTH-COLOURS.png` for each width and colour scheme into the folder that SCREENSHOTS names; does
 * nothing without it. Answers whether the page fits its width everywhere.
 */
export async function photograph(page: Page, name: string): Promise<boolean> {
  const folder = process.env.SCREENSHOTS;
  const before = page.viewportSize();
  let fits = true;
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 844 });
    fits &&= await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
    for (const colorScheme of ['light', 'dark'] as const) {
      if (folder === undefined) continue;
      await page.emulateMedia({ colorScheme });
      await page.evaluate(() => scrollTo(0, 0));
      await page.screenshot({ path: join(folder, `${name}-${width}-${colorScheme}.png`), fullPage: true });
    }
  }
  if (before !== null) await page.setViewportSize(before);
  return fits;
}
