/** "Save as": a stretch of the recording as a film or a GIF that the server makes, or all of it as a file. Members only. */
import { useState } from "preact/hooks";
import { type PictureFormat, pictureUrl, recordingUrl } from "../../net/pictures.ts";
import type { Stretch } from "../../replay/contract.ts";
import { useApp } from "../app.ts";
import { clockSeconds } from "../numbers.ts";
import { Button } from "../parts.tsx";
import type { Replay } from "./contract.ts";
import { saveWords } from "./savewords.ts";
import { createSaving, type Saving, type Stage } from "./saving.ts";
import "./save.css";

type Kind = PictureFormat | "file";
type Level = "figures" | "batches" | "titles" | "full";
const KINDS: readonly Kind[] = ["mp4", "gif", "file"];
const PICTURED = ["figures", "batches", "titles"] as const;
const LEVELS: readonly Level[] = [...PICTURED, "full"];
/** How much of the recording a GIF has unless said. */
const GIF_MS = 60_000;

const savings = new WeakMap<Replay, Saving>();

function useSaving(replay: Replay): Saving {
  const { api } = useApp();
  const timers = { set: (after: () => void, ms: number) => window.setTimeout(after, ms), clear: (id: number) => clearTimeout(id) };
  const saving = savings.get(replay) ?? createSaving(api, replay.recording, timers);
  savings.set(replay, saving);
  return saving;
}

function Choices<T extends string>(props: {
  readonly label: string;
  readonly choices: readonly T[];
  readonly words: Readonly<Record<T, string>>;
  readonly chosen: T;
  readonly choose: (choice: T) => void;
}) {
  return (
    <fieldset class="seg" aria-label={props.label}>
      {props.choices.map((choice) => (
        <button
          key={choice}
          type="button"
          class={choice === props.chosen ? "on" : ""}
          aria-pressed={choice === props.chosen}
          onClick={() => props.choose(choice)}
        >
          {props.words[choice]}
        </button>
      ))}
    </fieldset>
  );
}

interface StretchProps {
  readonly replay: Replay;
  readonly stretch: Stretch;
  readonly whole: boolean;
  readonly set: (stretch: Stretch | undefined) => void;
}

/** From where to where, by the moment that is shown. */
function StretchField({ replay, stretch: [from, to], whole, set }: StretchProps) {
  const { player } = replay;
  const here = () => player.position.peek();
  const last = player.bounds.value[1];
  return (
    <div class="save-field">
      <span class="dim">{saveWords.stretch}</span>
      <b>{saveWords.between(clockSeconds(from), clockSeconds(to))}</b>
      <span class="row wrap">
        <Button look="s" onClick={() => set([here(), Math.max(to > here() ? to : last, here())])}>
          {saveWords.begins}
        </Button>
        <Button look="s" onClick={() => set([Math.min(from < here() ? from : player.bounds.peek()[0], here()), here()])}>
          {saveWords.ends}
        </Button>
        {!whole && (
          <Button look="s quiet" onClick={() => set(player.bounds.peek())}>
            {saveWords.whole}
          </Button>
        )}
      </span>
    </div>
  );
}

function Making({ stage, saving }: { readonly stage: Extract<Stage, { kind: "making" }>; readonly saving: Saving }) {
  const percent = Math.floor(stage.permille / 10);
  return (
    <div class="save-field">
      <progress max={1000} value={stage.permille} aria-label={saveWords.title} />
      <span class="row between">
        <span role="status">{stage.waiting ? saveWords.waiting : saveWords.painting(`${percent} %`)}</span>
        <Button look="s" onClick={saving.cancel}>
          {saveWords.cancel}
        </Button>
      </span>
    </div>
  );
}

function Done({ stage, saving }: { readonly stage: Extract<Stage, { kind: "done" }>; readonly saving: Saving }) {
  return (
    <div class="row wrap">
      <a class="btn primary" href={pictureUrl(stage.id)} download={`ten-desks.${stage.format}`}>
        {saveWords.save(saveWords.mb(stage.bytes))}
      </a>
      <Button look="quiet" onClick={saving.cancel}>
        {saveWords.another}
      </Button>
    </div>
  );
}

export function SaveAs({ replay }: { readonly replay: Replay }) {
  const { view } = useApp();
  const saving = useSaving(replay);
  const stage = saving.stage.value;
  const [kind, setKind] = useState<Kind>("mp4");
  const [asked, setLevel] = useState<Level>();
  const [chosen, setChosen] = useState<Stretch>();
  const pictured = PICTURED.find((each) => each === asked) ?? "batches";
  const level = kind === "file" ? (asked ?? "full") : pictured;
  const bounds = replay.player.bounds.value;
  const near = replay.player.position.peek();
  const usual: Stretch = kind === "gif" ? [near, Math.min(near + GIF_MS, bounds[1])] : bounds;
  const stretch = chosen ?? usual;
  const whole = stretch[0] === bounds[0] && stretch[1] === bounds[1];
  function make(format: PictureFormat): void {
    const [from, to] = whole ? [undefined, undefined] : stretch;
    const zone = -new Date(bounds[0]).getTimezoneOffset();
    void saving.start({ format, from, to, view: pictured, night: view.night.peek(), zone });
  }
  if (stage.kind === "making") return <Making stage={stage} saving={saving} />;
  if (stage.kind === "done") return <Done stage={stage} saving={saving} />;
  return (
    <div class="save-as">
      <p class="dim">{saveWords.lead}</p>
      <Choices label={saveWords.title} choices={KINDS} words={saveWords.kinds} chosen={kind} choose={setKind} />
      <p class="dim">{saveWords.about[kind]}</p>
      {kind !== "file" && <StretchField replay={replay} stretch={stretch} whole={whole} set={setChosen} />}
      <div class="save-field">
        <span class="dim">{saveWords.shown}</span>
        <Choices
          label={saveWords.shown}
          choices={kind === "file" ? LEVELS : PICTURED}
          words={saveWords.levels}
          chosen={level}
          choose={setLevel}
        />
      </div>
      {stage.kind === "failed" && (
        <p class="bad" role="status">
          {stage.reason}
        </p>
      )}
      {kind === "file" ? (
        <a class="btn primary" href={recordingUrl(replay.recording, level)} download>
          {saveWords.saveFile}
        </a>
      ) : (
        <Button look="primary" onClick={() => make(kind)}>
          {saveWords.make[kind]}
        </Button>
      )}
    </div>
  );
}
