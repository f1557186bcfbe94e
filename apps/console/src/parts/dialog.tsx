import { createEffect, createUniqueId, type JSX, Show } from 'solid-js';
import { text } from '../text/text.js';

export interface DialogProps {
  title: string;
  open: boolean;
  /** It was closed: by its button, by Escape, or by what it asked for. */
  onClose: () => void;
  children: JSX.Element;
  /** The buttons of its foot, before the one that closes it. */
  actions?: JSX.Element;
}

/** A question that comes before everything else. The browser keeps the focus inside and gives it back. */
export function Dialog(props: DialogProps): JSX.Element {
  const id = createUniqueId();
  let dialog: HTMLDialogElement | undefined;
  createEffect(() => {
    if (props.open && dialog?.open === false) dialog.showModal();
    if (!props.open && dialog?.open === true) dialog.close();
  });
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby={id} onClose={() => props.onClose()}>
      <h2 id={id}>{props.title}</h2>
      {/* Made anew at each opening, so that nothing typed before is still there. */}
      <Show when={props.open}>
        {props.children}
        <div class="actions">
          {props.actions}
          <button type="button" class="button plain" onClick={() => dialog?.close()}>
            {text.parts.close}
          </button>
        </div>
      </Show>
    </dialog>
  );
}
