/** Deleting the account: what it means is said first, its name is typed, and for some days it can be taken back. */
import { useState } from "preact/hooks";
import type { Account } from "../../net/account.ts";
import { useApp } from "../app.ts";
import { moment } from "../numbers.ts";
import { Button } from "../parts.tsx";
import { type Deed, Trouble, useDeed } from "./deed.tsx";
import { planWords as said } from "./planwords.ts";

interface SureProps {
  readonly name: string;
  readonly deed: Deed;
  readonly leave: () => void;
}

function Sure({ name, deed, leave }: SureProps) {
  const { api } = useApp();
  const [typed, type] = useState("");
  const right = typed.trim() === name && name !== "";
  function submit(event: Event): void {
    event.preventDefault();
    if (right && !deed.busy) deed.run(() => api.deleteAccount(typed.trim()));
  }
  function leaveByKey(event: KeyboardEvent): void {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    leave();
  }
  return (
    <form class="account-form account-delete" onSubmit={submit} onKeyDown={leaveByKey}>
      <p>{said.deleteWhat}</p>
      <label>
        <span class="label">{said.deleteField(name)}</span>
        <span class="field">
          <input value={typed} autocomplete="off" spellcheck={false} onInput={(event) => type(event.currentTarget.value)} />
        </span>
      </label>
      <div class="row">
        <Button look="danger asked" type="submit" disabled={!right || deed.busy}>
          {said.deleteSure}
        </Button>
        <Button onClick={leave}>{said.deleteLeave}</Button>
      </div>
    </form>
  );
}

/** That it is to be deleted, and the way back. */
export function Deleted({ when, owner }: { readonly when: number; readonly owner: boolean }) {
  const { api, refreshAccount, now } = useApp();
  const deed = useDeed(() => void refreshAccount());
  return (
    <section class="notice account-deleted" role="alert">
      <p class="grow">{said.deletes(moment(when, now()))}</p>
      {owner && (
        <Button look="primary" disabled={deed.busy} onClick={() => deed.run(() => api.keepAccount())}>
          {said.takeBack}
        </Button>
      )}
      <Trouble trouble={deed.trouble} />
    </section>
  );
}

interface DeletionProps {
  readonly account: Account;
  readonly asked: boolean;
  readonly ask: (asked: boolean) => void;
}

export function Deletion({ account, asked, ask }: DeletionProps) {
  const { refreshAccount } = useApp();
  const deed = useDeed(() => {
    ask(false);
    void refreshAccount();
  });
  if (account.deletes !== undefined) return null;
  return (
    <>
      {asked ? (
        <Sure name={account.name ?? ""} deed={deed} leave={() => ask(false)} />
      ) : (
        <div class="row account-row">
          <Button look="s danger" onClick={() => ask(true)}>
            {said.delete}
          </Button>
        </div>
      )}
      <Trouble trouble={deed.trouble} />
    </>
  );
}
