import { type JSX, lazy, Suspense } from 'solid-js';
import { Needs } from '../../parts/needs.jsx';
import { Page } from '../../parts/page.jsx';
import { text } from '../../text/text.js';

/** With the SDK and its constants; where the server does not serve identity, nobody waits for them. */
const Steps = lazy(() => import('./steps.jsx'));

export default function Prove(): JSX.Element {
  return (
    <Page title={text.prove.title} lead={text.prove.lead}>
      <Needs service="identity">
        <Suspense fallback={<p class="quiet">{text.shell.loading}</p>}>
          <Steps />
        </Suspense>
      </Needs>
    </Page>
  );
}
