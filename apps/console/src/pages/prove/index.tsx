import type { JSX } from 'solid-js';
import { Page } from '../../parts/page.jsx';
import { text } from '../../text/text.js';

export default function Prove(): JSX.Element {
  return <Page title={text.prove.title} lead={text.prove.lead} />;
}
