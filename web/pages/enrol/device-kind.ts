/** What kind of device a browser runs on, as far as it says. */
export function deviceKind(userAgent: string): 'phone' | 'tablet' | 'computer' {
  if (/iPad|Tablet|Android(?!.*Mobile)/.test(userAgent)) return 'tablet';
  return /iPhone|Android|Mobile/.test(userAgent) ? 'phone' : 'computer';
}
