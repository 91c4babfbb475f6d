/** Words as they may stand in XML; characters that XML does not have are left out. */
export function escapeXml(text: string): string {
  const plain = text.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '');
  return plain.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
}
