/** The four categories by the letters that begin a type's code. */
export const CATEGORIES = {
  AI: 'Artificial Intelligence',
  AR: 'Autonomous Robotics',
  HU: 'Human',
  HY: 'Hybrid',
} as const;

export type Category = keyof typeof CATEGORIES;

/** Whether `text` is a category; `constructor` is none. */
export function isCategory(text: string): text is Category {
  return Object.hasOwn(CATEGORIES, text);
}
