/**
 * The player: a moment of a recording, and how it moves on. What is shown at a moment follows from the recording alone.
 * `position` is where one wants to be, `shown` where the room is: they differ only while segments are on their way.
 */
import { batch, computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { Unreachable } from "../net/http.ts";
import type { Course } from "../state/course.ts";
import type { OfficeStore } from "../state/store.ts";
import { areaOf, exactLines, type Line, withOpen } from "./area.ts";
import type { Recorded, Source, Stretch } from "./contract.ts";
import { createFinder, type Finder, type OpenPart } from "./finder.ts";
import { look, neighbour } from "./playback.ts";
import { wishes } from "./prefetch.ts";
import { follows, missing } from "./spans.ts";
import { replayStore } from "./store.ts";
import { createTape, OPEN } from "./tape.ts";
import { boundsOf, clamped, faster, GRACE_MS, idleOf, leaps, markerFrom, played, type Speed } from "./timeline.ts";

/** A page that was hidden, or hung, goes on where it was. */
const STEP_MS_MAX = 250;
/** A recording that is still made is asked for anew so often while it plays. */
const REFRESH_MS = 5_000;
/** Where nothing is stored, what is shown counts as so old: the room greys. */
const OLD_MS = 60_000;

export interface Wish {
  /** A moment of the recording; its beginning unless said. */
  readonly at?: ((recorded: Recorded, bounds: Stretch) => number | undefined) | undefined;
  readonly speed?: Speed | undefined;
  readonly playing?: boolean | undefined;
}

export interface PlayerOptions {
  readonly source: Source;
  readonly wish?: Wish;
  /** A monotone clock of this machine, in milliseconds. */
  readonly local: () => number;
  /** Calls back before the next picture; returns how to call that off. */
  readonly frame: (next: () => void) => () => void;
}

export interface Player {
  /** Absent until the first answer. */
  readonly recorded: ReadonlySignal<Recorded | undefined>;
  /** Why nothing is known of the recording, or of what is new in it. */
  readonly trouble: ReadonlySignal<unknown>;
  readonly bounds: ReadonlySignal<Stretch>;
  readonly idle: ReadonlySignal<readonly Stretch[]>;
  /** Within the bounds, what is not stored. */
  readonly gaps: ReadonlySignal<readonly Stretch[]>;
  /** How many ran. */
  readonly lines: ReadonlySignal<readonly Line[]>;
  readonly position: ReadonlySignal<number>;
  readonly shown: ReadonlySignal<number>;
  /** Counts up whenever somebody went to a moment: then whatever shows time looks again. */
  readonly moved: ReadonlySignal<number>;
  /** Segments are on their way. */
  readonly waiting: ReadonlySignal<boolean>;
  /** Whether anything is stored of the moment that is shown. */
  readonly known: ReadonlySignal<boolean>;
  readonly playing: ReadonlySignal<boolean>;
  readonly speed: Signal<Speed>;
  readonly loop: Signal<boolean>;
  /** Idle stretches and gaps are leapt over while playing. */
  readonly skipping: Signal<boolean>;
  readonly store: OfficeStore;
  readonly finder: Finder;
  play(): void;
  pause(): void;
  seek(at: number): void;
  /** By so many milliseconds. */
  by(ms: number): void;
  /** By this share of the whole. */
  share(part: number): void;
  /** To the next thing that changed, or the one before, and stand still there. */
  step(direction: 1 | -1): void;
  marker(direction: 1 | -1): void;
  faster(by: 1 | -1): void;
  close(): void;
}

/** A recording of no more segments is fetched as a whole, and drawn exactly: ten minutes. */
const WHOLE_MAX = 20;

const NOWHERE: Stretch = [0, 0];

export function createPlayer({ source, wish = {}, local, frame }: PlayerOptions): Player {
  const tape = createTape(source, local, arrived);
  const course = signal<Course>([]);
  const [position, shown, moved, came] = [signal(0), signal(0), signal(0), signal(0)];
  const [playing, waiting, known] = [signal(false), signal(true), signal(true)];
  const [speed, loop, skipping] = [signal<Speed>(wish.speed ?? 1), signal(false), signal(true)];
  const recorded = computed(() => tape.reel.value?.recorded);
  const pieces = computed(() => tape.reel.value?.pieces ?? []);
  const bounds = computed(() => (recorded.value === undefined ? NOWHERE : boundsOf(recorded.value, pieces.value)));
  const gaps = computed(() => missing(pieces.value, bounds.value));
  const idle = computed(() => (recorded.value === undefined ? [] : idleOf(recorded.value, pieces.value)));
  const whole = computed(
    () => pieces.value.length <= WHOLE_MAX && came.value >= 0 && pieces.value.every(({ n }) => tape.frames(n) !== undefined),
  );
  const lines = computed(() => {
    if (recorded.value === undefined) return [];
    if (whole.value) return exactLines(pieces.value, tape.frames, bounds.value);
    return withOpen(areaOf(recorded.value, idle.value, gaps.value, bounds.value), tape.frames(OPEN) ?? [], bounds.value);
  });
  const over = computed(() => (skipping.value ? leaps(idle.value, gaps.value) : []));
  let [last, asked, begun, closed] = [local(), local(), false, false];
  let callOff = () => {};

  function open(): OpenPart | undefined {
    const [before, piece] = [pieces.value.at(-2), pieces.value.at(-1)];
    if (piece?.n !== OPEN) return undefined;
    return { frames: tape.frames(OPEN) ?? [], begins: !follows(before, piece) };
  }

  function want(at: number): void {
    const [all, near] = [pieces.peek(), wishes(pieces.peek(), at, playing.peek() ? speed.peek() : 0)];
    const rest = all.length <= WHOLE_MAX ? all.map(({ n }) => n).filter((n) => !near.includes(n)) : [];
    tape.pieces.want([...near, ...rest].filter((n) => n !== OPEN));
  }

  /** Shows a moment if all that it is made of is here, and says whether it is. The course is told anew where it is not just the next one. */
  function show(at: number, anew: boolean): boolean {
    const found = look(pieces.peek(), tape.frames, at);
    batch(() => {
      waiting.value = found.kind === "wants";
      if (found.kind === "wants") return;
      if (anew || course.peek().at(-1) !== found.course.at(-1)) course.value = found.course;
      known.value = found.known;
      shown.value = at;
    });
    return found.kind === "shown";
  }

  function go(at: number): void {
    if (recorded.peek() === undefined) return;
    const there = clamped(at, bounds.peek());
    batch(() => {
      position.value = there;
      show(there, true);
      moved.value += 1;
    });
    want(there);
    next();
  }

  /** A segment came, or did not, or there is news of the recording. */
  function arrived(): void {
    const now = recorded.peek();
    if (closed || now === undefined) return;
    came.value += 1;
    if (begun) {
      if (waiting.peek()) go(position.peek());
      return;
    }
    begun = true;
    const there = wish.at?.(now, bounds.peek()) ?? bounds.peek()[0];
    if (wish.playing === true) play();
    go(there);
  }

  function advance(by: number): void {
    const way = { bounds: bounds.peek(), leaps: over.peek(), loop: loop.peek() };
    const to = played(position.peek(), by * speed.peek(), way);
    const at = Math.floor(to.at);
    if (show(at, false)) position.value = to.at;
    if (to.over && !waiting.peek()) pause();
    else want(at);
  }

  /** A recording that nobody answered for yet, or that is still made while it plays, is asked for anew. */
  function ask(now: number): void {
    const news = recorded.peek() === undefined || (playing.peek() && recorded.peek()?.live === true);
    if (!news || now - asked < REFRESH_MS) return;
    asked = now;
    void tape.refresh();
  }

  function tick(): void {
    const now = local();
    const passed = Math.min(STEP_MS_MAX, Math.max(0, now - last));
    last = now;
    if (playing.peek()) advance(passed);
    else want(position.peek());
    ask(now);
    next();
  }

  /** Another turn before the next picture, while it plays or waits; one that stands still costs nothing. */
  function next(): void {
    callOff();
    const hopeless = recorded.peek() === undefined && tape.trouble.peek() !== undefined && !(tape.trouble.peek() instanceof Unreachable);
    callOff = !closed && !hopeless && (playing.peek() || waiting.peek()) ? frame(tick) : () => {};
  }

  function pause(): void {
    playing.value = false;
    go(Math.floor(position.peek()));
  }

  function play(): void {
    last = local();
    if (recorded.peek() === undefined) return;
    playing.value = true;
    const [from, to] = bounds.peek();
    if (position.peek() >= to) go(from);
    next();
  }

  void tape.refresh().then(next);

  return {
    recorded,
    trouble: tape.trouble,
    bounds,
    idle,
    gaps,
    lines,
    position,
    shown,
    moved,
    waiting,
    known,
    playing,
    speed,
    loop,
    skipping,
    store: replayStore(course, () => (known.peek() ? 0 : OLD_MS)),
    finder: createFinder({ pieces: () => pieces.peek().filter(({ n }) => n !== OPEN), open, load: tape.load }),
    play,
    pause,
    seek: go,
    by: (ms) => go(position.peek() + ms),
    share: (part) => go(position.peek() + part * (bounds.peek()[1] - bounds.peek()[0])),
    step(direction) {
      if (playing.peek()) pause();
      go(neighbour(pieces.peek(), tape.frames, position.peek(), direction) ?? position.peek());
    },
    marker(direction) {
      const grace = playing.peek() ? GRACE_MS * speed.peek() : 0;
      go(markerFrom(recorded.peek()?.markers ?? [], position.peek(), direction, grace) ?? position.peek());
    },
    faster(by) {
      speed.value = faster(speed.peek(), by);
    },
    close() {
      closed = true;
      callOff();
      tape.close();
    },
  };
}
