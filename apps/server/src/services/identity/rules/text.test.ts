import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFitText } from './text.js';

test('text of any script is fit, control characters and half characters are not', () => {
  for (const fit of ['Anthropic', 'Zoë & Söhne', '東京', '🤖', '']) assert.ok(isFitText(fit), fit);
  for (const unfit of ['a\u0000', '\n', '\u007f', '\u009b', '\ud83e', '\udd16\ud83e']) {
    assert.ok(!isFitText(unfit), JSON.stringify(unfit));
  }
});
