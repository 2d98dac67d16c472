/** What whoever looks at this page may do beyond looking. */
export interface Rights {
  /** Change the world: add, cancel, retry, choose a plan, share. Without it no such control is drawn at all. */
  readonly acts: boolean;
  /** Ask HTTP for what is not in the state: logs, inputs, results, estimates. */
  readonly asks: boolean;
}

export const MEMBER: Rights = { acts: true, asks: true };
/** A member who looks at what was: logs and results are still theirs, but the past cannot be changed. */
export const LOOKING_BACK: Rights = { acts: false, asks: true };
/** Whoever came by a link: the state, and nothing else. */
export const GUEST: Rights = { acts: false, asks: false };
