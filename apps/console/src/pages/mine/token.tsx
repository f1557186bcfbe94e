import { isMinerToken, newMinerToken } from '@blindpost/client/pool';
import { createSignal, type JSX } from 'solid-js';
import { Button } from '../../parts/button.jsx';
import { Dialog } from '../../parts/dialog.jsx';
import { Field } from '../../parts/field.jsx';
import { Section } from '../../parts/page.jsx';
import { Secret } from '../../parts/secret.jsx';
import { text } from '../../text/text.js';
import { mining } from './mining.js';

const words = text.mine.token;

/** The miner's identity: shown when asked for, carried elsewhere, replaced. */
export function Token(props: { token: string; onReplace: (token: string) => Promise<void> }): JSX.Element {
  const [open, setOpen] = createSignal(false);
  return (
    <Section title={words.title}>
      <p class="quiet">{words.about}</p>
      <Secret value={props.token} what={words.title} />
      <div class="row">
        <Button disabled={mining()} onClick={() => setOpen(true)}>
          {words.replace}
        </Button>
        <span class="quiet">{mining() ? words.busy : ''}</span>
      </div>
      <Replace open={open()} onClose={() => setOpen(false)} onReplace={props.onReplace} />
    </Section>
  );
}

function Replace(props: {
  open: boolean;
  onClose: () => void;
  onReplace: (token: string) => Promise<void>;
}): JSX.Element {
  const [typed, setTyped] = createSignal('');
  const fault = () => (typed() === '' || isMinerToken(typed().trim()) ? undefined : words.noToken);
  const replace = async (token: string): Promise<void> => {
    await props.onReplace(token);
    setTyped('');
    props.onClose();
  };
  return (
    <Dialog
      title={words.replace}
      open={props.open}
      onClose={props.onClose}
      actions={
        <>
          <Button kind="bad" onClick={() => void replace(newMinerToken())}>
            {words.makeNew}
          </Button>
          <Button
            kind="main"
            disabled={typed() === '' || fault() !== undefined}
            onClick={() => void replace(typed().trim())}
          >
            {words.take}
          </Button>
        </>
      }
    >
      <p>{words.warning}</p>
      <Field label={words.other} value={typed()} onInput={setTyped} error={fault()} mono />
    </Dialog>
  );
}
