/** Plays what it is told to, on one WebAudio graph: voices into a common gain. Fetched when sounds are asked for. */
import type { Note } from "./score.ts";
import { ATTACK_S, CHIME, LOW, MASTER_GAIN, MURMUR, noise, type Partial } from "./voices.ts";

export interface Synth {
  play(note: Note): void;
  /** @param level 0 to 1 */
  murmur(level: number): void;
  /** A browser lets a page sound once somebody has pressed something on it. */
  wake(): void;
  /** At once, whatever sounds. */
  close(): void;
}

const SILENT = 0.0001;
const VOICES: Readonly<Record<Note, readonly Partial[]>> = { chime: CHIME, low: LOW };

function sound(context: AudioContext, out: AudioNode, { hertz, gain, at, seconds, wave }: Partial): void {
  const start = context.currentTime + at;
  const [tone, level] = [new OscillatorNode(context, { type: wave, frequency: hertz }), new GainNode(context, { gain: 0 })];
  level.gain.setValueAtTime(SILENT, start);
  level.gain.exponentialRampToValueAtTime(gain, start + ATTACK_S);
  level.gain.exponentialRampToValueAtTime(SILENT, start + seconds);
  tone.connect(level).connect(out);
  tone.start(start);
  tone.stop(start + seconds);
  tone.onended = () => level.disconnect();
}

function hum(context: AudioContext, out: AudioNode): GainNode {
  const samples = noise(Math.round(context.sampleRate * MURMUR.loopS), Math.random);
  const buffer = new AudioBuffer({ length: samples.length, sampleRate: context.sampleRate });
  buffer.copyToChannel(samples, 0);
  const source = new AudioBufferSourceNode(context, { buffer, loop: true });
  const band = new BiquadFilterNode(context, { type: "bandpass", frequency: MURMUR.hertz, Q: MURMUR.width });
  const level = new GainNode(context, { gain: 0 });
  source.connect(band).connect(level).connect(out);
  source.start();
  return level;
}

export function createSynth(): Synth {
  const context = new AudioContext();
  const master = new GainNode(context, { gain: MASTER_GAIN });
  master.connect(context.destination);
  let murmur: GainNode | undefined;
  return {
    play(note) {
      // What could not be heard when it was meant is not made up for later.
      if (context.state !== "running") return;
      for (const partial of VOICES[note]) sound(context, master, partial);
    },
    murmur(level) {
      if (level > 0) murmur ??= hum(context, master);
      murmur?.gain.setTargetAtTime(level * MURMUR.gain, context.currentTime, MURMUR.fadeS);
    },
    wake: () => void context.resume().catch(() => undefined),
    close: () => void context.close().catch(() => undefined),
  };
}
