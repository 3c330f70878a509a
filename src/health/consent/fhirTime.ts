const FIRST_YEAR_OF_FIVE_DIGITS = 253_402_300_800;

/**
 * A second as FHIR's `instant` and `dateTime` write it, in UTC.
 *
 * @param time Unix seconds.
 * @returns Such as "2026-01-01T00:00:00Z"; undefined past the year 9999, which FHIR cannot write.
 * @example
 * ```ts
 * const recorded = fhirTime(1_767_225_600);
 * ```
 */
export function fhirTime(time: number): string | undefined {
  if (!Number.isInteger(time) || time < 0 || time >= FIRST_YEAR_OF_FIVE_DIGITS) return undefined;
  return new Date(time * 1_000).toISOString().replace(".000Z", "Z");
}

/**
 * Reads a FHIR `dateTime` that names a second.
 *
 * @param text Such as "2026-01-01T02:00:00+02:00".
 * @returns Unix seconds; undefined for a date alone, a part of a second, no time zone, a day that no calendar has, and
 * what is before 1970.
 * @example
 * ```ts
 * const from = parseFhirTime(provision.period.start);
 * ```
 */
export function parseFhirTime(text: string): number | undefined {
  const form = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.0+)?(?:Z|([+-])(\d\d):(\d\d))$/;
  const [, ...parts] = form.exec(text) ?? [];
  if (parts.length === 0) return undefined;
  const [year, month, day, hour, minute, second] = parts.slice(0, 6).map(Number) as [
    ...[number, number, number, number, number, number],
  ];
  const [sign, zoneHours, zoneMinutes] = [parts[6], Number(parts[7] ?? 0), Number(parts[8] ?? 0)];
  const local = new Date(0);
  local.setUTCFullYear(year, month - 1, day);
  local.setUTCHours(hour, minute, second);
  const isReal = local.toISOString().startsWith(text.slice(0, 19));
  if (!isReal || zoneHours > 14 || zoneMinutes > 59) return undefined;
  const offset = (zoneHours * 60 + zoneMinutes) * 60;
  const time = local.getTime() / 1_000 - (sign === "-" ? -offset : offset);
  return time < 0 ? undefined : time;
}
