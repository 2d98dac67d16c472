/** Bytes of a file as text: what spreadsheets and editors write, with or without a byte order mark. */

function startsWith(bytes: Uint8Array, ...mark: readonly number[]): boolean {
  return mark.every((byte, index) => bytes[index] === byte);
}

/** UTF-16 without a mark shows as zeros in every other byte of plain text. */
function zeroSide(bytes: Uint8Array): "even" | "odd" | undefined {
  const sample = bytes.subarray(0, 512);
  const zeros = [0, 0];
  sample.forEach((byte, index) => {
    if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  });
  const half = sample.length / 2;
  if ((zeros[1] ?? 0) > half * 0.6) return "odd";
  return (zeros[0] ?? 0) > half * 0.6 ? "even" : undefined;
}

function encodingOf(bytes: Uint8Array): string {
  if (startsWith(bytes, 0xff, 0xfe)) return "utf-16le";
  if (startsWith(bytes, 0xfe, 0xff)) return "utf-16be";
  const side = zeroSide(bytes);
  if (side !== undefined) return side === "odd" ? "utf-16le" : "utf-16be";
  return "utf-8";
}

/** The text without its mark. Bytes that are no UTF-8 are read as Windows-1252, in which old spreadsheets export. */
export function decode(bytes: Uint8Array): string {
  const encoding = encodingOf(bytes);
  try {
    return new TextDecoder(encoding, { fatal: encoding === "utf-8" }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}
