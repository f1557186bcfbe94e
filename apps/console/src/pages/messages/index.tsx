import type { JSX } from 'solid-js';
import { Page } from '../../parts/page.jsx';
import { text } from '../../text/text.js';

export default function Messages(): JSX.Element {
  return <Page title={text.messages.title} lead={text.messages.lead} />;
}
