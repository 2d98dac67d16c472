/** One webhook: how it stands, and opened what can be done with it and what was sent there of late. */
import { useRef, useState } from "preact/hooks";
import type { Delivery, Webhook, Webhooks } from "../../net/webhooks.ts";
import { useApp } from "../app.ts";
import { useFetched } from "../fetched.ts";
import { moment } from "../numbers.ts";
import { Button, Confirm, Waiting } from "../parts.tsx";
import { failureWords } from "../trouble.ts";
import { Trouble, useDeed } from "./deed.tsx";
import { outcome, webhookWords as said, standing } from "./webhookwords.ts";

/** What one can tell it by: its label, else its host. */
export function nameOf(hook: Webhook): string {
  return hook.label ?? (URL.canParse(hook.url) ? new URL(hook.url).host : hook.url);
}

interface SentProps {
  readonly each: Delivery;
  readonly now: number;
  readonly busy: boolean;
  /** Absent where it cannot be sent again just now. */
  readonly again: (() => void) | undefined;
}

function Sent({ each, now, busy, again }: SentProps) {
  const { text, look } = outcome(each, now);
  const event = said.event(each.event);
  const when = moment(each.created, now);
  return (
    <li class="row between webhook-sent">
      <div class="grow">
        <span>
          {event} <span class="dim small">{when}</span>
        </span>
        <div class={`small ${look}`}>{text}</div>
      </div>
      {again !== undefined && each.state !== "waiting" && (
        <Button look="s" disabled={busy} onClick={again} aria-label={said.againName(event, when)}>
          {said.again}
        </Button>
      )}
    </li>
  );
}

export interface DetailsProps {
  readonly hook: Webhook;
  readonly webhooks: Webhooks;
  /** Whether the plan has webhooks. */
  readonly sending: boolean;
  /** Grows every few seconds: it is looked anew. */
  readonly beat: number;
  readonly changed: () => void;
  readonly told: (secret: string) => void;
}

function Details({ hook, webhooks, sending, beat, changed, told }: DetailsProps) {
  const { now } = useApp();
  const [turn, setTurn] = useState(0);
  const leaves = useRef(false); // nothing more is asked about what is about to be gone
  const pending = useRef<Promise<unknown>>(Promise.resolve());
  function deliveries(signal: AbortSignal): Promise<readonly Delivery[]> {
    if (leaves.current) return Promise.resolve([]);
    const asked = webhooks.deliveries(hook.id, signal);
    pending.current = asked.catch(() => undefined);
    return asked;
  }
  const sent = useFetched(deliveries, [beat, turn], true);
  const deed = useDeed(() => {
    setTurn((before) => before + 1);
    changed();
  });
  const leaving = useDeed(changed);
  const busy = deed.busy || leaving.busy;
  async function drop(): Promise<void> {
    leaves.current = true;
    await pending.current;
    try {
      await webhooks.drop(hook.id);
    } catch (error) {
      leaves.current = false;
      throw error;
    }
  }
  const on = hook.state !== "off";
  return (
    <div class="webhook-details">
      <p class="mono small dim webhook-url">{hook.url}</p>
      <div class="row webhook-acts">
        {sending && (
          <Button look="s" disabled={busy} onClick={() => deed.run(() => webhooks.ping(hook.id))}>
            {said.test}
          </Button>
        )}
        <Button look="s" disabled={busy} onClick={() => deed.run(() => webhooks.turn(hook.id, !on))}>
          {on ? said.off : said.on}
        </Button>
        <Confirm
          look="s"
          glyph="retry"
          mild
          sure={said.rotateSure}
          disabled={busy}
          onSure={() => deed.run(() => webhooks.rotate(hook.id).then(told))}
        >
          {said.rotate}
        </Confirm>
        <Confirm look="s" glyph="cross" sure={said.removeSure} disabled={busy} onSure={() => leaving.run(drop)}>
          {said.remove}
        </Confirm>
      </div>
      {sent.state === "waiting" && <Waiting rows={2} />}
      {sent.state === "failed" && sent.value === undefined && <p class="red small">{failureWords(sent.error)}</p>}
      {sent.value?.length === 0 && <p class="dim small">{said.nothing}</p>}
      <ul class="plain">
        {(sent.value ?? []).map((each) => (
          <Sent
            key={each.id}
            each={each}
            now={now()}
            busy={busy}
            again={sending && on ? () => deed.run(() => webhooks.again(hook.id, each.id)) : undefined}
          />
        ))}
      </ul>
      <Trouble trouble={deed.trouble ?? leaving.trouble} />
    </div>
  );
}

export function Row(props: DetailsProps) {
  const { now } = useApp();
  const [open, setOpen] = useState(false);
  const { hook } = props;
  const { text, look } = standing(hook, now());
  const name = nameOf(hook);
  return (
    <li class="webhook">
      <div class="row between account-row">
        <div class="grow">
          <b class="clip">{name}</b>
          <div class={`small ${look}`}>{text}</div>
        </div>
        <Button look="s" aria-expanded={open} aria-label={open ? said.close(name) : said.open(name)} onClick={() => setOpen(!open)}>
          {open ? said.hide : said.details}
        </Button>
      </div>
      {open && <Details {...props} />}
    </li>
  );
}
