/** A chat completion for each row: prompt, model, and if wished a system prompt and a JSON Schema for the answer. */
import { useState } from "preact/hooks";
import { useApp } from "../app.ts";
import { words } from "../words.ts";
import { Inserts, TemplateField, useSlots } from "./field.tsx";
import type { FormProps } from "./form.ts";
import { Filled, RowOne, useRowOne } from "./rowone.tsx";
import { filledText } from "./template.ts";
import { type ChatWish, schemaOf } from "./wish.ts";

type Change = (part: Partial<ChatWish>) => void;

function Schema({ schema, change }: { readonly schema: string; readonly change: Change }) {
  const [open, setOpen] = useState(schema !== "");
  const { fault } = schemaOf(schema);
  if (!open) {
    return (
      <button type="button" class="link small" onClick={() => setOpen(true)}>
        {words.submit.schemaAdd}
      </button>
    );
  }
  function drop(): void {
    setOpen(false);
    change({ schema: "" });
  }
  return (
    <div>
      <div class="row between labelled">
        <span class="dim small">{words.submit.schema}</span>
        <button type="button" class="link small" onClick={drop}>
          {words.submit.schemaDrop}
        </button>
      </div>
      <textarea
        class={fault === undefined ? "paste mono schema" : "paste mono schema wrong"}
        rows={3}
        value={schema}
        spellcheck={false}
        placeholder={words.submit.schemaExample}
        aria-label={words.submit.schemaLabel}
        onInput={(event) => change({ schema: event.currentTarget.value })}
      />
      {fault !== undefined && <p class="red small">{fault}</p>}
    </div>
  );
}

function Asked({ chat }: { readonly chat: ChatWish }) {
  const row = useRowOne();
  if (row === undefined || chat.prompt.trim() === "") return null;
  return (
    <RowOne>
      <div class="asked">
        {chat.system.trim() !== "" && (
          <div class="dim">
            {words.submit.asSystem}
            <Filled parts={filledText(chat.system, row)} />
          </div>
        )}
        <Filled parts={filledText(chat.prompt, row)} />
      </div>
    </RowOne>
  );
}

export function ChatForm({ attempts }: FormProps) {
  const { draft } = useApp();
  const slots = useSlots();
  const chat = draft.chat.value;
  const change: Change = (part) => {
    draft.chat.value = { ...draft.chat.peek(), ...part };
  };
  return (
    <div class="form">
      <TemplateField
        slots={slots}
        first
        rows={3}
        value={chat.prompt}
        label={words.submit.prompt}
        example={words.submit.promptExample}
        take={(prompt) => change({ prompt })}
      />
      <Inserts slots={slots} attempts={attempts} />
      <div class="model-and-system">
        <label class="figure">
          <span class="dim small">{words.submit.model}</span>
          <span class="field">
            <input
              id="model"
              value={chat.model}
              placeholder={words.submit.modelExample}
              spellcheck={false}
              autocapitalize="off"
              onInput={(event) => change({ model: event.currentTarget.value })}
            />
          </span>
        </label>
        <div class="figure">
          <span class="dim small">{words.submit.system}</span>
          <TemplateField
            slots={slots}
            value={chat.system}
            label={words.submit.system}
            example={words.submit.systemExample}
            take={(system) => change({ system })}
          />
        </div>
      </div>
      <Schema schema={chat.schema} change={change} />
      <Asked chat={chat} />
    </div>
  );
}
