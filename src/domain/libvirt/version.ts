/** A libvirt release as numbers, such as [9, 0, 0]. */
export type LibvirtVersion = readonly [number, number, number];

/** The release of the recordings. */
export const RECORDED_VERSION: LibvirtVersion = [9, 0, 0];

/** Whether `version` is `other` or later. */
export function atLeast(version: LibvirtVersion, other: LibvirtVersion): boolean {
  const differs = version.findIndex((part, i) => part !== other[i]);
  return differs < 0 || (version[differs] ?? 0) > (other[differs] ?? 0);
}

/** Reads "libvirt 9.0.0 (Debian 9.0.0-4+deb12u2)" or "9.0.0"; null when there is no release in it. */
export function parseVersion(text: string): LibvirtVersion | null {
  const found = /(\d+)\.(\d+)\.(\d+)/.exec(text);
  return found ? [Number(found[1]), Number(found[2]), Number(found[3])] : null;
}
