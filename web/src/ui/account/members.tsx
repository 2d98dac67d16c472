/** Members of the office: who they are, what they may do, and how somebody new comes in. Owners change it, others look. */
import { useState } from "preact/hooks";
import { type Member, type People, ROLES, type Role } from "../../net/people.ts";
import { useFetched } from "../fetched.ts";
import { Button, Confirm, Waiting } from "../parts.tsx";
import { Trouble, useDeed } from "./deed.tsx";
import { peopleWords } from "./words.ts";

const said = peopleWords.account;

function RoleField({ label, role, choose }: { readonly label: string; readonly role: string; readonly choose: (role: Role) => void }) {
  return (
    <span class="field">
      <select aria-label={label} value={role} onChange={(event) => choose(event.currentTarget.value as Role)}>
        {ROLES.map((each) => (
          <option key={each} value={each}>
            {said.roles[each]}
          </option>
        ))}
      </select>
    </span>
  );
}

interface RowProps {
  readonly member: Member;
  readonly invited: boolean;
  readonly owner: boolean;
  readonly busy: boolean;
  readonly assign: (role: Role) => void;
  readonly remove: () => void;
}

function Row({ member, invited, owner, busy, assign, remove }: RowProps) {
  const changes = owner && !member.you;
  return (
    <li class="row between account-row">
      <span class="grow clip">
        {member.email}
        {invited && <span class="dim small"> {said.invited}</span>}
      </span>
      {changes && !invited ? (
        <RoleField label={said.role(member.email)} role={member.role} choose={assign} />
      ) : (
        <span class="dim small">{said.roleName(member.role)}</span>
      )}
      {changes && (
        <Confirm look="s" glyph="cross" sure={said.removeSure(member.email)} disabled={busy} onSure={remove}>
          {said.remove}
        </Confirm>
      )}
    </li>
  );
}

function Invite({ busy, invite }: { readonly busy: boolean; readonly invite: (email: string, role: Role) => void }) {
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("viewer");
  function submit(event: Event): void {
    event.preventDefault();
    invite(email.trim(), role);
    setEmail("");
  }
  return (
    <form class="row account-form" onSubmit={submit}>
      <label class="field grow">
        <input
          type="email"
          aria-label={said.inviteField}
          placeholder={said.inviteField}
          value={email}
          onInput={(event) => setEmail(event.currentTarget.value)}
        />
      </label>
      <RoleField label={said.newRole} role={role} choose={setRole} />
      <Button type="submit" disabled={busy || !email.includes("@")}>
        {said.invite}
      </Button>
    </form>
  );
}

export function Members({ people, owner }: { readonly people: People; readonly owner: boolean }) {
  const [changes, setChanges] = useState(0);
  const answer = useFetched(() => people.staff(), [changes], true);
  const deed = useDeed(() => setChanges(changes + 1));
  const row = (member: Member, invited: boolean) => (
    <Row
      key={member.id}
      member={member}
      invited={invited}
      owner={owner}
      busy={deed.busy}
      assign={(role) => deed.run(() => people.assign(member.id, role))}
      remove={() => deed.run(() => people.remove(member.id))}
    />
  );
  return (
    <section>
      <h2 class="label">{said.members}</h2>
      {answer.state === "waiting" && <Waiting rows={2} />}
      <ul class="plain">
        {(answer.value?.members ?? []).map((member) => row(member, false))}
        {(answer.value?.invited ?? []).map((member) => row(member, true))}
      </ul>
      {owner && <Invite busy={deed.busy} invite={(email, role) => deed.run(() => people.invite(email, role))} />}
      <Trouble trouble={deed.trouble} />
    </section>
  );
}
