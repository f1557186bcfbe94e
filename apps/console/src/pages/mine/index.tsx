import { createResource, type JSX, onMount, Show } from 'solid-js';
import { Needs } from '../../parts/needs.jsx';
import { Notice } from '../../parts/notice.jsx';
import { Page } from '../../parts/page.jsx';
import { text } from '../../text/text.js';
import { Controls } from './controls.jsx';
import { keepToken, keptToken } from './kept.js';
import { recall } from './mining.js';
import { Progress } from './progress.jsx';
import { Purse } from './purse.jsx';
import { Token } from './token.jsx';
import { Track } from './track.jsx';

export default function Mine(): JSX.Element {
  const [token, { mutate }] = createResource(keptToken);
  onMount(() => void recall().catch(() => {}));
  const replace = async (next: string): Promise<void> => {
    await keepToken(next);
    mutate(next);
  };
  return (
    <Page title={text.mine.title} lead={text.mine.lead}>
      <Needs service="pool">
        <Show
          when={token.error === undefined}
          fallback={<Notice kind="bad" title={text.mine.token.notKept} />}
        >
          <Show when={token()}>
            {(own) => (
              <>
                <div class="columns">
                  <Controls token={own()} />
                  <Track />
                </div>
                <Progress />
                <Purse token={own()} />
                <Token token={own()} onReplace={replace} />
              </>
            )}
          </Show>
        </Show>
      </Needs>
    </Page>
  );
}
