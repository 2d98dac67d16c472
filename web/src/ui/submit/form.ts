/** What every kind's form is told: how often a task of its kind is tried unless the batch says otherwise. */
export interface FormProps {
  readonly attempts: number;
}
