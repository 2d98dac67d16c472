/** A POST for each row: an address with placeholders, and headers whose values leave this page once and come back never. */
import { useApp } from "../app.ts";
import { Button } from "../parts.tsx";
import { words } from "../words.ts";
import { Inserts, TemplateField, useSlots } from "./field.tsx";
import type { FormProps } from "./form.ts";
import { Filled, RowOne, useRowOne } from "./rowone.tsx";
import { filledAddress } from "./template.ts";
import type { Header } from "./wish.ts";

const NEW: Header = { name: "", value: "" };

interface HeaderRowProps {
  readonly header: Header;
  readonly take: (header: Header) => void;
  readonly drop: () => void;
}

function HeaderRow({ header, take, drop }: HeaderRowProps) {
  return (
    <div class="row header-row">
      <span class="field header-name">
        <input
          value={header.name}
          placeholder={words.submit.headerNameExample}
          aria-label={words.submit.headerName}
          spellcheck={false}
          autocomplete="off"
          onInput={(event) => take({ ...header, name: event.currentTarget.value })}
        />
      </span>
      <span class="field grow">
        <input
          type="password"
          value={header.value}
          aria-label={words.submit.headerValue(header.name)}
          autocomplete="new-password"
          onInput={(event) => take({ ...header, value: event.currentTarget.value })}
        />
      </span>
      <Button look="s icon quiet" glyph="cross" label={words.submit.headerDrop(header.name)} onClick={drop} />
    </div>
  );
}

function Headers() {
  const { draft } = useApp();
  const { headers } = draft.http.value;
  const set = (next: readonly Header[]) => {
    draft.http.value = { ...draft.http.peek(), headers: next };
  };
  return (
    <div class="headers">
      {headers.map((header, index) => (
        <HeaderRow
          key={index}
          header={header}
          take={(changed) => set(headers.map((each, at) => (at === index ? changed : each)))}
          drop={() => set(headers.filter((_, at) => at !== index))}
        />
      ))}
      <button type="button" class="link small" onClick={() => set([...headers, NEW])}>
        {words.submit.headerAdd}
      </button>
      {headers.length > 0 && <p class="dim small">{words.submit.headerNote}</p>}
    </div>
  );
}

export function HttpForm({ attempts }: FormProps) {
  const { draft } = useApp();
  const slots = useSlots();
  const row = useRowOne();
  const { url } = draft.http.value;
  return (
    <div class="form">
      <TemplateField
        slots={slots}
        first
        value={url}
        label={words.submit.url}
        example={words.submit.urlExample}
        take={(value) => {
          draft.http.value = { ...draft.http.peek(), url: value };
        }}
      />
      <Inserts slots={slots} attempts={attempts} />
      <Headers />
      {row !== undefined && url.trim() !== "" && (
        <RowOne label={words.submit.rowSent}>
          <div class="mono clip">
            POST <Filled parts={filledAddress(url.trim(), row)} />
          </div>
          <div class="mono clip dim">{JSON.stringify(row)}</div>
        </RowOne>
      )}
    </div>
  );
}
