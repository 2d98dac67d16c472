/** What becomes of one's data: taken along as a file, kept for a time, and deleted as a whole. */
import { useState } from "preact/hooks";
import type { Account, Retention } from "../../net/account.ts";
import { useApp } from "../app.ts";
import { Trouble, useDeed } from "./deed.tsx";
import { Deletion } from "./deletion.tsx";
import { planWords as said } from "./planwords.ts";

const CHOICES = [1, 7, 30, 90, 365];

/** What can be chosen: nothing that is longer than the plan keeps it, and what is chosen now. */
export function choicesOf(chosen: number | undefined, most: number | undefined): readonly number[] {
  const found = CHOICES.filter((each) => most === undefined || each < most);
  const all = chosen === undefined || found.includes(chosen) ? found : [...found, chosen];
  return all.toSorted((a, b) => a - b);
}

interface KeptProps {
  readonly label: string;
  readonly chosen: number | undefined;
  readonly most?: number | undefined;
  readonly disabled: boolean;
  readonly choose: (days: number | null) => void;
}

function Kept({ label, chosen, most, disabled, choose }: KeptProps) {
  return (
    <label class="row between account-row">
      <span class="grow">{label}</span>
      <span class="field">
        <select
          value={chosen === undefined ? "" : String(chosen)}
          disabled={disabled}
          onChange={({ currentTarget: { value } }) => choose(value === "" ? null : Number(value))}
        >
          {choicesOf(chosen, most).map((each) => (
            <option key={each} value={String(each)}>
              {said.forDays(each)}
            </option>
          ))}
          <option value="">{most === undefined ? said.untilDeleted : said.asPlanned(most)}</option>
        </select>
      </span>
    </label>
  );
}

function KeptFor({ retention }: { readonly retention: Retention }) {
  const { api, refreshAccount } = useApp();
  const deed = useDeed(() => void refreshAccount());
  const { recordings, results, recordingsMax } = retention;
  return (
    <>
      <h3 class="account-sub">{said.keep}</h3>
      <Kept
        label={said.recordings}
        chosen={recordings}
        most={recordingsMax}
        disabled={deed.busy}
        choose={(days) => deed.run(() => api.retain({ recordings: days }))}
      />
      <Kept label={said.results} chosen={results} disabled={deed.busy} choose={(days) => deed.run(() => api.retain({ results: days }))} />
      <p class="small dim">{said.keepWhy}</p>
      <Trouble trouble={deed.trouble} />
    </>
  );
}

/** For owners alone: it is everybody's work. */
export function Privacy({ account }: { readonly account: Account }) {
  const { api } = useApp();
  const [asked, setAsked] = useState(false);
  return (
    <section>
      <h2 class="label">{said.data}</h2>
      <div class="row between account-row">
        <p class="small dim grow">{said.exportWhy}</p>
        <a class="btn s" href={api.accountUrl} download>
          {said.export}
        </a>
      </div>
      {account.retention !== undefined && <KeptFor retention={account.retention} />}
      <Deletion account={account} asked={asked} ask={setAsked} />
    </section>
  );
}
