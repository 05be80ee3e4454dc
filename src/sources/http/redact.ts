/** An ИИН as it may be shown: the last four digits. Anything shorter than five characters disappears. */
export function maskIin(iin: string): string {
  return `********${iin.length > 4 ? iin.slice(-4) : ''}`
}

/** Masks every run of twelve digits in a path and query: an ИИН or БИН is personal data in a log, too. */
export function maskNumbers(text: string): string {
  return text.replace(/(?<!\d)\d{12}(?!\d)/g, maskIin)
}
