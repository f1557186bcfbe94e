import { createSignal, type JSX } from 'solid-js';
import { Button } from '../../parts/button.jsx';
import { Dialog } from '../../parts/dialog.jsx';
import { text } from '../../text/text.js';
import type { Desk } from './model/desk.js';
import { burn } from './model/stage.js';

/** Asks once more, then ends this identity for good. */
export function Burn(props: { desk: Desk; open: boolean; onClose: () => void }): JSX.Element {
  const [busy, setBusy] = createSignal(false);
  const confirm = async (): Promise<void> => {
    setBusy(true);
    await burn();
  };
  return (
    <Dialog
      title={text.messages.burn.title}
      open={props.open}
      onClose={props.onClose}
      actions={
        <Button kind="bad" busy={busy()} onClick={() => void confirm()}>
          {text.messages.burn.confirm}
        </Button>
      }
    >
      <p>{text.messages.burn.about[props.desk.way]}</p>
      <p>{text.messages.burn.last}</p>
    </Dialog>
  );
}
