/** A function of an installed package: all it takes here is its name. */
import { useApp } from "../app.ts";
import { words } from "../words.ts";
import { Inserts } from "./field.tsx";
import type { FormProps } from "./form.ts";
import { RowOne, useRowOne } from "./rowone.tsx";

export function PythonForm({ attempts }: FormProps) {
  const { draft } = useApp();
  const row = useRowOne();
  const name = draft.python.value.trim();
  return (
    <>
      <div class="field command">
        <input
          class="mono"
          value={draft.python.value}
          placeholder={words.submit.functionExample}
          aria-label={words.submit.functionName}
          spellcheck={false}
          autocomplete="off"
          autocapitalize="off"
          onInput={(event) => {
            draft.python.value = event.currentTarget.value;
          }}
        />
      </div>
      <Inserts attempts={attempts} />
      <p class="dim small">{words.submit.functionNote}</p>
      {row !== undefined && name !== "" && (
        <RowOne>
          <div class="mono clip">
            {name}(<b>{JSON.stringify(row)}</b>)
          </div>
        </RowOne>
      )}
    </>
  );
}
