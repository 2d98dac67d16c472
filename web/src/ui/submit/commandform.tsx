/** A program to start for each row, written as one would type it. */
import { useApp } from "../app.ts";
import { words } from "../words.ts";
import { filled, split } from "./command.ts";
import { Inserts, TemplateField, useSlots } from "./field.tsx";
import type { FormProps } from "./form.ts";
import { Filled, RowOne, useRowOne } from "./rowone.tsx";

export function CommandForm({ attempts }: FormProps) {
  const { draft } = useApp();
  const slots = useSlots();
  const row = useRowOne();
  const command = draft.command.value;
  const { argv } = split(command);
  return (
    <>
      <TemplateField
        slots={slots}
        first
        value={command}
        label={words.submit.commandLabel}
        example={words.submit.commandExample}
        take={(value) => {
          draft.command.value = value;
        }}
      />
      <Inserts slots={slots} attempts={attempts} />
      {argv.length > 0 && row !== undefined && (
        <RowOne>
          <div class="mono clip">
            <Filled parts={filled(argv, row)} />
          </div>
        </RowOne>
      )}
    </>
  );
}
