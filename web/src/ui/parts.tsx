/** The small parts that every panel is made of: glyphs, swatches, dials, bars, buttons that ask once more. */
import type { ComponentChildren, ComponentProps } from "preact";
import { useEffect, useState } from "preact/hooks";
import { type IconName, shape } from "../icons.ts";
import { hue, letter } from "./hue.ts";

export function Icon({ name, tone }: { readonly name: IconName; readonly tone?: string }) {
  return (
    <svg
      class={tone === undefined ? "i" : `i ${tone}`}
      viewBox="0 0 16 16"
      aria-hidden="true"
      dangerouslySetInnerHTML={{ __html: shape(name) }}
    />
  );
}

/** Ten little desks, two rows of five. */
export function Mark() {
  return (
    <span class="mark" aria-hidden="true">
      {Array.from({ length: 10 }, (_, index) => (
        <i key={index} />
      ))}
    </span>
  );
}

/** A batch's swatch: a small monitor in its hue with its letter. */
export function Swatch({ order, large }: { readonly order: number; readonly large?: boolean }) {
  return (
    <svg class={large ? "sw large" : "sw"} style={{ color: hue(order) }} viewBox="0 0 18 18" aria-hidden="true">
      <rect x="1" y="2" width="16" height="11" rx="3" fill="currentColor" />
      <path d="M9 13v3M5.5 16.200h7" stroke="var(--line-strong)" stroke-width="1.6" stroke-linecap="round" />
      <text x="9" y="10.6" font-size="8.5" font-weight="800" text-anchor="middle" fill="#160d12">
        {letter(order)}
      </text>
    </svg>
  );
}

/** The dashes of an arc of so many hundredths that is a guess, and is drawn as one. */
function dashes(percent: number): string {
  const whole = Math.floor(percent / 8);
  return `${"5 3 ".repeat(whole)}${Math.max(percent - whole * 8, 0)} 200`;
}

export interface DialProps {
  /** Absent where there is no progress to show: the glyph stands alone. */
  readonly permille: number | undefined;
  readonly color: string;
  readonly estimated: boolean;
  readonly glyph: IconName;
}

/** A ring of progress round a glyph: solid when the task reports it, dashed when it is estimated. */
export function Dial({ permille, color, estimated, glyph }: DialProps) {
  if (permille === undefined) {
    return (
      <span class="dial alone">
        <Icon name={glyph} />
      </span>
    );
  }
  const percent = permille / 10;
  return (
    <span class="dial" style={{ color }}>
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <circle class="rest" cx="12" cy="12" r="10" />
        <circle class="arc" cx="12" cy="12" r="10" pathLength={100} stroke-dasharray={estimated ? dashes(percent) : `${percent} 200`} />
      </svg>
      <Icon name={glyph} />
    </span>
  );
}

export interface BarProps {
  readonly order: number;
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly running: number;
  readonly large?: boolean;
}

function share(value: number, total: number): string {
  return `${total === 0 ? 0 : (value / total) * 100}%`;
}

/** Done, failed and running of a batch; counts in words stand beside it, so a screen reader skips it. */
export function BatchBar({ order, total, done, failed, running, large }: BarProps) {
  return (
    <div class={large ? "prog large" : "prog"} style={{ color: hue(order) }} aria-hidden="true">
      <i style={{ width: share(done, total) }} />
      {failed > 0 && <i class="failed" style={{ width: `max(3px, ${share(failed, total)})` }} />}
      {running > 0 && <i class="running" style={{ width: share(running, total) }} />}
    </div>
  );
}

export function KeyCap({ children }: { readonly children: ComponentChildren }) {
  return <kbd class="key">{children}</kbd>;
}

export interface ButtonProps extends Omit<ComponentProps<"button">, "class" | "disabled" | "label"> {
  readonly look?: string;
  readonly glyph?: IconName;
  readonly disabled?: boolean | undefined;
  /** Names a button that shows a glyph alone; also its tooltip. */
  readonly label?: string;
  readonly children?: ComponentChildren;
}

export function Button({ look, glyph, label, children, ...rest }: ButtonProps) {
  return (
    <button type="button" class={look === undefined ? "btn" : `btn ${look}`} aria-label={label} title={label} {...rest}>
      {glyph !== undefined && <Icon name={glyph} />}
      {children}
    </button>
  );
}

const ASK_MS = 5_000;

export interface ConfirmProps {
  readonly look?: string;
  readonly glyph: IconName;
  /** What is asked about can be had again: not red, though it is asked. */
  readonly mild?: boolean;
  readonly sure: string;
  readonly disabled?: boolean | undefined;
  readonly onSure: () => void;
  readonly children: ComponentChildren;
}

/** Asks once more in place: the button becomes the question for five seconds; Esc goes back. */
export function Confirm({ look = "", glyph, mild = false, sure, disabled, onSure, children }: ConfirmProps) {
  const [asked, ask] = useState(false);
  useEffect(() => {
    if (!asked) return undefined;
    const timer = setTimeout(() => ask(false), ASK_MS);
    return () => clearTimeout(timer);
  }, [asked]);
  function press() {
    if (asked) onSure();
    ask(!asked);
  }
  function leave(event: KeyboardEvent) {
    if (event.key !== "Escape" || !asked) return;
    event.stopPropagation();
    ask(false);
  }
  return (
    <Button
      look={`${look} ${mild ? "" : "danger"} ${asked && !mild ? "asked" : ""}`}
      disabled={disabled}
      onClick={press}
      onKeyDown={leave}
      onBlur={() => ask(false)}
    >
      {!asked && <Icon name={glyph} />}
      {asked ? sure : children}
    </Button>
  );
}

/** Grey bars of the size of what is on its way. */
export function Waiting({ rows, height = 12 }: { readonly rows: number; readonly height?: number }) {
  return (
    <div class="waiting-rows" aria-hidden="true">
      {Array.from({ length: rows }, (_, index) => (
        <i key={index} style={{ height: `${height}px`, width: `${88 - ((index * 17) % 40)}%` }} />
      ))}
    </div>
  );
}

interface SearchFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onType: (text: string) => void;
}

/** Where one types what to look for; the key `/` goes there. */
export function SearchField({ label, value, onType }: SearchFieldProps) {
  return (
    <label class="field search">
      <Icon name="search" />
      <input
        id="search"
        type="search"
        placeholder={label}
        aria-label={label}
        value={value}
        onInput={(event) => onType(event.currentTarget.value)}
      />
    </label>
  );
}
