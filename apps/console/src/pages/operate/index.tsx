import type { JSX } from 'solid-js';
import { Page } from '../../parts/page.jsx';
import { text } from '../../text/text.js';

export default function Operate(): JSX.Element {
  return <Page title={text.operate.title} lead={text.operate.lead} />;
}
