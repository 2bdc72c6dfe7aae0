/** apimachinery's validation.IsDNS1123Subdomain. */
export function isDns1123Subdomain(text: string): boolean {
  return (
    text.length <= 253 && text.split('.').every((label) => /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(label))
  );
}
