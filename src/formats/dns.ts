const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const NAME_PART = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const MAX_SUBDOMAIN = 253;
const MAX_PART = 63;

/** apimachinery's validation.IsDNS1123Subdomain. */
export function isDns1123Subdomain(text: string): boolean {
  return text.length <= MAX_SUBDOMAIN && text.split('.').every((label) => LABEL.test(label));
}

/** apimachinery's validation.IsDNS1123Label. */
export function isDns1123Label(text: string): boolean {
  return text.length <= MAX_PART && LABEL.test(text);
}

/** apimachinery's validation.IsQualifiedName: key of a label, `app` or `example.org/app`. */
export function isQualifiedName(text: string): boolean {
  const slash = text.indexOf('/');
  if (slash >= 0 && (slash === 0 || !isDns1123Subdomain(text.slice(0, slash)))) return false;
  const name = text.slice(slash + 1);
  return name.length <= MAX_PART && NAME_PART.test(name);
}

/** apimachinery's validation.IsValidLabelValue. */
export function isLabelValue(text: string): boolean {
  return text === '' || (text.length <= MAX_PART && NAME_PART.test(text));
}
