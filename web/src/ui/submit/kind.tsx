/** Part two of adding tasks: which kind, and the form that belongs to it. */
import type { ComponentType } from "preact";
import type { IconName } from "../../icons.ts";
import type { Kind } from "../../net/shapes.ts";
import { useApp } from "../app.ts";
import { Icon } from "../parts.tsx";
import { words } from "../words.ts";
import { ChatForm } from "./chatform.tsx";
import { CommandForm } from "./commandform.tsx";
import { DemoForm } from "./demoform.tsx";
import { ExternalForm } from "./externalform.tsx";
import type { FormProps } from "./form.ts";
import { HttpForm } from "./httpform.tsx";
import { PythonForm } from "./pythonform.tsx";

interface Offer {
  readonly kind: string;
  readonly glyph: IconName;
  readonly form: ComponentType<FormProps>;
}

/** The kinds this page has a form for. */
const OFFERS: readonly Offer[] = [
  { kind: "command", glyph: "command", form: CommandForm },
  { kind: "chat", glyph: "chat", form: ChatForm },
  { kind: "http", glyph: "globe", form: HttpForm },
  { kind: "external", glyph: "external", form: ExternalForm },
  { kind: "python", glyph: "code", form: PythonForm },
  { kind: "demo", glyph: "demo", form: DemoForm },
];

/** The kinds that may be used on this server and have a form here; all of them until it has answered. */
export function offersOf(kinds: readonly Kind[] | undefined): readonly Offer[] {
  if (kinds === undefined) return OFFERS;
  return OFFERS.filter(({ kind }) => kinds.some(({ name, allowed }) => name === kind && allowed));
}

export function KindChoice({ offers, chosen }: { readonly offers: readonly Offer[]; readonly chosen: string }) {
  const { draft } = useApp();
  return (
    <fieldset class="kinds" aria-label={words.submit.part2}>
      {offers.map(({ kind, glyph }) => (
        <button
          key={kind}
          type="button"
          class={chosen === kind ? "kind on" : "kind"}
          aria-pressed={chosen === kind}
          onClick={() => {
            draft.kind.value = kind;
          }}
        >
          <Icon name={glyph} />
          {words.submit.kinds[kind] ?? kind}
        </button>
      ))}
    </fieldset>
  );
}
