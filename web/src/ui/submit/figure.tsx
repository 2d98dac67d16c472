/** A number with its name above it. */
export interface FigureProps {
  readonly label: string;
  readonly value: number;
  readonly least?: number;
  readonly most: number;
  readonly take: (value: number) => void;
}

export function Figure({ label, value, least = 0, most, take }: FigureProps) {
  return (
    <label class="figure">
      <span class="dim small">{label}</span>
      <span class="field">
        <input type="number" min={least} max={most} value={value} onInput={(event) => take(event.currentTarget.valueAsNumber || 0)} />
      </span>
    </label>
  );
}
