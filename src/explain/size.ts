/** A size for people: MiB with the KiB that do not fill one, such as "1024 MiB" or "219100 KiB (213.96 MiB)". */
export function size(kib: number): string {
  if (kib % 1024 === 0) return `${kib / 1024} MiB`;
  return kib < 1024 ? `${kib} KiB` : `${kib} KiB (${(Math.floor((kib / 1024) * 100) / 100).toFixed(2)} MiB)`;
}
