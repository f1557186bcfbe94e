import { CATEGORIES, ENTITY_TYPES } from '@blindpost/zk/entity-types';
import { For, type JSX } from 'solid-js';
import { Section } from '../../parts/page.jsx';
import { text } from '../../text/text.js';
import type { Desk } from './desk.js';

const words = text.prove.type;
const GROUPS = (['AI', 'AR', 'HU', 'HY'] as const).map((category) => ({
  category,
  types: ENTITY_TYPES.filter((type) => type.category === category),
}));

/** What is to be proven: one of the sixteen types, by category. */
export function TypeStep(props: { desk: Desk }): JSX.Element {
  return (
    <Section title={words.title}>
      <For each={GROUPS}>
        {({ category, types }) => (
          <fieldset class="kinds">
            <legend>
              {CATEGORIES[category]} <span class="quiet">{words.categories[category]}</span>
            </legend>
            <For each={types}>
              {({ code, name, phonetic }) => (
                <label class="kind">
                  <input
                    type="radio"
                    name="entity-type"
                    value={code}
                    checked={props.desk.type.value === code}
                    onChange={() => {
                      props.desk.type.value = code;
                    }}
                  />
                  <span class="kind-name">{name}</span>
                  <code title={words.spoken(phonetic)}>{code}</code>
                  <span class="quiet kind-about">{words.about[code]}</span>
                </label>
              )}
            </For>
          </fieldset>
        )}
      </For>
    </Section>
  );
}
