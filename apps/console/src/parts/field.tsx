import { createUniqueId, type JSX, Show } from 'solid-js';

export interface FieldProps {
  label: string;
  value: string;
  onInput: (value: string) => void;
  /** One sentence below the field. */
  hint?: string;
  /** What is wrong with the value; shown instead of the hint, and told to who does not see it. */
  error?: string | undefined;
  /** `area` is a text of several lines. Default: `text`. */
  type?: 'text' | 'password' | 'number' | 'range' | 'search' | 'url' | 'area';
  min?: number;
  max?: number;
  step?: number;
  placeholder?: string;
  /** What a browser may fill in; default: nothing. */
  autocomplete?: 'off' | 'username' | 'current-password' | 'new-password';
  /** Keys, codes and addresses are set in the monospaced face. */
  mono?: boolean;
  disabled?: boolean;
  required?: boolean;
  maxLength?: number;
  /** Stands after the input, on its line. */
  after?: JSX.Element;
}

/** A labelled input with its hint or its fault. */
export function Field(props: FieldProps): JSX.Element {
  const id = createUniqueId();
  const said = () => props.error ?? props.hint;
  const common = () => ({
    id,
    value: props.value,
    placeholder: props.placeholder ?? '',
    disabled: props.disabled === true,
    required: props.required === true,
    spellcheck: false,
    class: props.mono === true ? 'mono' : '',
    'aria-invalid': props.error !== undefined,
    'aria-describedby': said() === undefined ? undefined : `${id}-said`,
  });
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      <div class="line">
        <Show
          when={props.type === 'area'}
          fallback={
            <input
              {...common()}
              type={props.type ?? 'text'}
              min={props.min}
              max={props.max}
              step={props.step}
              maxLength={props.maxLength}
              autocomplete={props.autocomplete ?? 'off'}
              onInput={(event) => props.onInput(event.currentTarget.value)}
            />
          }
        >
          <textarea
            {...common()}
            rows={3}
            maxLength={props.maxLength}
            onInput={(event) => props.onInput(event.currentTarget.value)}
          />
        </Show>
        {props.after}
      </div>
      <Show when={said()}>
        <p id={`${id}-said`} class={props.error === undefined ? 'hint' : 'fault'}>
          {said()}
        </p>
      </Show>
    </div>
  );
}
