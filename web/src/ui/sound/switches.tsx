/** Where sounds and notices are turned on: both are off until then, and the browser is asked on the press and never before. */
import { useState } from "preact/hooks";
import { useApp } from "../app.ts";
import { soundWords } from "./words.ts";

interface SwitchProps {
  readonly on: boolean;
  readonly name: string;
  readonly about: string;
  readonly disabled?: boolean;
  readonly turn: (on: boolean) => void;
}

function Switch({ on, name, about, disabled = false, turn }: SwitchProps) {
  return (
    <label class="switch">
      <input
        type="checkbox"
        role="switch"
        aria-checked={on}
        checked={on}
        disabled={disabled}
        onChange={(event) => turn(event.currentTarget.checked)}
      />
      <span>
        <b>{name}</b>
        <span class="dim small">{about}</span>
      </span>
    </label>
  );
}

const able = () => "Notification" in window && window.isSecureContext;

export function Switches() {
  const { view } = useApp();
  const [refused, setRefused] = useState(able() && Notification.permission === "denied");
  async function turn(on: boolean): Promise<void> {
    if (!on) {
      view.notices.value = false;
      return;
    }
    const answer = await Notification.requestPermission();
    setRefused(answer === "denied");
    view.notices.value = answer === "granted";
  }
  const about = able() ? soundWords.noticesLong : soundWords.missing;
  return (
    <section class="switches">
      <h2>{soundWords.title}</h2>
      <Switch
        on={view.sounds.value}
        name={soundWords.sounds}
        about={soundWords.soundsLong}
        turn={(on) => {
          view.sounds.value = on;
        }}
      />
      <Switch
        on={view.notices.value}
        name={soundWords.notices}
        about={refused ? soundWords.refused : about}
        disabled={!able() || refused}
        turn={(on) => void turn(on)}
      />
    </section>
  );
}
