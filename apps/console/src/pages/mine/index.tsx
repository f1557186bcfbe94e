import type { JSX } from 'solid-js';
import { Page } from '../../parts/page.jsx';
import { text } from '../../text/text.js';

export default function Mine(): JSX.Element {
  return <Page title={text.mine.title} lead={text.mine.lead} />;
}
